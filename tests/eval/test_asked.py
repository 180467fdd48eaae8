"""The questions with documents of their own: sound, and the held-out ones are held out."""

from pathlib import Path

import pytest

from eval.check import check, words_asked
from eval.gold import GoldQuestion, load_gold

GOLD = Path(__file__).parents[2] / "eval/gold"
CORPUS = GOLD.parents[1] / "corpus"
SETS = ("asked", "offices", "papers", "tables")


def questions(name: str) -> list[GoldQuestion]:
    return load_gold(GOLD / f"{name}.jsonl")


def test_the_sets_are_sound() -> None:
    for name in SETS:
        assert check(questions(name), None) == []
        assert check(questions(f"{name}-tune"), None) == []


@pytest.mark.parametrize("name", SETS)
def test_no_question_is_both_tuned_on_and_held_out(name: str) -> None:
    tuned, held_out = questions(f"{name}-tune"), questions(name)
    assert not {q.id for q in tuned} & {q.id for q in held_out}
    assert not {words_asked(q) for q in tuned} & {words_asked(q) for q in held_out}


def test_every_document_is_asked_about_and_is_there() -> None:
    asked = {
        evidence.document
        for name in ("asked", "asked-tune")
        for question in questions(name)
        for evidence in question.evidence
    }
    own = {f"asked/{path.name}" for path in (GOLD / "asked").iterdir()}
    own -= {"asked/README.md", "asked/.wenjuignore"}
    assert {document for document in asked if document.startswith("asked/")} == own
    for document in asked - own:
        assert (CORPUS / document).is_file(), document


@pytest.mark.parametrize("name", ["offices", "papers", "tables"])
def test_the_documents_of_a_set_are_there(name: str) -> None:
    asked = [*questions(name), *questions(f"{name}-tune")]
    for document in {evidence.document for question in asked for evidence in question.evidence}:
        assert (GOLD / name / document).is_file(), document
