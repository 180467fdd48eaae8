"""What a question wants done with the rows of a table: a cell, a list, a number, a total.

Pure text. A question may be read in several ways, as 总 of 总投资 is a part of a heading or
asks for a total; which of them a table explains, `compute/tabular/` decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from service.answer.understand.limits import NUMERALS, Limit, blank, in_figures, limited
from service.answer.understand.question import Question


class Aggregate(StrEnum):
    LOOKUP = "lookup"  # a cell
    LIST = "list"  # rows
    COUNT = "count"  # rows, or the figure of a column: 几, 多少
    TOTAL = "total"
    HIGHEST = "highest"
    LOWEST = "lowest"
    EARLIEST = "earliest"
    LATEST = "latest"
    MEAN = "mean"
    SHARE = "share"
    DIFFERENCE = "difference"
    REMAINDER = "remainder"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An operation and what the question says beside it.

    `rest` is the folded question, as long as it was, with the words of the operation blanked.
    `rank` is 2 for 第二高, `first` 3 for 前三名, `adjective` the word that orders (高, 贵).
    `asked` is the noun that a which-question asks for (项目 of 哪个项目, 谁), or "". `counts` says
    that 几 or 多少 may number things, `behind` what is written behind it, `unit` in which measure
    word. `each` is set where every group is to have its own result: 科室 of 每个科室. `digits`
    is how many decimal places are wanted, if it is said.
    """

    aggregate: Aggregate
    rest: str
    rank: int = 1
    first: int = 1
    adjective: str = ""
    asked: str = ""
    unit: str = ""
    counts: bool = False
    behind: str = ""
    limit: Limit | None = None
    lists: bool = False
    each: str = ""
    digits: int | None = None


_HIGH, _LOW = "高多大长贵重远快宽深久厚", "低少小短轻慢矮窄浅薄"
_EXTREME = re.compile(
    rf"(?:最|(?<!\d)第(?P<rank>[二三四五六七八九十])(?=[{_HIGH}{_LOW}]))(?P<word>便宜|厉害|[{_HIGH}{_LOW}])(?!期|后|先|早|晚|的一[次场])的?"
    r"|\b(?P<high>highest|largest|biggest|longest|maximum|greatest|"
    r"most (?:expensive|costly)|most)\b"
    r"|\b(?P<low>lowest|smallest|shortest|minimum|cheapest|least expensive|fewest|least)\b"
)
_OF_THINGS = r"(?:[名位家项条种件大强]|个(?!月))"
_TOP = re.compile(
    rf"(?:排名?)?前(?P<n>[两二三四五六七八九十]|[2-9]|10)(?:{_OF_THINGS}|的(?=是|有|哪))"
    rf"|(?<=最)[㐀-鿿]{{1,2}}的?(?P<m>[两二三四五六七八九十]|[2-9]){_OF_THINGS}"
    r"|\btop (?P<en>[2-9]|10|three|five|two)\b"
)
_BEHIND_SHOWN = 16  # characters behind 几 or `how many` that may hold a unit and a noun
_ENGLISH = {"two": 2, "three": 3, "five": 5}
_FIRST = re.compile(r"最早|最先|最老|最旧|头一[个次回场]|\b(?:earliest|oldest|first)\b")
_LAST = re.compile(
    r"最晚|最迟|最近(?:的|一[次回场个届期]|[㐀-鿿]{0,2}那[次回场个届期])?|最新|"
    r"最后(?:一[次回场个届期])?|\b(?:latest|newest|most recent|last)\b"
)
_YOUNG = re.compile(
    r"(?:年纪|年龄|岁数)最(?P<s>小|大|轻|老)|最(?P<t>年轻|年长|年老)|\b(?P<u>youngest|eldest)\b"
)
_TOTAL = re.compile(
    r"加起来|加在一起|合起来|加一块儿?|总和|之和|合计|总计|总共|一共|共计|累计|拢共|统共|总额|总数|总量|"
    r"共(?=[^,。]{0,6}(?:多少|几))|总(?![经局部统书监理裁干指结务公馆队社站台会参厂院编体登]|工[程会])|"
    r"\b(?:in total|altogether|in all|all together|combined|total(?: of)?|sum of)\b"
)
_SURELY_TOTAL = re.compile(rf"(?!总[^共计和额数量])(?:{_TOTAL.pattern})")
_MEAN = re.compile(
    r"平均(?:值|数|每[个家科人月年户项条场次])?(?:[是为])?|均值|\b(?:on average|average|mean)\b"
)
UNITS_OF_SHARE = ("", "个百分点", "百分点")
"""Of a question that asks for a share: 占了多少亩 asks for none."""

