"""The bounds that a question sets: 100万元以上, 超过三千, 晚上八点以前. Pure text."""

import re
from dataclasses import dataclass

from indexer.text.figures.records import Number
from indexer.text.numbers import NumberKind, find_numbers, uniform_figures

NUMERALS = {sign: n for n, sign in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
_LIMIT = re.compile(
    r"不低于|不少于|不小于|大于等于|至少|不超过|不高于|不多于|至多|超过|高于|大于|多于|超出|低于|小于|少于|不到|不足|不满|过|超|破|"
    r"over|above|more than|at least|under|below|less than|at most"
)
_BEFORE = {
    ">=": "不低于 不少于 不小于 大于等于 至少 at_least", "<=": "不超过 不高于 不多于 至多 at_most",
    ">": "超过 高于 大于 多于 超出 过 超 破 over above more_than",
    "<": "低于 小于 少于 不到 不足 不满 under below less_than",
}  # fmt: skip
_SIGNS = {word.replace("_", " "): sign for sign, words in _BEFORE.items() for word in words.split()}
_BEHIND = re.compile(r"\s*(?:及|或)?(?:者)?(?P<up>以上)|\s*(?:及|或)?(?P<down>以下|以内)")
_CLOCK = re.compile(
    r"(?P<part>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚|夜里)?(?:(?P<h>[01]?\d|2[0-4])[:点时]|(?P<c>[一二两三四五六七八九十]{1,3})点)(?P<m>半|[0-5]\d分?)?钟?"
    r"(?P<side>以前|之前|前|以后|之后|后|还(?=有|开|在))"
)
_BARE_WORTH = re.compile(
    r"(?P<sign>超过?|过|破|不到|不足|不满)(?P<n>[一二两三四五六七八九十百千]*[百千万亿])(?=的|$|[,。]|[㐀-鿿]?[有是])"
)
_IS_MEASURED = (NumberKind.NUMBER, NumberKind.PERCENT)


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound that a value must keep: `sign` is one of >=, >, <=, <. `minutes` since midnight where
    it is a time of the day."""

    sign: str
    number: Number | None = None
    minutes: int | None = None


def in_figures(text: str) -> str:
    """过三千 as 过3000, 过万 as 过10000, which is too bare to be read as a number elsewhere."""
    return _BARE_WORTH.sub(_figure, text)


def _figure(match: re.Match[str]) -> str:
    told = match["n"] if match["n"][0] not in "百千万亿" else f"一{match['n']}"
    return match["sign"] + uniform_figures(f"{told}元").removesuffix("元")


def limited(text: str) -> tuple[str, Limit | None]:
    """The text without a bound such as 100万元以上, 超过100万元 or 晚上八点以前, and the bound."""
    if (clock := _CLOCK.search(text)) is not None:
        sign = "<" if clock["side"].endswith("前") else ">="
        return blank(text, clock.span()), Limit(sign, minutes=_minutes(clock))
    for number in find_numbers(text):
        end = number.end
        written = text[number.start : end]
        behind = _BEHIND.match(text, end) or _BEHIND.search(written)
        before = next(
            (m for m in _LIMIT.finditer(text) if text[m.end() : number.start].strip(" 了") == ""),
            None,
        )
        if number.kind not in _IS_MEASURED or (behind is None and before is None):
            continue
        if behind is not None:
            sign = ">=" if behind["up"] else "<="
            end = max(end, behind.end()) if behind.string is text else end
            return blank(text, (number.start, end)), Limit(sign, number)
        start = before.start() if before is not None else number.start
        sign = _SIGNS[before.group()] if before is not None else ">"
        return blank(text, (start, end)), Limit(sign, number)
    return text, None


def _minutes(clock: re.Match[str]) -> int:
    told = clock["c"] or ""
    hour = int(clock["h"]) if clock["h"] else 0
    if told:
        tens, is_ten, ones = told.partition("十")
        hour = NUMERALS.get(told, 0)
        if is_ten:
            hour = 10 * NUMERALS.get(tens, 1) + NUMERALS.get(ones, 0)
    if clock["part"] in ("下午", "傍晚", "晚上", "晚", "夜里", "中午") and hour < 11:
        hour += 12
    minute = clock["m"] or "0"
    return 60 * hour + (30 if minute == "半" else int(minute.rstrip("分")))


def blank(text: str, span: tuple[int, int] | None) -> str:
    if span is None:
        return text
    return text[: span[0]] + " " * (span[1] - span[0]) + text[span[1] :]
