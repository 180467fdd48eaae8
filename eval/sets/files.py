"""Reading the files of question sets: JSON with its places named, and articles between them."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.sets.records import letters
from indexer.errors import InvalidGold


@dataclass(frozen=True, slots=True)
class Place:
    """A value inside a JSON file, which knows its path, so that every error can name it."""

    file: Path
    name: str
    value: Any
    hint: str

    def wrong(self, what: str) -> InvalidGold:
        named = f"{self.name}: " if self.name else ""
        return InvalidGold(f"{self.file}: {named}{what}", hint=self.hint)

    def get(self, key: str) -> Place:
        """The value under a key. Raises: InvalidGold."""
        name = f"{self.name}.{key}" if self.name else key
        if not isinstance(self.value, dict):
            raise self.wrong("must be an object")
        if key not in self.value:
            raise Place(self.file, name, None, self.hint).wrong("is missing")
        return Place(self.file, name, self.value[key], self.hint)

    def items(self) -> list[Place]:
        """The values of a list. Raises: InvalidGold."""
        if not isinstance(self.value, list):
            raise self.wrong("must be a list")
        return [
            Place(self.file, f"{self.name}[{n}]", value, self.hint)
            for n, value in enumerate(self.value)
        ]

    def text(self) -> str:
        """A text that says something. Raises: InvalidGold."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.wrong("must be a text that is not empty")
        return self.value

    def name_text(self) -> str:
        """A text, or a number as text: sets number their questions. Raises: InvalidGold."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return str(self.value)
        return self.text()


def read_json(path: Path, form: str, hint: str) -> Place:
    """The root of a .json or .json.xz file. Raises: InvalidGold, with line and column."""
    try:
        value = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise InvalidGold(
            f"{path}:{error.lineno}: column {error.colno}: is not in {form}: "
            f"not JSON ({error.msg})",
            hint=hint,
        ) from error
    except RecursionError as error:
        raise InvalidGold(f"{path}: is nested too deeply", hint=hint) from error
    return Place(path, "", value, hint)


def read_text(path: Path) -> str:
    """A UTF-8 file, unpacked when it ends with .xz. Raises: InvalidGold."""
    try:
        data = path.read_bytes()
        return (lzma.decompress(data) if path.suffix == ".xz" else data).decode("utf-8-sig")
    except (OSError, lzma.LZMAError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise InvalidGold(
            f"{path}: can't be read ({said})", hint="give a file in UTF-8, plain or as .xz"
        ) from error


def load_news(path: Path, limit: int) -> Iterator[str]:
    """The text of the first articles of a .jsonl or .jsonl.xz file. Raises: InvalidGold."""
    opened = lzma.open if path.suffix == ".xz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if number == limit:
                    return
                yield str(json.loads(line)["text"])
    except (OSError, lzma.LZMAError, ValueError, KeyError, TypeError) as error:
        raise InvalidGold(
            f"{path}: can't be read as articles ({type(error).__name__}: {error})",
            hint="one JSON object a line with a field text, .jsonl or .jsonl.xz",
        ) from error


def write_articles(articles: Iterator[str], folder: Path) -> int:
    """Each article as a .txt file, a thousand a folder. Returns how many."""
    count = 0
    for count, text in enumerate(articles, start=1):
        place = folder / letters(count // 1000) / f"{letters(count)}.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return count
