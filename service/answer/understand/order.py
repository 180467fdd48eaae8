"""Which of several dated entries a question asks for. Pure text: knows no documents.

最近一次检修 asks for the latest, 首次停电 for the first, 2023年9月以后办过哪些 for those of a time,
2023年一共办了几次 for how many of a time there are.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from indexer.text.segment import tagged
from service.answer.understand.kinds import AnswerType, kind_of
from service.answer.understand.question import Period, Question

_NTH = "一?(?:次|回|届|期|场|轮|趟|篇|天|条|个|则|笔)"
_LATEST = re.compile(
    rf"最(?:近|新|后|末)的?(?:这|那)?{_NTH}|末次|(?<![早晚以])上一?(?:次|回|届|期|场|轮)|前一次|"
    r"最近(?=是?(?:什么时候|何时|哪[天年月次一]))|"
    r"\b(?:the )?(?:most recent|latest|last)\b(?! (?:year|month|week|name))"
)
_FIRST = re.compile(
    rf"最[早初先]的?(?:这|那)?(?:{_NTH})?|(?:第一|头一|首)(?:次|回|届|期|场|轮|趟|天|篇|则)|"
    r"\b(?:the )?(?:first|earliest)\b"
)
# What is told from the day of asking counts from the day of the document here.
_RELATIVE = re.compile(
    r"去年|上一?年|今年|本年度?|这个月|本月|上个?月|(?:this|last) (?:year|month)"
)
_TIMES = frozenset(("次", "回", "场", "期", "届", "轮", "趟"))
_TIMES_ASKED = re.compile(r"(?:多少|几)(?:次|回|场|期|届|轮|趟)")
# Words that ask for a property of any entry, or only say that something took place.
_LIGHT = re.compile(
    r"举办|举行|召开|开展|组织|进行|发生|开办|办过|时间|日期|地点|题目|主题|内容|情况|事情|记录|"
    r"\b(?:who|what|when|where|which|how|many|was|were|is|are|did|the|of|in|on|by|held|happened)\b|"
    r"活动|一共|总共|共计|分别|名称|名字|时候|每次|全部|所有|结果|原因|人员|讲|办|有过"
)
_ENDS_SUBJECT = re.compile(r"[是在由的了过说做用花有到,。?]|(?<![主演宣])讲|(?<![主承举])办")


class Which(StrEnum):
    LATEST = "latest"
    FIRST = "first"
    ALL = "all"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`subject` are the words that the entries are of; `period` the time that binds them, if any,
    which is relative of 今年最后一次.

    `rest` is the question without the words that choose, which each entry is then asked. `name`
    is what is no choice but a name where documents write it so: 第一次世界大战.
    """

    which: Which
    subject: tuple[str, ...]
    period: Period | None
    rest: str
    name: str = ""


def wanted(question: Question) -> Wanted | None:
    """Which entries are asked for; None where a question does not choose by time."""
    relative = [p for p in question.periods if p.relative]
    if relative and (len(question.periods) > 1 or not _RELATIVE.fullmatch(relative[0].said)):
        return None
    period = next((p for p in question.periods if p.start[:2] != "--"), None)
    folded = question.folded
    for which, pattern in ((Which.LATEST, _LATEST), (Which.FIRST, _FIRST)):
        chosen = pattern.search(folded)
        if chosen is None or _TIMES_ASKED.search(folded):
            continue
        before = _without(folded[: chosen.start()], period)
        behind = _without(folded[chosen.end() :], period)
        subject = (*_words(before), *_leading(behind))
        rest = _without(folded[: chosen.start()] + folded[chosen.end() :], period)
        name = "".join(folded[chosen.start() : chosen.end() + 2].split())
        return Wanted(which, subject, period, rest, name) if subject else None
    if period is None:
        return None
    rest = _without(folded, period)
    if _TIMES_ASKED.search(folded):
        which = Which.COUNT
    elif question.asks is AnswerType.LIST:
        which = Which.ALL
    else:
        return None
    subject = tuple(_words(_without(question.content, period)))
    return Wanted(which, subject, period, rest) if subject else None


def _without(folded: str, period: Period | None) -> str:
    return folded.replace(period.said, "") if period else folded


def _words(text: str) -> list[str]:
    """The nouns and verbs of a text that tell one thing from another, in order."""
    return [
        word
        for word, tag in tagged(text)
        if len(word) > 1
        and _LIGHT.fullmatch(word) is None
        and word.isalnum()
        and not word.isdigit()
        and tag.startswith(("n", "v", "j", "i", "l", "x", "eng", "a"))
    ]


def _leading(behind: str) -> list[str]:
    """The words right behind 最近一次, up to the one that asks or says: 检修 of 检修是谁."""
    end = _ENDS_SUBJECT.search(behind)
    cut = behind[: end.start()] if end else behind
    asking = re.search(r"什么|谁|哪|几|多少|何|怎|\b(?:is|was|were|did|held)\b", cut)
    cut = cut[: asking.start()] if asking else cut
    # 读书会讨论了: a verb that 了 or 过 follows says what is told of the subject
    words = _words(cut)
    is_said = end is not None and end.group() in "了过" and len(words) > 1
    return words[:-1] if is_said else words


def is_of_any_entry(word: str) -> bool:
    """Whether a word may be missing in an entry that is meant: the kind of what is asked."""
    return kind_of(word) in (AnswerType.DATE, AnswerType.NUMBER)


def from_day(period: Period, day: str) -> Period:
    """A relative time as days, told from `day` (ISO): 上个月 on 2024-01-09 is December 2023."""
    year, month = int(day[:4]), int(day[5:7])
    is_last = re.search("去|上|last", period.said) is not None
    if re.search("月|month", period.said) is None:
        year -= is_last
        return Period(f"{year}-01-01", f"{year}-12-31", period.said)
    if is_last:
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return Period(f"{year}-{month:02d}-01", f"{year}-{month:02d}-31", period.said)
