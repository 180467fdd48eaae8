"""What the name of a file that comes from outside becomes as a source. Opens nothing.

A source is a path below the folder of uploads, with `/`: nothing in it may lead out of there, hide,
or need another normal form to be found again.
"""

import os
import unicodedata

from indexer.errors import UnreadableFile
from indexer.files.archives import ARCHIVES
from indexer.files.names import readable_name
from indexer.files.rules import left_out_by_name, unsupported

MAX_NAME_BYTES = 240  # what file systems allow is 255
MAX_SOURCE_CHARS = 500
MAX_FOLDERS = 20


def source_of(name: bytes) -> str:
    """The source for a name as a client sends it, in UTF-8, GBK or Big5, with or without folders.

    Raises: UnreadableFile, with the reason `unsafe_name`, or that which a walk would have given.
    """
    text = unicodedata.normalize("NFC", readable_name(os.fsdecode(name))).replace("\\", "/")
    parts = text.split("/")
    if not parts[-1].strip() or len(parts) > MAX_FOLDERS or len(text) > MAX_SOURCE_CHARS:
        raise _unsafe(text, "is no name of a file, or a very long one")
    for part in parts:
        if part.strip(". ") == "" or part != part.strip() or part.endswith("."):
            raise _unsafe(text, "leads elsewhere, or has a part that is empty")
        if part.startswith(".") or part.endswith(":"):
            raise _unsafe(text, "has a part that is hidden, or names a drive")
        if len(part.encode()) > MAX_NAME_BYTES:
            raise _unsafe(text, f"has a part of more than {MAX_NAME_BYTES} bytes")
        if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in part):
            raise _unsafe(text, "holds characters that can't be seen")
        refused = left_out_by_name(part, text, ())
        if refused:
            raise _refused(text, refused.reason, refused.detail)
    is_archive = parts[-1].lower().endswith(tuple(ARCHIVES))
    refused = None if is_archive else unsupported(parts[-1], text)
    if refused:
        raise _refused(text, refused.reason, refused.detail)
    return text


def shown_name(name: bytes) -> str:
    """A name as it may be shown, whatever it holds."""
    text = readable_name(os.fsdecode(name))[:MAX_SOURCE_CHARS]
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def _unsafe(name: str, why: str) -> UnreadableFile:
    return _refused(name, "unsafe_name", f"the name {why}")


def _refused(name: str, reason: str, detail: str) -> UnreadableFile:
    return UnreadableFile(f"{name}: {detail}", reason=reason, hint="give it another name")
