"""What is kept of a measurement: `docs/evaluation.json`, one entry a name. Knows no measuring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.sets.rows import Row
from eval.standing.kept import read_kept, write_kept

FORMAT = 1
DATA = "evaluation.json"
PAGE = "evaluation.md"

# More digits than a figure over some hundred questions can tell apart.
_DIGITS = 6  # rounded to four, 83.146 % would be shown as 83.2
_MS_DIGITS = 1


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
    """The entries of `evaluation.json` by name. Raises: EvaluationUnusable."""
    return read_kept(folder / DATA, Entry, FORMAT, "make measure")


def write_entry(folder: Path, entry: Entry) -> dict[str, Entry]:
    """Put an entry in its place and leave the others. Returns all. Raises: EvaluationUnusable."""
    entries = read_entries(folder) | {entry.name: entry}
    rounded = {name: _rounded(asdict(each)) for name, each in entries.items()}
    write_kept(folder / DATA, FORMAT, rounded)
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
