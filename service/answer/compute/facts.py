"""What a document says of itself: the day it was issued, its number, who issued or wrote it.

Read from the lines at its head and foot, and shown only where one of them says it. Knows no index.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from indexer.records import Document, Passage
from indexer.text.normalise import fold, letters, normalise
from indexer.text.numbers import NumberKind, find_numbers
from service.answer.evidence import Evidence
from service.answer.read.entries import Stored
from service.answer.understand.facts import (
    DOCUMENT,
    FRAME,
    NUMBER,
    FactAsked,
    FactKind,
    bare_number,
)
from service.answer.understand.kinds import AnswerType, kind_of
from service.records import Hit

_HEAD_LINES, _FOOT_LINES = 14, 8
_LONGEST_LINE = 60
_TITLE_LINES = 6
_MOST_BESIDE = 14  # letters beside the date of a line that tells the day of the document
_MOST_DOCUMENTS = 3
_SIGNED_LINES = 3  # from the end, in which a body's name alone is a signature
_ISSUES = re.compile(
    r"发布|印发|签发|发文|成文|公布|颁布|日期|时间|发表|刊登|date|issued|published"
)
_OTHER_DAY = re.compile(
    r"施行|实施|起|止|截至|会议|通过|修订|开始|结束|有效|报名|打印|访问|阅读|更新"
)
_ISSUER = re.compile(
    r"(?:发布|发文|印发|制定|颁布)(?:单位|机构|机关|部门)|来源|issued by|publisher"
)
_AUTHOR = re.compile(r"作者|撰稿人?|撰写人?|执笔人?|本报记者|记者|通讯员|供稿|author|by")
_CHANGING = re.compile(r"修改|修订|修正|废止|补充")
_LABELLED = re.compile(r"(?P<label>[^:：]{1,12})[:：]\s*(?P<value>[^\s|｜]+(?: [^\s|｜\d]+)?)")
_LETTERHEAD = re.compile(r"(?P<value>[\u4e00-\u9fff]{3,24})文件$")


_Read = tuple[Hit, Document, Sequence[Passage]]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of one document: the line that tells it, and the value as that line writes it."""

    evidence: Evidence
    value: str


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str
    is_head: bool

    @property
    def folded(self) -> str:
        return fold(self.text)


def find_facts(asked: FactAsked, hits: Sequence[Hit], stored: Stored) -> list[Fact]:
    """The fact of each document that the question may mean; empty where none is sure."""
    by_document: dict[str, Hit] = {}
    for hit in hits:
        by_document.setdefault(hit.passage.document_id, hit)
    read = [(hit, *stored(key)) for key, hit in by_document.items()]
    meant = read if asked.kind is FactKind.TITLE else _named(asked, read)
    found = [_fact(asked, *each) for each in meant]
    return [fact for fact in found if fact is not None]


def _named(asked: FactAsked, read: Sequence[_Read]) -> list[_Read]:
    """The documents whose title is the subject, else holds it, else holds all words of it."""
    subject = letters(asked.subject)
    names = [[letters(FRAME.sub("", fold(name))) for name in _names(each[1])] for each in read]
    bodies = [_around(each[1]) for each in read]
    tiers: Sequence[Callable[[str, str], bool]] = (
        lambda name, _: name == subject,
        lambda name, _: subject in name,
        lambda name, body: all(word in name + body for word in asked.words),
    )
    for is_meant in tiers:
        meant = [
            each
            for each, own, body in zip(read, names, bodies, strict=True)
            if any(is_meant(name, body) for name in own)
        ]
        if meant and not _CHANGING.search(asked.subject):  # a rule is not what changes it
            own_rules = [each for each in meant if not _CHANGING.search(each[1].title)]
            meant = own_rules or meant
        if meant:
            return meant if len(meant) <= _MOST_DOCUMENTS else []
    return []


def _around(document: Document) -> str:
    """What a question may say of a document besides its title: who issued it, its file, its day."""
    issuer = _issuer(document, _lines(document.text))
    told = (document.organisation, document.source, document.date, issuer[1] if issuer else None)
    return letters(fold("\n".join(each for each in told if each)))


def _names(document: Document) -> list[str]:
    """The title, and a line at the head that reads like one: above it may stand a letterhead."""
    found = [document.title]
    for line in _lines(document.text)[:_TITLE_LINES]:
        is_name = _LETTERHEAD.search(line.text) is None and line.text[-1] not in "。；：:;"
        if is_name and DOCUMENT.search(line.folded) and line.text not in found:
            found.append(line.text)
    return found


def _fact(
    asked: FactAsked, hit: Hit, document: Document, passages: Sequence[Passage]
) -> Fact | None:
    lines = _lines(document.text)
    find: dict[FactKind, Callable[[Document, Sequence[_Line]], tuple[_Line, str] | None]] = {
        FactKind.DATE: _day,
        FactKind.NUMBER: _number,
        FactKind.ISSUER: _issuer,
        FactKind.AUTHOR: _author,
    }
    found = (
        _title(asked.subject, document, lines)
        if asked.kind is FactKind.TITLE
        else find[asked.kind](document, lines)
    )
    if found is None or not passages:
        return None
    line, value = found
    start, end = line.start, line.start + len(line.text)
    passage = next((p for p in passages if p.start <= start < p.end), passages[0])
    return Fact(Evidence(replace(hit, passage=passage), start, end, line.text, 1.0), value)


