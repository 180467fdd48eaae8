"""The forms of question sets: what is read, and how what is wrong is named."""

import json
import lzma
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from eval.gold import Evidence, Kind
from eval.sets.files import load_news, write_articles
from eval.sets.given_form import load_given
from eval.sets.squad import load_squad
from indexer.errors import InvalidGold
from tests.eval.small_sets import (
    GIVEN,
    RIVER,
    SCHOOL,
    SQUAD,
    VILLAGE,
    YELLOW,
    qa,
    write_lines,
    write_news,
    write_squad,
)


def test_every_paragraph_is_a_document_and_equal_ones_are_one(tmp_path: Path) -> None:
    path = tmp_path / "set.json.xz"
    path.write_bytes(lzma.compress(json.dumps(SQUAD).encode()))
    found = load_squad(path)
    assert list(found.documents.values()) == [RIVER, YELLOW, SCHOOL, VILLAGE]
    # In letters: the name of a file is its title, and digits there would answer for figures.
    first = "paragraphs/aaaaaa.txt"
    assert list(found.documents)[:2] == [first, "paragraphs/aaaaab.txt"]
    places = {q.gold.id: (q.positive, q.paragraph, q.title) for q in found.questions}
    assert places["q3"] == (("paragraphs/aaaaab.txt",), 2, "河流")
    assert places["q6"] == ((first,), 5, "永平")
    assert found.notes == ()


def test_the_evidence_is_the_sentence_of_the_answer(tmp_path: Path) -> None:
    questions = {q.gold.id: q.gold for q in load_squad(write_squad(tmp_path / "s.json")).questions}
    assert questions["q2"].answers == (("东海",),)
    assert questions["q2"].evidence == (Evidence("paragraphs/aaaaaa.txt", "长江流入东海。"),)
    assert questions["q2"].kind is Kind.FACT


def test_the_place_of_an_answer_decides_where_it_stands_twice(tmp_path: Path) -> None:
    context = "甲队得了三分。乙队也得了三分。"
    answer = {"text": "三分", "answer_start": context.rindex("三分")}
    row = {"id": "q", "question": "乙队得了几分？", "answers": [answer]}
    data = {"data": [{"paragraphs": [{"context": context, "qas": [row]}]}]}
    [question] = load_squad(write_squad(tmp_path / "s.json", data)).questions
    assert [evidence.quote for evidence in question.gold.evidence] == ["乙队也得了三分。"]


def test_what_can_be_lived_with_is_told(tmp_path: Path) -> None:
    rows = [qa("a", "黄河？", "淮河"), qa("b", " ？", "x"), qa("c", "黄河有多宽？")]
    data = {"data": [{"paragraphs": [{"context": YELLOW, "qas": rows}]}]}
    found = load_squad(write_squad(tmp_path / "s.json", data))
    assert [(q.gold.id, q.gold.kind) for q in found.questions] == [
        ("a", Kind.FACT),
        ("c", Kind.NO_ANSWER),  # SQuAD 2: nothing in the paragraph answers it
    ]
    assert found.notes == (
        "s.json: 1 blank questions were left out",
        "s.json: 1 questions have an answer that does not stand in their paragraph",
    )


