"""Figures as tables for a terminal. Knows rich and what a run holds; computes nothing itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from eval.run import Run
from eval.score import Verdict, latencies, summarise

NOTHING = "–"  # no question bears on this figure

# Figures of a run, in the order in which a question goes its way.
_SEARCH = {
    "found@1": "found\n@1",
    "found@5": "found\n@5",
    "recall@1": "recall\n@1",
    "recall@5": "recall\n@5",
    "recall@10": "recall\n@10",
    "mrr@10": "MRR\n@10",
    "ndcg@10": "nDCG\n@10",
}
_ANSWERS = {
    "right": "right",
    "answer_hit": "answer\nhit",
    "document_cited": "right\ndoc",
    "citation_precision": "citation\nprecision",
    "refused_wrongly": "refused\nwrongly",
    "refused_rightly": "refused\nrightly",
}


def show_run(run: Run, console: Console) -> None:
    """Figures by kind and overall, times by stage, and whatever crashed or could not be placed."""
    console.print(_by_kind("search", _SEARCH, run))
    console.print(_by_kind("answers", _ANSWERS, run))
    console.print(times_table(latencies(run.verdicts)))
    exactness = summarise(run.verdicts)["quote_exactness"]
    console.print(f"quotes that stand exactly where they are said to: {percent(exactness)} %")
    unplaced = [verdict for verdict in run.verdicts if verdict.evidence_missing]
    if unplaced:
        console.print(
            f"{len(unplaced)} questions have evidence that the index does not hold; "
            "`python -m eval check` names it: " + ", ".join(v.id for v in unplaced),
            style="yellow",
            markup=False,
        )
    for verdict in run.crashed:
        console.print(f"crashed: {verdict.id}: {verdict.crashed}", style="red", markup=False)


def _by_kind(title: str, columns: Mapping[str, str], run: Run) -> Table:
    """The named figures, a line a kind that they bear on, and over all questions."""
    table = Table(title=f"{title}: {len(run.verdicts)} questions, figures in %", box=SIMPLE)
    table.add_column("kind", no_wrap=True)
    table.add_column("n", justify="right")
    for label in columns.values():
        table.add_column(label, justify="right", no_wrap=True)
    for kind, lines in run.by_kind().items():
        cells = _cells(lines, columns)
        if set(cells) != {NOTHING}:
            table.add_row(kind, str(len(lines)), *cells)
    table.add_section()
    table.add_row("all", str(len(run.verdicts)), *_cells(run.verdicts, columns), style="bold")
    return table


def _cells(verdicts: Sequence[Verdict], columns: Mapping[str, str]) -> list[str]:
    figures = summarise(verdicts)
    return [percent(figures[name]) for name in columns]


def percent(value: float | None) -> str:
    return NOTHING if value is None else f"{100 * value:.1f}"


def times_table(times: Mapping[str, Mapping[str, float]]) -> Table:
    """p50 and p95 by stage, in ms."""
    table = Table(title="times in ms", box=SIMPLE)
    table.add_column("stage")
    table.add_column("p50", justify="right")
    table.add_column("p95", justify="right")
    for stage, quantiles in times.items():
        table.add_row(stage, f"{quantiles['p50']:.1f}", f"{quantiles['p95']:.1f}")
    return table


def pairs_table(title: str, rows: Mapping[str, str]) -> Table:
    """Name and value, one a row."""
    table = Table(title=title, show_header=False, box=SIMPLE, min_width=len(title) + 4)
    table.add_column("figure")
    table.add_column("value", justify="right")
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def show_squad(title: str, figures: Mapping[str, float | None], console: Console) -> None:
    """Shares in %, times in ms; what was not measured is left out."""
    rows = {
        name: f"{value:.1f} ms" if "_ms_" in name else percent(value)
        for name, value in figures.items()
        if value is not None
    }
    console.print(pairs_table(title, rows))
