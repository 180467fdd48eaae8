"""One question that names several things, or several times, asked of each. Pure text.

洪都大学和章江大学各派了多少人 → 洪都大学派了多少人, 章江大学派了多少人. Knows no index.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from service.answer.understand.kinds import ending_of
from service.answer.understand.question import Operation, Question
from service.answer.understand.sides import Sides, sides_of

_AND = r"(?:以及|和|与|及|跟|同|、|\s+and\s+|\s*,\s*)"
_EACH = re.compile(
    r"各自|各(?=[有是派为捐投占达出管怎多几在从建办种给推退减完新])|分别|\b(?:each|respectively)\b"
)
_TOGETHER = re.compile(
    r"(?:两者|两家|两地|两年|二者|这两\w)?(?:一共|总共|共计|合计|加起来|相加|合起来|共(?=[有捐投派退减]))"
)
_IS_WHO = re.compile(r"(?:是谁|叫什么(?:名字)?|是什么|是哪里人|在哪里?)[?。]*$")
_APART = re.compile(r"(?:之间)?(?:相差|差|相比)(?:了|是)?(?=多少|几)")
_WHICH = re.compile(r"(?:,?(?:谁|哪[一]?[个家所位座县市州村镇乡年]|哪边|哪里)的?)")
_MORE = re.compile(r"(?:更|最|比较|较)?(?:多|少|高|低|大|小)(?:一些|些|一点)?[?。]*$")
_HOW_MANY = re.compile(r"多少|几")
_BORROWED = re.compile(r"的[^的]{1,20}$")  # 甲州和乙州|的口号: what both have
_LONGEST_NAME = 24
_BARE_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d年?(?:[、和与及,](?:19|20)\d\d年?)+(?!\d)")
_OF_YEARS = re.compile(r"^度?这?[两二三四五几]年(?:里|间|来)?")
_BETWEEN_TWO = re.compile(r"和|与|跟|同|、|还是|,|以及")
_OF_WHICH = (
    r"[,]?(?:(?:相比|比较|相比较|比起来)[,]?)?(?:之间|当中|中|里)?[,]?"
    r"(?:谁|哪一?[个家所位座边]?(?:{kind})?)?的?"
)
_HAS_MORE = re.compile(
    r"(?P<thing>[^,]{0,16}?)得?(?:更|最|比较|较|还)?(?P<more>[多少高低大小早晚长短重轻])"
    r"(?:一些|一点|些)?(?P<rest>[^,吗]{0,8})吗?"
)
_OF_TIME = "早晚"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two names, what of them is compared (贫困户; 成立 where the time is), and as what: 多, 早."""

    names: tuple[str, str]
    thing: str
    more: str
    before: str = ""  # what the question says before it names them

    @property
    def is_date(self) -> bool:
        return self.more in _OF_TIME

    @property
    def asked(self) -> list[str]:
        """The question that asks each for its value."""
        if self.is_date:
            return [f"{self.before}{name}什么时候{self.thing}?" for name in self.names]
        of = "" if "的" in self.thing else "的"
        return [f"{self.before}{name}{of}{self.thing}有多少?" for name in self.names]


def compared(question: Question) -> Compared | None:
    """What 甲县和乙县哪个县的贫困户多 compares; None where it asks by how much."""
    text = question.folded.rstrip("?？。 ")
    if question.operation is not Operation.COMPARE or _HOW_MANY.search(text):
        return None
    names = sorted((name for name in question.entities if name in text), key=text.index)
    for one, other in pairwise(names):
        start, end = text.index(one), text.index(other)
        if not ending_of(other) and text.startswith(ending_of(one), end + len(other)):
            other += ending_of(one)  # 云岭 of 比云岭县多
        between = text[start + len(one) : end]
        behind = text[end + len(other) :]
        than = re.fullmatch(r"(?P<thing>[^,]{0,16})比", between)
        if than is not None:
            behind = than["thing"].removeprefix("的") + behind
        elif not _BETWEEN_TWO.fullmatch(between):
            continue
        kind = re.escape(ending_of(other))
        behind = re.sub(rf"^{_OF_WHICH.format(kind=kind)}", "", behind, count=1)
        found = _HAS_MORE.fullmatch(behind)
        if found is None or bool(found["thing"]) == bool(found["rest"]):
            return None
        thing = found["thing"] or found["rest"]
        return Compared((one, other), thing, found["more"], text[:start])
    return None


