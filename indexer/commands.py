"""Commands as a person can paste them into a shell. Knows words and paths, runs nothing."""

import re
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

from indexer.errors import WenjuError

_PLAIN = re.compile(r"[\w@%+:,./-]+")  # shlex quotes 档案, too

_MODULE = re.compile(r"python -m (indexer|service|eval)(?![.\w])(?: ([a-z]+)(?![\w./]))?")

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


def as_typed(text: str) -> str:
    """A text with its commands as they are typed here: `wenju …` where that was started.

    Messages name what always works in a checkout. An installed `wenju` is the only way in to its
    packages, so that whoever started it is told in its words.
    """
    return _MODULE.sub(_installed, text) if Path(sys.argv[0]).stem == "wenju" else text


def _installed(found: re.Match[str]) -> str:
    package, word = found.groups()
    if package == "service":
        return f"wenju {word or 'serve'}"
    return f"wenju {'index' if package == 'indexer' else package}{f' {word}' if word else ''}"


def told(error: WenjuError) -> str:
    """An error and its way out, as one line."""
    return one_line(as_typed(f"error: {error.message} (hint: {error.hint})"))
