"""One sentence of a document as material for a question: its clauses, figures, names and subject.

Knows Chinese sentences by their surface, no grammar: what is doubtful makes no question.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from eval.making.words import ACTING, VERBAL
from indexer.text.normalise import fold, normalise
from indexer.text.numbers import Number, find_numbers

_MARKER = re.compile(
    r"^(?:[-*•·●]\s+|\d{1,2}[.、)）]\s*|[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]、|[一二三四五六七]是|答[：:])"
)
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3})|[，；;：]|:(?!\d)")
_BRACKETS = re.compile(r"[（(][^（()）]*[)）]|“[^“”]*”|《[^《》]*》|「[^「」]*」")
_END = "。！？!?；;｡.…"
_HAN = re.compile(r"[\u3400-\u9fff]")

# What a name of a place or an organisation ends with, and what makes a common noun of it.
_SUFFIX = (
    r"省|市|州|县|区|乡|镇|村|寨|大学|学院|医院|卫生院|中学|小学|公司|局|厅|集团|协会|合作社|"
    r"中心|党委|基金|系统|县委|州委|省委|政府"
)
_COMMON = (
    r"各|贫困|帮扶|深度|该|本|两|农|联系|定点|对口|受援|牧|山|驻|个|退出|所在|城|全|我|每|此|这|那|哪|"
    r"某|一|进|出|入|到|下|同|乡|基层|多|地|几|整|新|老|民族|示范|有的|附近|脱贫|邻|外|灾|行政|供电|景|社|园|"
    r"交易|服务|培训|活动|结对|小|大|职业|附属|好|惠|上|上市|母|子|分|总|[0-9]"
)
_IN_NAME = (
    r"[\u3400-\u9fff](?<![的了是有在和与及把被为将从到给向对由等个每各该本全要用以派去让使比])"
)
_NAME = re.compile(rf"(?:{_IN_NAME}){{2,10}}?(?:{_SUFFIX})")
_COMMON_BEFORE = re.compile(rf"(?:{_COMMON})(?:{_SUFFIX})$")
_TITLE_OF_WORK = re.compile(r"《[^《》]{2,30}》")

# Words that mean something only where they stand.
_DEICTIC = re.compile(
    r"今年|去年|明年|全年|前年|后年|当年|今后|当天|当日|同日|昨[日天]|今[日天]|同年|次年|次日|本[月周年届次期]|上[月周]|"
    r"近[期日来年]|目前|现在|如今|此次|这|那|[该此其]|上述|以上|以下|如下|前者|后者|双方|两[村家县校地者]|[他她它我你您咱]|"
    r"自己|本[报刊院校村县州市省团台站]|有人|有的|一是|二是|三是|接着|随后|另|还有|同时|也|又|再[派给次拿投]|依次|分别|第[一二三四五]"
    r"(?:[个条件点方、，])|下面|见[上下图表]|图[一二三四五六\d]|俗话|所谓|之[后前间]|其中|俩|诸位|头一件|这|^问[：:]|年底前"
)
# Told of its own day, so that its figures are asked for wrongly without the year; or not settled.
_NOT_SETTLED = re.compile(
    r"可能|如果|假如|若|有望|相信|不仅|不但|尽管|[这那]一年|今年|去年|明年|前年|后年|当年|同年|全年|今后|未来|^(?:说明|注|备注|编者按|来源|日期|电话|附件?)[一二三四]?[：:]"
)
_NOT_PLAIN = re.compile(r"[|#*＃<>\[\]【】{}=_\\]|https?:|www\.|…|——|[？?！!]")
_LEADING_DATE = re.compile(r"^(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}[日号])?")
_LEADS_IN = re.compile(
    r"^(?:在|针对|围绕|依托|随着|按照|根据|为了|除|虽然|由于|如果|自从)|(?:后|时|基础上)$"
)
_GENERIC_SUBJECT = re.compile(
    r"^(?:校[党内级]|学校|学院|医院|公司|单位|团队|医疗队|工作队|督战组|书记|校长|院长|村里|县里|州里|省里|乡里|区里|校方|"
    r"全[校县州省区院系村]|各[单县州村地系]|母校|组织|群众|村民|农户|贫困户|干部|教师|学生|同学|专家|大家|党组织|机关)"
)

_ACTOR = re.compile(rf"(?:{_SUFFIX}|学校|单位|党组织|工作队|医疗队|督战组|支部|三附院|工程系)")
_NO_SUBJECT = re.compile(
    r"^(?:据|按|经|截至|随|自|除|依托|围绕|通过|结合|根据|会上)|[的了在为给向把到去从对将由是有派捐赠送与和及，,]"
)
# What a clause after the first says of something else than the sentence's subject.
_OF_ANOTHER = re.compile(
    r"^(?:累计|共|总|已|先后|目前|将)?(?:受益|惠及|覆盖|价值|到位|有|总额|金额|涉及)"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its place in the sentence's text."""

    start: int
    end: int
    number: Number


