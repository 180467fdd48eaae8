"""When an answer is refused, whatever the reader thinks of the sentences."""

import pytest

from indexer.records import Passage
from service.answer.question import analyse
from service.answer.reader import Evidence, Reading
from service.answer.refuse import judge
from service.records import AbstentionReason, Hit


def reading(*quotes: str, nothing: float = 0.05) -> Reading:
    found = []
    for at, quote in enumerate(quotes):
        passage = Passage(str(at), str(at), 0, len(quote), quote, "帮扶小结")
        hit = Hit(at + 1, 1.0, passage, "", None, None, None, None)
        found.append(Evidence(hit, 0, len(quote), quote, 0.5))
    return Reading(tuple(found), nothing, coverage=0.9)


@pytest.mark.parametrize(
    ("question", "quotes", "is_refused"),
    [
        ("“育蕾基金”每名学生奖励多少元？", ["“育蕾基金”奖励教师7名、学生80名。"], True),
        ("“育蕾基金”每名学生奖励多少元？", ["“育蕾基金”奖励学生80名，每名500元。"], False),
        ("九股村的公厕哪一天启用？", ["九股村的公厕主体差不多了。"], True),
        ("九股村的公厕哪一天启用？", ["公厕6月30日启用。", "九股村的公厕快好了。"], False),
        ("九股村的公厕什么时候启用？", ["九股村的公厕等验收之后启用。"], False),
        ("住院押金要交多少钱？", ["贫困户住院，押金免交。"], False),
        ("搬迁户里有多少户脱贫？", ["到年底，搬迁户全部脱贫。"], False),
        ("况军今年多少岁？", ["况军带着台账，改一条勾一条。"], True),
        ("九股村的第一书记是谁？", ["九股村的台账改一条勾一条。"], False),
    ],
)
def test_nothing_of_the_asked_kind(question: str, quotes: list[str], is_refused: bool) -> None:
    assert (judge(analyse(question), reading(*quotes)) is not None) is is_refused


def test_the_kind_is_looked_for_in_the_best_sentences_alone() -> None:
    quotes = ["奖励学生80名。", "奖励教师7名。", "育蕾基金又办了。", "修路花了2万元。"]
    assert judge(analyse("“育蕾基金”每名学生奖励多少元？"), reading(*quotes)) is not None


def test_the_reason_tells_whether_the_subject_is_there() -> None:
    quote = "“育蕾基金”奖励学生80名。"
    said = judge(analyse("“育蕾基金”奖励学生多少元？"), reading(quote))
    assert said is AbstentionReason.FACT_NOT_FOUND
    said = judge(analyse("汽车年检过期要罚多少钱？"), reading(quote))
    assert said is AbstentionReason.NO_RELEVANT_DOCUMENT


def test_an_unsure_reading_is_refused_though_the_kind_is_there() -> None:
    said = judge(analyse("修渠花了多少钱？"), reading("修路花了2万元。", nothing=0.999))
    assert said is not None
