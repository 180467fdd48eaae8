"""Books as .epub: chapters of XHTML in a zip, in the order of the book's spine.

The book's own table of contents is left out; its labels head the chapters that have no heading of
their own. Knows the package (OPF) and its parts; what is in a chapter, html_blocks sees.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile, ZipInfo

from indexer.errors import UnreadableFile
from indexer.files.metadata import parse_date, title_from_name
from indexer.files.metadata.bylines import tidy_organisation
from indexer.files.readers.html import decode_page
from indexer.files.readers.html_blocks import Block, parse_page
from indexer.files.readers.rows import Lines, too_large
from indexer.files.zips import damaged, open_zip, read_entry
from indexer.records import Content

# lxml has no types of its own here; elements are handled as Any in this file alone.
_Element = Any

MAX_CHAPTERS = 5_000
"""A dictionary of 20 volumes has 2,000."""

MAX_PART_BYTES = 16 * 2**20
"""Unpacked. A chapter has some 50 KB; a whole novel in one part has 5 MB."""

MAX_BOOK_BYTES = 128 * 2**20
"""All chapters together, unpacked; the Encyclopaedia Britannica has 300 MB, in many volumes."""

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_RIGHTS = ("META-INF/rights.xml", "META-INF/sinf.xml")
# Fonts are obfuscated by these two, which lock nothing that is read here.
_OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGES = frozenset(("application/xhtml+xml", "text/html", "application/x-dtbook+xml"))
_MOSTLY_LINKS = 0.8  # of the lines of a page: a table of contents that is not marked as one


@dataclass(frozen=True, slots=True)
class _Book:
    """What the package says: the chapters in order, by their path in the zip, and who and when."""

    chapters: tuple[str, ...]
    contents: tuple[str, ...]  # the tables of contents, for people (nav) and machines (ncx)
    title: str
    author: str
    date: str
    publisher: str


def read(name: str, data: bytes) -> Content:
    """Raises: UnreadableFile, reason `damaged`, `encrypted`, `too_large` or `no_text`."""
    with open_zip(BytesIO(data), PurePosixPath(name).name) as opened:
        parts = _Parts(opened)
        _require_unlocked(parts)
        book = _book(parts)
        labels = _labels(parts, book.contents)
        lines = Lines(PurePosixPath(name).name)
        if book.title:
            lines.add(book.title, level=1)
        for path in book.chapters:
            if path not in book.contents:
                _add_chapter(parts.read(path), labels.get(path, ""), book.title, lines)
    if len(lines.lines) <= bool(book.title):
        raise UnreadableFile(
            "the book holds no text",
            reason="no_text",
            hint="its pages may be pictures: print it to a PDF, which the OCR extra reads",
        )
    return Content(
        text=lines.text,
        title=book.title or title_from_name(name),
        date=parse_date(book.date),
        author=book.author or None,
        organisation=tidy_organisation(book.publisher) if book.publisher else None,
        headings=tuple(lines.headings),
        encoding="utf-8",
    )


# -- the zip --------------------------------------------------------------------------------------


class _Parts:
    """The files of the book, by path, whatever the case of the letters; together within bounds."""

    def __init__(self, opened: ZipFile) -> None:
        self._opened = opened
        self._infos: dict[str, ZipInfo] = {}
        for info in opened.infolist():
            self._infos[info.filename.replace("\\", "/").lower()] = info
        self._left = MAX_BOOK_BYTES

    def __contains__(self, path: str) -> bool:
        return path.lower() in self._infos

    def read(self, path: str) -> bytes:
        """Raises: UnreadableFile."""
        info = self._infos.get(path.lower())
        if info is None:
            raise damaged(f"{path[:200]} is missing in it")
        self._left -= info.file_size
        if self._left < 0:
            raise too_large(f"its chapters come to over {MAX_BOOK_BYTES // 2**20} MB")
        return read_entry(self._opened, info, MAX_PART_BYTES)


def _require_unlocked(parts: _Parts) -> None:
    if _ENCRYPTION not in parts:
        locked = any(path in parts for path in _RIGHTS)
    else:
        methods = [
            each.get("Algorithm") or ""
            for each in _parse(parts.read(_ENCRYPTION)).iter()
            if _tag(each) == "EncryptionMethod"
        ]
        locked = any(method not in _OBFUSCATION for method in methods)
    if locked:
        raise UnreadableFile(
            "the book is locked (DRM)",
            reason="encrypted",
            hint="ask who sold it for a copy without copy protection",
        )


# -- the package ----------------------------------------------------------------------------------


def _parse(data: bytes) -> _Element:
    """XML with no entities but its own five and nothing fetched. Raises: UnreadableFile."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise damaged(f"a list of its parts is broken: {error}") from error
    if root is None:
        raise damaged("a list of its parts is broken")
    return root


