"""A question that hangs on a figure is answered by the sentence that states it."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.embed.base import Matrix
from indexer.embed.builtin import Tokens
from indexer.records import Passage
from service.answer.question import analyse
from service.answer.reader import read
from service.records import Hit


class _NothingIsNear:
    def tokens(self, normalised: Sequence[str]) -> list[Tokens]:
        return [np.zeros(0, dtype=np.uint16) for _ in normalised]

    def embed_tokens(self, rows: Sequence[Tokens]) -> Matrix:
        return np.zeros((len(rows), 2), dtype=np.float32)

    def meets_tokens(self, question: Tokens, rows: Sequence[Tokens]) -> NDArray[np.float32]:
        return np.zeros(len(rows), dtype=np.float32)


class _FirstIsBest:
    """Scores sentences by their order, the first highest, half a point apart."""

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray([-at / 2 for at in range(len(rows))], dtype=np.float32)

    def answered(self, rows: NDArray[np.float32], scores: NDArray[np.float32]) -> float:
        return 0.9


def _best(question: str, *texts: str) -> str:
    hits = [
        Hit(at, 1.0, Passage(f"{at}-0", str(at), 0, len(text), text, ""), "a", None, None, 1.0, 1.0)
        for at, text in enumerate(texts, start=1)
    ]
    reading = read(
        analyse(question),
        hits,
        idf=lambda terms: [1.0] * len(terms),
        near=_NothingIsNear(),
        network=_FirstIsBest(),
    )
    return reading.evidence[0].quote


@pytest.mark.parametrize(
    ("question", "other", "stated"),
    [
        ("哪里的普及率为51.6%？", "甲村的普及率为68.6%。", "乙村的普及率为百分之五十一点六。"),
        ("哪里帮助3428人就业？", "甲村帮助3482人就业。", "乙村帮助三千四百二十八人就业。"),
        ("哪里的末班车15:30发车？", "甲村的末班车15:50发车。", "乙村的末班车下午三点半发车。"),
    ],
)
def test_the_sentence_with_the_figure_leads(question: str, other: str, stated: str) -> None:
    assert _best(question, other, stated) == stated


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        # nobody states it, no figure is named, or the figure is of another unit
        ("哪里的普及率为51.6%？", "甲村的普及率为68.6%。", "乙村的普及率较高。"),
        ("哪里的普及率最高？", "甲村的普及率为68.6%。", "乙村的普及率为51.6%。"),
        ("2019年有51户的是哪里？", "2020年甲村有9人。", "2019年乙村有51户。"),
    ],
)
def test_else_the_order_stays(question: str, first: str, second: str) -> None:
    assert _best(question, first, second) == first
