"""Standing measurements as they would be kept, made up."""

from eval.runs.curves import CURVE_BY_NAME
from eval.runs.figures import BY_NAME
from eval.sets.rows import Measured, Row
from eval.standing.entries import Entry


def row(label: str, crashed: int = 0, **figures: tuple[float | None, int]) -> Row:
    measured = {name: Measured(None, 0) for name in (*BY_NAME, *CURVE_BY_NAME)}
    measured |= {name: Measured(*figure) for name, figure in figures.items()}
    return Row(label, figures["right"][1], crashed, measured, {"asked": {"p50": 41.26, "p95": 60}})


def entry(name: str, *rows: Row) -> Entry:
    return Entry(
        name=name,
        measured_at="2026-11-22T02:03:04+00:00",
        command=f"python -m eval measure {name}",
        code={"version": "0.1.0", "commit": "0123456789abcdef", "changed": False},
        settings={"k": 8, "noise": [0.0, 0.5]},
        documents=20256,
        passages=60000,
        model="extractive",
        seconds=123.4,
        memory_mib=301.9,
        rows=rows,
    )
