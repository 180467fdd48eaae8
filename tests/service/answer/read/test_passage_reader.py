"""The reader's network on passages by hand: what it finds, and what it does without a model."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import ModelUnavailable
from service.answer.read.passage_reader import (
    OnnxPassageReader,
    PassageRead,
    as_written,
    likeliest,
)

ROSTER = "科室：内科 | 负责人：王芳 | 分机：6021\n科室：外科 | 负责人：李强 | 分机：6035"


@pytest.fixture(scope="module")
def reader() -> OnnxPassageReader:
    return OnnxPassageReader()


def read(reader: OnnxPassageReader, question: str, text: str, title: str = "") -> PassageRead:
    (found,) = reader.read(question, [(title, text)])
    return found


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("外科的负责人是谁?", ROSTER, "李强"),
        ("内科的分机是多少?", ROSTER, "6021"),
        ("清河县图书馆有多少册藏书?", "清河縣圖書館有藏書三十二萬冊，館長是周文達。", "三十二萬冊"),
        ("图书馆的馆长是谁?", "图书馆２０１９年扩建。馆长是周文达。", "周文达"),
    ],
)
def test_the_value_stands_in_the_text_as_it_was_written(
    reader: OnnxPassageReader, question: str, text: str, value: str
) -> None:
    found = read(reader, question, text)
    best = found.values[0]
    assert text[best.start : best.end] == value
    assert found.answers > 0.5


def test_another_row_is_no_answer(reader: OnnxPassageReader) -> None:
    there = read(reader, "外科的负责人是谁?", ROSTER).answers
    absent = read(reader, "儿科的负责人是谁?", ROSTER).answers
    assert absent < 0.5 < there


def test_the_sentence_that_answers_is_the_likelier(reader: OnnxPassageReader) -> None:
    text = "学校有教师四十二名。食堂去年翻修。图书馆每天九点开门。"
    found = read(reader, "图书馆几点开门?", text)
    at = text.index("图书馆")
    assert found.sentence(at, len(text)) > found.sentence(0, 10)
    assert found.value(0, 10) != found.values[0]


def test_passages_come_back_in_their_order(reader: OnnxPassageReader) -> None:
    texts = [("", ROSTER), ("", "食堂去年翻修。"), ("", ROSTER)]
    first, middle, last = reader.read("外科的负责人是谁?", texts)
    assert first.answers == last.answers > middle.answers


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=60), st.text(max_size=400))
def test_whatever_is_read_stands_in_the_text(question: str, text: str) -> None:
    found = OnnxPassageReader().read(question, [(question, text)])[0]
    assert 0.0 <= found.answers <= 1.0
    for value in found.values:
        assert 0 <= value.start <= value.end <= len(text)
        assert 0.0 <= value.probability <= 1.0


def test_no_passage_is_no_work(reader: OnnxPassageReader) -> None:
    assert reader.read("谁?", []) == []


def test_the_likeliest_spans_end_behind_their_beginning() -> None:
    starts = np.asarray([0.0, 5.0, 1.0], dtype=np.float32)
    ends = np.asarray([9.0, 0.0, 2.0], dtype=np.float32)
    # (0, 0) has 9, (1, 2) has 7; (1, 0) would have 14, and ends before it begins.
    assert sorted(likeliest(starts, ends, 2)) == [(0, 0), (1, 2)]
    assert likeliest(np.zeros(0, np.float32), np.zeros(0, np.float32), 3) == []


@pytest.mark.parametrize("harm", ["absent", "cut", "empty"])
def test_a_damaged_network_is_one_error_with_the_way_out(harm: str, tmp_path: Path) -> None:
    from service.answer.read.passage_reader import MODEL

    model = tmp_path / "reader.onnx"
    if harm != "absent":
        whole = MODEL.read_bytes()
        model.write_bytes(whole[: len(whole) // 2] if harm == "cut" else b"")
    with pytest.raises(ModelUnavailable) as caught:
        OnnxPassageReader(model).read("谁?", [("", "周文达")])
    assert "git checkout" in caught.value.hint


def test_figures_are_asked_for_as_the_passage_writes_them() -> None:
    asked = "三千四百二十八人去了哪里?"
    assert as_written(asked, "全县有3428人就诊。") == "3428人去了哪里?"
    assert as_written(asked, "全县有3482人就诊。") == asked
    assert as_written("谁去了?", "3428人。") == "谁去了?"
