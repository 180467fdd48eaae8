"""What a question wants of figures that are told in prose: what it was before, by how much it
changed, what is left of a whole. Pure text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from indexer.text.segment import tagged
from service.answer.compute.prose.told import RELATIVE
from service.answer.compute.tabular.words import LIGHT
from service.answer.compute.times import Days, days_in
from service.answer.understand.aggregate import UNITS_OF_SHARE
from service.answer.understand.question import Question
from service.answer.understand.sides import sides_of

UNDONE = "undone"  # the `since` of a rest that is what has not been done


class Want(StrEnum):
    BEFORE = "before"
    NOW = "now"
    APART = "apart"
    PERCENT = "percent"
    REST = "rest"
    SHARE = "share"
    LARGEST = "largest"
    SMALLEST = "smallest"
    BETWEEN = "between"  # two of one sentence


_MUCH = r"(?:多少|几(?!乎)|how (?:much|many)|what)"
_ROSE = (
    r"增长|增加|(?<!新)增(?![设发值资添补])|提高|上升|上涨|上调|涨价?|延长|扩大|"
    r"increase|rise|rose|grow|more"
)
_FELL = r"减少|下降|降低|回落|下调|降价?|减(?!免)|缩短|缩小|decrease|fall|fell|drop|fewer|less"
_CHANGES = re.compile(rf"(?P<rose>{_ROSE})|(?P<fell>{_FELL})")
# 全长多少米 asks for no change: these say one only beside 比 or 了.
_DIFFERS = re.compile(r"(?P<rose>多(?!少)|贵|高|长)|(?P<fell>(?<!多)少|便宜|低|短)")
_THAN = re.compile(r"[比较]|[了出](?:多少|几)")
_APART = re.compile(rf"(?:相差|差|变化)(?:了|有)?{_MUCH}")
_PERCENT = re.compile(
    r"百分之(?:几|多少)|百分比|[增涨降跌]幅|增长率|下降率|幅度|几成|"
    r"\b(?:by )?(?:what|how many|which) per ?cent(?:age)?\b"
)
_BEFORE = re.compile(
    r"(?:调整|修改|修订|改革?|涨价|降价|提高|上调|下调|扩建|改造|变动|变)(?:之前|以前|前)|原来|原先|原本|以前|之前|从前|过去|"
    r"先前|早先|老的?标准|旧的?标准|上一?年度?|去年|前一年|上个?月|去年同[期月]|上年同[期月]|同期|"
    r"\b(?:before|previously|originally|used to be|last (?:year|month)|the (?:year|month) before)\b"
)
_NOW = re.compile(
    r"(?:调整|修改|修订|改革?|涨价|降价|提高|上调|下调|扩建|改造|变动)(?:之后|以后|后)|现在|目前|如今|现行|新的?标准|"
    rf"(?:调整|{_ROSE}|{_FELL}|改|变)(?:成|为|到)了?(?={_MUCH})|\b(?:now|currently|after)\b"
)
_BECAME = re.compile("[成为到]了?$")
YEARLY = re.compile(r"去年|上一?年|前一年|同期|同比|年|last year|year before|\d{4}")
MONTHLY = re.compile(r"上个?月|环比|月|last month|month before")
_REST = re.compile(
    r"(?P<but>除(?:了|去|开)?(?=[^以之]{2}))|其余|其[他它]|剩下|剩余|余下|另外|扣除|"
    r"\b(?:the rest|remaining|others?|except|apart from)\b"
)
# What is still to do: the whole less what is done, of a part that the question names.
_UNDONE = re.compile(r"[还尚仍]?(?:没有?(?![什多])|(?<!从)未(?!来))|\bnot yet\b")
_SHARE = re.compile(
    r"占(?:了|到|全部|总[数量额]?|整个|[㐀-鿿]{0,6}的)*(?:百分之)?(?:多少|几|多大|比例|比重)|占比|(?:的)?(?:比例|比重|百分比)|百分之(?:几|多少)|"
    r"几成|\b(?:share|percentage|proportion|per ?cent)\b"
)
_LARGEST = re.compile(r"最[多大高]|\b(?:most|largest|biggest|highest)\b")
_SMALLEST = re.compile(r"最[少小低]|\b(?:least|smallest|fewest|lowest)\b")
_WHICH = re.compile(r"哪|谁|什么|which|what")
_FRAME = re.compile(
    rf"{_MUCH}|请问|大概|大约|到底|究竟|一共|总共|总计|合计|比起来?|相比|比较?|较|同比|环比|标准是|(?:之|以)?外|"
    r"哪(?:一?[个些项类种部]?)(?:部分|方面|块)?|部分|当中|其中|里面?|其余|其他|剩下|金额|数量|变化|调整|情况|"
    r"\b(?:did|does|was|were|is|are|the|of|by|in|it|to|from|than|there|compared with|how|many|"
    r"much)\b"
)
_TAGS = ("n", "v", "j", "i", "l", "x", "eng", "a", "b")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted; `words` what it is of and `text` all that is left of the question, `since`
    how the time before is named, or ""; `rises` which way the question says it went, None where it
    says neither.
    """

    want: Want
    words: tuple[str, ...]
    text: str
    days: tuple[Days, ...]
    unit: str
    since: str = ""
    rises: bool | None = None


