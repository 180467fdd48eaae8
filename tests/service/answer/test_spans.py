"""The span reader as it ships: which words of a passage answer, whatever the texts are."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.embed.builtin import BuiltinEmbedder
from service.answer.spans import LONGEST_SPAN, OnnxSpanReader, best_span

TEXT = (
    "清河县图书馆建于1987年，馆长是周文达。馆内现有藏书三十二万册，每周一闭馆。"
    "2019年新馆在滨江路落成，投资4600万元，面积是老馆的三倍。"
)
ELSEWHERE = "清河县的秋天多雨。去年秋收时，农户们把稻谷晒在公路边，直到十月才入仓。"


@cache
def reader() -> OnnxSpanReader:
    return OnnxSpanReader(BuiltinEmbedder(), threads=1)


def said(question: str, text: str, context: str = "") -> str:
    [[span]] = reader().read(question, [(context, text)], [[(0, len(text))]])
    return text[span.start : span.end]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("清河县图书馆是哪一年建的？", "1987年"),
        ("清河县图书馆有多少册藏书？", "三十二万册"),
        ("图书馆的馆长是谁？", "周文达"),
        ("新馆投资了多少钱？", "4600万元"),
        ("清河縣圖書館有多少冊藏書？", "三十二万册"),
    ],
)
def test_the_words_that_answer(question: str, wanted: str) -> None:
    assert wanted in said(question, TEXT)


def test_what_answers_scores_above_what_does_not() -> None:
    question = "清河县图书馆有多少册藏书？"
    (here,), (elsewhere,) = reader().read(
        question,
        [("", TEXT), ("", ELSEWHERE)],
        [[(0, len(TEXT))], [(0, len(ELSEWHERE))]],
    )
    assert here.score > elsewhere.score + 1


def test_a_span_stays_in_its_stretch() -> None:
    cut = TEXT.index("馆内")
    [[first, second]] = reader().read(
        "清河县图书馆有多少册藏书？", [("", TEXT)], [[(0, cut), (cut, len(TEXT))]]
    )
    assert 0 <= first.start < first.end <= cut <= second.start < second.end <= len(TEXT)
    assert second.score > first.score


def test_a_passage_is_read_the_same_in_company() -> None:
    question = "新馆投资了多少钱？"
    stretch = [(0, len(TEXT))]
    [[alone]] = reader().read(question, [("", TEXT)], [stretch])
    [[beside], _] = reader().read(
        question, [("", TEXT), ("简介", ELSEWHERE * 3)], [stretch, [(0, len(ELSEWHERE) * 3)]]
    )
    assert (alone.start, alone.end) == (beside.start, beside.end)
    # The activations are rounded to 8 bits over the whole batch: nearly the same, not quite.
    assert alone.score == pytest.approx(beside.score, abs=1.5)


def test_many_threads_read_as_one() -> None:
    questions = ["新馆投资了多少钱？", "图书馆的馆长是谁？"] * 6
    alone = [said(question, TEXT) for question in questions]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda q: said(q, TEXT), questions)) == alone


def test_nothing_to_read() -> None:
    assert reader().read("谁？", [], []) == []


@settings(max_examples=40, deadline=None)
@given(
    question=st.text(min_size=0, max_size=80),
    text=st.text(
        alphabet=st.one_of(
            st.characters(codec="utf-8"), st.sampled_from("的是2年，。！？\n①㎡ Ａ臺")
        ),
        min_size=1,
        max_size=900,
    ),
    context=st.text(max_size=60),
)
def test_any_text_is_read(question: str, text: str, context: str) -> None:
    middle = len(text) // 2
    stretches = [(0, middle), (middle, len(text))]
    [found] = reader().read(question, [(context, text)], [stretches])
    for span, (start, end) in zip(found, stretches, strict=True):
        assert start <= span.start <= span.end <= max(end, start)
        assert np.isfinite(span.score)
        assert 0.0 <= span.share <= 1.0


@given(st.lists(st.floats(-9, 9, width=32), min_size=1, max_size=120), st.integers(0, 10**6))
def test_the_best_span_is_the_best(start: list[float], seed: int) -> None:
    firsts = np.asarray(start, dtype=np.float32)
    lasts = np.random.default_rng(seed).normal(size=len(start)).astype(np.float32)
    score, i, j = best_span(firsts, lasts)
    every = [
        float(firsts[a] + lasts[b])
        for a in range(len(start))
        for b in range(a, min(len(start), a + LONGEST_SPAN))
    ]
    assert 0 <= i <= j < min(len(start), i + LONGEST_SPAN)
    assert score == pytest.approx(max(every), abs=1e-5)
