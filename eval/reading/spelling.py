"""Does a question find its document whatever the script and the spelling of its figures?

Two tables: questions of two sets asked in the other script, and made-up questions that differ in
the spelling of a figure alone. Converts with OpenCC, as the indexer's own fold does; so the harder
ways, with Hong Kong's characters and Taiwan's words, count for more.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from eval.reading.catalogue import CMRC, DRCD
from eval.reading.made_figures import RIVALS, WAYS, Kind, MadeQuestion, make_set
from eval.reading.tables import Column, Row, Table
from eval.standing.catalogue import ARTICLES, NEWS, K, Places
from service.records import SearchMode

if TYPE_CHECKING:
    from eval.sets.indexes import Articles
    from eval.target import Target

_SAMPLE = 500
_QUESTIONS = 200
_SEED = 20
_DEPTH = 30  # passages; several may be of one document

_AS_WRITTEN = "as written"
# What OpenCC is told, by the row's label.
_TO_SIMPLIFIED = {
    "in Simplified": "t2s",
    "in Simplified, mainland words": "tw2sp",
}
_TO_TRADITIONAL = {
    "in Traditional": "s2t",
    "in Taiwan's characters": "s2tw",
    "in Hong Kong's characters": "s2hk",
    "in Traditional, Taiwan's words": "s2twp",
}
_SCRIPT_NOTES = (
    f"{_SAMPLE} questions of each set, drawn by chance, over every paragraph of the set and "
    f"{ARTICLES:,} news articles; the questions are converted, the documents are not. “To as "
    "written” is the difference in recall@5. The rows with words replace vocabulary (软件, 軟體), "
    "which is no matter of script."
)
_FIGURE_NOTES = (
    f"{_QUESTIONS} made-up questions, each asked in six spellings, over documents that have the "
    f"value in one of the six, by chance, and {RIVALS} rivals that differ in the value and the "
    "name of the village alone. “Answer” is the share of answers whose first sentence names the "
    "right village. The spread is the best of the six less the worst."
)


def measure(places: Places) -> tuple[Table, ...]:
    """Raises: WenjuError."""
    from eval.sets.indexes import Articles

    articles = Articles(places.data / NEWS, ARTICLES)
    return (
        script_table(places, articles, _SAMPLE),
        *figure_tables(places.cache / "spelling-figures", _QUESTIONS),
    )


# -- script ---------------------------------------------------------------------------------------


def script_table(places: Places, articles: Articles | None, sample: int) -> Table:
    """Recall of both sets' questions, as written and converted."""
    from eval.sets.halves import not_embedded
    from eval.sets.squad import load_squad

    rows: list[Row] = []
    for file, name, ways in (
        (DRCD, "DRCD", _TO_SIMPLIFIED),
        (CMRC, "CMRC", _TO_TRADITIONAL),
    ):
        found = load_squad(places.data / file)
        asked = not_embedded(found.questions) if file == DRCD else found.questions
        questions = [
            (each.gold.question, each.gold.evidence[0].document)
            for each in asked
            if each.gold.answerable
        ]
        questions = random.Random(_SEED).sample(questions, min(sample, len(questions)))
        place = places.cache / file.partition(".")[0]
        rows += question_rows(name, ways, questions, found.documents, articles, place)
    columns = (Column("recall@1"), Column("recall@5"), Column("to as written"))
    return Table("Questions in the other script", columns, tuple(rows), _SCRIPT_NOTES)


def question_rows(
    name: str,
    ways: Mapping[str, str],
    questions: Sequence[tuple[str, str]],
    documents: Mapping[str, str],
    articles: Articles | None,
    place: Path,
) -> list[Row]:
    """Questions with the document of each, as written and in each of OpenCC's `ways`."""
    rows: list[Row] = []
    with _target(documents, articles, place) as target:
        written = 0.0
        for label, setting in {_AS_WRITTEN: "", **ways}.items():
            convert = _conversion(setting)
            ranks = [_rank(target, convert(question), document) for question, document in questions]
            first, fifth = (_share([0 < rank <= cutoff for rank in ranks]) for cutoff in (1, 5))
            written = fifth if label == _AS_WRITTEN else written
            rows.append(Row(f"{name}, {label}", (first, fifth, fifth - written)))
    return rows


def _conversion(setting: str) -> Callable[[str], str]:
    if not setting:
        return lambda text: text
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC(setting).convert
    return convert


def _rank(target: Target, question: str, document: str) -> int:
    """Of the document among the documents found; 0 where it is not."""
    hits = target.search(question, _DEPTH, SearchMode.HYBRID)
    sources = list(dict.fromkeys(hit.source for hit in hits))
    return sources.index(document) + 1 if document in sources else 0


@contextmanager
def _target(
    documents: Mapping[str, str], articles: Articles | None, place: Path
) -> Iterator[Target]:
    from eval import opening

    def say(text: str) -> None:
        sys.stderr.write(f"spelling: {text}\n")

    index = opening.set_index(documents, articles, lambda _: place, say)
    with opening.target(index, None, None) as (target, _):
        yield target


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found)


# -- figures --------------------------------------------------------------------------------------


def figure_tables(cache: Path, count: int, seed: int = _SEED) -> tuple[Table, ...]:
    """Recall and answers by the way a figure is spelled, and by what kind of figure it is."""
    made = make_set(count, seed)
    with _target(made.documents, None, cache) as target:
        asked = [_Asked(target, question) for question in made.questions]
    columns = (Column("recall@1"), Column("recall@5"), Column("answer"))
    by_way = [
        Row(way, tuple(_share([each.values[at][part] for each in asked]) for part in range(3)))
        for at, way in enumerate(WAYS)
    ]
    shares = [
        [_share([each.values[at][part] for each in asked]) for at in range(len(WAYS))]
        for part in range(3)
    ]
    by_way.append(Row("spread", tuple(max(column) - min(column) for column in shares)))
    groups: dict[str, list[_Asked]] = {
        str(kind): [each for each in asked if each.question.kind is kind] for kind in Kind
    }
    groups["templates held out"] = [each for each in asked if each.question.is_held_out]
    by_kind = [
        Row(
            name,
            tuple(_share([v[part] for each in group for v in each.values]) for part in range(3)),
        )
        for name, group in groups.items()
        if group
    ]
    return (
        Table("A figure in six spellings", columns, tuple(by_way), _FIGURE_NOTES),
        Table("The same by kind of figure", columns, tuple(by_kind), "Over all six spellings."),
    )


class _Asked:
    """One made question, asked in each way: found first, among five, answered."""

    def __init__(self, target: Target, question: MadeQuestion) -> None:
        self.question = question
        self.values: list[tuple[bool, bool, bool]] = []
        for asked in question.asked:
            rank = _rank(target, asked, question.document)
            reply = target.ask(asked, K)
            named = any(question.answer in sentence.text for sentence in reply.sentences[:1])
            self.values.append((rank == 1, 0 < rank <= 5, named))
