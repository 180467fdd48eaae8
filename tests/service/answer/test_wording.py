"""A question takes the words of what was found for it, and nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.records import Passage
from indexer.text.synonyms import synonyms
from service.answer.question import analyse
from service.answer.wording import in_words_of
from service.records import Hit


def hits(*texts: str) -> list[Hit]:
    found = []
    for at, text in enumerate(texts):
        passage = Passage(str(at), str(at), 0, len(text), text, "")
        found.append(Hit(at + 1, 1.0, passage, "", None, None, None, None))
    return found


@pytest.mark.parametrize(
    ("question", "text", "asked"),
    [
        ("爹妈在外打工的孩子有多少？", "父母外出务工的孩子有210人。", "父母在外务工的孩子有多少?"),
        ("村里的大夫有几位？", "村里有医生三位。", "村里的医生有几位?"),
        ("村里的大夫有几位？", "村里有大夫三位，医生也是他们。", "村里的大夫有几位?"),
        ("村里的大夫有几位？", "村里修了一条路。", "村里的大夫有几位?"),
    ],
)
def test_words_that_no_passage_has(question: str, text: str, asked: str) -> None:
    assert in_words_of(analyse(question), hits(text)).folded == asked


def test_a_name_stays() -> None:
    question = analyse("成都大学附属医院的大夫有多少？")
    asked = in_words_of(question, hits("成都大学附设医院有医生40名。"))
    assert asked.folded.startswith("成都大学附属医院的医生")


def test_what_is_asked_for_stays() -> None:
    question = analyse("修茅厕花了多少钱？")
    asked = in_words_of(question, hits("修厕所花的价钱是4万元。"))
    assert asked.folded == "修厕所花了多少钱?"
    kept = ("text", "asks", "unit", "operation", "entities", "periods", "counted")
    assert [getattr(asked, n) for n in kept] == [getattr(question, n) for n in kept]


@given(st.lists(st.sampled_from(sorted(synonyms())), max_size=6), st.text(max_size=20))
def test_words_that_are_found_stay(table: list[str], text: str) -> None:
    question = analyse("".join(table) + text)
    assert in_words_of(question, hits(f"x{question.folded}y")) is question
    assert in_words_of(question, []) is question
