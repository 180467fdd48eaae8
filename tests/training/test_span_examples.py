"""What the span reader learns from: the answers stand where the examples say they do."""

import random
import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.embed.builtin import DEFAULT_FOLDER, BuiltinEmbedder
from indexer.text.normalise import fold
from indexer.text.sentences import split_sentences
from service.answer.span_inputs import text_rows
from training.reword import Rewording
from training.spans.batches import draw_example, packed
from training.spans.bound import example
from training.spans.examples import LONGEST, Asked, Set, kin_of, made, window
from training.spans.made import questions, values

TEXT = fold(
    "清河县图书馆建于1987年，馆长是周文达。馆内现有藏书三十二万册，每周一闭馆。"
    "2019年新馆在滨江路落成，投资4600万元。新馆的面积是老馆的三倍。周文达说，读者多了一倍。"
)
NAMES = {"ns": ["清河", "白水", "云山"], "nt": ["财政局", "总工会"], "nr": ["周文达", "李秀"]}


@cache
def words() -> BuiltinEmbedder:
    return BuiltinEmbedder()


def _set() -> Set:
    other = fold("白水镇的秋天多雨。农户们把稻谷晒在公路边，直到十月才入仓。")
    start = TEXT.index("4600")
    return Set(
        [made(TEXT, "图书馆", words()), made(other, "", words())],
        [Asked(text_rows("新馆投资了多少钱?", words()), 0, start, start + 6)],
        [[1], [0]],
    )


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6))
def test_an_example_points_at_its_answer(seed: int) -> None:
    found = draw_example((source := _set()), source.asked[0], random.Random(seed))
    if found is None:
        return
    if found.start >= 0:
        assert found.passage.folded[found.start : found.end + 1] == "4600万元"
        assert found.start >= found.context
    else:
        assert "4600" not in found.passage.folded


def test_a_batch_marks_what_is_not_here_behind_the_last_character() -> None:
    source = _set()
    draw = random.Random(1)
    drawn = [draw_example(source, source.asked[0], draw) for _ in range(40)]
    examples = [each for each in drawn if each is not None]
    batch = packed(examples, words())
    length = batch.inputs["passage"].shape[1]
    assert batch.start.tolist() == [e.start if e.start >= 0 else length for e in examples]
    assert {e.start >= 0 for e in examples} == {True, False}


@given(st.integers(0, 10**6))
def test_a_window_holds_whole_sentences_and_the_answer(seed: int) -> None:
    paragraph = made(TEXT * 4, "", words())
    start = TEXT.index("4600") + len(TEXT)
    a, b = window(paragraph, start, start + 6, random.Random(seed))
    assert a <= start < start + 6 <= b
    assert b - a <= LONGEST
    assert a in {s for s, _ in paragraph.sentences}
    assert b in {e for _, e in paragraph.sentences}


def test_kin_share_rare_pairs() -> None:
    assert kin_of(["清河县图书馆", "清河县医院", "白水镇修路"])[0] == [1]


def test_questions_made_from_a_text_ask_for_what_stands_there() -> None:
    rewording = Rewording(DEFAULT_FOLDER, replace=0.0, drop=0.0)
    found = []
    for seed in range(20):
        found += questions(TEXT, 0, split_sentences(TEXT), rewording, random.Random(seed))
    asked = {(question, TEXT[start:end]) for question, _, start, end in found}
    assert any("倍" in question and value == "三倍" for question, value in asked)
    assert all(value not in question for question, value in asked if len(value) > 3)


@pytest.mark.parametrize("value", ["4600万元", "周文达"])
def test_values_are_found(value: str) -> None:
    found = {TEXT[a:b] for s, e in split_sentences(TEXT) for a, b in _places(s, e)}
    assert value in found


def _places(start: int, end: int) -> list[tuple[int, int]]:
    return [(start + v.start, start + v.end) for v in values(TEXT[start:end])]


@given(st.integers(0, 10**6))
def test_a_question_that_hangs_on_a_year_has_its_value_or_none(seed: int) -> None:
    text, question, start, end = example(NAMES, random.Random(seed))
    if start < 0:
        return
    stop = "\n" if "|" in text else "。"
    line = text[text.rfind(stop, 0, start) + 1 : text.find(stop, end)]
    years = re.findall(r"\d{4}", question)
    assert any(year in line for year in years)
