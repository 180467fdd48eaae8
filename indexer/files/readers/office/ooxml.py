"""An Office file (docx, pptx, xlsx) as a package of parts: opened within bounds, parts as XML.

No part is parsed before the package as a whole is measured; no part may declare entities, and
nothing outside the file is ever looked up. Pictures and other media are never unpacked. Knows
packages and relationships; what a part says is its reader's business.
"""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from indexer.errors import UnreadableFile
from indexer.files.zips import open_zip, read_entry, require_readable

# lxml has no types of its own here; elements are handled as Any.
Element = Any

MAX_TREE_BYTES = 64 * 2**20
"""XML that is parsed as a whole, all parts together. A book of 1,000 pages has 10 to 20 MB; a tree
takes six times its XML, so that this bounds a reader to about 400 MB."""

MAX_STREAM_BYTES = 256 * 2**20
"""XML of a workbook's sheets, which is read row by row: 10 s at 25 MB/s."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HEAD_BYTES = 64 * 1024
_PROLOG = re.compile(r"\ufeff?(?:\s+|<\?.*?\?>|<!--.*?-->)*<[A-Za-z_]", re.DOTALL)
# What ISO calls strict differs from what everybody writes in its names alone.
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/"
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError),
    *(SyntaxError, ValueError, LookupError, ArithmeticError, TypeError),
)


@dataclass(frozen=True, slots=True)
class Relation:
    """A part that another one refers to; `kind` is the last word of its type, such as `styles`."""

    identifier: str
    kind: str
    target: str


class Package:
    """The parts of one file by name (`word/document.xml`)."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._opened = opened
        # Some programs write the separators of their own system.
        self._entries = {
            info.filename.replace("\\", "/").lstrip("/").lower(): info for info in opened.infolist()
        }
        self._left = MAX_TREE_BYTES
        self._relations: dict[str, dict[str, Relation]] = {}

    def has(self, part: str) -> bool:
        return part.lower() in self._entries

    def tree(self, part: str) -> Element:
        """The root of a part. Raises: UnreadableFile; KeyError and XML errors, see `damage`."""
        from lxml import etree

        data = read_entry(self._opened, self._entries[part.lower()], self._left)
        self._left -= len(data)
        _refuse_declarations(part, data[:_HEAD_BYTES])
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        return etree.fromstring(_STRICT.sub(_TRANSITIONAL, data), parser)

    def stream(self, part: str, *tags: str) -> Iterator[Element]:
        """The elements of these local names as each one ends, in any namespace.

        Raises as `tree`. What has been seen is the caller's to clear.
        """
        from lxml import etree

        info = self._entries[part.lower()]
        require_readable(info, MAX_STREAM_BYTES)
        with self._opened.open(info) as head:
            _refuse_declarations(part, head.read(_HEAD_BYTES))
        with self._opened.open(info) as entry:
            for _, element in etree.iterparse(
                entry,
                events=("end",),
                tag=[f"{{*}}{tag}" for tag in tags],
                resolve_entities=False,
                no_network=True,
                remove_comments=True,
                remove_pis=True,
            ):
                yield element

    def relations(self, part: str = "") -> dict[str, Relation]:
        """What a part refers to inside the package, by identifier. `""` is the package itself."""
        if part not in self._relations:
            self._relations[part] = self._read_relations(part)
        return self._relations[part]

    def _read_relations(self, part: str) -> dict[str, Relation]:
        folder, _, file = part.rpartition("/")
        name = f"{folder}/_rels/{file}.rels".lstrip("/")
        if not self.has(name):
            return {}
        found = {}
        for element in self.tree(name):
            target = element.get("Target") or ""
            if element.get("TargetMode") == "External" or not target:
                continue
            path = posixpath.normpath(posixpath.join("/" + folder, unquote(target))).lstrip("/")
            kind = (element.get("Type") or "").rpartition("/")[2]
            relation = Relation(element.get("Id") or "", kind, path)
            if self.has(path):
                found[relation.identifier] = relation
        return found

    def related(self, part: str, kind: str) -> str | None:
        """The first part of this kind that another one refers to."""
        each = self.relations(part).values()
        return next((relation.target for relation in each if relation.kind == kind), None)

    @cached_property
    def main(self) -> str:
        """The document, presentation or workbook itself. Raises: UnreadableFile."""
        part = self.related("", "officeDocument")
        if part is None:
            raise damaged("it holds no document that its own directory names")
        return part

    def require_streamable(self, parts: Sequence[str]) -> None:
        """Raises: UnreadableFile, where these parts together are too large to be streamed."""
        total = sum(self._entries[part.lower()].file_size for part in parts)
        if total > MAX_STREAM_BYTES:
            raise too_large(
                f"its sheets come to {total / 2**20:.0f} MB, over {MAX_STREAM_BYTES / 2**20:.0f} MB"
            )


@contextmanager
def open_package(name: str, data: bytes) -> Iterator[Package]:
    """The package in these bytes; what goes wrong in reading it is `damaged`.

    Raises: UnreadableFile, reason `encrypted`, `damaged` or `too_large`.
    """
    if data.startswith(OLE):
        raise _ole(data)
    with damage(name), open_zip(io.BytesIO(data), name) as opened:
        yield Package(opened)


@contextmanager
def damage(name: str) -> Iterator[None]:
    """What any library says of a file that is not what it should be, as UnreadableFile.

    Zip, deflate and XML errors, and the errors of looking for what a whole file would hold.
    """
    try:
        yield
    except _DAMAGE as error:
        raise damaged(f"{posixpath.basename(name)} is broken: {error}") from error


def damaged(message: str) -> UnreadableFile:
    return UnreadableFile(
        message,
        reason="damaged",
        hint="open it in Word, WPS or LibreOffice, save it again, or fetch it again",
    )


def too_large(message: str) -> UnreadableFile:
    return UnreadableFile(
        message, reason="too_large", hint="split it, or save the part that matters as a file"
    )


def is_encrypted(data: bytes) -> bool:
    """Whether an OLE file is an Office file behind a password."""
    return _ENCRYPTED in data


def _ole(data: bytes) -> UnreadableFile:
    if is_encrypted(data):
        return UnreadableFile(
            "it is locked with a password",
            reason="encrypted",
            hint="open it with the password and save it without one",
        )
    return damaged("it is a file of the old kind (.doc, .xls, .ppt) under a new name")


def _refuse_declarations(part: str, head: bytes) -> None:
    """Office files declare no document type; entities could only be there to do harm."""
    utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = head[: len(head) // 2 * 2].decode("utf-16" if utf16 else "latin-1", "replace")
    if not _PROLOG.match(text.removeprefix("\xef\xbb\xbf")):
        raise damaged(f"{part} in it is no XML, or declares a document type")
