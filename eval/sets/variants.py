"""A question about something that its paragraph does not treat: one word of it changed by rule.

The year, the place in a row (第三届) or the name becomes another of its kind, one that stands
nowhere near: what was answered before has no answer now. Knows texts alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from indexer.text.normalise import fold

_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?=\s*年)")
_FIRST_YEAR, _LAST_YEAR = 1000, 2026
_FARTHEST = 12  # years from the one that is asked about

_NUMERALS = "一二三四五六七八九十"
_IN_A_ROW = re.compile(
    rf"第([{_NUMERALS}]|[1-9]\d?)([届屆次代任回季期集章号號座批位部轮輪卷条條军軍师師])"
)
_ROW = 12

# A name whose kind can be told: a person of China by the family name, one of elsewhere by the dot,
# anything else by the sign it ends on (县, 站, 大学, 战役).
_FAMILY = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余杜叶程苏魏吕丁任"
    "沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔"
)
_BRACKETS = re.compile(r"\s*[（(][^（）()]*[）)]\s*$")
_LEAST_NAME = 2


def other_year(question: str, told: str, seed: str) -> str:
    """The question about a year that `told` does not name; empty where it names no year, several,
    or one that `told` does not name either.
    """
    years = _YEAR.findall(question)
    if len(years) != 1 or years[0] not in told:
        return ""
    asked = int(years[0])
    near = range(max(_FIRST_YEAR, asked - _FARTHEST), min(_LAST_YEAR, asked + _FARTHEST) + 1)
    free = [str(year) for year in near if year != asked and str(year) not in told]
    return question.replace(years[0], _drawn(free, seed)) if free else ""


def other_in_the_row(question: str, told: str, seed: str) -> str:
    """The question about another 第…届 (次, 代, 期 …), one that `told` does not name."""
    found = _IN_A_ROW.findall(question)
    if len(found) != 1 or "第" + "".join(found[0]) not in told:
        return ""
    number, counter = found[0]
    is_digits = number.isdigit()
    spelled = [(str(n), _NUMERALS[n - 1] if n <= len(_NUMERALS) else "") for n in range(1, _ROW)]
    free = [
        digits if is_digits else chinese
        for digits, chinese in spelled
        if number not in (digits, chinese)
        and (is_digits or chinese)
        and not any(each and f"第{each}{counter}" in told for each in (digits, chinese))
    ]
    if not free:
        return ""
    return question.replace(f"第{number}{counter}", f"第{_drawn(free, seed)}{counter}")


def other_name(question: str, title: str, strangers: Sequence[str], told: str, seed: str) -> str:
    """The question about another one of the title's kind, out of `strangers`; empty where the title
    does not stand in the question and in `told`, or none of the strangers is of its kind.
    """
    name = plain_title(title)
    kind = kind_of(name)
    if not kind or name not in question or name not in told:
        return ""
    free = [
        stranger
        for each in strangers
        if kind_of(stranger := plain_title(each)) == kind
        and stranger not in told
        and stranger not in question
    ]
    return question.replace(name, _drawn(sorted(set(free)), seed)) if free else ""


def plain_title(title: str) -> str:
    """A title without what an encyclopaedia adds to tell two of one name apart."""
    return _BRACKETS.sub("", title).strip()


def kind_of(name: str) -> str:
    """What two names must share to be of one kind; empty where that can't be told."""
    folded = fold(name)
    if len(folded) < _LEAST_NAME or not all(c.isalpha() or c in "·・-－" for c in folded):
        return ""
    if "·" in name or "・" in name:
        return "·"
    if not all("\u4e00" <= letter <= "\u9fff" for letter in folded):
        return ""
    if len(folded) <= 3 and folded[0] in _FAMILY:
        return "person"
    return folded[-1] if len(folded) > _LEAST_NAME else ""


def _drawn(candidates: Sequence[str], seed: str) -> str:
    """One of them, from the same seed always the same."""
    at = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4]) % len(candidates)
    return candidates[at]