_SHARE = re.compile(
    r"占比|(?:所占)?(?:的)?(?:比例|比重|百分比)|占(?!地)(?:了|全[部体]?的?|总[数的]?)?(?=.*(?:百分之几|几成|多少|比例|%))|百分之(?:几|多少)|几成|"
    r"\b(?:share|percentage|proportion) of\b|\bper ?cent\b"
)
_WORD = rf"[{_HIGH}{_LOW}早晚]"
_APART = re.compile(
    r"(?:相差|差)(?:了|距是|额是)?(?=多少|几)|(?P<more>(?:多(?!少)|(?<!多)少|[高低大小长短贵重远近早晚])(?![高低大小长短贵重])|便宜|增加|减少|增长|下降|上升|涨|降)(?:了|出|备|开|收|交|招|产|用|卖|来|要)?(?:[㐀-鿿]{0,2}?)(?:多少|几)"
    r"|\bhow (?:much|many) (?P<en>more|less|fewer|higher|lower|longer|shorter)\b|\bdifference\b"
)
_THAN = re.compile(
    r"比[^,]{1,24}?(?P<more>多(?!少)|(?<!多)少|[高低大小长短贵])[㐀-鿿]{1,8}(?:多少|几)(?P<en>)"
)
_COMPARED = re.compile(
    rf"(?:谁|哪一?[个家所位项种座条路])[^,。]{{0,8}}?(?<!最)(?P<word>{_WORD}|便宜)(?=[,。\s]|$|的|些|一些|一点)"
)
_LEFT = re.compile(
    r"还?(?P<word>缺[编员额]?|剩下?|剩余|结余|余|差|欠)(?=[^,。]{0,4}(?:多少|几))|空缺|空编|\b(?P<en>left|remaining|vacant)\b"
)
_IS_APART = re.compile(r"相差|比|[和与跟同].{1,24}差")
_FEW = re.compile(r"多少|几多|(?<![第好十哪])几(?=[㐀-鿿\s]|$)|\bhow (?:many|much)\b")
_WHO = re.compile(r"谁|哪位|\bwho(?:se|m)?\b")
_WHICH = re.compile(
    r"(?:哪(?P<many>些|几)?(?:一)?(?:[个家所项种类块幢间届期只头件名台趟样辆架艘]|(?=[年月省市县乡镇村店科室路条位层座栋天场次]))?|[什甚]么)"
    r"(?P<asked>[㐀-鿿]{0,6}?)(?=的|最|第|是|有|在|[,?。\s]|$)"
    r"|(?<=[是在])几(?=(?P<n>[路号栋楼层]))"
    r"|\b(?:which|what)"
    r"(?: (?!(?:is|was|were|are|did|do|does|has|have|the|of)\b)(?P<noun>[a-z]+))?\b"
)
_WHEN = re.compile(
    r"[什甚]么时候|何时|几时|几月几[日号]|哪一?[天日]|哪一?年(?!级|代)|几点钟?|几月份?|\bwhen\b"
)
_WHERE = re.compile(r"哪里|哪儿|什么地方|何处|\bwhere\b")
_LIST = re.compile(
    r"(?:都|各)?有?哪(?:些|几)|列出|列一下|分别是|各是|都有谁|有谁|\bwhich [a-z]+s\b|\blist\b"
)
_EACH = re.compile(
    r"(?:每一?[个家位名条]?(?!年|月|天|日|周)|各个?(?!种|类)|分别|\beach )"
    r"(?P<of>[㐀-鿿]{0,2}|[a-z]*)"
)
_DIGITS = re.compile(
    r"[,，(（]?\s*(?:用?百分[数比])?(?:结果)?(?:保留|精确)?到?(?:小数点?后)?(?:(?P<n>[一两二三四1-4])位小数|整数|个位)[)）]?"
)


