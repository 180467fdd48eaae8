"""The best passages are read word by word, and what that finds decides with the features."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.embed.base import Matrix
from indexer.embed.builtin import Tokens
from indexer.records import Passage
from service.answer.candidates import answers_to, candidates
from service.answer.question import analyse
from service.answer.reader import Reading, SecondLook, first_look, load_weighing, read
from service.answer.spans import Span
from service.answer.weighing import NAMES, weighing_rows
from service.records import Hit


class _NothingIsNear:
    def tokens(self, normalised: Sequence[str]) -> list[Tokens]:
        return [np.zeros(0, dtype=np.uint16) for _ in normalised]

    def unpacked(self, packed: bytes) -> Tokens:
        return np.frombuffer(packed, dtype=np.uint16)

    def embed_tokens(self, rows: Sequence[Tokens]) -> Matrix:
        return np.zeros((len(rows), 2), dtype=np.float32)

    def meets_tokens(self, question: Tokens, rows: Sequence[Tokens]) -> NDArray[np.float32]:
        return np.zeros(len(rows), dtype=np.float32)


class _FirstIsBest:
    """Scores sentences by their order, the first highest, a point apart."""

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        return -np.arange(len(rows), dtype=np.float32)

    def answered(self, rows: NDArray[np.float32], scores: NDArray[np.float32]) -> float:
        return 0.5


class _BySpan:
    """Scores sentences by what the span reader says of them alone."""

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        return rows[:, NAMES.index("span")]

    def answered(self, rows: NDArray[np.float32], scores: NDArray[np.float32]) -> float:
        return 0.8


class _Finds:
    """Finds one word, wherever it stands, and remembers what it read."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.read_texts: list[str] = []

    def read(
        self,
        question: str,
        passages: Sequence[tuple[str, str]],
        stretches: Sequence[Sequence[tuple[int, int]]],
    ) -> list[list[Span]]:
        self.read_texts = [text for _, text in passages]
        return [
            [self._span(text, a, b) for a, b in wanted]
            for (_, text), wanted in zip(passages, stretches, strict=True)
        ]

    def _span(self, text: str, start: int, end: int) -> Span:
        at = text.find(self.word, start, end)
        if at < 0:
            return Span(start, start + 1, -9.0, 0.0)
        return Span(at, at + len(self.word), 1.0, 0.9)


def _hit(rank: int, text: str, start: int = 0, title: str = "") -> Hit:
    passage = Passage(f"{rank}-0", str(rank), start, start + len(text), text, title)
    return Hit(rank, 1.0, passage, "a.txt", None, None, 1.0, 1.0)


def _read(question: str, texts: Sequence[str], second: SecondLook | None) -> Reading:
    return read(
        analyse(question),
        [_hit(at, text, start=100 * at) for at, text in enumerate(texts, start=1)],
        idf=lambda terms: [1.0] * len(terms),
        near=_NothingIsNear(),
        network=_FirstIsBest(),
        second=second,
    )


def test_the_second_look_decides_and_tells_the_words() -> None:
    reading = _read(
        "馆长是谁？",
        ["馆里有书。馆长是周文达。", "门前有树。"],
        SecondLook(_Finds("周文达"), _BySpan()),
    )
    best = reading.evidence[0]
    assert (best.quote, best.start) == ("馆长是周文达。", 105)
    assert best.span == (3, 6)
    assert best.span_share == 0.9
    assert reading.nothing == 1.0 - 0.8


def test_without_it_the_first_look_decides() -> None:
    reading = _read("馆长是谁？", ["馆里有书。馆长是周文达。"], None)
    assert reading.evidence[0].quote == "馆里有书。"
    assert reading.evidence[0].span is None
    assert reading.nothing == 0.5


def test_only_the_passages_that_promise_most_are_read() -> None:
    finds = _Finds("十")
    texts = [f"第{at}段说的是别的事。" for at in "一二三四五六七"]
    reading = _read("哪一段？", texts, SecondLook(finds, _BySpan()))
    assert finds.read_texts == texts[:3]
    assert sum(each.span is not None for each in reading.evidence) == 3


def test_a_question_in_the_text_leads_its_answer() -> None:
    text = "问：开馆时间是几点？\n答：每天上午九点。周一不开。"
    kept, leads = answers_to(text, candidates(text))
    assert [text[a:b] for a, b in kept] == ["答：每天上午九点。", "周一不开。"]
    assert leads == ["问：开馆时间是几点？", ""]


def test_questions_alone_stay() -> None:
    text = "几点开馆？周一开吗？"
    kept, leads = answers_to(text, candidates(text))
    assert [text[a:b] for a, b in kept] == ["几点开馆？", "周一开吗？"]
    assert leads == ["", ""]


def test_what_binds_a_question_is_a_column() -> None:
    question = analyse("清河县图书馆2019年有多少册藏书？")
    hits = [
        _hit(1, "清河县图书馆2019年藏书三万册。清河县图书馆2018年藏书两万册。"),
        _hit(2, "白水镇2017年修路。"),
    ]
    look = first_look(
        question,
        hits,
        idf=lambda terms: [1.0] * len(terms),
        near=_NothingIsNear(),
        network=_FirstIsBest(),
    )
    rows = weighing_rows(question, look, [None] * len(look.places))
    shown = {name: rows[:, NAMES.index(name)].tolist() for name in NAMES}
    assert shown["years_own"] == [1.0, 0.0, 0.0]
    assert shown["years_around"] == [1.0, 1.0, 0.0]
    assert shown["other_year"] == [0.0, 1.0, 1.0]
    assert shown["names_own"][0] == 1.0 > shown["names_own"][2]
    assert shown["unbound"] == [1.0, 1.0, 1.0]  # nothing was read
    assert shown["is_read"] == [0.0, 0.0, 0.0]
    assert shown["lead"] == [0.0, -1.0, -2.0]


def test_the_shipped_network_fits_the_columns() -> None:
    scores = load_weighing().scores(np.zeros((3, len(NAMES)), dtype=np.float32))
    assert scores.shape == (3,)