def asked_of(question: Question) -> Iterator[Asked]:
    """What a question may want, the narrowest first."""
    if (sides := sides_of(question.folded)) is not None:
        yield _made(question, Want.BETWEEN, (re.search(re.escape(sides.more), question.folded),))
    text = question.folded.rstrip("?？。!！ ")
    direction = _direction(text)
    percent, before, now = _PERCENT.search(text), _BEFORE.search(text), _NOW.search(text)
    way = direction if direction is not None and _asks_much(text, direction) else None
    if now is not None and _BECAME.search(now.group()):  # 降到了多少 asks for what it became
        way = None
    way = way or _APART.search(text)
    since = before.group() if before is not None else ""
    rises = None if direction is None else direction["rose"] is not None
    is_much = re.search(_MUCH, text) is not None
    if percent is not None and (direction or re.search("幅|增长率|下降率", text)):
        yield _made(question, Want.PERCENT, (percent, before, now, direction), since, rises)
    elif way is not None:
        yield _made(question, Want.APART, (way, before, now, direction), since, rises)
    elif before is not None and is_much:
        yield _made(question, Want.BEFORE, (before, now), since)
    elif now is not None and is_much:
        yield _made(question, Want.NOW, (now,))
    elif question.periods and is_much:  # told only by what it became the year after
        yield _made(question, Want.BEFORE, ())
    rest, share, undone = _REST.search(text), _SHARE.search(text), _UNDONE.search(text)
    if undone is not None and is_much:
        yield _made(question, Want.REST, (undone, rest), UNDONE)
    elif rest is not None and is_much:
        yield _made(question, Want.REST, (rest,), "but" if rest["but"] else "")
    elif share is not None and direction is None and question.unit in UNITS_OF_SHARE:
        yield _made(question, Want.SHARE, (share,))
    for pattern, want in ((_LARGEST, Want.LARGEST), (_SMALLEST, Want.SMALLEST)):
        if (match := pattern.search(text)) is not None and _WHICH.search(text):
            yield _made(question, want, (match,))


def _is_since(day: Days, folded: str) -> bool:
    """Whether a time is what is compared with: 比2021年多多少, how many more than in 2021."""
    before = folded[: folded.find(day.said)].rstrip()
    return (
        re.search(r"(?:[比较]|than|than in|since|from|over|compared (?:to|with))$", before)
        is not None
    )


def _direction(text: str) -> re.Match[str] | None:
    """The word that says which way something changed, or which of two is more."""
    found = _CHANGES.search(text)
    return found or (_DIFFERS.search(text) if _THAN.search(text) else None)


def _asks_much(text: str, direction: re.Match[str]) -> bool:
    """Whether it is asked by how much: 多少 stands behind the word, in English before it."""
    behind = re.search(r"多少|几(?!乎)", text[direction.end() :])
    return behind is not None or re.search(r"how (?:much|many)", text) is not None


def _made(
    question: Question,
    want: Want,
    operation: Sequence[re.Match[str] | None],
    since: str = "",
    rises: bool | None = None,
) -> Asked:
    text = question.folded
    for match in operation:
        if match is not None:
            text = text[: match.start()] + " " * len(match.group()) + text[match.end() :]
    told = tuple(days_in(text))
    for day in told:
        text = text.replace(day.said, " " * len(day.said), 1)
    days = told if len(told) > 1 else tuple(d for d in told if not _is_since(d, question.folded))
    since = since or "".join(d.said for d in told if d not in days)
    text = RELATIVE.sub(" ", text)
    text = _FRAME.sub(" ", text)
    words = tuple(
        word
        for word, tag in tagged(text)
        if len(word) > 1 and word.isalnum() and tag.startswith(_TAGS)
        if not LIGHT.fullmatch(word) and word != question.unit
    )
    return Asked(want, words, text, days, question.unit, since, rises)
