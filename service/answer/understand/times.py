"""The parts of a time (year, month or quarter, day) that a question names, and a part in place of
another: 四月 in 2024年3月 is 2024年四月. Knows no history.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.answer.understand.periods import find_periods

_MONTHS = (
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sept sep oct nov dec"
)
_YEAR = (
    r"(?:(?:1[5-9]|20)\d\d|[〇零一二三四五六七八九]{4})年度?|(?<![\d.a-z-])(?:1[5-9]|20)\d\d(?![\d.%a-z㐀-鿿-])"
    r"|[前去今明后]年|上一?年度?|本年度?|(?:last|this|next) year"
)
_PART = (
    r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?|[上本下这]个?月(?![\d一二三四五六七八九十])"
    r"|第?[一二三四1-4]季度|[春夏秋冬]季(?:学期)?|[上下]学期|第[一二]学期|\bq[1-4]\b|[上下]半年"
    rf"|\b(?:{'|'.join(_MONTHS.split())})\b"
)
_DAY = (
    r"(?:[12]\d|3[01]|0?[1-9]|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号](?![㐀-鿿]?[院楼线])"
    r"|(?:[上本下这]个?)?(?:星期|礼拜|周)[一二三四五六日天末]|[昨今明前后][天日]"
    r"|平时|平日|工作日|节假日|寒假|暑假"
)
_SAME_TIME = re.compile(r"(?:去年|上一?年)的?同期")
_LEVELS = ("year", "part", "day")
_TIME = re.compile(rf"(?P<year>{_YEAR})|(?P<part>{_PART})|(?P<day>{_DAY})")
_BESIDE = re.compile(r"[\s,/.-]?|的")  # what may stand between two parts of one time
_ENGLISH_LEAD = re.compile(r"\b(?:in|on|during|for)\s+$")


@dataclass(frozen=True, slots=True)
class TimePart:
    """A year, a part of one or a day: `text[start:end]` of the folded text."""

    level: str
    start: int
    end: int


def time_parts(folded: str) -> list[TimePart]:
    """The parts of the first time that a text names, in order; empty without one."""
    found: list[TimePart] = []
    for match in _TIME.finditer(folded):
        level = match.lastgroup or ""
        if found and not _BESIDE.fullmatch(folded, found[-1].end, match.start()):
            break
        if level in (part.level for part in found):
            break
        found.append(TimePart(level, *match.span()))
    return found


def is_time(text: str) -> bool:
    """Whether a folded name is nothing but a time: March, 2019年."""
    rest = text
    for part in reversed(parts := time_parts(text)):
        rest = rest[: part.start] + rest[part.end :]
    return bool(parts) and not re.sub(r"[\s,/.-]|的", "", rest)


def without_time(text: str, folded: str) -> tuple[str, str]:
    """The time that a fragment names, as written, and the fragment without it."""
    spans = [(part.start, part.end) for part in time_parts(folded)]
    spans += [match.span() for match in _SAME_TIME.finditer(folded)]
    for period in find_periods(folded):
        at = folded.find(period.said)
        if at >= 0 and period.said:
            spans.append((at, at + len(period.said)))
    if not spans:
        return "", text
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    lead = _ENGLISH_LEAD.search(folded[:start])
    return text[start:end], text[: lead.start() if lead else start] + text[end:]


def with_time(new: str, new_folded: str, text: str, folded: str) -> str:
    """`text` with the time `new` in place of its own, part by part, or with it in front.

    去年同期 is the year before the one that `text` names.
    """
    year = re.search(r"(?<!\d)(?:1[5-9]|20)\d\d(?=年)", folded)
    if _SAME_TIME.search(new_folded) and year is not None:
        new = new_folded = f"{int(year[0]) - 1}年"
    fresh, old = time_parts(new_folded), time_parts(folded)
    span = _range(folded)
    if span is not None or (not fresh and old):  # 2018年至2020年 is replaced as a whole
        start, end = span or (old[0].start, old[-1].end)
        return text[:start] + new + text[end:]
    if not old:
        return _put_in(new, text, folded)
    told = {part.level: new[part.start : part.end] for part in fresh}
    levels = [part.level for part in old]
    if "part" in told and "day" not in told:
        levels = [level for level in levels if level != "day"]
    elif "day" in levels and set(told) == {"year"}:
        levels = ["year"]
    return _rebuilt(told, [part for part in old if part.level in levels], old, text)


def _rebuilt(
    told: dict[str, str], kept: Sequence[TimePart], old: Sequence[TimePart], text: str
) -> str:
    made = {part.level: text[part.start : part.end] for part in kept} | told
    is_chinese = bool(re.search(r"[㐀-鿿]", text))
    order = [part.level for part in kept]
    if any(level not in order for level in made):
        order = [*_LEVELS] if is_chinese else ["part", "day", "year"]
    between = "" if is_chinese else " "
    said = between.join(made[level] for level in order if level in made)
    start, end = old[0].start, old[-1].end
    return text[:start] + said + text[end:]


def _range(folded: str) -> tuple[int, int] | None:
    """Where a time stands that is no single year, month or day: 2018年至2020年, 近五年."""
    parts = time_parts(folded)
    for period in find_periods(folded):
        at = folded.find(period.said)
        end = at + len(period.said)
        is_of_parts = parts and parts[0].start <= at and end <= parts[-1].end
        if at >= 0 and period.said and not is_of_parts:
            return at, end
    return None


_ASKS_FIRST = re.compile(r"^(?:请问|请告诉我|我想知道|想问一下)[,，]?")


def _put_in(new: str, text: str, folded: str) -> str:
    if re.search(r"[㐀-鿿]", text):
        lead = _ASKS_FIRST.match(folded)
        at = lead.end() if lead else 0
        return text[:at] + new + text[at:]
    stop = re.search(r"[?.!\s]*$", text)
    at = stop.start() if stop else len(text)
    return f"{text[:at]} in {new}{text[at:]}"
