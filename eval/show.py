"""Figures as tables for a terminal. Knows rich and what a run holds; computes nothing itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from eval.run import Run
from eval.score import Verdict, latencies, summarise

# Figures of a run, in the order in which a question goes its way.
_COLUMNS = {
    "right": "right",
    "recall@1": "recall@1",
    "recall@5": "recall@5",
    "recall@10": "recall@10",
    "found@5": "found@5",
    "mrr@10": "MRR",
    "ndcg@10": "nDCG@10",
    "answer_hit": "answer\nhit",
    "document_cited": "right\ndocument",
    "citation_precision": "citation\nprecision",
    "refused_wrongly": "refused\nwrongly",
    "refused_rightly": "refused\nrightly",
}


def show_run(run: Run, console: Console) -> None:
    """Figures by kind and overall, times by stage, and whatever crashed or could not be placed."""
    console.print(_figures(run))
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


def _figures(run: Run) -> Table:
    table = Table(title=f"{len(run.verdicts)} questions (in %, MRR and nDCG too)")
    table.add_column("kind")
    table.add_column("n", justify="right")
    for label in _COLUMNS.values():
        table.add_column(label, justify="right")
    for kind, lines in run.by_kind().items():
        table.add_row(kind, str(len(lines)), *_cells(lines))
    table.add_section()
    table.add_row("all", str(len(run.verdicts)), *_cells(run.verdicts), style="bold")
    return table


def _cells(verdicts: Sequence[Verdict]) -> list[str]:
    figures = summarise(verdicts)
    return [percent(figures[name]) for name in _COLUMNS]


def percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"


def times_table(times: Mapping[str, Mapping[str, float]]) -> Table:
    """p50 and p95 by stage, in ms."""
    table = Table(title="times in ms")
    table.add_column("stage")
    table.add_column("p50", justify="right")
    table.add_column("p95", justify="right")
    for stage, quantiles in times.items():
        table.add_row(stage, f"{quantiles['p50']:.1f}", f"{quantiles['p95']:.1f}")
    return table


def pairs_table(title: str, rows: Mapping[str, str]) -> Table:
    """Name and value, one a row."""
    table = Table(title=title, show_header=False)
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
