"""What `check` finds."""

from dataclasses import replace

from eval.check import Problem, check
from eval.gold import Evidence, GoldQuestion, Kind
from service.records import Turn
from tests.eval.fakes import FakeTarget

VILLAGE = Evidence("a/visit.md", "金野以匹村有44户贫困户")

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
    # Other alternatives of the same value are no contradiction.
    spelled = replace(again, answers=(("1,500元", "1500块"),))
    assert check([SOUND, spelled], None) == [problem]


def test_questions_that_contradict() -> None:
    other = replace(SOUND, id="q2", line=2, answers=(("44户",),), evidence=(VILLAGE,))
    [problem] = check([SOUND, other], None)
    assert problem == Problem(
        2,
        "q2",
        "answers",
        "contradicts: the question is asked in line 1 (q1), where the answer is 一千五百元, "
        "not 44户",
    )
    more = replace(other, answers=(("1500元",), ("44户",)), evidence=(VILLAGE, *SOUND.evidence))
    assert check([SOUND, more], None)[0].what.endswith("一千五百元, not 1500元 + 44户")
    nowhere = replace(SOUND, id="q2", line=2, kind=Kind.NO_ANSWER, answers=(), evidence=())
    [problem] = check([SOUND, nowhere], None)
    assert problem.what.endswith("where the answer is 一千五百元, not none")


def test_one_quote_asked_twice_in_hardly_other_words() -> None:
    again = replace(SOUND, id="q2", line=2, question="请问每户一共是多少元？")
    [problem] = check([replace(SOUND, question="每户多少元？"), again], None)
    assert problem == Problem(
        2, "q2", "question", "asks the same of the same quote as line 1 (q1) already"
    )
    elsewhere = replace(again, evidence=(Evidence("b/report.md", "每户分红一千五百元"),))
    assert check([SOUND, elsewhere], None) == []
    # Another thing is asked of the same quote.
    quote = (Evidence("a.md", "5月27日，仪式在龙沟乡举行"),)
    when = GoldQuestion("q1", Kind.DATE, "仪式哪天举行？", (("5月27日",),), quote, line=1)
    where = GoldQuestion("q2", Kind.PLACE, "仪式在哪里举行？", (("龙沟乡",),), quote, line=2)
    assert check([when, where], None) == []


def test_a_follow_up_is_what_was_said_before_as_well() -> None:
    asked = (Turn("user", "金野以匹村每户多少钱？"),)
    follow_up = replace(SOUND, kind=Kind.FOLLOW_UP, history=asked)
    other = replace(follow_up, id="q2", line=2, history=(Turn("user", "九股村每户多少钱？"),))
    elsewhere = (Evidence("b.md", "每户一千五百元"),)
    assert check([follow_up, replace(other, evidence=elsewhere)], None) == []
    again = replace(follow_up, id="q2", line=2)
    [problem] = check([follow_up, again], None)
    assert problem.what == "is asked in line 1 (q1) already"


def test_a_value_in_two_groups() -> None:
    twice = replace(SOUND, answers=(("一千五百元",), ("1500 元", "1,500元")))
    assert [(p.field, p.what) for p in check([twice], None)] == [
        ("answers[1]", "1,500元 is accepted by answers[0] already"),
        ("answers[1]", "1500 元 is accepted by answers[0] already"),
    ]
    assert check([replace(twice, kind=Kind.SEVERAL_DOCUMENTS)], None) == []


def test_alternatives_that_are_two_values() -> None:
    [problem] = check([replace(SOUND, answers=(("一千五百元", "1.5万元", "1500"),))], None)
    assert problem == Problem(
        1, "q1", "answers[0]", "一千五百元 and 1.5万元 are two values, not two spellings of one"
    )
    [problem] = check([replace(SOUND, answers=(("1500元", "15%", "16%"),))], None)
    assert problem.what.startswith("15% and 16% are two values")
    for group in (("1500元", "1,500元"), ("1500元", "1500元/户"), ("5月27日", "27日")):
        proven = (Evidence("a/visit.md", f"每户分到{group[0]}"),)
        assert check([replace(SOUND, answers=(group,), evidence=proven)], None) == []


def test_an_answer_that_no_quote_holds() -> None:
    wrong = replace(SOUND, answers=(("1500元",), ("2000元", "两千元")))
    [problem] = check([wrong], None)
    assert problem.field == "answers[1]"
    assert problem.what == "none of its alternatives is in the evidence: 2000元 | 两千元"


def test_a_computed_answer_need_not_stand_in_a_quote() -> None:
    total = replace(SOUND, kind=Kind.COMPUTED, answers=(("66000元", "6.6万元"),))
    assert check([total], None) == []
    assert [problem.field for problem in check([replace(total, kind=Kind.FIGURE)], None)] == [
        "answers[0]"
    ]
    # What it is worked out from must be there all the same.
    [problem] = check([replace(total, evidence=(Evidence("c.md", "44户"),))], FakeTarget({}))
    assert problem.what.startswith("c.md is not in the index")


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


def test_an_index_that_holds_none_of_the_documents() -> None:
    evidence = (Evidence("x/one.md", "每户1500元"), Evidence("x/two.md", "每户1500元"))
    questions = [
        GoldQuestion("q0", Kind.NO_ANSWER, "村里有几匹马？", (), (), line=1),
        replace(SOUND, line=2, evidence=evidence),
        replace(SOUND, id="q2", question="哪家？", line=3, evidence=evidence[:1]),
    ]
    [problem] = check(questions, FakeTarget({}))
    assert problem == Problem(
        2,
        "q1",
        "evidence[0].document",
        "x/one.md is not in the index, nor is any of the 2 documents that this file names; "
        "the index holds 2 others, such as a/visit.md: is it the right one?",
    )
    assert check(questions[:1], FakeTarget({})) == []
