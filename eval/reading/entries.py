"""What is kept of a measurement of reading: `docs/reading.json`, one entry a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.reading.tables import Table
from eval.standing.kept import read_kept, write_kept

FORMAT = 1
DATA = "reading.json"
PAGE = "reading.md"

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One measurement as it was made."""

    name: str
    measured_at: str
    command: str
    code: Mapping[str, Any]
    seconds: float
    tables: tuple[Table, ...]


def read_entries(folder: Path) -> dict[str, Entry]:
    """The entries of `reading.json` by name. Raises: EvaluationUnusable."""
    return read_kept(folder / DATA, Entry, FORMAT, "make measure-reading")


def write_entry(folder: Path, entry: Entry) -> dict[str, Entry]:
    """Put an entry in its place and leave the others. Returns all. Raises: EvaluationUnusable."""
    entries = read_entries(folder) | {entry.name: entry}
    rounded = {name: _rounded(asdict(each)) for name, each in entries.items()}
    write_kept(folder / DATA, FORMAT, rounded)
    return read_entries(folder)


def _rounded(entry: dict[str, Any]) -> dict[str, Any]:
    for table in entry["tables"]:
        for row in table["rows"]:
            row["values"] = [
                round(value, _DIGITS) if isinstance(value, float) else value
                for value in row["values"]
            ]
    return entry
