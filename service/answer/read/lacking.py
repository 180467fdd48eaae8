"""Whether a sentence on the subject lacks what a question wants: it tells another fact of it.

    获赠图书三千册。          asked: 获赠电脑多少台      neither the unit nor what is counted
    图书三千册。              asked: 有多少学生          no number of people
    书记带着村里定的台账。    asked: 村委会电话          no telephone number

Pure folded text; knows no model.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.text.normalise import fold
from indexer.text.numbers import Number, NumberKind, canonical_unit
from service.answer.evidence import Evidence
from service.answer.read.names import find_named
from service.answer.read.sentence import sentence as known
from service.answer.read.tables import cells_of
from service.answer.read.value import PEOPLE, is_money, may_answer
from service.answer.understand.cues import MONEY
from service.answer.understand.facts import DOCUMENT, NUMBER, FactKind, fact_asked
from service.answer.understand.kinds import kind_of
from service.answer.understand.question import AnswerType, Question

_NAMED = (AnswerType.PERSON, AnswerType.PLACE, AnswerType.ORGANISATION)
# 几个 is answered by 7名, 几种 by a list of them and 几天 by 一个星期; 多少台 never by 3册.
_DURATIONS = ("年", "月", "个月", "周", "星期", "天", "日", "小时", "钟头", "分钟", "分", "秒")
_OPEN_UNITS = frozenset(
    [*"个种类项次回遍趟场届位条点步家期批处段成人名", "方面", "阶段", "", *_DURATIONS]
)
_SAYS_NOTHING = re.compile("工作|有关|相关|做好|关于|开展|加强|最新")
_ALL = re.compile("[人户村]{2}都|全部|全覆盖|所有")  # 几成: 人人都有
_PLACES = "省市州县区乡镇村"
_PHONE_ASKED = re.compile(r"电话|手机号?|座机|分机|热线|传真|\b(?:phone|telephone) number\b")
_NO_PHONE_ASKED = re.compile(r"谁|哪|几|多少[^?]|什么时|为什么|怎么|如何|是否|吗")
_AGE_ASKED = re.compile(
    r"(?:今年|现在|已经?|年纪|年龄)(?:有|是)?多大|多少岁|几岁|多大(?:年纪|岁数|年龄)"
)
_AGE = re.compile(r"岁|龄|生于|出生|生日|诞生|\d年.{0,12}生(?!产)|享年|\bborn\b|\bage\b")
_ADDRESS = re.compile(r"地址|位于|坐落|[路街巷弄道]\d+号|\baddress\b")
_CLAUSE_END = re.compile("[,;。|!?]")
# 2022年只有3万元, but neither 比2022年多3万元 nor 2022年3月付了3万元.
_WHOLE_YEAR = re.compile(
    r"(?<![比较与同从由自于和\d])((?:1[5-9]|20)\d\d)年度?(?![\d初末底前后以至到])"
)
_PHONE = re.compile(r"\d[\d\- ]{2,}")


DOUBTFUL = 0.4
"""Below this confidence a sentence without anything of the wanted kind is no answer: of 689 tuned
questions this refuses 5 more that have none, and 1 that is answered right.
"""


def lacks_value(question: Question, quote: str) -> bool:
    """Whether a sentence cannot answer, as it tells nothing of the very sort that is asked for."""
    folded = known(quote).normalised
    asked = question.folded
    if _PHONE_ASKED.search(asked) and not _NO_PHONE_ASKED.search(asked):
        return _PHONE.search(folded) is None
    if _AGE_ASKED.search(asked):
        return _AGE.search(folded) is None
    if question.asks is not AnswerType.NUMBER or "第几" in asked:
        return False
    figures = [n for n in known(quote).values_stated if n.kind is NumberKind.NUMBER]
    counted = kind_of(question.counted) if question.counted else None
    is_open = question.unit in ("个", "")
    is_of_people = question.unit in PEOPLE or (is_open and counted is AnswerType.PERSON)
    if is_of_people and question.counted != "人次":
        return not any(_counts_people(number, folded) for number in figures)
    if is_open and question.counted[-1:] in tuple(_PLACES):
        return bool(figures) and all(n.unit in PEOPLE or is_money(n.unit) for n in figures)
    is_open = question.unit in _OPEN_UNITS
    is_counted = bool(question.counted) and question.counted in folded
    return not is_open and not is_counted and lacks_unit(question, quote)


@dataclass(frozen=True, slots=True)
class Lacking:
    """`value`: the best sentence lacks the wanted sort of value; `other`: it tells a fact of
    another document or a value of another year; `kind`: no likely one holds the wanted kind.
    """

    value: bool
    other: bool
    kind: bool

    @property
    def row(self) -> tuple[float, float, float]:
        return float(self.value), float(self.other), float(self.kind)


def lacking(question: Question, best: Evidence, likely: Sequence[str]) -> Lacking:
    return Lacking(
        lacks_value(question, best.quote),
        lacks_fact(question, best) or is_of_another_year(question, best),
        all(lacks_kind(question, quote) for quote in likely),
    )


def lacks_fact(question: Question, evidence: Evidence) -> bool:
    """Whether a document's number is asked for, and this is no number, or of another document."""
    asked = fact_asked(question)
    if asked is None or asked.kind is not FactKind.NUMBER:
        return False
    hit = evidence.hit
    told = fold(f"{hit.source}\n{hit.passage.context}\n{hit.passage.text}")
    is_named = all(
        word in told
        for word in asked.words
        if not DOCUMENT.fullmatch(word) and not _SAYS_NOTHING.fullmatch(word)
    )
    return NUMBER.search(evidence.quote) is None or not is_named