def wanted_of(question: Question) -> Wanted | None:
    """The operation of a question; None where it asks for what is written down."""
    first = readings_of(question)[0]
    return None if first.aggregate in (Aggregate.LOOKUP, Aggregate.LIST) else first


def readings_of(question: Question) -> list[Wanted]:
    """What a question may want, the reading of most words first. Never empty."""
    text = in_figures(question.folded.rstrip("?？。 !！"))
    places = _DIGITS.search(text)
    text = _DIGITS.sub(_spaces, text)
    rest, limit = limited(text)
    unit = question.unit.removeprefix("个") or question.unit
    wanted = Wanted(Aggregate.LOOKUP, rest, limit=limit, unit=unit)
    if places is not None:
        wanted = replace(wanted, digits=NUMERALS.get(places["n"]) or int(places["n"] or 0))
    each = _EACH.search(text)
    plain = _plain(rest, replace(wanted, each=(each["of"] or "#any") if each is not None else ""))
    if "之一" in text:
        return [plain]
    found = [each for each in _operations(text, plain) if each is not None]
    return [*found, plain]


def _plain(rest: str, wanted: Wanted) -> Wanted:
    """What is asked for without an operation: a cell, rows, or how many."""
    lists = _LIST.search(rest) is not None
    asked, counts, behind = "", False, ""
    for pattern, name in ((_WHEN, "#time"), (_WHERE, "#place"), (_WHO, "谁")):
        if (match := pattern.search(rest)) is not None:
            rest, asked = blank(rest, match.span()), asked or name
    if (which := _WHICH.search(rest)) is not None:
        noun = which["asked"] or which["noun"] or which["n"] or ""
        is_named = which["asked"] is not None
        rest = blank(rest, (which.start(), which.start("asked") if is_named else which.end()))
        asked = asked or noun or "#any"
    if (few := _FEW.search(rest)) is not None:
        counts, behind = True, rest[few.end() : few.end() + _BEHIND_SHOWN].strip()
        rest = blank(rest, few.span())
    rest = re.sub(r"列出|列一下|分别|\blist\b", _spaces, rest)
    kind = Aggregate.COUNT if counts else Aggregate.LIST if lists else Aggregate.LOOKUP
    return replace(
        wanted, aggregate=kind, rest=rest, asked=asked, counts=counts, behind=behind, lists=lists
    )


def _operations(text: str, plain: Wanted) -> Iterator[Wanted | None]:
    """The operations that a question names; where one is named, no further kind is looked for."""
    rest = plain.rest
    left = _LEFT.search(rest if not plain.counts else text)
    if plain.counts and left is not None and not _IS_APART.search(text):
        told = _without(_TOTAL, text, blank(rest, left.span()))
        word = left["word"] or ""
        yield replace(plain, aggregate=Aggregate.REMAINDER, rest=told, adjective=word)
        return
    if (young := _YOUNG.search(rest)) is not None:
        word = young["s"] or young["t"] or young["u"]
        kind = Aggregate.LATEST if word in ("小", "轻", "年轻", "youngest") else Aggregate.EARLIEST
        yield replace(plain, aggregate=kind, rest=blank(rest, young.span()), adjective="年龄")
        return
    for pattern, kind in ((_FIRST, Aggregate.EARLIEST), (_LAST, Aggregate.LATEST)):
        if (match := pattern.search(rest)) is not None:
            yield replace(plain, aggregate=kind, rest=blank(rest, match.span()))
    extreme, top = _EXTREME.search(rest), _TOP.search(rest)
    if extreme is not None or top is not None:
        yield _extreme(plain, extreme, top)
        return
    share = _SHARE.search(text)
    if share is not None and plain.unit in UNITS_OF_SHARE:
        told = _without(_TOTAL, text, _without(_SHARE, text, rest)).replace("占", " ")
        yield replace(plain, aggregate=Aggregate.SHARE, rest=told)
        return
    if (apart := _apart(text, plain)) is not None:
        yield apart
        return
    if (mean := _MEAN.search(rest)) is not None:
        yield replace(plain, aggregate=Aggregate.MEAN, rest=blank(rest, mean.span()))
        return
    yield from _totals(text, plain)


