"""The figures of given passages for a terminal. Knows rich and rows; computes nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from eval.runs.figures import AREA
from eval.sets.rows import ASKED, Measured, Row
from eval.show import NOTHING, percent

_FIGURES = {
    "right": "right",
    "first_hit": "first sentence",
    "answer_hit": "within three",
    "short_exact": "short exact",
    "short_f1": "short F1",
    "refused_wrongly": "refused wrongly",
    "refusal_recall": "refused rightly",
    "sentences_supported": "supported",
    "citation_precision": "good citations",
    "quotes_exact": "quotes exact",
    AREA: "risk-cov. area",
}


def show_rows(title: str, rows: Sequence[Row], console: Console) -> None:
    """A column a dose; figures in %, with the number they rest on where it is not the questions'.

    Figures that bear on nothing in any of them are left out.
    """
    table = Table(title=title, box=SIMPLE)
    table.add_column("", no_wrap=True)
    for row in rows:
        table.add_column(row.label.replace(" ", "\n"), justify="right", no_wrap=True)
    table.add_row("questions", *(str(row.questions) for row in rows))
    for name, said in _FIGURES.items():
        if any(row.figures[name].value is not None for row in rows):
            table.add_row(said, *(_cell(row.figures[name], row.questions) for row in rows))
    for quantile in ("p50", "p95"):
        times = [row.latency_ms.get(ASKED, {}).get(quantile) for row in rows]
        cells = [NOTHING if spent is None else f"{spent:.0f}" for spent in times]
        table.add_row(f"ms {quantile}", *cells)
    console.print(table)


def _cell(measured: Measured, questions: int) -> str:
    beside = "" if measured.n in (0, questions) else f"\n({measured.n})"
    return percent(measured.value) + beside
