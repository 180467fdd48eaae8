"""What is kept of a measurement of reading: `docs/reading.json`, one entry a name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.reading.tables import Table
from eval.runs.files import write_json
from eval.standing.entries import EvaluationUnusable

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
    """The entries of `reading.json` by name; none where there is no such file.

    Raises: EvaluationUnusable.
    """
    from pydantic import TypeAdapter, ValidationError

    path = folder / DATA
    if not path.exists():
        return {}
    hint = "take it from version control, or measure anew: make measure-reading"
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["format"] != FORMAT:
            raise EvaluationUnusable(f"{path}: format: is {stored['format']}", hint=hint)
        entries = TypeAdapter(dict[str, Entry]).validate_python(stored["measurements"])
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise EvaluationUnusable(f"{path}: {field}: {first['msg']}", hint=hint) from error
    except (ValueError, KeyError, TypeError) as error:
        raise EvaluationUnusable(f"{path}: {type(error).__name__}: {error}", hint=hint) from error
    return entries


def write_entry(folder: Path, entry: Entry) -> dict[str, Entry]:
    """Put an entry in its place and leave the others. Returns all. Raises: EvaluationUnusable."""
    entries = read_entries(folder) | {entry.name: entry}
    measurements = {name: _rounded(asdict(entries[name])) for name in sorted(entries)}
    write_json(folder / DATA, {"format": FORMAT, "measurements": measurements})
    return read_entries(folder)


def _rounded(entry: dict[str, Any]) -> dict[str, Any]:
    for table in entry["tables"]:
        for row in table["rows"]:
            row["values"] = [
                round(value, _DIGITS) if isinstance(value, float) else value
                for value in row["values"]
            ]
    return entry
