"""What each part of reading is worth to answers: the gold questions without it, in pairs.

The same services and the same comparison as `python -m eval ablate`, for the parts that work when
documents are read, over `corpus/` and, where they are at hand, the founding documents.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eval.cli import PROJECT
from eval.reading.tables import Column, Row, Table, Unit
from eval.standing.catalogue import K, Places

if TYPE_CHECKING:
    from eval.ablation.ablate import Worth

PARTS = (
    "boilerplate",
    "repetition",
    "context_headings",
    "speakers",
    "leads",
    "subjects",
    "gaps",
    "variants",
    "number_forms",
    "script_folding",
)
_GOLD = PROJECT / "eval" / "gold"
_FIGURES = {"right": "right", "found@1": "found @1", "found@5": "found @5", "mrr@10": "MRR @10"}

_COLUMNS = (
    *(Column(name) for name in _FIGURES.values()),
    Column("right, against all", Unit.TEXT),
    Column("MRR, against all", Unit.TEXT),
)
_NOTES = (
    "Differences in points, with 95 % intervals over the same questions in pairs. Where an "
    "interval holds 0, so few questions can't tell whether the part helps."
)


def measure(places: Places) -> tuple[Table, ...]:
    """Raises: BenchFailed, InvalidGold, and what building raises."""
    return tuple(
        worths(title, gold, folder)
        for title, gold, folder in (
            ("Over corpus/", _GOLD / "corpus.jsonl", PROJECT / "corpus"),
            ("Over the founding documents", _GOLD / "seeds.jsonl", places.seeds),
        )
        if folder.exists()
    )


def worths(title: str, gold: Path, folder: Path, parts: Sequence[str] = PARTS) -> Table:
    """A row a part, over one set of questions. Raises: as `measure`."""
    from eval.ablation.ablate import ablate
    from eval.gold import load_gold

    questions = load_gold(gold)
    with tempfile.TemporaryDirectory(prefix="wenju-parts-") as work:
        worth = ablate(
            ("nothing", *parts),
            questions,
            gold,
            folder,
            Path(work),
            k=K,
            say=_say,
        )
    return Table(
        f"{title}, {len(questions)} questions",
        _COLUMNS,
        tuple(_row(each) for each in worth),
        _NOTES,
    )


def _say(line: str) -> None:
    sys.stderr.write(f"parts: {line}\n")


def _row(worth: Worth) -> Row:
    is_whole = worth.variant.name == worth.variant.base
    label = "everything" if is_whole else f"without {worth.variant.name}: {worth.variant.what}"
    differences = (None, None) if is_whole else _differences(worth)
    return Row(label, (*_values(worth), *differences))


def _values(worth: Worth) -> Iterator[float | None]:
    from eval.sets.rows import row_of

    figures = row_of("all", worth.without.verdicts).figures
    return (figures[name].value for name in _FIGURES)


def _differences(worth: Worth) -> tuple[str | None, ...]:
    return tuple(_points(worth, name) for name in ("right", "mrr@10"))


def _points(worth: Worth, name: str) -> str | None:
    found = worth.found[name]
    if found is None:
        return None
    return f"{100 * found.by:+.1f} ({100 * found.low:+.1f} to {100 * found.high:+.1f})"