def each_of(question: Question) -> list[str]:
    """The question asked of each thing that it names; empty where it is one question."""
    if (which := compared(question)) is not None:
        return which.asked
    if (two := _two_sides(question)) is not None:
        return list(two.asked)
    text = question.folded.rstrip("?？。 ")
    named = _named(question, text) or _coordinated(text)
    if len(named) < 2:
        return []
    first, last = text.index(named[0]), text.rindex(named[-1]) + len(named[-1])
    before, behind = text[:first], _alone(question, _OF_YEARS.sub("", text[last:], count=1))
    return [f"{before}{name}{behind}?" for name in map(_as_year, named)]


def names_of(question: Question) -> tuple[str, ...]:
    """What tells the questions of `each_of` apart, in their order."""
    if (which := compared(question)) is not None:
        return which.names
    if (two := _two_sides(question)) is not None:
        return two.names
    text = question.folded.rstrip("?？。 ")
    return tuple(map(_as_year, _named(question, text) or _coordinated(text)))


def _two_sides(question: Question) -> Sides | None:
    return sides_of(question.folded) if question.operation is not Operation.NONE else None


def _as_year(name: str) -> str:
    return f"{name}年" if re.fullmatch(r"\d{4}", name) else name


def asks_together(question: Question) -> bool:
    """Whether what each has is to be added up: 一共, and not 各."""
    if _EACH.search(question.folded):
        return False
    if question.operation is Operation.COUNT:
        return bool(_TOGETHER.search(question.folded))
    return question.operation is Operation.SUM


def _named(question: Question, text: str) -> list[str]:
    """Entities or times that stand side by side, joined by 和 or the like."""
    is_several = question.operation is not Operation.NONE or _EACH.search(text)
    if not is_several:
        return []
    if (years := _BARE_YEARS.search(text)) is not None:
        return re.findall(r"(?:19|20)\d\d年?", years.group())
    for names in (question.entities, tuple(period.said for period in question.periods)):
        kept = [name for name in names if name and name in text]
        kept.sort(key=text.index)
        chain = kept[:1]
        for name in kept[1:]:
            between = text[text.index(chain[-1]) + len(chain[-1]) : text.index(name)]
            if re.fullmatch(_AND, between):
                chain.append(name)
        if len(chain) > 1:
            return chain
    return []


def _coordinated(text: str) -> list[str]:
    """The two sides of 和 before 各, 分别 or 是谁, where no names are known."""
    each = _EACH.search(text) or _IS_WHO.search(text)
    if each is None:
        return []
    head = text[: each.start()]
    sides = re.split(rf"(?<!^){_AND}", head)
    if len(sides) != 2 or not all(2 <= len(side) <= _LONGEST_NAME for side in sides):
        return []
    left, right = sides
    shared = _BORROWED.search(right)
    if shared is not None and "的" not in left:
        return [left, right[: shared.start()]]
    return [left, right]


def _alone(question: Question, behind: str) -> str:
    """What is asked of each, without 各, 一共 and 相差."""
    behind = _EACH.sub("", behind, count=1)
    if question.operation is not Operation.NONE:
        behind = _APART.sub("有", _TOGETHER.sub("", behind))
    if question.operation is Operation.COMPARE:
        behind = _WHICH.sub("", behind, count=1)
        behind = _MORE.sub("", behind)
        if not re.search(r"多少|几|什么", behind):
            behind += "有多少"
    return behind
