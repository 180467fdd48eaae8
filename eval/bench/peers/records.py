"""What a comparison with the peers comes to, and where it is kept. Measures nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.standing.kept import read_kept, write_kept

FORMAT = 1
OURS = "Wenju"
COMMAND = "python -m eval.bench peers --news FILE --docs docs/peers.md"
_NAME = "peers"  # of the one measurement that the file holds
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class PeerFigures:
    """Medians over the runs; times of a search over all questions of all runs.

    Peaks are those of a process and of the largest that it started, resident.
    `found_at_1` and `found_at_5` are the shares of questions whose article is among the first;
    `startup_s` is from the start of a process to its first answer over an index that is there,
    `startup_cpu_s` the processor's part of it; `add_s` and `delete_s` are until a search shows it.
    """

    articles_per_second: float
    cpu_ms_per_article: float
    index_peak_bytes: float
    disk_bytes: float
    search_p50_ms: float
    search_p95_ms: float
    search_cpu_ms: float
    search_peak_bytes: float
    found_at_1: float
    found_at_5: float
    startup_s: float
    startup_cpu_s: float
    add_s: float
    delete_s: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What libraries take alone, and whose our own time is: medians over the runs, milliseconds.

    `bare_article` and `article` are of the processor, an article; `bare_search` is a search's
    median, `search` the processor's time of one. `http` is a round trip, of an empty route too.
    """

    bare_article: Mapping[str, float]
    bare_search: Mapping[str, float]
    article: Mapping[str, float]
    search: Mapping[str, float]
    http: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison as it was made; `machine` is its class, not its name."""

    measured_at: str
    code: Mapping[str, Any]
    settings: Mapping[str, Any]
    machine: Mapping[str, Any]
    versions: Mapping[str, str]
    figures: Mapping[str, PeerFigures]
    limits: Limits


def read_comparison(path: Path) -> Comparison | None:
    """That which is kept in a file; None where there is none. Raises: EvaluationUnusable."""
    return read_kept(path, Comparison, FORMAT, COMMAND).get(_NAME)


def write_comparison(path: Path, made: Comparison) -> None:
    """Raises: StorageFull."""
    write_kept(path, FORMAT, {_NAME: _rounded(asdict(made))})


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return round(value, _DIGITS) if isinstance(value, float) else value
