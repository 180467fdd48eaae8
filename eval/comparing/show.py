"""Comparisons as tables for a terminal. Knows rich; computes nothing itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from eval.comparing.bootstrap import Difference
from eval.comparing.gate import SIGNIFICANCE, Checked
from eval.comparing.pairs import Paired, changed
from eval.runs.figures import Figure
from eval.runs.verdict import Verdict
from eval.show import NOTHING, percent

_IDS = 12


def show_compared(
    names: tuple[str, str],
    paired: Paired,
    found: Mapping[Figure, Difference | None],
    by: Figure,
    most: int,
    console: Console,
) -> None:
    """Every figure of both runs with the interval of the difference; what was won and lost."""
    n = len(paired.before)
    table = Table(title=f"{names[0]} → {names[1]}: {n} questions, figures in %", box=SIMPLE)
    table.add_column("figure", no_wrap=True)
    for column in ("before", "after", "by", "95 % interval", "chance"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("")
    for figure, each in found.items():
        if each is None:
            table.add_row(figure.name, *[NOTHING] * 5, "")
            continue
        chance = min(each.p_lower, each.p_higher)
        table.add_row(
            figure.name,
            percent(each.before),
            percent(each.after),
            _signed(each.by),
            f"{_signed(each.low)} to {_signed(each.high)}",
            f"{chance:.3f}",
            _said(figure, each) if chance < SIGNIFICANCE else "",
        )
    console.print(table)
    won, lost = changed(paired, by)
    for title, places in (("won", won), ("lost", lost)):
        console.print(f"{title} by {by.name}: {len(places)}", style="bold")
        for at in places[:most]:
            _show_pair(paired.before[at], paired.after[at], console)
        if len(places) > most:
            console.print(f"  … {len(places) - most} more, with --all")


def show_gate(checked: Sequence[Checked], console: Console) -> None:
    """What was expected, what is, and which questions moved where that counts."""
    table = Table(title="expected and found, in %", box=SIMPLE)
    table.add_column("figure", no_wrap=True)
    for column in ("expected", "found", "lost", "won", "chance"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("")
    for each in checked:
        found = each.difference
        table.add_row(
            each.figure,
            percent(found.before if found else None),
            percent(found.after if found else None),
            str(len(each.lost)),
            str(len(each.won)),
            f"{min(found.p_lower, found.p_higher):.3f}" if found else NOTHING,
            "FELL" if each.fell else "rose" if each.rose else "",
            style="red" if each.fell else "",
        )
    console.print(table)
    for each in checked:
        if each.fell and each.lost:
            more = ", …" if len(each.lost) > _IDS else ""
            console.print(f"{each.figure} lost: {', '.join(each.lost[:_IDS])}{more}", markup=False)


def _said(figure: Figure, found: Difference) -> str:
    return "better" if (found.by > 0) == figure.higher_is_better else "WORSE"


def _signed(value: float) -> str:
    return f"{100 * value:+.1f}"


def _show_pair(before: Verdict, after: Verdict, console: Console) -> None:
    console.print(f"  {before.id} {before.kind}: {before.question}", markup=False, highlight=False)
    accepted = " + ".join("|".join(group) for group in before.expected) or "(no answer)"
    console.print(f"      expected  {accepted}", markup=False, highlight=False)
    for name, verdict in (("before", before), ("after", after)):
        console.print(f"      {name:9s} {_answer(verdict)}", markup=False, highlight=False)


def _answer(verdict: Verdict) -> str:
    if verdict.crashed is not None:
        return f"crashed: {verdict.crashed}"
    return " / ".join(verdict.answer) or f"refused ({verdict.reason})"
