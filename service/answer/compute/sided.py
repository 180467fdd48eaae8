"""What a sentence tells of one of the things that a question sets side by side.

2022年接待8420人次，2023年接待9175人次: each figure is of the name or time that its own stretch of
the sentence begins with. Knows no index and does no arithmetic.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.text.normalise import fold, normalise
from indexer.text.numbers import Number, NumberKind, canonical_unit, find_numbers
from indexer.text.segment import tagged
from service.answer.compute.tabular.words import LIGHT
from service.answer.evidence import Evidence
from service.answer.read.position import clause
from service.answer.read.sentence import bigrams
from service.answer.read.statements import Statement, is_about, knows, statement, years_of
from service.answer.read.value import Value
from service.answer.understand.question import Question

_CLAUSE_END = ",;。|"
_STRETCH_END = ";。!?"
_KINDS = (NumberKind.NUMBER, NumberKind.PERCENT)
_PRICES = ("元", "钱", "块", "块钱")
_WORD_TAGS = ("n", "v", "j", "i", "l", "x", "eng")
_YEAR = re.compile(r"(?:19|20)\d\d年")
_PEOPLE = frozenset(("人", "名", "位"))
_CELL = " | "
_HAS = re.compile(r"(?:为|是|有|共有|共|达到|达|了|:|\s|各|都|均|人数|金额|标准|总数)+$")
_NARROW = re.compile(r"[男女新老小正副非退离未]")
_NARROWER = re.compile(r"(?:其中|[男女新老小正副非退离未])(?:的|有)?$")


def told_of(
    name: str, others: Sequence[str], asked: Question, evidence: Evidence
) -> Statement | None:
    """What `evidence` states for `name`; None where its figure may be another's, or is not sure."""
    text = normalise(evidence.quote).text
    is_named = name in text
    rivals = [other for other in others if other in text]
    if _CELL in text and (not is_named or rivals):
        return None  # another row
    if rivals:
        return _of_stretch(name, rivals, asked, evidence) if is_named else None
    stated = statement(asked, evidence) or _beside_words(name, asked, evidence, text)
    unnamed = replace(asked, content=asked.content.replace(name, " "))
    if stated is None or not is_about(unnamed, stated) or not _is_told(name, asked, evidence):
        return None
    if is_named:
        own_years = set(_YEAR.findall(text))
        if _YEAR.fullmatch(name) and own_years - {name} and stated.years != {name[:4]}:
            return None
        return stated
    above = fold(f"{evidence.hit.passage.context}\n{evidence.hit.source}")
    is_above = name in above or (bool(_YEAR.fullmatch(name)) and stated.years == {name[:4]})
    return stated if is_above and not any(other in above for other in others) else None


def _of_stretch(
    name: str, rivals: Sequence[str], asked: Question, evidence: Evidence
) -> Statement | None:
    """The one figure of the unit asked for between the name and the next of its rivals."""
    text = normalise(evidence.quote).text
    if text.count(name) != 1 or any(text.count(other) != 1 for other in rivals):
        return None
    start = text.index(name)
    ends = [at for other in rivals if (at := text.index(other)) > start]
    ends += [at for mark in _STRETCH_END if (at := text.find(mark, start)) >= 0]
    end = min(ends, default=len(text))
    found = [n for n in _figures(asked, text) if start + len(name) <= n.start < end]
    near = [n for n in found if n.start < _end_of_clause(text, start + len(name))]
    found = near or found
    if len(found) > 1:
        found = [n for n in found if _is_worded(asked, name, text, n)]
    if len(found) != 1 or not _is_told(name, asked, evidence):
        return None
    return _stated(evidence, found[0])


def _beside_words(name: str, asked: Question, evidence: Evidence, text: str) -> Statement | None:
    """The one figure right behind words of the question (员工2418人), or the one price of a row."""
    content = asked.content.replace(name, " ")
    found = _figures(asked, text)
    if _CELL not in text or not asked.unit:
        led = [_words_before(content, text[: number.start]) for number in found]
        most = max(led, default=0)
        found = [n for n, length in zip(found, led, strict=True) if length == most > 1]
    return (
        _stated(evidence, found[0]) if len(found) == 1 and _is_told(name, asked, evidence) else None
    )


def _words_before(content: str, before: str) -> int:
    """How many of the last characters before a figure stand in a row in the question; 0 where
    they are of a part of it: 女员工 for 员工.
    """
    before = _HAS.sub("", before)
    length = 0
    while length < len(before) and before[-length - 1 :] in content:
        length += 1
    run = before[len(before) - length :]
    asked = content[: content.find(run)] if run else ""
    if run and _NARROW.match(run):
        return length
    is_part = _NARROWER.search(before[: len(before) - length]) or _NARROW.search(asked[-1:])
    return 0 if is_part else length


def _stated(evidence: Evidence, number: Number) -> Statement:
    normalised = normalise(evidence.quote)
    start, end = normalised.original_span(number.start, number.end)
    value = Value(start, end, evidence.quote[start:end], number)
    years = years_of(evidence, normalised.text, number)
    return Statement(evidence, value, number, years, normalised.text)


def _end_of_clause(text: str, at: int) -> int:
    return min((i for mark in _CLAUSE_END if (i := text.find(mark, at)) >= 0), default=len(text))


def _figures(asked: Question, text: str) -> list[Number]:
    """The figures that may be meant; one in a unit that only the question knows, with that unit."""
    found: list[Number] = []
    for number in find_numbers(text):
        if asked.unit and not number.unit and text.startswith(asked.unit, number.end):
            end = number.end + len(asked.unit)
            number = replace(number, unit=asked.unit, end=end)
        if _may_be(asked, number):
            found.append(number)
    return found


def _may_be(asked: Question, number: Number) -> bool:
    if number.kind not in _KINDS or not (number.unit or number.kind is NumberKind.PERCENT):
        return False
    unit = canonical_unit(asked.unit) if asked.unit else ""
    if not unit or unit in _PRICES:
        return not unit or number.unit == "元"
    return number.unit in (unit, asked.unit) or {number.unit, unit} <= _PEOPLE


def _is_worded(asked: Question, name: str, text: str, number: Number) -> bool:
    """Whether the clause of a figure has the words of the question beside the name."""
    own = clause(text, (number.start, number.end), _CLAUSE_END)
    words = bigrams(asked.content.replace(name, " "))
    return bool(words & bigrams(own.replace(name, " ")))


def _is_told(name: str, asked: Question, evidence: Evidence) -> bool:
    """Whether the sentence and what stands above it have all nouns and verbs of what is asked of
    the name: 整改 is not 查出. A price needs none.
    """
    known = fold(f"{evidence.hit.passage.context}\n{evidence.hit.source}\n{evidence.quote}")
    words = [
        (word, False)
        for word, tag in tagged(asked.content.replace(name, " "))
        if tag.startswith(_WORD_TAGS) and len(word) > 1 and not word.isdigit()
        if word not in ("个人", asked.unit) and not LIGHT.fullmatch(word)
    ]
    return all(knows(known, word) for word in words) and bool(words or asked.unit in _PRICES)