def _changed(change: Callable[[dict[str, Any]], Any]) -> str:
    data = deepcopy(SQUAD)
    change(data["data"][0]["paragraphs"][0])
    return json.dumps(data)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{\n"data": [,]}', r"set\.json:2: column 10: is not in SQuAD form: not JSON"),
        ("[]", r"set\.json: is not in SQuAD form: the field data is missing"),
        ('{"data": 1}', r"data: must be a list"),
        ('{"data": [{}]}', r"data\[0\]\.paragraphs: is missing"),
        ('{"data": []}', r"set\.json: is not in SQuAD form, or holds no question"),
        (_changed(lambda p: p.pop("context")), r"data\[0\]\.paragraphs\[0\]\.context: is missing"),
        (_changed(lambda p: p.update(context=" ")), r"context: must be a text that is not empty"),
        (_changed(lambda p: p["qas"][1].pop("id")), r"paragraphs\[0\]\.qas\[1\]\.id: is missing"),
        (_changed(lambda p: p["qas"][1].update(id="q1")), r"qas\[1\]\.id: 'q1' is the id of a"),
        (
            _changed(lambda p: p["qas"][0]["answers"][0].update(text=3)),
            r"qas\[0\]\.answers\[0\]\.text: must be a text",
        ),
        (_changed(lambda p: p["qas"][0].update(answers="x")), r"qas\[0\]\.answers: must be a list"),
    ],
)
def test_what_is_not_in_squad_form_is_named(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "set.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidGold, match=says):
        load_squad(path)


def test_a_file_that_is_absent_or_not_packed(tmp_path: Path) -> None:
    with pytest.raises(InvalidGold, match=r"none\.json: can't be read \(No such file"):
        load_squad(tmp_path / "none.json")
    path = tmp_path / "set.json.xz"
    path.write_bytes(b"plain")
    with pytest.raises(InvalidGold, match=r"set\.json\.xz: can't be read"):
        load_squad(path)


def test_the_first_articles_of_the_news(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "news.jsonl", [{"text": f"第{n}篇"} for n in "一二三"])
    assert list(load_news(path, 2)) == ["第一篇", "第二篇"]
    assert list(load_news(path, 9)) == ["第一篇", "第二篇", "第三篇"]
    path.write_text('{"body": "x"}\n', encoding="utf-8")
    with pytest.raises(InvalidGold, match="KeyError"):
        list(load_news(path, 1))


def test_articles_are_written_without_digits(tmp_path: Path) -> None:
    assert write_articles(load_news(write_news(tmp_path / "n.jsonl"), 9), tmp_path / "out") == 2
    files = sorted(path.relative_to(tmp_path / "out") for path in tmp_path.rglob("*.txt"))
    assert files == [Path("aaaaaa/aaaaab.txt"), Path("aaaaaa/aaaaac.txt")]


# -- noise sets -----------------------------------------------------------------------------------


def test_a_noise_set(tmp_path: Path) -> None:
    found = load_given(write_lines(tmp_path / "noise.jsonl", GIVEN))
    one, two = found.questions
    assert one.gold.id == "1"
    assert one.gold.answers == (("6300公里", "6300千米"),)
    assert [found.documents[source] for source in one.positive] == [RIVER]
    assert [found.documents[source] for source in one.negative] == [YELLOW, SCHOOL, VILLAGE]
    assert [evidence.quote for evidence in one.gold.evidence] == ["长江全长6300公里，发源于青海。"]
    # RGB: a flat `answer` names what is all required; positives for each part come in turn.
    assert two.gold.answers == (("44户",), ("1500元",))
    assert [found.documents[source] for source in two.positive] == [
        VILLAGE,
        "每户分到1500元的事已经公示。",
    ]
    assert two.negative == (one.negative[1],)  # equal passages are one document
    assert found.notes == ()


@pytest.mark.parametrize(
    ("field", "value", "groups"),
    [
        ("answers", "东海", (("东海",),)),
        ("answers", ["东海", "东中国海"], (("东海", "东中国海"),)),
        ("answer", ["东海", "东中国海"], (("东海",), ("东中国海",))),
        ("answer", [["东海", "东中国海"], "长江"], (("东海", "东中国海"), ("长江",))),
        ("answers", [], ()),
    ],
)
def test_the_spellings_of_answers(
    tmp_path: Path, field: str, value: Any, groups: tuple[tuple[str, ...], ...]
) -> None:
    row = {"id": "a", "question": "流入哪里？", field: value, "positive": [RIVER], "negative": []}
    [question] = load_given(write_lines(tmp_path / "n.jsonl", [row])).questions
    assert question.gold.answers == groups
    assert question.gold.answerable == bool(groups)


def test_what_a_noise_set_lacks_is_counted_and_told(tmp_path: Path) -> None:
    rows = [
        GIVEN[0] | {"positive": [SCHOOL], "negative": [RIVER], "fakeanswer": "5千米"},
        GIVEN[1],
    ]
    found = load_given(write_lines(tmp_path / "n.jsonl", rows))
    assert found.notes == (
        "n.jsonl: 1 questions have no answer in any of their positive passages",
        "n.jsonl: 1 questions have an answer in a negative passage",
        "n.jsonl: fields passed over: fakeanswer",
    )
    assert [evidence.quote for evidence in found.questions[0].gold.evidence] == [SCHOOL]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"positive": []}, "positive: is empty, but the question has answers"),
        ({"positive": [], "negative": [], "answer": []}, "negative: is empty as well"),
        ({"positive": "text"}, "positive: must be a list of texts"),
        ({"positive": [""]}, r"positive\[0\]: must be a text that is not empty"),
        ({"negative": None}, "negative: must be a list"),
        ({"answer": 3}, "answer: must be a text or a list"),
        ({"answer": [["a"], []]}, r"answer\[1\]: must hold at least one alternative"),
        ({"answer": [["a", 1]]}, r"answer\[0\]\[1\]: must be a text"),
        ({"question": "又一个？"}, "query: means the same as question"),
        ({"id": True}, "id: must be a text"),
        ({"id": 1}, "id: '1' is already the id of line 1"),
    ],
)
def test_what_is_wrong_in_a_noise_set_is_named(
    tmp_path: Path, change: dict[str, Any], says: str
) -> None:
    path = write_lines(tmp_path / "n.jsonl", [GIVEN[0], GIVEN[1] | change])
    with pytest.raises(InvalidGold, match=rf"n\.jsonl:2: {says}"):
        load_given(path)


@pytest.mark.parametrize("field", ["id", "query", "answer", "positive", "negative"])
def test_a_field_that_a_noise_set_lacks_is_named(tmp_path: Path, field: str) -> None:
    row = {name: value for name, value in GIVEN[0].items() if name != field}
    shown = {"query": "question", "answer": "answers"}.get(field, field)
    with pytest.raises(InvalidGold, match=rf"n\.jsonl:1: {shown}: is missing"):
        load_given(write_lines(tmp_path / "n.jsonl", [row]))


def test_lines_that_are_no_objects(tmp_path: Path) -> None:
    path = tmp_path / "n.jsonl"
    for content, says in (("[]", "line: is not a JSON object"), ("{", "column 2: is not JSON")):
        path.write_text(f"\n{content}\n", encoding="utf-8")
        with pytest.raises(InvalidGold, match=rf"n\.jsonl:2: {says}"):
            load_given(path)
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(InvalidGold, match="holds no question"):
        load_given(path)