def is_of_another_year(question: Question, evidence: Evidence) -> bool:
    """Whether the clause of the value tells a year, and none that is asked for: 2022年只有3万元."""
    asked = [p for p in question.periods if p.start[:1].isdigit()]
    value = evidence.value
    if not asked or value is None or question.asks is not AnswerType.NUMBER:
        return False
    before = _CLAUSE_END.split(fold(evidence.quote[: value.start]))[-1]
    told = _WHOLE_YEAR.findall(before)
    return bool(told) and not any(
        period.start[:4] <= year <= period.end[:4] for period in asked for year in told
    )


def _counts_people(number: Number, folded: str) -> bool:
    if number.unit not in ("个", ""):
        return number.unit in PEOPLE or number.unit.startswith(("人", "名"))
    beside = folded[max(0, number.start - 1) : number.start] + folded[number.end : number.end + 1]
    return not set(beside) & set(_PLACES)  # 退出村八个


def lacks_kind(question: Question, quote: str) -> bool:
    """Whether it holds nothing of the kind of value that is asked for: no name, no such figure, or
    none of what is counted.
    """
    folded = known(quote).normalised
    if question.asks is AnswerType.PLACE and _ADDRESS.search(folded):
        return False
    if question.asks in _NAMED:
        return not find_named(question, folded)
    if _ALL.search(folded):
        return False
    is_of_people = any(number.unit in PEOPLE for number in known(quote).values_stated)
    is_counted = bool(set(question.counted) & set(folded)) or is_of_people
    is_uncounted = bool(question.counted) and not is_counted
    is_unlike = question.unit not in _OPEN_UNITS and lacks_unit(question, quote)
    return is_uncounted or is_unlike or not may_answer(question, quote)


def lacks_unit(question: Question, quote: str) -> bool:
    """Whether a number with a unit is asked for, and none of that unit, or of none, is told."""
    if question.asks is not AnswerType.NUMBER or not question.unit:
        return False
    sentence = known(quote)
    figures = [n for n in sentence.values_stated if n.kind is NumberKind.NUMBER]
    if question.unit in MONEY:
        # 金额(万元): 65, or 售价: 68, whose unit the table tells elsewhere.
        is_headed = "元" in sentence.normalised or cells_of(quote) is not None
        return not any(is_money(n.unit) or (is_headed and not n.unit) for n in figures)
    unit = canonical_unit(question.unit)
    return not any(
        n.unit.startswith(unit) or {unit, n.unit} <= PEOPLE or not n.unit for n in figures
    )
