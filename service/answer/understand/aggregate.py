"""What a question wants done with many values: their total, number, extreme, mean or share.

Pure text. What is wanted of which table, `compute/binding.py` decides.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from indexer.text.numbers import Number, NumberKind, find_numbers
from service.answer.understand.question import Question


class Aggregate(StrEnum):
    TOTAL = "total"
    COUNT = "count"
    HIGHEST = "highest"
    LOWEST = "lowest"
    MEAN = "mean"
    SHARE = "share"
    DIFFERENCE = "difference"
    REMAINDER = "remainder"


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound that a value must keep: `sign` is one of >=, >, <=, <."""

    sign: str
    number: Number


@dataclass(frozen=True, slots=True)
class Wanted:
    """An operation and what the question says beside it.

    `rest` is the folded question, as long as it was, with the words of the operation blanked.
    `rank` is 2 for 第二高, `adjective` the word that orders (高, 贵). `asked` is the noun that a
    which-question asks for (项目 of 哪个项目, 人 of 谁), or "". `counts` says that 几 or 多少 may
    number things, `unit` in which measure word.
    """

    aggregate: Aggregate
    rest: str
    rank: int = 1
    adjective: str = ""
    asked: str = ""
    unit: str = ""
    counts: bool = False
    limit: Limit | None = None


_RANKS = {sign: n for n, sign in enumerate("一二三四五六七八九十", start=1)}
_HIGH, _LOW = "高多大长贵重远快宽深久", "低少小短便轻慢矮窄浅"
_EXTREME = re.compile(
    rf"(?:最|第(?P<rank>[二三四五六七八九十])(?=[{_HIGH}{_LOW}]))(?P<word>便宜|[{_HIGH}{_LOW}])(?![近新早晚])的?"
    r"|\b(?P<high>highest|largest|biggest|longest|maximum|most expensive|most)\b"
    r"|\b(?P<low>lowest|smallest|shortest|minimum|cheapest|fewest|least)\b"
)
_TOTAL = re.compile(
    r"加起来|加在一起|合起来|总和|之和|合计|总计|总共|一共|共计|累计|总额|总数|总量|"
    r"共(?=[^,。]{0,6}(?:多少|几))|总(?![经局部统书监理裁干指结务公馆队社站台会参厂院编体]|工[程会])|"
    r"\b(?:in total|altogether|in all|total(?: of)?|sum of)\b"
)
_MEAN = re.compile(r"平均(?:值|数)?|均值|\b(?:on average|average|mean)\b")
_SHARE = re.compile(
    r"占比|(?:所占)?(?:的)?(?:比例|比重|百分比)|占(?=.*(?:百分之几|几成|多少))|"
    r"\b(?:share|percentage) of\b"
)
_APART = re.compile(
    r"(?:相差|差)(?:了|距是|额是)?(?=多少|几)|比(?=.{1,24}[多少高低大小长短贵重][^,。]{0,6}(?:多少|几))|"
    r"(?P<more>(?:多(?!少)|(?<!多)少|[高低大小长短贵重]))(?:了|出)?(?=[^,。]{0,6}(?:多少|几))|"
    r"(?P<which>谁|哪一?[个家所位项种座])的?(?=[^,。]{0,10}[多少高低大小长短贵重]?)"
)
_IS_APART = re.compile(r"相差|比|[和与跟同].{1,24}差")
_COMPARED = re.compile(rf"更?(?P<word>[{_HIGH}{_LOW}])(?:一些|一点|些)?$")
_LEFT = re.compile(
    r"(?:一共|总共|目前|现在|总计)?(?:还|尚)?(?P<word>空缺|缺编|缺额|空编|缺|剩余|剩下|剩|结余|节余|余|"
    r"(?:没有?|未)(?:完成|用|花|使用|缴|交|到岗|卖|发)|差)(?:出|了|掉|完)?的?(?=(?:有|是)?(?:多少|几))"
)
_FEW = re.compile(r"(?:多少|第?几)|\bhow (?:many|much)\b")
_WHICH = re.compile(
    r"(?:哪一?(?:[个家所位项种类座条款间处台名只艘辆本部篇场期届]|(?=[年月省市县乡镇村店科室]))|[什甚]么)"
    r"(?P<asked>[㐀-鿿]{0,8}?)(?=的|最|第|是|有|[,?。\s]|$)"
    r"|(?P<who>谁|哪位)|\bwhich (?P<noun>[a-z]+)|\bwho\b"
)
_LIMIT = re.compile(
    r"(?P<before>不低于|不少于|不小于|大于等于|至少|不超过|不高于|不多于|至多|超过|高于|大于|多于|超出|低于|小于|少于|不到|不足|不满|"
    r"over|above|more than|at least|under|below|less than|at most)"
)
_BEFORE = {
    ">=": "不低于 不少于 不小于 大于等于 至少 at_least", "<=": "不超过 不高于 不多于 至多 at_most",
    ">": "超过 高于 大于 多于 超出 over above more_than",
    "<": "低于 小于 少于 不到 不足 不满 under below less_than",
}  # fmt: skip
_SIGNS = {word.replace("_", " "): sign for sign, words in _BEFORE.items() for word in words.split()}
_BEHIND = re.compile(r"\s*(?:及|或)?(?:者)?(?P<up>以上)|\s*(?:及|或)?(?P<down>以下|以内)")
_IS_MEASURED = (NumberKind.NUMBER, NumberKind.PERCENT)


