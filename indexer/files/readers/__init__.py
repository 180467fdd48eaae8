"""One reader a format: bytes to Content. The table is the only place that knows which is which."""

from collections import Counter
from importlib import import_module
from pathlib import PurePosixPath
from typing import Protocol, cast

from indexer.errors import UnreadableFile
from indexer.files.encoding.mojibake import refuse_mojibake
from indexer.records import Content

_READERS = {
    ".txt": "txt",
    ".text": "txt",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".mht": "mhtml",
    ".mhtml": "mhtml",
    ".epub": "epub",
    ".csv": "delimited",
    ".tsv": "delimited",
    ".json": "json_records",
    ".jsonl": "json_records",
    ".docx": "docx",
    ".docm": "docx",
    ".dotx": "docx",
    ".pptx": "pptx",
    ".pptm": "pptx",
    ".ppsx": "pptx",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xltx": "xlsx",
    ".doc": "office97",
    ".xls": "office97",
    ".ppt": "office97",
    ".wps": "office97",
    ".et": "office97",
    ".dps": "office97",
    ".png": "image",
    ".jpg": "image",
    ".jpeg": "image",
    ".tif": "image",
    ".tiff": "image",
    ".bmp": "image",
    ".webp": "image",
}

_LONG = 10_000  # characters, among which a text of any language has hundreds of kinds
_FEW_KINDS = 40
_MONOTONOUS = 0.99  # of a text in the same three characters

_PLAIN = frozenset(("txt", "markdown", "delimited"))  # decoding has looked at all of it

SUPPORTED = frozenset(_READERS)
"""The endings that have a reader, in lower case with the point."""


class _Reader(Protocol):
    def read(self, name: str, data: bytes) -> Content: ...


def format_of(name: str) -> str:
    """The name of the format as it is stored: `txt`, `markdown` or `html`."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in _READERS:
        raise UnreadableFile(
            f"no reader for {suffix or 'files without an ending'}",
            reason="unsupported_format",
            hint="supported: " + " ".join(sorted(SUPPORTED)),
        )
    return _READERS[suffix]


def read(path_name: str, data: bytes) -> Content:
    """What the file holds. `path_name` is its name or path; only its ending and stem are used.

    Raises: UnreadableFile with a reason such as `empty`, `not_text`, `unknown_encoding`,
    `mojibake`, `no_text`.
    """
    module = import_module(f"{__name__}.{format_of(path_name)}")
    if not data.strip(b" \t\r\n\0"):
        raise UnreadableFile(
            f"{PurePosixPath(path_name).name} is empty",
            reason="empty",
            hint="nothing to index in it; remove it or fill it",
        )
    content = cast(_Reader, module).read(path_name, data)
    if not any(char.isalnum() for char in content.text):
        raise UnreadableFile(
            f"{PurePosixPath(path_name).name} holds no readable text",
            reason="no_text",
            hint="nothing to index in it",
        )
    if _is_monotonous(content.text):
        raise UnreadableFile(
            f"{PurePosixPath(path_name).name} is the same few characters over and over",
            reason="no_text",
            hint="nothing to index in it",
        )
    if module.__name__.rpartition(".")[2] not in _PLAIN:
        refuse_mojibake(content.text)  # which markup hid as long as it stood around it
    return content


def _is_monotonous(text: str) -> bool:
    if len(text) < _LONG or len(set(text)) > _FEW_KINDS:
        return False
    return sum(count for _, count in Counter(text).most_common(3)) >= _MONOTONOUS * len(text)
