"""What is kept of a measurement: `docs/evaluation.json`, one entry a name. Knows no measuring."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

from eval.runs.files import write_json
from eval.sets.rows import Row
from indexer.errors import WenjuError

FORMAT = 1
DATA = "evaluation.json"
PAGE = "evaluation.md"

# More digits than a figure over some hundred questions can tell apart.
_DIGITS = 6  # rounded to four, 83.146 % would be shown as 83.2
_MS_DIGITS = 1


class EvaluationUnusable(WenjuError):
    """The file of standing figures can't be read, or a measurement could not be made."""

    code: ClassVar[str] = "evaluation_unusable"


@dataclass(frozen=True, slots=True)
class Entry:
    """One measurement as it was made. `memory_mib` is the most that the answering process held."""

    name: str
    measured_at: str
    command: str
    code: Mapping[str, Any]
    settings: Mapping[str, Any]
    documents: int
    passages: int
    model: str
    seconds: float
    memory_mib: float
    rows: tuple[Row, ...]

    @property
    def crashed(self) -> int:
        return max(row.crashed for row in self.rows)


def read_entries(folder: Path) -> dict[str, Entry]:
    """The entries of `evaluation.json` by name; none where there is no such file.

    Raises: EvaluationUnusable.
    """
    from pydantic import TypeAdapter, ValidationError

    path = folder / DATA
    if not path.exists():
        return {}
    hint = "take it from version control, or measure anew: make measure"
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


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    for line in row["rows"]:
        for measured in line["figures"].values():
            if measured["value"] is not None:
                measured["value"] = round(measured["value"], _DIGITS)
        line["latency_ms"] = {
            stage: {name: round(spent, _MS_DIGITS) for name, spent in quantiles.items()}
            for stage, quantiles in line["latency_ms"].items()
        }
    return row
