"""A page saved as one file, .mht or .mhtml: its main HTML part, handed to the reader of pages.

Knows the envelope alone: which part is the page, in which encoding, and where it came from.
Pictures, style sheets and frames with nothing of their own stay in it.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import replace
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32

from indexer.errors import UnreadableFile
from indexer.files.metadata import title_from_name
from indexer.files.readers.html import decode_page, read_page
from indexer.records import Content

MAX_PARTS = 10_000
"""A page has hundreds; each is a message of its own in memory."""

_PAGES = frozenset(("text/html", "application/xhtml+xml"))
_NESTED = re.compile(rb"^content-type:\s*multipart/", re.IGNORECASE | re.MULTILINE)
_MOST_NESTED = 50  # multiparts in one file: the parser asks each of them at every line
_BOUNDARY_LINE = re.compile(rb"^--\S", re.MULTILINE)


def read(name: str, data: bytes) -> Content:
    """Raises: UnreadableFile, as the reader of pages does; reason `damaged` or `too_large`."""
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if data.startswith(b"<"):
        return read_page(name, decode_page(data))  # a page under the wrong name
    message = _parse(data)
    location = _location(message, "Snapshot-Content-Location", "Content-Location")
    parts = list(_pages(message))
    if not parts:
        raise _damaged("it holds no page: no part of it is text/html")
    parts.sort(key=lambda part: not _is_main(part, message, location))
    first_error: UnreadableFile | None = None
    for part in parts:  # a page of frames has no text, one of its frames has
        try:
            content = _read_part(name, part)
        except UnreadableFile as error:
            first_error = first_error or error
            continue
        url = _location(part, "Content-Location") or location or content.url
        if content.title == title_from_name(name):
            content = replace(content, title=_subject(message) or content.title)
        return replace(content, url=url)
    raise first_error or _damaged("it holds no page")


def _parse(data: bytes) -> Message:
    if len(_NESTED.findall(data)) > _MOST_NESTED:
        raise _damaged(f"it holds over {_MOST_NESTED} messages in messages")
    if len(_BOUNDARY_LINE.findall(data)) > MAX_PARTS:
        raise UnreadableFile(
            f"it holds over {MAX_PARTS:,} parts", reason="too_large", hint="save the page as .html"
        )
    # The older policy takes any header as it comes; the newer one stops at some that are broken.
    return email.message_from_bytes(data, policy=compat32)


def _pages(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() in _PAGES:
            yield part


def _is_main(part: Message, message: Message, location: str | None) -> bool:
    start = str(message.get_param("start") or "")
    if start:
        return str(part.get("Content-ID") or "") == start
    return location is not None and _location(part, "Content-Location") == location


def _read_part(name: str, part: Message) -> Content:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        raise _damaged("its page is empty")
    charset = part.get_content_charset()
    return read_page(name, decode_page(payload, charset))


def _location(part: Message, *names: str) -> str | None:
    for name in names:
        value = re.sub(r"\s+", "", str(part.get(name) or ""))
        if value.startswith(("http://", "https://")):
            return value
    return None


def _subject(message: Message) -> str:
    try:
        subject = str(make_header(decode_header(str(message.get("Subject") or "")))).strip()
    except (HeaderParseError, LookupError, ValueError):
        subject = "\ufffd"
    # In no known encoding: the file's name stands for it.
    return "" if "\ufffd" in subject else subject


def _damaged(message: str) -> UnreadableFile:
    return UnreadableFile(message, reason="damaged", hint="open it in a browser and save it again")
