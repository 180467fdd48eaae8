"""Commands as a person can paste them into a shell. Knows words and paths, runs nothing."""

import re
import shlex
from collections.abc import Iterable
from pathlib import Path

_PLAIN = re.compile(r"[\w@%+:,./-]+")  # shlex quotes 档案, too

MEND_DATABASE = "restore a snapshot (python -m indexer restore), or run python -m indexer build"


def quoted(word: str | Path) -> str:
    """A word as bash and zsh read it back. One with line breaks stays on one line."""
    text = str(word)
    if _PLAIN.fullmatch(text):
        return text
    if text.isprintable():
        return shlex.quote(text)
    escaped = "".join(_escaped(char) for char in text)
    return f"$'{escaped}'"


def _escaped(char: str) -> str:
    if char in "\\'":
        return f"\\{char}"
    if char.isprintable():
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))


def one_line(text: str) -> str:
    """A message with whatever is not printable in it escaped, as file names may hold anything."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def build_hint(index_dir: Path, roots: Iterable[str] = ()) -> str:
    """The command that makes an index anew, with the folders that it was made of where known."""
    paths = " ".join(map(quoted, roots)) or "PATH…"
    return f"run: python -m indexer build {paths} --index {quoted(index_dir)}"


def rebuild_hint(index_dir: Path) -> str:
    """The command that mends what can be made again from the database."""
    return f"run: python -m indexer rebuild --index {quoted(index_dir)}"
