"""What a question asks for. Pure text: knows no index, no passages and no model."""

import re
from dataclasses import dataclass
from enum import StrEnum

from indexer.text.normalise import fold


class AnswerType(StrEnum):
    """What kind of thing answers the question."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    REASON = "reason"
    LIST = "list"
    MANNER = "manner"
    YES_NO = "yes_no"
    DEFINITION = "definition"
    OTHER = "other"


class Operation(StrEnum):
    """What is to be done with several values, where one that is written down is not asked for."""

    NONE = "none"
    COUNT = "count"
    SUM = "sum"
    COMPARE = "compare"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class Period:
    """A time that binds a question: ISO days, `end` inclusive; `2019` is 2019-01-01 to 2019-12-31.

    A month or day of no named year begins with `--` as in ISO 8601 (`--05-26`). One that is told
    from the day of asking (去年) is `relative`, and its days are "". `said` is how it is written,
    folded.
    """

    start: str
    end: str
    said: str = ""
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the later stages need it.

    `folded` is the normalised question; `content` the same without the words that only ask, parts
    joined by one space; `unit` what a number is counted in (`户` of `多少户`), or "".
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
    r"什么时候|什么时间|什么地方|什么原因|什么样|什么|为什么|为何|怎么样|怎样|怎么|如何|谁|几)|"
    r"是不是|有没有|能不能|会不会|是否|多(?=[高长大远重深宽久快])|[吗呢吧啊么]\s*[?]?$|[?!。]"
)

_PART_END = re.compile(r"[，,；;。？?！!]")
_ASKS = re.compile(
    r"多少|几|哪|什么|谁|何|吗|多[高长大远重深]|\b(?:who|what|when|where|how|which)\b"
)
_SHORTEST_PART = 4

_DATE = re.compile(
    r"什么时[候间]|何时|何年|何月|何日|哪[一]?[年月日天]|几[年月日号]|几月几[日号]|"
    r"什么日期|哪个(?:月|年|日期|时间)|日期是|时间是|截至|多久以前|when\b"
)
_PERSON = re.compile(
    r"谁|何人|哪[一]?[位名]|什么人|哪个人|叫什么名|姓甚|书记是|院长是|主任是|who\b"
)
_PLACE = re.compile(
    r"哪里|哪儿|何地|何处|什么地方|哪[一]?[个座](?:省|市|县|区|州|乡|镇|村|地方|城市|国家)|"
    r"哪[一]?(?:省|市|县|区|州|乡|镇|村)|在哪|where\b"
)
_REASON = re.compile(r"为什么|为何|什么原因|原因是|因为什么|何以|目的是|why\b")
_MANNER = re.compile(r"怎么|怎样|如何|通过什么|靠什么|用什么办法|how\b")
_LIST = re.compile(r"哪些|哪几|分别(?:是|有|为)|包括什么|有什么|都有|列举|几个方面|which\b")
_NUMBER = re.compile(
    r"(?:多少|几)(?:多)?(?P<unit>[^\s,。?!、的了是在于呢吗]{0,3})|"
    r"(?:比例|比率|率|总额|金额|数量|人数|户数|面积|价格|总数)(?:是|为|有|达)?(?:多少|多高|多大|几何)?[?]?$|"
    r"多[高长大远重深宽久快]|how (?:many|much)\b"
)

_SUM = re.compile(
    r"多少(?:资金|经费|款|善款|投资|费用|金额|奖金|补助|补贴)|"
    r"(?:金额|总额|投资|资金|经费|费用|花费|造价|价格|捐款)(?:是|为|有|达|达到|共|一共|总共)*多少[?]?$"
)

# A measure word or unit that can follow 多少/几, longest first, so that 多少户贫困户 counts 户.
_UNITS = re.compile(
    r"万元|亿元|元|块钱|钱|万人次|人次|万人|人|户|个人|个小时|个月|个百分点|百分点|%|公里|千米|平方米|平方公里|米|亩|公顷|吨|"
    r"千克|公斤|斤|千瓦|伏|所|家|个|项|次|场|期|名|位|册|本|台|套|盏|座|处|间|张|件|份|篇|支|组|批|"
    r"种|类|条|头|只|匹|天|日|年|岁|小时|分钟|月|周|倍|村|县|乡|镇|省|市|倍|届|级|层|只|员|盒|箱|字"
)


def analyse(text: str) -> Question:
    """Say what `text` asks for. Never fails: what is not understood is `OTHER`."""
    folded = fold(text).strip()
    content = " ".join(_ASKING.sub(" ", folded).split())
    asks, unit = _answer_type(folded)
    return Question(text=text, folded=folded, content=content or folded, asks=asks, unit=unit)


def parts(text: str) -> list[str]:
    """The questions inside one question that asks two or more things; empty where it asks one."""
    found = [part.strip() for part in _PART_END.split(text)]
    asking = [part for part in found if _ASKS.search(fold(part)) and len(part) >= _SHORTEST_PART]
    return asking if len(asking) > 1 else []


def _answer_type(folded: str) -> tuple[AnswerType, str]:
    # The order matters: 哪一年 is a date before 哪 is a place; 几名 counts, 哪名 asks for a person.
    if _REASON.search(folded):
        return AnswerType.REASON, ""
    if _DATE.search(folded):
        return AnswerType.DATE, ""
    if _LIST.search(folded):
        return AnswerType.LIST, ""
    if _PERSON.search(folded):
        return AnswerType.PERSON, ""
    if _PLACE.search(folded):
        return AnswerType.PLACE, ""
    number = _NUMBER.search(folded)
    if number is not None:
        if _SUM.search(folded):
            return AnswerType.NUMBER, "元"
        unit = _UNITS.match(number.group("unit") or "")
        return AnswerType.NUMBER, unit.group() if unit else ""
    if _MANNER.search(folded):
        return AnswerType.MANNER, ""
    return AnswerType.OTHER, ""
