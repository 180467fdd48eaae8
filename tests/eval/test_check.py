"""What `check` finds."""

from dataclasses import replace

from eval.check import Problem, check
from eval.gold import Evidence, GoldQuestion, Kind
from tests.eval.fakes import FakeTarget

SOUND = GoldQuestion(
    "q1",
    Kind.FIGURE,
    "每户多少钱？",
    (("一千五百元",),),
    (Evidence("a/visit.md", "每户分到1,500元"),),
    line=1,
)


def test_a_sound_question_has_no_problem() -> None:
    assert check([SOUND], FakeTarget({})) == []


def test_a_question_asked_twice_in_another_script_and_width() -> None:
    again = replace(SOUND, id="q2", line=2, question="每戶多少錢?")
    [problem] = check([SOUND, again], None)
    assert problem == Problem(2, "q2", "question", "is asked in line 1 (q1) already")
    other = replace(again, answers=(("1,500元",),))
    [problem] = check([SOUND, other], None)
    assert problem.what.endswith("with other answers")


def test_an_answer_that_no_quote_holds() -> None:
    wrong = replace(SOUND, answers=(("1500元",), ("2000元", "两千元")))
    [problem] = check([wrong], None)
    assert problem.field == "answers[1]"
    assert problem.what == "none of its alternatives is in the evidence: 2000元 | 两千元"


def test_evidence_that_the_index_lacks() -> None:
    evidence = (
        SOUND.evidence[0],
        Evidence("c.md", "每户"),
        Evidence("a/visit.md", "每户分到15元"),
        Evidence("a/visit.md", "阅读排行"),
    )
    problems = check([replace(SOUND, evidence=evidence)], FakeTarget({}))
    assert [(p.line, p.field, p.what) for p in problems] == [
        (1, "evidence[1].document", "c.md is not in the index"),
        (1, "evidence[2].quote", "a/visit.md: '每户分到15元' does not occur in the document"),
        (
            1,
            "evidence[3].quote",
            "a/visit.md: '阅读排行' stands in no passage: "
            "it is a heading, or left out of retrieval",
        ),
    ]
    assert check([replace(SOUND, evidence=evidence)], None) == []