@dataclass(frozen=True)
class Sentence:
    """`quote` is the document's own words, `text` what is worked on: the same without the end mark,
    in Simplified characters. `title` is the document's.
    """

    quote: str
    title: str

    @cached_property
    def other_script(self) -> bool:
        return "".join(_HAN.findall(fold(self.quote))) != "".join(_HAN.findall(self.quote))

    @cached_property
    def text(self) -> str:
        text = fold(self.quote) if self.other_script else self.quote
        return _MARKER.sub("", text.rstrip(_END)).strip()

    @cached_property
    def figures(self) -> list[Figure]:
        normal = normalise(self.text)
        return [
            Figure(*normal.original_span(number.start, number.end), number)
            for number in find_numbers(normal.text)
        ]

    @cached_property
    def enclosed(self) -> list[tuple[int, int]]:
        """What stands in brackets or quotation marks, the marks included."""
        return [match.span() for match in _BRACKETS.finditer(self.text)]

    def is_enclosed(self, position: int) -> bool:
        return any(start <= position < end for start, end in self.enclosed)

    @cached_property
    def clauses(self) -> list[tuple[int, int]]:
        """The clauses as (start, end), without the commas between them."""
        return list(self._clauses())

    def _clauses(self) -> Iterator[tuple[int, int]]:
        start = 0
        for comma in _COMMA.finditer(self.text):
            if not self.is_enclosed(comma.start()):
                yield start, comma.start()
                start = comma.end()
        yield start, len(self.text)

    def clause_at(self, position: int) -> int:
        """Which clause a position stands in."""
        return next(n for n, (_, end) in enumerate(self.clauses) if position <= end)

    @property
    def is_plain(self) -> bool:
        """Whether it is prose of a usual length, with nothing in it that leads elsewhere."""
        length = len(self.text)
        han = len(_HAN.findall(self.text))
        prose = 8 <= length <= 130 and han * 2 > length and not _NOT_PLAIN.search(self.text)
        return prose and not _NOT_SETTLED.search(self.text)

    @property
    def quote_of_it(self) -> str:
        """The document's own words, without the mark of a list in front or a table's outer bars."""
        return self.quote.strip("| ") if self.quote.startswith("|") else _MARKER.sub("", self.quote)

    @cached_property
    def has_label(self) -> bool:
        """Whether a word or two with a colon stand in front: 资金：…"""
        end = self.clauses[0][1]
        return end < len(self.text) and self.text[end] in "：:"

    def is_led_in(self, clause: int) -> bool:
        """Whether a clause only leads to the next one: 在……基础上，…"""
        start, end = self.clauses[clause]
        return clause + 1 < len(self.clauses) and bool(_LEADS_IN.search(self.text[start:end]))

    def subject_for(self, clause: int) -> str | None:
        """What a clause needs in front to stand alone: nothing, or the sentence's subject.

        None when no subject is found.
        """
        if has_subject(self.text[slice(*self.clauses[clause])]):
            return ""
        if _OF_ANOTHER.search(self.text[slice(*self.clauses[clause])]):
            return None
        return next(
            (
                actor
                for start, end in self.clauses[:clause]
                for actor in _actors(self.text[start:end])
            ),
            None,
        )


def _actors(clause: str) -> Iterator[str]:
    """What a clause says that somebody does, the longest name first."""
    clause = _LEADING_DATE.sub("", clause)
    for found in reversed(list(_ACTOR.finditer(clause))):
        actor = clause[: found.end()].strip()
        common = _NO_SUBJECT.search(actor) or _COMMON_BEFORE.search(actor)
        acts = clause.startswith(ACTING, found.end()) or found.end() == len(clause)
        if 2 < len(actor) < 18 and acts and has_subject(actor) and not common:
            yield actor


def has_subject(clause: str) -> bool:
    """Whether a clause begins with what it is about, rather than with a verb or a preposition."""
    clause = _LEADING_DATE.sub("", clause)
    return len(clause) > 2 and not clause.startswith(VERBAL)


def is_generic(text: str) -> bool:
    """Whether it speaks of a school or a company that only its document names."""
    return bool(_GENERIC_SUBJECT.match(text))


def points_elsewhere(text: str) -> bool:
    return bool(_DEICTIC.search(text))


def names_something(text: str) -> bool:
    """Whether a name of its own stands in it: of a place, an organisation, a plan, a book."""
    if _TITLE_OF_WORK.search(text):
        return True
    return any(not _COMMON_BEFORE.search(match.group()) for match in _NAME.finditer(text))
