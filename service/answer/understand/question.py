"""What a question asks for. Pure text: knows no index, no passages and no model."""

import re
from dataclasses import dataclass

from indexer.text.normalise import fold
from service.answer.understand.entities import find_entities, tag
from service.answer.understand.kinds import AnswerType, Operation
from service.answer.understand.measure import counted_of, operation_of, unit_of
from service.answer.understand.parts import asking_sentence, focused, parts
from service.answer.understand.periods import Period, find_periods
from service.answer.understand.question_word import classify, first_asking, spell
from service.answer.understand.sides import set_apart

__all__ = ["AnswerType", "Operation", "Period", "Question", "analyse", "focused", "parts"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the later stages need it.

    `folded` is the question normalised, of a long message what it asks; `content` the same without
    the words that only ask, parts joined by one space; `unit` what a number is counted in (`户` of
    `多少户`), or "". `entities` are the names that bind the question, folded, longest first;
    `periods` its times; `counted` what a number counts (`教师` of `多少名教师`), or "".
    """

    text: str
    folded: str
    content: str
    asks: AnswerType
    unit: str
    operation: Operation = Operation.NONE
    entities: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    counted: str = ""


# The words that ask. They occur in answers by accident only, and a rare one would otherwise weigh
# more than the subject of the question.
_ASKING = re.compile(
    r"请问|请告诉我|我想知道|想了解一下|麻烦问一下|"
    r"(?:大概|大约|一共|总共|共计|分别|到底|究竟)?(?:是|有|为|达到|达|占)?"
    r"(?:多少|几多|第几|哪一?[年月日天]|哪些|哪几|哪一?个|哪[里儿家位所座种方]|何时|何地|何处|何人|"
    r"[什甚]么时候|[什甚]么时间|[什甚]么地方|[什甚]么原因|[什甚]么样|[什甚]么|为[什甚]么|为何|怎么样|怎样|怎么|如何|谁|几)|"
    r"是不是|有没有|能不能|会不会|是否|多(?=[高长大远重深宽久快])|[吗呢吧啊么]\s*[?]?$|[?!。]"
)


# Characters of a message in which names and times are looked for, where none of it asks.
_MOST_LOOKED_AT = 400


def analyse(text: str) -> Question:
    """Say what `text` asks for. Never fails: what is not understood is `OTHER`."""
    written = focused(text)
    folded = fold(written).strip()
    content = " ".join(_ASKING.sub(" ", folded).split())
    sentence = asking_sentence(folded)
    words = tag(sentence)
    asked = classify(sentence, words)
    unit = counted = ""
    if asked.asks is AnswerType.NUMBER:
        unit, at = unit_of(asked.spelled, words)
        counted = counted_of(asked.spelled, unit, at, words)
        if unit == "块" and not counted:  # 收几块, but not 几块屏幕
            unit = "块钱"
    beginning = set_apart(folded[:_MOST_LOOKED_AT])
    found = (entity.text for entity in find_entities(beginning, written=written))
    names = {name for name in found if first_asking(spell(name)) is None}  # 哪些项目 is none
    return Question(
        text=text,
        folded=folded,
        content=content or folded,
        asks=asked.asks,
        unit=unit,
        operation=operation_of(asked.spelled, asked.asks, unit, counted),
        entities=tuple(sorted(names, key=lambda name: (-len(name), name))),
        periods=tuple(dict.fromkeys(find_periods(beginning))),
        counted=counted,
    )
