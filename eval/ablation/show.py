"""What parts are worth, as a table and as data. Computes nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from eval.ablation.ablate import Worth
from eval.comparing.bootstrap import Difference
from eval.comparing.gate import SIGNIFICANCE
from eval.show import NOTHING

SHOWN = ("right", "found@1", "found@5", "answer_hit", "refused_wrongly", "figures_exact")


def show_worth(worth: Sequence[Worth], console: Console) -> None:
    """A row a part; a star marks what luck alone hardly explains."""
    table = Table(title="left out: what changes, in points with 95 % interval", box=SIMPLE)
    table.add_column("without", no_wrap=True)
    for name in SHOWN:
        table.add_column(name.replace("_", "\n"), justify="right", no_wrap=True)
    for each in worth:
        table.add_row(each.variant.name, *(_cell(each.found[name]) for name in SHOWN))
    console.print(table)
    for each in worth:
        crashed = f"; {len(each.without.crashed)} crashed" if each.without.crashed else ""
        base = f", against {each.variant.base}" if each.variant.is_careless else ""
        console.print(f"  {each.variant.name}: {each.variant.what}{base}{crashed}", markup=False)


def _cell(found: Difference | None) -> str:
    if found is None:
        return NOTHING
    star = "*" if min(found.p_lower, found.p_higher) < SIGNIFICANCE else " "
    return f"{100 * found.by:+.1f}{star}\n{100 * found.low:+.1f} {100 * found.high:+.1f}"


def as_data(worth: Sequence[Worth]) -> dict[str, Any]:
    """Each part's differences in every figure, and what was run."""
    return {
        "code": dict(worth[0].without.header.code) if worth else {},
        "gold": dict(worth[0].without.header.gold) if worth else {},
        "started_at": worth[0].without.header.started_at if worth else None,
        "parts": {
            each.variant.name: {
                "what": each.variant.what,
                "base": each.variant.base,
                "figures": {
                    name: {**asdict(found), "by": found.by}
                    for name, found in each.found.items()
                    if found is not None
                },
            }
            for each in worth
        },
    }
