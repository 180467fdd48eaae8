"""Made-up figures are what they say, and both tables come out of a small index."""

from pathlib import Path

from eval.matching import holds
from eval.reading.made_figures import RIVALS, WAYS, Kind, make_set
from eval.reading.spelling import figure_tables, question_rows
from indexer.text.normalise import fold
from indexer.text.numbers import canonical, find_numbers


def test_a_made_set_is_the_same_for_the_same_seed() -> None:
    assert make_set(12, 1) == make_set(12, 1)
    assert make_set(12, 1) != make_set(12, 2)


def test_each_question_has_one_document_and_six_spellings_of_one_value() -> None:
    made = make_set(60, 3)
    assert len(made.documents) == 60 * (RIVALS + 1)
    assert {question.kind for question in made.questions} == set(Kind)
    assert {question.is_held_out for question in made.questions} == {True, False}
    for question in made.questions:
        assert len(set(question.asked)) == len(question.asked) == len(WAYS)
        assert question.answer in made.documents[question.document]
        values = {tuple(canonical(n) for n in find_numbers(fold(a))) for a in question.asked}
        assert len(values) == 1, question.asked
        told = {canonical(n) for n in find_numbers(fold(made.documents[question.document]))}
        assert set(values.pop()) <= told, question.asked
        rivals = [text for text in made.documents.values() if holds(text, question.answer)]
        assert len(rivals) == 1


def test_no_value_is_told_twice() -> None:
    made = make_set(30, 4)
    told = [
        tuple(canonical(n) for n in find_numbers(fold(text))) for text in made.documents.values()
    ]
    kinds = [at // (RIVALS + 1) % len(Kind) for at in range(len(told))]
    assert len(set(zip(told, kinds, strict=True))) == len(told)


def test_the_spelling_of_a_figure_makes_no_difference(tmp_path: Path) -> None:
    by_way, by_kind = figure_tables(tmp_path, 6)
    assert [row.label for row in by_way.rows] == [*WAYS, "spread"]
    assert by_way.value("Chinese", "recall@5") == 1.0
    assert by_way.value("spread", "recall@5") == 0.0
    assert by_kind.value("money", "recall@5") == 1.0


def test_questions_are_asked_in_both_scripts(tmp_path: Path) -> None:
    documents = {
        "p/1.txt": "臺灣的鐵路於1887年開始興建，由劉銘傳主持，連接基隆與臺北。",
        "p/2.txt": "頭髮由角蛋白構成，每天生長約0.3毫米，壽命為數年。",
    }
    questions = [("誰主持興建臺灣的鐵路？", "p/1.txt"), ("頭髮由什麼構成？", "p/2.txt")]
    ways = {"in Simplified": "t2s"}
    rows = question_rows("made", ways, questions, documents, None, tmp_path)
    assert [(row.label, row.values) for row in rows] == [
        ("made, as written", (1.0, 1.0, 0.0)),
        ("made, in Simplified", (1.0, 1.0, 0.0)),
    ]