def _lines(text: str) -> list[_Line]:
    """The first and last lines that say anything, without white space around them."""
    told: list[_Line] = []
    at = 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            told.append(_Line(at + line.index(bare), bare, len(told) < _HEAD_LINES))
        at += len(line) + 1
    kept = list(told[:_HEAD_LINES])
    kept += [replace(line, is_head=False) for line in told[_HEAD_LINES:][-_FOOT_LINES:]]
    return [line for line in kept if len(line.text) <= _LONGEST_LINE]


def _day(document: Document, lines: Sequence[_Line]) -> tuple[_Line, str] | None:
    """The line with the day; of several days that which a word marks, or the metadata's own."""
    found: list[tuple[_Line, str, str]] = []
    for line in lines:
        normalised = normalise(line.text)
        dates = [n for n in find_numbers(normalised.text) if n.kind is NumberKind.DATE]
        if len(dates) != 1 or len(dates[0].date) != 10 or _OTHER_DAY.search(normalised.text):
            continue
        rest = normalised.text[: dates[0].start] + normalised.text[dates[0].end :]
        if len(letters(rest)) > _MOST_BESIDE and not _ISSUES.search(rest):
            continue
        start, end = normalised.original_span(dates[0].start, dates[0].end)
        found.append((line, dates[0].date, line.text[start:end].strip()))
    days = {date for _, date, _ in found}
    marked = [each for each in found if _ISSUES.search(each[0].folded)]
    for some in (found if len(days) == 1 else [], marked,
                 [each for each in found if each[1] == document.date]):  # fmt: skip
        if some and len({date for _, date, _ in some}) == 1:
            return some[0][0], some[0][2]
    return None


def _number(_: Document, lines: Sequence[_Line]) -> tuple[_Line, str] | None:
    for line in lines:
        told = NUMBER.search(line.text)
        is_own = told is not None and not re.search(r"《|根据|按照|依据", line.text)
        if told is not None and is_own:
            value = re.sub(r"^(?:发文)?(?:文号|字号)[:：]?", "", told.group())
            return line, value.strip()
    return None


def _title(number: str, document: Document, lines: Sequence[_Line]) -> tuple[_Line, str] | None:
    own = _number(document, lines)
    told = bare_number(fold(own[1])) if own is not None else ""
    # 文号为松水发〔2020〕31号 runs on before the number, 水发〔2020〕31号 leaves some of it out
    if not told or not (told.endswith(number) or number.endswith(told)):
        return None
    for name in reversed(_names(document)):
        for line in lines:
            is_letterhead = _LETTERHEAD.search(line.text) is not None
            if letters(line.folded) == letters(fold(name)) and not is_letterhead:
                return line, line.text.lstrip("# ")
    return None


def _issuer(document: Document, lines: Sequence[_Line]) -> tuple[_Line, str] | None:
    for line in lines:
        labelled = _LABELLED.match(line.text)
        if labelled is not None and _ISSUER.search(fold(labelled["label"])):
            return line, labelled["value"]
        if line.is_head and (head := _LETTERHEAD.search(line.text)) is not None:
            return line, head["value"]
    if (signed := _signature(document, lines)) is not None:
        return signed
    known = document.organisation
    for line in lines if known else ():
        if known and known in line.text and len(letters(line.text)) <= len(known) + _MOST_BESIDE:
            return line, known
    return None


def _signature(document: Document, lines: Sequence[_Line]) -> tuple[_Line, str] | None:
    """The body above the last day, beside it, or on a line of its own at the very end."""
    for line, behind in pairwise(lines):
        is_dated = _has_day(behind) and len(letters(behind.text)) <= _MOST_BESIDE
        if is_dated and _is_signature(line.text, document):
            return line, line.text
    for line in reversed(lines[-_SIGNED_LINES:]):
        own = line.text
        normalised = normalise(own)
        for number in find_numbers(normalised.text):
            if number.kind is NumberKind.DATE and len(number.date) == 10:
                start, end = normalised.original_span(number.start, number.end)
                own = (own[:start] + own[end:]).strip(" 　()（）")
                break
        if line is not lines[0] and own in line.text and _is_signature(own, document):
            return line, own
    return None


def _has_day(line: _Line) -> bool:
    return any(n.kind is NumberKind.DATE for n in find_numbers(line.folded))


def _is_signature(text: str, document: Document) -> bool:
    """Whether a line is a body's name alone; 各乡镇人民政府： is who is written to."""
    is_other = text.startswith(("各", "致", "抄送", "主送", "附")) or re.search(r"[:：#|]", text)
    return not is_other and _is_body(text) and letters(text) != letters(document.title)


def _is_body(text: str) -> bool:
    is_short = 3 <= len(text) <= 24 and not re.search(r"[。,，；;！]", text)
    return is_short and (
        kind_of(text) is AnswerType.ORGANISATION or text.endswith(("政府", "委员会", "办公室"))
    )


def _author(document: Document, lines: Sequence[_Line]) -> tuple[_Line, str] | None:
    for line in lines:
        labelled = _LABELLED.match(line.text)
        if labelled is not None and _AUTHOR.fullmatch(fold(labelled["label"]).strip(" ([")):
            return line, labelled["value"].rstrip("）)】]")
    for line in lines if document.author else ():
        if document.author and document.author in line.text:
            return line, document.author
    return None
