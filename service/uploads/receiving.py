"""A multipart body to files on the disk, piece by piece. Knows no collection, no index, no HTTP.

No file is in memory as a whole, and none that is too large is on the disk for longer than it
takes to see that.
"""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from indexer.errors import InvalidRequest, UnreadableFile
from indexer.incoming import shown_name, source_of
from indexer.index.storage import storage_errors

MAX_FILES = 1000
MAX_PARTS = MAX_FILES + 100
MAX_FIELD_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """A file part. Refused for `reason`, or at `path`, complete and flushed to the disk."""

    name: str
    source: str | None
    size: int
    digest: str | None = None
    path: Path | None = None
    reason: str | None = None
    detail: str | None = None


class Receiver:
    """Fed a body, hands out what was in it. `discard` deletes what nobody took over.

    Raises: InvalidRequest for a body that is none; StorageFull.
    """

    def __init__(
        self,
        content_type: str,
        new_file: Callable[[], tuple[int, Path]],
        max_file_bytes: int,
    ) -> None:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise InvalidRequest(
                "the body is no multipart/form-data",
                hint="send the files as a form does: curl -F files=@notice.pdf",
            )
        self._new_file = new_file
        self._max_file_bytes = max_file_bytes
        self._ended = False
        self._parts = 0
        self.files: list[Received] = []
        self.fields: dict[str, list[str]] = {}
        self._part = _Part()
        try:
            self._parser = MultipartParser(
                options[b"boundary"],
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._header_name,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._headers_end,
                    "on_part_data": self._data,
                    "on_part_end": self._end_part,
                    "on_end": self._end_body,
                },
            )
        except FormParserError as error:
            raise _broken(str(error)) from error

    def feed(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise _broken(str(error)) from error

    def end(self) -> None:
        """The body is at its end."""
        if not self._ended:
            raise _broken("it breaks off")

    def discard(self) -> None:
        """Delete what was received and is still where it came in."""
        self._part.close()
        for path in (self._part.path, *(each.path for each in self.files)):
            if path is not None:
                path.unlink(missing_ok=True)

    def _begin(self) -> None:
        self._part = _Part()
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise _broken(f"it has more than {MAX_PARTS} parts")

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._part.header_name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._part.header_value += data[start:end]

    def _header_end(self) -> None:
        part = self._part
        if part.header_name.lower() == b"content-disposition":
            part.options = parse_options_header(part.header_value)[1]
        part.header_name = part.header_value = b""

    def _headers_end(self) -> None:
        part = self._part
        if b"name" not in part.options:
            raise _broken("a part has no name")
        part.name = part.options.get(b"filename")
        if not part.name:
            return
        if len(self.files) >= MAX_FILES:
            raise InvalidRequest(
                f"more than {MAX_FILES} files at once", hint="send them in several requests"
            )
        try:
            part.source = source_of(part.name)
        except UnreadableFile as error:
            part.refuse(error.reason, error.message)
            return
        part.handle, part.path = self._new_file()

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        part.size += end - start
        if part.name:
            if part.handle is not None and part.size > self._max_file_bytes:
                part.close()
                detail = f"more than {self._max_file_bytes} bytes"
                part.refuse("too_large", detail)
                if part.path:
                    part.path.unlink()
                    part.path = None
            elif part.handle is not None:
                part.write(data[start:end])
        elif part.size <= MAX_FIELD_BYTES:
            part.text += data[start:end]
        else:
            raise InvalidRequest("a field is too long", hint="send files as files")

    def _end_part(self) -> None:
        part, self._part = self._part, _Part()
        if not part.name:
            # An empty choice of files is a part with an empty file name.
            if b"filename" not in part.options:
                name = part.options[b"name"].decode("utf-8", "replace")
                self.fields.setdefault(name, []).append(part.text.decode("utf-8", "replace"))
            return
        part.flush()
        if part.handle is not None and part.size == 0:
            part.refuse("empty", "the file is empty")
        part.close()
        if part.reason and part.path:
            part.path.unlink()
            part.path = None
        self.files.append(
            Received(
                shown_name(part.name),
                part.source,
                part.size,
                part.digest.hexdigest() if part.path else None,
                part.path,
                part.reason,
                part.detail,
            )
        )

    def _end_body(self) -> None:
        self._ended = True


class _Part:
    """The part that is being received."""

    def __init__(self) -> None:
        self.header_name = self.header_value = b""
        self.options: dict[bytes, bytes] = {}
        self.name: bytes | None = None
        self.source: str | None = None
        self.text = b""
        self.size = 0
        self.digest = hashlib.sha256()
        self.path: Path | None = None
        self.handle: int | None = None
        self.reason: str | None = None
        self.detail: str | None = None

    def refuse(self, reason: str, detail: str) -> None:
        self.reason, self.detail = reason, detail

    def write(self, data: bytes) -> None:
        self.digest.update(data)
        view = memoryview(data)
        with storage_errors(self.path or Path()):
            while view and self.handle is not None:
                view = view[os.write(self.handle, view) :]

    def flush(self) -> None:
        if self.handle is not None:
            with storage_errors(self.path or Path()):
                os.fsync(self.handle)

    def close(self) -> None:
        if self.handle is not None:
            with suppress(OSError):
                os.close(self.handle)
            self.handle = None


def _broken(why: str) -> InvalidRequest:
    return InvalidRequest(
        f"the multipart body can't be read: {why}", hint="send the files as a form does"
    )
