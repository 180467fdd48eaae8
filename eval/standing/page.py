"""`docs/evaluation.md` from its entries: the same entries always give the same page.

Knows entries and the definitions of figures; measures nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from eval.runs.curves import AREA, CURVE_BY_NAME
from eval.runs.figures import BY_NAME
from eval.sets.rows import ASKED, Measured, Row
from eval.standing.catalogue import CATALOGUE, Measurement, Way
from eval.standing.entries import Entry
from eval.standing.reach import REACH_SAYS, reach_table
from eval.standing.tables import NOTHING, markdown_table

_SEARCH_AND_ANSWERS = {
    "right": "right",
    "found@1": "found @1",
    "found@5": "found @5",
    "found@10": "found @10",
    "mrr@10": "MRR @10",
    "answer_hit": "within three",
    "first_hit": "first sentence",
    "short_exact": "short exact",
    "short_f1": "short F1",
    "short_given": "short given",
    "short_precision": "short right",
}
_PROOF = {
    "answered_right": "answered right",
    "document_cited": "right document",
    "citation_precision": "citation precision",
    "citation_recall": "citation recall",
    "sentences_supported": "supported",
    "figures_exact": "figures exact",
    "quotes_exact": "quotes exact",
}
_REFUSAL = {
    "refused_wrongly": "refused wrongly",
    "refusal_recall": "refused rightly",
    "refusal_precision": "refusals right",
    "conflict_recall": "conflicts named",
}
_CONFIDENCE = {
    AREA: "risk area",
    "coverage_at_5": "covered at 5 % wrong",
    "refused_at_3": "refused rightly at 3 %",
    "refused_at_5": "refused rightly at 5 %",
}
_GIVEN = {
    "right": "right",
    "ranked_first": "ranked first",
    "ranked_three": "ranked in three",
    "first_hit": "first sentence",
    "answer_hit": "within three",
    "short_exact": "short exact",
    "short_f1": "short F1",
    "short_given": "short given",
    "short_precision": "short right",
}
_GIVEN_PROOF = {
    "citation_precision": "citation precision",
    "sentences_supported": "supported",
    "quotes_exact": "quotes exact",
}
_REFUSED = {
    "answered_right": "answered right",
    "answer_hit": "within three",
    "refused_wrongly": "refused wrongly",
    "refusal_recall": "refused rightly",
}

_GROUPS: Mapping[Way, Sequence[Mapping[str, str]]] = {
    Way.GOLD: (_SEARCH_AND_ANSWERS, _PROOF, _REFUSAL | _CONFIDENCE),
    Way.OPEN: (_SEARCH_AND_ANSWERS, _PROOF, _REFUSAL | _CONFIDENCE),
    Way.READ: (_GIVEN, _GIVEN_PROOF | _REFUSAL | _CONFIDENCE),
    Way.NOISE: (_GIVEN, _GIVEN_PROOF | _REFUSAL | _CONFIDENCE),
    Way.REFUSE: (_REFUSED | _CONFIDENCE,),
}

_NOISE_AT_A_GLANCE = ("noise 0.8", "noise alone")

_INTRODUCTION = """\
# What the answers are worth

Every figure on this page was written by the command that stands beside it, over the path that
users take, without a judge model. `make measure` makes all of them that the machine has the
material for; `evaluation.json` beside this page holds them with more digits, and a test fails when
the two differ.

Shares are in percent over the questions of the row; where a figure rests on another number
(sentences, quotes, the questions that it bears on), that number stands in brackets. A question that
crashes counts as wrong. “–”: the figure bears on none of them. Times are in ms from call to return
for one question at a time, in one process, on a machine that did other work as well; memory is the
most that this process held.

