"""How long `python -m service` takes from the command to a ready answer. Knows no question."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from eval.bench.processes import serving
from eval.runs.files import code_version


@dataclass(frozen=True, slots=True)
class StartupFigures:
    """Seconds to /readyz of every run, in order; the largest memory at that moment."""

    ready_seconds: tuple[float, ...]
    median_seconds: float
    peak_bytes: int


def measure(index: Path, runs: int) -> StartupFigures:
    """Start and end the service `runs` times. Raises: BenchFailed."""
    seconds: list[float] = []
    peak = 0
    for _ in range(runs):
        with serving(index) as service:
            seconds.append(service.ready_s)
            peak = max(peak, service.peak_bytes())
    return StartupFigures(tuple(seconds), median(seconds), peak)


def record(figures: StartupFigures, settings: dict[str, Any]) -> dict[str, Any]:
    return {"code": code_version(), "settings": settings, "figures": asdict(figures)}


def rows(figures: StartupFigures) -> dict[str, str]:
    """The figures as they are read."""
    return {
        "runs": ", ".join(f"{seconds:.2f} s" for seconds in figures.ready_seconds),
        "median": f"{figures.median_seconds:.2f} s",
        "memory when ready": f"{figures.peak_bytes / 2**20:.0f} MiB",
    }