def _tag(element: _Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _book(parts: _Parts) -> _Book:
    package_path = _package_path(parts)
    package = _parse(parts.read(package_path))
    items: dict[str, tuple[str, str, str]] = {}  # id → path, kind, properties
    for element in package.iter():
        if _tag(element) == "item" and element.get("id") and element.get("href"):
            path = _resolve(package_path, element.get("href"))
            kind, properties = element.get("media-type") or "", element.get("properties") or ""
            items.setdefault(element.get("id"), (path, kind, properties))
    spine = [
        items[element.get("idref")][:2]
        for element in package.iter()
        if _tag(element) == "itemref" and element.get("idref") in items
    ]
    # A chapter that the spine names and the zip lacks can't be read; the rest of the book can.
    chapters = [path for path, kind in spine if kind in _PAGES and path in parts]
    if len(chapters) > MAX_CHAPTERS:
        raise too_large(f"it has {len(chapters):,} chapters, over {MAX_CHAPTERS:,}")
    contents = [
        path
        for path, kind, properties in items.values()
        if ("nav" in properties.split() or kind == "application/x-dtbncx+xml") and path in parts
    ]
    return _Book(
        chapters=tuple(dict.fromkeys(chapters)),
        contents=tuple(contents),
        title=_said(package, "title"),
        author="、".join(_all_said(package, "creator")),
        date=_said(package, "date"),
        publisher=_said(package, "publisher"),
    )


def _package_path(parts: _Parts) -> str:
    for element in _parse(parts.read(_CONTAINER)).iter():
        if _tag(element) == "rootfile" and element.get("full-path"):
            return _resolve("", element.get("full-path"))
    raise damaged("it names no package")


def _resolve(base: str, href: str) -> str:
    """A path in the zip: what `href` names, seen from the file at `base`."""
    path = unquote(href.partition("#")[0], errors="replace")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path)).lstrip("/")


def _all_said(package: _Element, name: str) -> list[str]:
    texts = [
        " ".join("".join(element.itertext()).split())
        for element in package.iter()
        if _tag(element) == name and "purl.org/dc" in str(element.tag)
    ]
    return list(dict.fromkeys(filter(None, texts)))


def _said(package: _Element, name: str) -> str:
    return next(iter(_all_said(package, name)), "")


# -- the table of contents ------------------------------------------------------------------------


def _labels(parts: _Parts, contents: Sequence[str]) -> dict[str, str]:
    """What the tables of contents call each chapter: the first entry that leads to it."""
    labels: dict[str, str] = {}
    for path in contents:
        for href, text in _entries(_parse(parts.read(path))):
            label = " ".join(text.split())
            if label:
                labels.setdefault(_resolve(path, href), label)
    return labels


def _entries(root: _Element) -> Iterator[tuple[str, str]]:
    text = ""
    for element in root.iter():
        tag = _tag(element)
        if tag == "a" and element.get("href"):
            yield element.get("href"), "".join(element.itertext())
        elif tag == "text":  # <navLabel><text>…</text></navLabel><content src="…"/>
            text = "".join(element.itertext())
        elif tag == "content" and element.get("src"):
            yield element.get("src"), text


# -- chapters -------------------------------------------------------------------------------------


def _add_chapter(data: bytes, label: str, book: str, lines: Lines) -> None:
    blocks = _blocks(data)
    if not blocks:
        return
    key = _key(label)
    if key and not any(block.level for block in blocks):
        if _key(blocks[0].text) != key:
            lines.add(label, level=2)
        else:
            blocks[0] = Block(blocks[0].text, level=1)
    for at, block in enumerate(blocks):
        if at == 0 and len(lines.lines) == 1 and _key(block.text) == _key(book):
            continue  # the title page: the title is there already
        lines.add(block.text, level=min(block.level + 1, 6) if block.level else 0)


def _blocks(data: bytes) -> list[Block]:
    if not data.strip():
        return []
    blocks = parse_page(decode_page(data).text).blocks
    links = sum(block.is_link for block in blocks)
    if len(blocks) > 2 and links > len(blocks) * _MOSTLY_LINKS:
        return []
    return [block for block in blocks if not block.furniture]


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text)