The built-in models were trained on the CMRC 2018 training set, half of the DRCD development set and
news: figures on CMRC and DRCD are those of neighbouring data, and higher than an archive of another
kind will give. The two gold sets are such archives, small ones."""


def render(entries: Mapping[str, Entry]) -> str:
    """The page. Raises: nothing; measurements that were not made yet are said to be absent."""
    blocks = [_INTRODUCTION, "## Reach", REACH_SAYS, reach_table(entries)]
    blocks += ["## At a glance", _glance(entries)]
    for measurement in CATALOGUE:
        entry = entries.get(measurement.name)
        blocks += [f"## {measurement.title}", measurement.about]
        blocks += section(measurement, entry) if entry else ["Not measured yet."]
    blocks += ["## What the columns mean", _legend()]
    return "\n\n".join(blocks) + "\n"


def _glance(entries: Mapping[str, Entry]) -> str:
    head = (
        "measurement",
        "questions",
        "right",
        "within three",
        "refused rightly",
        "ms p50",
        "ms p95",
    )
    lines: list[Sequence[str]] = []
    for measurement in CATALOGUE:
        entry = entries.get(measurement.name)
        if entry is None:
            continue
        for row in _of_glance(measurement, entry):
            named = measurement.title + ("" if row is entry.rows[0] else f": {row.label}")
            figures = ("right", "answer_hit", "refusal_recall")
            lines.append(
                (
                    named,
                    f"{row.questions:,}",
                    *(_cell(row.figures.get(name), row) for name in figures),
                    *_times(row),
                )
            )
    return markdown_table(head, lines)


def _of_glance(measurement: Measurement, entry: Entry) -> Iterator[Row]:
    if measurement.way is Way.GOLD:
        yield entry.rows[0]
    elif measurement.way is Way.NOISE:
        yield from (row for row in entry.rows if row.label in _NOISE_AT_A_GLANCE)
    else:
        yield from entry.rows


def section(measurement: Measurement, entry: Entry) -> list[str]:
    """How one measurement was made, and its tables."""
    settings = ", ".join(f"{name} {_said(value)}" for name, value in entry.settings.items())
    facts = [
        f"`{entry.command}`",
        f"{entry.measured_at[:10]}, version {entry.code['version']}{commit_of(entry.code)}, model "
        f"{entry.model}. {entry.documents:,} documents, {entry.passages:,} passages; {settings}. "
        f"{entry.seconds:,.0f} s in all, {entry.memory_mib:,.0f} MiB at most."
        + (f" **{entry.crashed} questions crashed.**" if entry.crashed else ""),
    ]
    groups = _GROUPS[measurement.way]
    return facts + [
        _figures(entry.rows, columns, with_times=at == len(groups) - 1)
        for at, columns in enumerate(groups)
    ]


def _said(value: object) -> str:
    if isinstance(value, list | tuple):
        return "/".join(str(part) for part in value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def commit_of(code: Mapping[str, object]) -> str:
    """The code's commit in brackets, and whether files differed from it."""
    if not code.get("commit"):
        return ""
    beside = " with changes" if code.get("changed") else ""
    return f" ({str(code['commit'])[:9]}{beside})"


def _figures(rows: Sequence[Row], columns: Mapping[str, str], *, with_times: bool) -> str:
    """Rows on which none of the figures bears are left out, and so are such columns."""
    kept = {
        name: label
        for name, label in columns.items()
        if any(_has(row.figures.get(name)) for row in rows)
    }
    head = ("", "n", *kept.values(), *(("ms p50", "ms p95") if with_times else ()))
    lines = [
        (
            row.label,
            f"{row.questions:,}",
            *(_cell(row.figures.get(name), row) for name in kept),
            *(_times(row) if with_times else ()),
        )
        for row in rows
        if with_times or any(_has(row.figures.get(name)) for name in kept)
    ]
    return markdown_table(head, lines)


def _has(measured: Measured | None) -> bool:
    return measured is not None and measured.value is not None


def _cell(measured: Measured | None, row: Row) -> str:
    if measured is None or measured.value is None:
        return NOTHING
    beside = "" if measured.n == row.questions else f" ({measured.n:,})"
    return f"{100 * measured.value:.1f}{beside}"


def _times(row: Row) -> tuple[str, str]:
    times = row.latency_ms.get(ASKED, {})
    p50, p95 = (f"{times[name]:.0f}" if name in times else NOTHING for name in ("p50", "p95"))
    return p50, p95


def _legend() -> str:
    columns = _SEARCH_AND_ANSWERS | _GIVEN | _PROOF | _REFUSAL | _CONFIDENCE
    definitions = {name: figure.definition for name, figure in BY_NAME.items()}
    definitions |= {name: curve.definition for name, curve in CURVE_BY_NAME.items()}
    return "\n".join(f"- **{label}**: {definitions[name]}" for name, label in columns.items())
