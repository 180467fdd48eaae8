"""The questions of eval/gold/asked: sound by themselves, and the held-out ones are held out."""

from pathlib import Path

from eval.check import check, words_asked
from eval.gold import GoldQuestion, load_gold

GOLD = Path(__file__).parents[2] / "eval/gold"
CORPUS = GOLD.parents[1] / "corpus"


def questions(name: str) -> list[GoldQuestion]:
    return load_gold(GOLD / f"{name}.jsonl")


def test_the_sets_are_sound() -> None:
    for name in ("asked", "asked-tune"):
        assert check(questions(name), None) == []


def test_no_question_is_both_tuned_on_and_held_out() -> None:
    tuned, held_out = questions("asked-tune"), questions("asked")
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
