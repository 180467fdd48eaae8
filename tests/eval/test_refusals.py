"""Questions without an answer, made of a set: each rule by hand, and the command on a tiny set."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from eval.__main__ import app
from eval.gold import GoldQuestion, Kind, load_gold
from eval.metrics.answers import holds_any
from eval.runs.files import read_run
from eval.runs.judge import crashed
from eval.runs.verdict import Verdict
from eval.sets.halves import Part, not_embedded, part_of, unseen
from eval.sets.refusals import (
    NEAR,
    Case,
    RefusalQuestion,
    RefusalSet,
    case_of,
    make_refusals,
    sampled,
)
from eval.sets.refusing import limits, refusal_rows, without_doubtful
from eval.sets.rows import Measured
from eval.sets.squad import load_squad
from indexer.errors import InvalidRequest
from indexer.text.sentences import split_sentences
from tests.eval.small_sets import qa, write_news, write_squad

# -- the set --------------------------------------------------------------------------------------


def article(at: int) -> dict[str, Any]:
    """Four sentences: the year in two of them, the head in one, and one with neither."""
    name = f"永{chr(0x5E73 + at)}{chr(0x5341 + 7 * at)}县"
    context = (
        f"{name}于{1900 + at}年设县，人口{1000 + at}人。"
        f"{1900 + at}年的县长是张文{chr(0x4E00 + at)}。"
        f"第一届庙会由{name}的商户在北门举办，来了不少客人。当地以种茶和养蜂为生，山路难行，雨水很多。"
    )
    return {
        "title": name,
        "paragraphs": [
            {
                "context": context,
                "qas": [
                    qa(f"{at}-year", f"{name}哪一年设县？", f"{1900 + at}年"),
                    qa(f"{at}-head", f"{name}{1900 + at}年的县长是谁？", f"张文{chr(0x4E00 + at)}"),
                    qa(f"{at}-gate", f"{name}第一届庙会在哪里举办？", "北门"),
                ],
            }
        ],
    }


ARTICLES = 40


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = {"data": [article(at) for at in range(ARTICLES)]}
    return write_squad(tmp_path_factory.mktemp("set") / "counties.json", data)


@pytest.fixture(scope="module")
def made(file: Path) -> RefusalSet:
    return make_refusals(load_squad(file))


def origin(question: RefusalQuestion) -> str:
    return question.gold.id.partition(":")[2]


def test_every_article_is_in_one_part(made: RefusalSet, file: Path) -> None:
    parts = {
        case: {origin(question).partition("-")[0] for question in made.of(case)}
        for case in (Case.ANSWERABLE, Case.TAKEN_OUT, Case.NOT_TREATED)
    }
    kept, cut, absent = parts.values()
    assert not kept & cut
    assert not (kept | cut) & absent
    assert len(kept) + len(cut) + len(absent) == ARTICLES
    assert min(len(kept), len(cut)) > len(absent) > 0
    assert len(made.documents) == ARTICLES - len(absent)
    assert made == make_refusals(load_squad(file))
    assert len({question.gold.id for question in made.questions}) == len(made.questions)


def test_what_is_kept_is_whole_and_answers(made: RefusalSet, file: Path) -> None:
    whole = load_squad(file)
    for question in made.of(Case.ANSWERABLE):
        [evidence] = question.gold.evidence
        assert made.documents[evidence.document] == whole.documents[evidence.document]
        assert holds_any(made.documents[evidence.document], question.gold.answers)
        assert question.gold.answerable


def test_what_is_taken_out_is_nowhere(made: RefusalSet, file: Path) -> None:
    whole = load_squad(file)
    source_of = {question.gold.id: question.positive[0] for question in whole.questions}
    lost: dict[str, list[RefusalQuestion]] = {}
    for question in made.of(Case.TAKEN_OUT):
        lost.setdefault(source_of[origin(question)], []).append(question)
    for source, questions in lost.items():
        text, before = made.documents[source], whole.documents[source]
        assert 1 <= len(questions) <= 2
        assert 2 * len(text) >= len(before)
        for question in questions:
            assert question.gold.kind is Kind.NO_ANSWER
            assert holds_any(before, question.values)
            assert not holds_any(text, question.values)
        # What is left are whole sentences, those without any of the values, in their order.
        kept = [before[a:b] for a, b in split_sentences(before)]
        kept = [s for s in kept if not any(holds_any(s, q.values) for q in questions)]
        assert text == "".join(kept)


def test_of_what_is_absent_nothing_is_held(made: RefusalSet) -> None:
    texts = "".join(made.documents.values())
    for question in made.of(Case.NOT_TREATED):
        name = question.gold.question[:4]
        assert name not in texts
        assert not question.gold.answerable


def test_changed_questions_are_those_of_what_is_kept(made: RefusalSet) -> None:
    kept = {origin(question): question.gold.question for question in made.of(Case.ANSWERABLE)}
    for case, ending in ((Case.OTHER_YEAR, "head"), (Case.OTHER_IN_ROW, "gate")):
        changed = made.of(case)
        assert {origin(q) for q in changed} == {id_ for id_ in kept if id_.endswith(ending)}
        assert all(q.gold.question != kept[origin(q)] for q in changed)
    names = made.of(Case.OTHER_NAME)
    assert {origin(question) for question in names} == set(kept)
    texts = "".join(made.documents.values())
    assert all(question.gold.question[:4] not in texts for question in names)
    assert not any(question.gold.answerable for case in NEAR for question in made.of(case))


def test_paragraphs_of_one_article_stay_together(tmp_path: Path) -> None:
    """Also where two of them are one text, and a question without answers makes no document."""
    rows = [
        {"context": f"甲地第{part}段说的是河。", "qas": [qa(f"p{part}", "说的是什么？", "河")]}
        for part in (1, 2, 3)
    ]
    rows.append(
        {"context": "无人问的段落。", "qas": [{"id": "n", "question": "谁？", "answers": []}]}
    )
    data = {"data": [{"title": "甲地", "paragraphs": rows}]}
    made = make_refusals(load_squad(write_squad(tmp_path / "one.json", data)))
    cases = {question.case for question in made.questions}
    assert len(cases & {Case.ANSWERABLE, Case.TAKEN_OUT, Case.NOT_TREATED}) <= 1
    assert "无人问的段落。" not in made.documents.values()


@given(st.integers(1, 200))
def test_a_sample_has_a_share_of_every_case(count: int) -> None:
    data = [
        RefusalQuestion(crash.gold, case)
        for case, many in ((Case.ANSWERABLE, 60), (Case.TAKEN_OUT, 30), (Case.OTHER_YEAR, 2))
        for crash in (_question(f"{case}:{at}") for at in range(many))
    ]
    taken = sampled(data, count)
    assert [q for q in data if q in taken] == taken  # in their order
    assert {q.case for q in taken} == {q.case for q in data}
    assert min(count, 92) <= len(taken) <= count + 3
    assert sampled(data, None) == data


def _question(id_: str) -> RefusalQuestion:
    return RefusalQuestion(GoldQuestion(id_, Kind.NO_ANSWER, "？", (), ()), case_of(id_))


# -- the parts of files ---------------------------------------------------------------------------


def test_what_is_fitted_on_is_never_reported(file: Path) -> None:
    found = load_squad(file)
    fit = part_of("drcd-dev.json.xz", found, Part.FIT).questions
    report = part_of("drcd-dev.json.xz", found, Part.REPORT).questions
    assert fit
    assert report
    assert not {q.title for q in fit} & {q.title for q in report}
    assert all(q.paragraph % 2 == 1 for q in (*fit, *report))
    assert report == unseen(found.questions)
    assert not {q.gold.id for q in fit} & {q.gold.id for q in not_embedded(found.questions)}
    held = part_of("cmrc2018-train.json.xz", found, Part.FIT).questions
    assert 0 < len(held) < len(found.questions) / 3
    assert part_of("cmrc2018-trial.json.xz", found, Part.REPORT) == found
    assert part_of("any.json", found, Part.ALL) == found
    for name, part in (
        ("cmrc2018-train", Part.REPORT),
        ("cmrc2018-trial", Part.FIT),
        ("any", Part.FIT),
    ):
        with pytest.raises(InvalidRequest, match=f"{name} has no part that is there to {part}"):
            part_of(name, found, part)


# -- figures --------------------------------------------------------------------------------------


def verdict(case: Case, at: int, confidence: float, *, abstained: bool = False) -> Verdict:
    kind = Kind.FACT if case is Case.ANSWERABLE else Kind.NO_ANSWER
    right = abstained == (kind is Kind.NO_ANSWER)
    return Verdict(f"{case}:{at}", kind, "？", right, abstained=abstained, confidence=confidence)


def test_rows_and_limits_by_hand() -> None:
    lines = [verdict(Case.ANSWERABLE, at, at / 100) for at in range(5, 105)]
    lines += [
        verdict(Case.NOT_TREATED, 0, 0.97, abstained=True),  # sure to 0.03 that it can answer
        verdict(Case.TAKEN_OUT, 0, 0.09),
        verdict(Case.TAKEN_OUT, 1, 0.5),
        verdict(Case.OTHER_YEAR, 0, 0.08),
    ]
    rows = {row.label: row for row in refusal_rows(lines)}
    assert [(label, row.questions) for label, row in rows.items()] == [
        ("answerable", 100),
        ("not treated", 101),
        ("near misses", 103),
        ("value taken out", 102),
        ("another year", 101),
    ]
    assert rows["answerable"].figures["refused_at_3"] == Measured(None, 0)
    assert rows["not treated"].figures["refusal_recall"] == Measured(1.0, 1)
    assert rows["not treated"].figures["refused_wrongly"] == Measured(0.0, 100)
    near = rows["near misses"].figures
    # Of a hundred, three may go (0.05, 0.06, 0.07), then five: limits 0.08 and 0.10.
    assert near["refused_at_3"] == Measured(0.0, 3)
    assert near["refused_at_5"] == Measured(pytest.approx(2 / 3), 3)
    [one, two, three, five, ten] = limits(lines)
    assert [limit.confidence for limit in (one, two, three, five, ten)] == [
        0.06,
        0.07,
        0.08,
        0.1,
        0.15,
    ]
    assert five.refused == {"not treated": 1, "value taken out": 0.5, "another year": 1}
    assert limits([]) == []


class Shelf:
    def ranked(self, question: str) -> list[str]:
        if question == "？":
            raise InvalidRequest("the question is empty", hint="ask")
        return [str(at) for at in range(20)]

    def sources(self) -> list[str]:
        raise AssertionError("nothing is drawn")

    def text(self, source: str) -> str:
        return {"9": "北门在此。", "12": "南门在此。"}.get(source, "无。")


def test_what_the_archive_holds_elsewhere_is_left_out() -> None:
    def put(case: Case, value: str, question: str = "哪里？") -> RefusalQuestion:
        gold = _question(f"{case}:{value}{question}").gold
        return RefusalQuestion(replace(gold, question=question), case, ((value,),))

    seen = put(Case.NOT_TREATED, "北门")
    far = put(Case.TAKEN_OUT, "南门")  # only in the thirteenth document
    unasked = put(Case.TAKEN_OUT, "北门", "？")
    changed = put(Case.OTHER_YEAR, "北门")  # another question, another answer
    counted = []
    kept = without_doubtful([seen, far, unasked, changed], Shelf(), lambda: counted.append(1))
    assert kept == [far, unasked, changed]
    assert len(counted) == 4


# -- the command ----------------------------------------------------------------------------------


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["refusals", *map(str, arguments)], env={"COLUMNS": "200"})


def test_asked_and_kept(tmp_path: Path, file: Path) -> None:
    news, out = write_news(tmp_path / "news.jsonl"), tmp_path / "run.jsonl"
    options = ("--squad", file, "--part", "all", "--news", news, "--cache", tmp_path / "cache")
    done = call(*options, "--sample", 40, "--out", out)
    assert done.exit_code == 0, done.output
    run = read_run(out)
    assert 30 <= len(run.verdicts) <= 46
    cases = {case_of(v.id) for v in run.verdicts}
    assert cases >= {Case.ANSWERABLE, Case.NOT_TREATED, Case.OTHER_YEAR, Case.OTHER_NAME}
    assert all((case_of(v.id) is Case.ANSWERABLE) == v.answerable for v in run.verdicts)
    assert run.header.settings["sample"] == 40
    assert run.end is not None
    for text in ("near", "refused rightly", "refused at 5 %", "a limit on confidence"):
        assert text in done.output
    assert "indexing" in done.output
    again = call(*options, "--sample", 4)
    assert again.exit_code == 0
    assert "indexing" not in again.output


def test_written_as_files(tmp_path: Path, file: Path, made: RefusalSet) -> None:
    folder = tmp_path / "set"
    done = call("--squad", file, "--part", "all", "--write", folder)
    assert done.exit_code == 0, done.output
    assert load_gold(folder / "gold.jsonl") == [question.gold for question in made.questions]
    texts = {
        str(path.relative_to(folder / "documents")): path.read_text(encoding="utf-8")
        for path in (folder / "documents").rglob("*.txt")
    }
    assert texts == made.documents
    first = json.loads((folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert first["id"].partition(":")[0] in list(Case)


def test_a_part_that_there_is_not(file: Path) -> None:
    done = call("--squad", file)
    assert done.exit_code == 1
    assert "counties.json has no part that is there to report" in done.output


def test_a_crashed_question_is_surest_to_be_wrong() -> None:
    line = crashed(_question(f"{Case.TAKEN_OUT}:1").gold, "KeyError: 1")
    [_, near, _] = refusal_rows([verdict(Case.ANSWERABLE, 1, 0.9), line])
    assert near.figures["refusal_recall"] == Measured(0.0, 1)
