"""Figures as tables for a terminal. Knows rich and what a run holds; computes nothing itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from eval.runs.figures import by_kind, latencies, summarise
from eval.runs.files import Run
from eval.runs.verdict import Verdict

NOTHING = "–"  # no question bears on this figure

# Figures of a run, in the order in which a question goes its way.
_SEARCH = {
    "found@1": "found\n@1",
    "found@5": "found\n@5",
    "recall@10": "recall\n@10",
    "mrr@10": "MRR\n@10",
    "ndcg@10": "nDCG\n@10",
    "lexical_found@10": "words\n@10",
    "dense_found@10": "vectors\n@10",
}
_ANSWERS = {
    "right": "right",
    "answer_hit": "answer\nhit",
    "first_hit": "first\nhit",
    "short_exact": "short\nexact",
    "short_f1": "short\nF1",
}
_PROOF = {
    "document_cited": "right\ndoc",
    "citation_precision": "citation\nprecision",
    "citation_recall": "citation\nrecall",
    "refused_wrongly": "refused\nwrongly",
    "refusal_recall": "refused\nrightly",
}
_OVERALL = (
    ("quotes_exact", "quotes that stand exactly where they are said to"),
    ("figures_exact", "figures in answers that stand where they point to"),
    ("sentences_supported", "sentences that their own citations support"),
    ("refusal_precision", "refusals of questions that have no answer"),
    ("conflict_recall", "disagreements named with all their values"),
    ("risk_area", "risk over the surest answers on average, lower is better"),
    ("coverage_at_5", "questions that can be answered, surest first, with 5 % wrong"),
    ("refused_at_3", "questions without an answer refused where 3 % of the others are"),
    ("refused_at_5", "questions without an answer refused where 5 % of the others are"),
)


def show_run(run: Run, console: Console) -> None:
    """Figures by kind and overall, times by stage, and whatever crashed or could not be placed."""
    console.print(_by_kind("search", _SEARCH, run))
    console.print(_by_kind("answers", _ANSWERS, run))
    console.print(_by_kind("proof and refusal", _PROOF, run))
    console.print(times_table(latencies(run.verdicts)))
    figures = summarise(run.verdicts)
    for name, said in _OVERALL:
        console.print(f"{said}: {percent(figures[name])} %", highlight=False)
    if run.end is not None and run.end.peak_memory_mib is not None:
        console.print(f"most memory: {run.end.peak_memory_mib:.0f} MiB", highlight=False)
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
    table = Table(
        title=f"{title}: {len(run.verdicts)} questions, figures in %",
        box=SIMPLE,
        collapse_padding=True,  # all columns within 80, also when all figures are 100.0
    )
    table.add_column("kind", no_wrap=True)
    table.add_column("n", justify="right", no_wrap=True)
    for label in columns.values():
        table.add_column(label, justify="right", no_wrap=True)
    for kind, lines in by_kind(run.verdicts).items():
        cells = _cells(lines, columns)
        if set(cells) != {NOTHING}:
            table.add_row(kind, str(len(lines)), *cells)
    table.add_section()
    table.add_row("all", str(len(run.verdicts)), *_cells(run.verdicts, columns), style="bold")
    return table


def as_json(run: Run) -> str:
    """The figures overall and by kind, times and memory, as JSON."""
    found = {
        "questions": len(run.verdicts),
        "crashed": [verdict.id for verdict in run.crashed],
        "overall": summarise(run.verdicts),
        "by_kind": {kind: summarise(lines) for kind, lines in by_kind(run.verdicts).items()},
        "latency_ms": latencies(run.verdicts),
        "peak_memory_mib": run.end.peak_memory_mib if run.end else None,
    }
    return json.dumps(found, ensure_ascii=False, indent=1)


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
