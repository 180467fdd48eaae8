"""The figures that a sentence of prose tells: of what, at which time, and from what they changed.

`2024年门诊量为12.4万人次，比上年增长8.5%` tells a value and a change of it; `由800元调整为1200元`
a value before and one after. Knows no question, no document and no index.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from indexer.text.figures.records import Number
from indexer.text.normalise import normalise
from indexer.text.numbers import NumberKind, find_numbers
from service.answer.compute.times import Days, days_in


class Role(StrEnum):
    VALUE = "value"
    BEFORE = "before"  # A of 由A调整为B, with B behind it
    AFTER = "after"
    CHANGE = "change"  # 比上年增加58人次
    SHARE = "share"  # 占62.2%


@dataclass(frozen=True, slots=True)
class Told:
    """One figure of a sentence; `sentence[start:end] == written`.

    `subject` is what it is of, folded and without its time; `noun` what stands behind the figure
    (教师 of 45名教师). `days` is its time as far as the sentence tells it, `relative` how it is
    told from the document's day (本月). Of a change, `base` is what it counts from (上年) and
    `rises` which way; `is_part` is set of a part (其中…).
    """

    start: int
    end: int
    written: str
    number: Number
    subject: str
    noun: str = ""
    role: Role = Role.VALUE
    days: Days | None = None
    relative: str = ""
    base: str = ""
    rises: bool | None = None
    is_part: bool = False

    @property
    def words(self) -> str:
        return f"{self.subject} {self.noun}".strip()


RELATIVE = re.compile(
    r"(?:去年|上年|前年|上月|上个月|本月|当月|这个月|今年|本年度?|当年|本季度?|上季度?|上个?季度|本周|上周|"
    r"本学期|上学期|本期|上期|同期|全年|全月)+(?:同期|同月)?(?:内|里|份|度)?"
)
_KINDS = (NumberKind.NUMBER, NumberKind.PERCENT)
_PIECE_END = ",;。!?、|\n"
_ROSE = (
    r"增长|增加|新增|增|提高|上升|上涨|涨|多|上调|上浮|延长|扩大|攀升|高出?|increased|rose|grew|up"
)
_FELL = r"减少|下降|降低|回落|下滑|下调|下浮|缩短|缩小|压减|降|减|少|低|decreased|fell|dropped|down"
_DIRECTION = rf"(?:{_ROSE}|{_FELL})"
_IS_RISE = re.compile(_ROSE)
_CHANGE = re.compile(
    rf"(?P<subject>.*?)(?P<base>(?:比|较|与|同)(?P<of>[^,比较]{{1,16}}?)(?:相比|比较|比)?,?"
    rf"|同比|环比)?(?:实际|累计|净|共|则|又|均|分别)*(?P<verb>{_DIRECTION})"
    r"(?:了|幅度?为|率为?|额为?| by)?[约近达\s]*"
)
_LEAST_SURE = re.compile(r"了$|增长|下降|增加|减少|提高|降低|上升|上涨|increased|rose|fell")
_FROM = re.compile(
    r"(?P<subject>.*?)(?:(?:由|从|自)(?P<of>[^由从自,]{0,14})|(?P<once>原(?:来|先|本)?)(?P<for>[^,]{0,8}?)[为是]?"
    r"|\bfrom )[的约\s]*"
)
_BECOMES = (
    rf"(?:{_DIRECTION}|调整|提升|改|变|扩建|压缩|调|修改|修订|增补|扩充|扩|缩|变更|发展|升|跌)"
)
_TO = re.compile(
    rf"/?[㐀-鿿]{{0,6}}?,?(?:现在?|目前|如今|后来?)?(?:已|统一|均|逐步)?{_BECOMES}?了?(?:到了?|至|为|成)"
    r"(?:现在的|目前的|每[㐀-鿿]{1,2})?"
    r"|[㐀-鿿]{0,4},(?:现在?|目前|如今|后)[㐀-鿿]{0,6}?[为是]?|[^\d,.]{0,20}? to "
)
_SPAN = re.compile(r"不等|之间|以内|的?范围|区间")  # 从3元到5元不等 is no change
_SURELY_TO = re.compile(rf"(?:{_DIRECTION}|调整|提升|扩|缩|升|跌|改)[了]?(?:到了?|至|为)")
_UP_FROM = re.compile(
    r"[^.,;\d]{0,30}?,? ?\(?(?:(?:up|down|compared|increas\w+|decreas\w+) )?"
    r"(?:from|against|compared (?:with|to)) "
    r"|[㐀-鿿]{0,4}[,(（](?:上年|去年|上月|上期|去年同期|上年同期|调整前|原来|原|此前)[㐀-鿿]{0,4}?[为是]?"
)
_HAS = re.compile(
    rf"(?:(?:{_DIRECTION}|调整|提升|升|跌|扩)了?(?:到了?|至|为)|已经?|总?共计?|一共|累计|合计|总计|大约|"
    r"将近|达到?了?|为|是|有|了|至|到|增至|降至|:|\s|的|只有|仅|突破|was|were|is|are|of|about|total)+$"
)
_OF_WHOLE = re.compile(r"(?:占|占比|比例|比重|占[㐀-鿿]{1,8}的?)[为达约是\s]*$")
_MORE_THAN = re.compile(r"\s*(?P<way>more|fewer|less|higher|lower) than (?:in )?(?P<of>.*)")
_UNIT = re.compile(r"(?P<unit>[㐀-鿿]{1,3})(?=[^㐀-鿿a-z]|$)| (?P<word>[a-z]{3,})")
_PART = re.compile(r"^(?:其中|内有|内中|of (?:which|these|them),?|including)[,:的有]*")
_LEAD = re.compile(r"^(?:[,:\s]|而|并|且|另外?|此外|同时|以及|和|及|与|截[至止]|到|在|自|the )+")


def told_in(sentence: str) -> tuple[Told, ...]:
    """The figures of one sentence in their order; those that are dates or ordinals are none."""
    normalised = normalise(sentence)
    text = normalised.text.lower()
    every = [n for n in find_numbers(text) if n.kind in _KINDS and not n.inside]
    numbers = [n for n in every if not _is_year(n, text)]
    found: list[Told] = []
    for n, number in enumerate(numbers):
        first = _piece_start(text, number.start, numbers[:n])
        last = _piece_end(text, number.end, numbers[n + 1 :])
        number = _with_unit(number, text, last)
        start, end = normalised.original_span(number.start, number.end)
        told = _told(text, first, last, number)
        told = replace(told, start=start, end=end, written=sentence[start:end].strip())
        if told.days is None and not told.relative:  # 2022年，全馆接待…
            earlier = text[numbers[n - 1].end if n else 0 : first]
            _, days, relative = without_times(earlier)
            told = replace(told, days=days, relative=relative)
        before = numbers[n - 1] if n else None
        if before is not None and _is_from(text, before, number, found[-1]):
            found[-1], told = _turned(found[-1], told)
        elif before is not None and _is_pair(text, before, number, found[-1]):
            found[-1], told = _pair(text, found[-1], told)
        found.append(_inheriting(told, found))
    return tuple(found)


def _is_year(number: Number, text: str) -> bool:
    written = text[number.start : number.end]
    return not number.unit and re.fullmatch(r"(?:19|20)\d\d", written) is not None


def _with_unit(number: Number, text: str, last: int) -> Number:
    """A figure with the one word behind it as its unit, where it has none: 公吨, books."""
    behind = _UNIT.match(text, number.end, last)
    if number.unit or number.kind is not NumberKind.NUMBER or behind is None:
        return number
    return replace(number, unit=behind["unit"] or behind["word"], end=behind.end())


def _piece_start(text: str, at: int, before: Sequence[Number]) -> int:
    """Where the piece of a sentence begins that a figure ends; a figure's own comma ends none."""
    least = before[-1].end if before else 0
    return max((text.rfind(mark, least, at) + 1 for mark in _PIECE_END), default=least) or least