def wanted_of(question: Question) -> Wanted | None:
    """The operation of a question; None where it asks for a value that is written down."""
    rest, limit = _limited(question.folded.rstrip("?？。 !！"))
    if "之一" in rest:
        return None
    unit = question.unit.removeprefix("个") or question.unit
    asks_number = _FEW.search(rest) is not None
    whole, rest = rest, _without_few(rest, question.unit)
    if asks_number and (left := _LEFT.search(whole)) is not None and not _IS_APART.search(whole):
        told = _TOTAL.sub(_spaces, _blank(rest, left.span()))
        return Wanted(Aggregate.REMAINDER, told, adjective=left["word"], unit=unit, limit=limit)
    if (extreme := _EXTREME.search(rest)) is not None:
        return _extreme(rest, extreme, limit)
    if (share := _SHARE.search(rest)) is not None:
        rest = _TOTAL.sub(_spaces, _blank(rest, share.span()))
        return Wanted(Aggregate.SHARE, rest.replace("占", " "), limit=limit)
    if (apart := _two(question.folded.rstrip("?？。 !！"), question.unit)) is not None:
        return apart
    if (mean := _MEAN.search(rest)) is not None:
        return Wanted(Aggregate.MEAN, _blank(rest, mean.span()), unit=unit, limit=limit)
    is_total = _TOTAL.search(rest) is not None
    if not asks_number and not is_total:
        return None
    if not asks_number and not re.search(r"[是为]\s*$|[是为]什么|总|计|额|\btotal\b", rest):
        return None
    kind = Aggregate.TOTAL if is_total else Aggregate.COUNT
    rest = _TOTAL.sub(_spaces, rest)
    return Wanted(kind, rest, unit=unit, counts=asks_number, limit=limit)


def _extreme(rest: str, extreme: re.Match[str], limit: Limit | None) -> Wanted:
    word = extreme["word"] or ("高" if extreme["high"] else "低")
    kind = Aggregate.LOWEST if word[0] in _LOW else Aggregate.HIGHEST
    which = _WHICH.search(rest)
    asked = _asked(which)
    rest = _TOTAL.sub(_spaces, _blank(rest, extreme.span()))
    if which is not None:  # what it asks for stands in the table, too
        end = which.start("asked") if which["asked"] is not None else which.end()
        rest = _blank(rest, (which.start(), end))
    rank = _RANKS.get(extreme["rank"] or "一", 1)
    unit = "元" if re.search(r"花钱|花费|花的钱|费钱", rest) else ""
    return Wanted(kind, rest, rank, word, asked, unit=unit, limit=limit)


def _two(text: str, unit: str) -> Wanted | None:
    """甲比乙多多少, 甲和乙相差多少, 甲和乙哪个多."""
    if re.search(r"[同环]比|比[例重率赛]", text):
        return None
    has_number = _FEW.search(text) is not None
    found = [match for match in _APART.finditer(text) if match["which"] is None]
    if has_number and any(match["more"] is None for match in found):
        for match in found:
            text = _blank(text, match.span())
        more = next((match["more"] for match in found if match["more"]), "")
        return Wanted(Aggregate.DIFFERENCE, _without_few(text, unit), adjective=more, unit=unit)
    compared = _COMPARED.search(text)
    which = re.search(r"谁的?|哪一?[个家所位项种座边]的?", text)
    is_of_two = re.search(r"[和与跟、]|还是", text)
    if not has_number and compared is not None and which is not None and is_of_two:
        rest = _blank(_blank(text, compared.span()), which.span())
        word = compared["word"]
        return Wanted(Aggregate.DIFFERENCE, rest, adjective=word, asked=which.group())
    return None


def _without_few(text: str, unit: str) -> str:
    """Without 多少 and 几, and the unit right behind them."""
    return re.sub(rf"(?:{_FEW.pattern})(?:{re.escape(unit)})?", _spaces, text)


def _limited(text: str) -> tuple[str, Limit | None]:
    """The text without a bound such as 100万元以上 or 超过100万元, and the bound."""
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
            return _blank(text, (number.start, end)), Limit(sign, number)
        start = before.start() if before is not None else number.start
        return _blank(text, (start, end)), Limit(
            _SIGNS[text[start : number.start].strip(" 了")], number
        )
    return text, None


def _asked(which: re.Match[str] | None) -> str:
    if which is None:
        return ""
    if which["who"] or which.group() == "who":
        return "谁"
    return which["asked"] or which["noun"] or ""


def _blank(text: str, span: tuple[int, int] | None) -> str:
    if span is None:
        return text
    return text[: span[0]] + " " * (span[1] - span[0]) + text[span[1] :]


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match.group())