def _extreme(plain: Wanted, extreme: re.Match[str] | None, top: re.Match[str] | None) -> Wanted:
    word = "多"
    rest, rank, first = plain.rest, 1, 1
    if extreme is not None:
        word = extreme["word"] or ("高" if extreme["high"] else "低")
        if "expensive" in extreme.group() or "costly" in extreme.group():
            word = "贵"
        if extreme.group() in ("cheapest",):
            word = "便宜"
        rank = NUMERALS.get(extreme["rank"] or "一", 1)
        rest = blank(rest, extreme.span())
    if top is not None:
        told = top["n"] or top["m"] or top["en"]
        first = NUMERALS.get(told) or _ENGLISH.get(told) or int(told)
        rest = blank(rest, top.span())
    if extreme is not None:
        rest = blank(rest, extreme.span())
    rest = _TOTAL.sub(_spaces, rest)
    kind = Aggregate.LOWEST if word[0] in _LOW or word == "便宜" else Aggregate.HIGHEST
    if re.search(r"花钱|花费|花的钱|费钱", rest):
        plain = replace(plain, unit="元")
    return replace(
        plain, aggregate=kind, rest=rest, rank=rank, first=first, adjective=word, behind=""
    )


def _apart(text: str, plain: Wanted) -> Wanted | None:
    """甲比乙多多少, 甲和乙相差多少, 甲和乙哪个多."""
    if re.search(r"[同环]比|比[例重率赛分]", text):
        return None
    found = [
        m
        for m in _APART.finditer(text)
        if m["more"] is None or re.search("比|和|与|跟|同|、|上年|去年|前一年|上一年|哪|谁", text)
    ]
    found = found or list(_THAN.finditer(text))
    compared = _COMPARED.search(text)
    if not found and compared is None:
        return None
    rest = plain.rest
    for match in found:  # 花 of 多花了多少 tells of what
        rest = blank(rest, match.span("more") if match["more"] else match.span())
    more = next((m["more"] or m["en"] or "" for m in found), "")
    if compared is not None:
        rest = blank(rest, compared.span("word"))
    asks = plain.asked if compared is not None else ""
    word = compared["word"] if compared is not None else more
    if not found and not re.search(r"[和与跟、]|还是|比", text):
        return None
    return replace(
        plain, aggregate=Aggregate.DIFFERENCE, rest=rest, adjective=word, asked=asks,
        counts=bool(found),
    )  # fmt: skip


def _totals(text: str, plain: Wanted) -> Iterator[Wanted]:
    """A total, once without 总 of 总投资 and once with it."""
    if _TOTAL.search(text) is None or plain.aggregate is Aggregate.LIST:
        return
    whole = _without(_TOTAL, text, plain.rest)
    yield replace(plain, aggregate=Aggregate.TOTAL, rest=whole)
    kept = _without(_SURELY_TOTAL, text, plain.rest)
    if kept not in (plain.rest, whole):
        yield replace(plain, aggregate=Aggregate.TOTAL, rest=kept)


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _without(pattern: re.Pattern[str], text: str, rest: str) -> str:
    """`rest` without the words that the whole text has of a pattern."""
    for match in pattern.finditer(text):
        rest = blank(rest, match.span())
    return rest
