"""The figures of given passages for a terminal. Knows rich and rows; computes nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from eval.runs.curves import AREA
from eval.runs.verdict import Verdict
from eval.sets.refusing import limits
from eval.sets.rows import ASKED, Measured, Row
from eval.show import NOTHING, percent

_FIGURES = {
    "right": "right",
    "ranked_first": "ranked first",
    "ranked_three": "ranked top 3",
    "first_hit": "first sentence",
    "answer_hit": "within three",
    "short_exact": "short exact",
    "short_f1": "short F1",
    "short_given": "short given",
    "short_precision": "short right",
    "refused_wrongly": "refused wrongly",
    "refusal_recall": "refused rightly",
    "sentences_supported": "supported",
    "citation_precision": "good citations",
    "quotes_exact": "quotes exact",
    AREA: "risk area",
    "coverage_at_5": "covers at 5 %",
    "refused_at_3": "refused at 3 %",
    "refused_at_5": "refused at 5 %",
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


def show_limits(verdicts: Sequence[Verdict], console: Console) -> None:
    """Where a limit on confidence would stand at each price, and what it would refuse, in %."""
    found = limits(verdicts)
    if not found:
        return
    table = Table(title="a limit on confidence, and what it refuses in %", box=SIMPLE)
    table.add_column("answerable refused", justify="right")
    table.add_column("limit", justify="right")
    for name in found[0].refused:
        table.add_column(name, justify="right")
    for limit in found:
        cells = (percent(share) for share in limit.refused.values())
        table.add_row(f"≤ {100 * limit.price:g}", f"{limit.confidence:.4f}", *cells)
    console.print(table)