def _piece_end(text: str, at: int, behind: Sequence[Number]) -> int:
    most = behind[0].start if behind else len(text)
    return min((i for mark in _PIECE_END if (i := text.find(mark, at, most)) >= 0), default=most)


def _told(text: str, first: int, last: int, number: Number) -> Told:
    """A figure by the piece that it stands in, without its place."""
    prefix, noun = text[first : number.start], text[number.end : last]
    subject, days, relative = without_times(prefix)
    noun, later, behind = without_times(noun)
    days, relative = days or later, relative or behind
    is_part = _PART.search(subject.strip()) is not None
    subject = _PART.sub("", subject.strip())
    noun = re.sub(r"^[ ()的]+|(?:\b(?:in|on|by|for)\b|[ .()])+$|^[㐀-鿿]$", "", noun)
    told = Told(0, 0, "", number, "", noun, Role.VALUE, days, relative)
    told = replace(told, is_part=is_part)
    if number.kind is NumberKind.PERCENT and _OF_WHOLE.search(prefix):
        return replace(told, role=Role.SHARE, subject=_bare(_OF_WHOLE.sub("", subject)))
    if (more := _MORE_THAN.match(text[number.end : last])) is not None:
        rises = more["way"] in ("more", "higher")
        base = more["of"].strip(" .") or "before"
        return replace(told, role=Role.CHANGE, noun="", days=None, base=base, rises=rises)
    change = _CHANGE.fullmatch(prefix)
    if change is not None and (change["base"] or _LEAST_SURE.search(change["verb"])):
        own, days, relative = without_times(change["subject"])
        rises = _IS_RISE.fullmatch(change["verb"]) is not None
        base = change["of"] or change["base"] or ""
        return replace(
            told, role=Role.CHANGE, subject=_bare(_PART.sub("", own)), days=days, relative=relative,
            base=base, rises=rises, noun="",
        )  # fmt: skip
    return replace(told, subject=_bare(subject))


def without_times(text: str) -> tuple[str, Days | None, str]:
    """A text without the times that it tells, the last of them, and how one is told relatively."""
    days = days_in(text)
    for each in days:
        text = text.replace(each.said, " ", 1)
    relative = RELATIVE.search(text)
    if relative is not None:
        text = f"{text[: relative.start()]} {text[relative.end() :]}"
    return text, days[-1] if days else None, relative.group() if relative is not None else ""


def _bare(subject: str) -> str:
    """A subject without the words that only join it to its figure."""
    subject = _HAS.sub("", _LEAD.sub("", subject.strip()).strip())
    return " ".join(subject.split()) if subject.isascii() else subject.replace(" ", "")


def _is_pair(text: str, before: Number, after: Number, last: Told) -> bool:
    """Whether two figures are what something was and what it became."""
    if before.kind is not after.kind or (before.unit and before.unit != after.unit):
        return False
    between = text[before.end : after.start]
    if _SPAN.match(text, after.end):
        return False
    if _TO.fullmatch(between) is None or last.role is not Role.VALUE:
        return False
    start = _piece_start(text, before.start, [])
    led = _FROM.fullmatch(text[start : before.start]) is not None
    return led or _SURELY_TO.search(between) is not None


def _is_from(text: str, after: Number, before: Number, last: Told) -> bool:
    """Whether the second of two figures is what the first one was: 418 people, up from 395."""
    is_alike = before.kind is after.kind and (not before.unit or before.unit == after.unit)
    between = text[after.end : before.start]
    return is_alike and last.role is Role.VALUE and _UP_FROM.fullmatch(between) is not None


def _turned(first: Told, second: Told) -> tuple[Told, Told]:
    """(the value before, the value now) of two that stand the other way round."""
    base = second.days.said if second.days is not None else "before"
    unit = second.number.unit or first.number.unit
    number = replace(second.number, unit=unit)
    rises = first.number.value > number.value
    before = replace(second, role=Role.BEFORE, number=number, subject=first.subject, noun="")
    now = replace(first, role=Role.AFTER, base=base, rises=rises)
    return replace(before, base=base, rises=rises), now


def _pair(text: str, first: Told, second: Told) -> tuple[Told, Told]:
    """The two figures of 由A调整为B."""
    start = _piece_start(text, first.number.start, [])
    led = _FROM.fullmatch(text[start : first.number.start])
    subject, days, relative = without_times(led["subject"] if led is not None else first.subject)
    base = (led["of"] or led["once"] or "") if led is not None else ""
    number = first.number
    if not number.unit and second.number.unit:  # 由800调整为1200元
        number = replace(number, unit=second.number.unit)
    rises = second.number.value > number.value
    narrowed = led["for"] if led is not None and led["for"] else ""
    own = _bare(f"{subject}{narrowed}")
    before = replace(
        first, role=Role.BEFORE, subject=own, number=number, base=base, rises=rises, noun=""
    )
    after = replace(
        second, role=Role.AFTER, subject=own, base=base, rises=rises,
        days=days or second.days, relative=relative or second.relative,
    )  # fmt: skip
    return before, after


def _inheriting(told: Told, before: Sequence[Told]) -> Told:
    """A figure with the time, and a change with the subject, of what the sentence told before."""
    if told.days is None and not told.relative:
        last = next((t for t in reversed(before) if t.days is not None or t.relative), None)
        if last is not None and last.role is not Role.BEFORE:
            told = replace(told, days=last.days, relative=last.relative)
    if told.role is Role.VALUE and not told.is_part:
        alike = [t for t in before if t.role is Role.VALUE and t.number.unit == told.number.unit]
        told = replace(told, is_part=bool(alike) and alike[-1].is_part)
    if told.role in (Role.CHANGE, Role.SHARE) and not told.subject:
        last = next((t for t in reversed(before) if t.role in (Role.VALUE, Role.AFTER)), None)
        if last is not None:
            told = replace(told, subject=last.subject, noun=last.noun, is_part=last.is_part)
    return told


def changes_in(told: Sequence[Told]) -> Iterator[tuple[Told | None, Told]]:
    """(the value after or None, the change) of each change, and (before, after) of each pair."""
    for n, each in enumerate(told):
        if each.role is Role.AFTER:
            yield told[n - 1], each
        if each.role is Role.CHANGE:
            of = [t for t in told[:n] if t.role in (Role.VALUE, Role.AFTER)]
            own = [t for t in of if t.subject == each.subject]
            yield own[-1] if own else None, each
