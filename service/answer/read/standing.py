"""Whether a sentence is of the very thing that a question marks out, or of another one like it.

A mark (`understand/identifiers.py`) stands in the sentence, or above it: in the text before it, its
headings, its document's title and date. Where another mark of its kind stands nearer, the sentence
is of that other thing. Knows no index and no model.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from functools import cached_property

from indexer.text.normalise import fold, letters
from service.answer.evidence import Evidence
from service.answer.read.days import days_told, tells_day
from service.answer.read.naming import is_named, is_told
from service.answer.read.sections import headings_above, is_heading
from service.answer.read.sentence import bigrams
from service.answer.read.sentence import sentence as known
from service.answer.read.siblings import leads_with_another, others_of_kind
from service.answer.understand.identifiers import (
    PERSON,
    Identifier,
    Mark,
    codes_in,
    numbers_of,
    spans_in,
)
from service.answer.understand.offices import tells_office
from service.answer.understand.periods import find_periods

_MOST_SIMILAR = 3
_LEAST_LIKE = 0.5
_WORD = "a"  # the shape of a Latin word: C, C++ and .NET are of one kind
_HAN = re.compile("[㐀-鿿]")
_LEAST_QUOTED = 0.7  # of a quoted string's character pairs, where a document words it otherwise
_BEGINS = 8  # characters at the beginning of a line within which a year is the line's own
_ROW_YEAR = re.compile(r"(?:年份|年度|年)\s*:\s*\D{0,2}(?P<year>(?:19|20)\d\d)")
_RELATIVE = re.compile(r"(?<!大)(?:(前)|(去|上)|(今|本)|(明|后))年(?![级纪])")
_AGES_AGO = (-2, -1, 0, 1)
_LEADS_WITHIN = 3
_SENTENCE_END = re.compile(r"[\n。;!?]")
_PRONOUN = re.compile(r"[他她其]|此人|本人|该同志")
_TITLED = re.compile(r"^[^,。;:!?|]{2,30}$")
_JOINT = r"[\s\-_/〔〕\[\]()【】—–]*第?"
_SHORT = re.compile(r"([a-z]{3,})(\d+)")

DocumentText = Callable[[str], str]


class Standing(IntEnum):
    ABSENT = 0  # neither the mark nor another of its kind
    OTHER = 1  # it is of another thing of the kind
    AROUND = 2  # the mark stands above
    TOLD = 3  # in the sentence itself


@dataclass(frozen=True)
class Bound:
    """A sentence with what stands above it, folded."""

    evidence: Evidence
    document_text: DocumentText

    @cached_property
    def own(self) -> str:
        return known(self.evidence.quote).normalised

    @cached_property
    def before(self) -> str:
        passage = self.evidence.hit.passage
        return fold(passage.text[: max(0, self.evidence.start - passage.start)])

    @cached_property
    def levels(self) -> list[str]:
        """Headings from the innermost out, then title and what else is known of the document."""
        passage = self.evidence.hit.passage
        named = [*reversed(passage.headings), passage.title, passage.subject or ""]
        named += [passage.organisation or "", self.evidence.hit.source]
        return [fold(each) for each in named if each]

    @cached_property
    def document(self) -> str:
        return fold(self.document_text(self.evidence.hit.passage.document_id))


def standing(mark: Identifier, bound: Bound) -> Standing:
    by_kind = {
        Mark.CODE: _of_code,
        Mark.NUMBERED: _of_number,
        Mark.YEAR: _of_year,
        Mark.DAY: _of_day,
        Mark.SPAN: _of_span,
        Mark.QUOTED: _of_quoted,
        Mark.NAME: _of_name,
        Mark.OFFICE: _of_office,
    }
    return by_kind[mark.mark](mark, bound)


def similar(mark: Identifier, sentences: Sequence[Bound]) -> tuple[str, ...]:
    """Other marks of the kind that the sentences hold, as they are written, likest first."""
    found: list[str] = []
    shape = _shape(mark.key)
    for bound in sentences:
        if mark.mark is Mark.CODE and (shape != _WORD or _HAN.search(bound.own)):
            codes = (code for code in codes_in(bound.own) if _shape(code.key) == shape)
            found += [_as_written(code.written, bound.evidence.quote) for code in codes]
        elif mark.mark is Mark.YEAR:
            found += [f"{year}年" for year in sorted(_years(bound.own, bound))[:2]]
    least = 0.0 if shape == _WORD else _LEAST_LIKE
    like = {each: SequenceMatcher(None, fold(each), mark.written).ratio() for each in found}
    likest = sorted(like, key=lambda each: (-like[each], each))
    others = [each for each in likest if fold(each) != mark.written and like[each] >= least]
    return tuple(others[:_MOST_SIMILAR])


def _as_written(code: str, quote: str) -> str:
    at = quote.casefold().find(code)
    return quote[at : at + len(code)] if at >= 0 else code


# -- codes ----------------------------------------------------------------------------------------


def has_code(mark: Identifier, folded: str) -> bool:
    return _code_at(mark, folded) >= 0


def _code_at(mark: Identifier, folded: str) -> int:
    """Where a code stands last, however it is spaced and joined; -1 without."""
    found = list(_pattern_of(mark).finditer(folded))
    return found[-1].start() if found else -1


def _pattern_of(mark: Identifier) -> re.Pattern[str]:
    signs = _JOINT.join(map(re.escape, mark.key))
    if short := _SHORT.fullmatch(mark.key):  # Win11 is Windows 11
        signs = f"{_JOINT.join(short[1])}[a-z]*{_JOINT}{_JOINT.join(short[2])}"
    # KX-2031 is not KX-2031-D, but GB/T 19001 is GB/T 19001-2016
    is_exact = any(sign.isdigit() for sign in mark.key)
    goes_on = r"(?![a-z0-9+#]|[-_/](?!(?:19|20)\d\d(?!\d))[a-z0-9])" if is_exact else r"(?![a-z+#])"
    return re.compile(rf"(?<![a-z0-9.]){signs}{goes_on}")


def _of_code(mark: Identifier, bound: Bound) -> Standing:
    if has_code(mark, bound.own):
        return Standing.TOLD
    if _others(mark, bound.own):
        return Standing.OTHER
    if (at := _code_at(mark, bound.before)) >= 0:
        nearer = _others(mark, bound.before[at + len(mark.written) :])
        return Standing.OTHER if nearer else Standing.AROUND
    if _others(mark, bound.before):
        return Standing.OTHER
    for level in bound.levels:
        if has_code(mark, level):
            return Standing.AROUND
        if _others(mark, level):
            return Standing.OTHER
    if has_code(mark, bound.document) and not _others(mark, bound.document):
        return Standing.AROUND
    return Standing.ABSENT


def _others(mark: Identifier, folded: str) -> list[Identifier]:
    """The other codes of the same shape: two letters and four figures."""
    shape = _shape(mark.key)
    return [code for code in codes_in(folded) if code.key != mark.key and _shape(code.key) == shape]


def _shape(key: str) -> str:
    """a9a of kx2031d; what is written in Chinese before it does not count."""
    shape = re.sub(r"[㐀-鿿]+", "", re.sub(r"\d+", "9", re.sub(r"[a-z]+", "a", key)))
    return shape if "9" in shape else _WORD


# -- numbered things and years --------------------------------------------------------------------


def _of_number(mark: Identifier, bound: Bound) -> Standing:
    value = int(mark.key)
    own = numbers_of(bound.own, mark.unit)
    if any(value in values for _, values in own) or _is_first(mark, bound.own):
        return Standing.TOLD
    before = numbers_of(bound.before, mark.unit)
    is_row = " | " in bound.own
    if before and not (
        own and (is_row or own[0][0] < 2)
    ):  # 第八条 with its own sentence 违反第五条的
        return Standing.AROUND if value in before[-1][1] else Standing.OTHER
    for level in bound.levels:  # the nearest heading that numbers such a thing tells which
        if levels := numbers_of(level, mark.unit):
            return Standing.AROUND if any(value in v for _, v in levels) else Standing.OTHER
    if own:
        return Standing.OTHER
    document = numbers_of(bound.document, mark.unit)
    is_only = bool(document) and all(value in values for _, values in document)
    return Standing.AROUND if is_only else Standing.ABSENT


def _is_first(mark: Identifier, folded: str) -> bool:
    return mark.key == "1" and f"首{mark.unit}" in folded


def _of_year(mark: Identifier, bound: Bound) -> Standing:
    year = int(mark.key)
    own = _years(bound.own, bound)
    if year in own:
        return Standing.TOLD
    row = _ROW_YEAR.search(bound.own)
    leading = _years(bound.own[:_BEGINS], bound)
    if row is not None or leading:
        return Standing.OTHER
    if section := _section_years(bound):
        return Standing.AROUND if year in section else Standing.OTHER
    dated = (bound.evidence.hit.date or "")[:4] == mark.key
    above = [_years(level, bound) for level in bound.levels]
    if own and any(year in years and len(years) > 1 for years in above):
        return Standing.OTHER  # 2017至2020年 above, and the sentence tells 2017
    if dated or any(year in years for years in above) or year in _years(bound.before, bound):
        return Standing.AROUND
    if own or any(above):
        return Standing.OTHER
    return Standing.AROUND if mark.key in bound.document else Standing.ABSENT


def _section_years(bound: Bound) -> frozenset[int]:
    """The years of the nearest line above that is a heading by them: 二、二〇一八年."""
    found = (_years(line[:_BEGINS], bound) for line in headings_above(bound.before))
    return next((years for years in found if years), frozenset())


def _years(folded: str, bound: Bound) -> frozenset[int]:
    """The years that a text tells, those of its spans among them; 去年 by the document's date."""
    found: set[int] = set()
    for period in find_periods(folded):
        first, last = period.start[:4], period.end[:4]
        if first.isdigit() and last.isdigit():
            found |= set(range(max(1000, int(first)), min(2100, int(last)) + 1))
    found |= {
        int(year) for year in re.findall(r"(?<!\d)(?:1[5-9]|20)\d\d(?=年|-|/|\.|学年)", folded)
    }
    date = bound.evidence.hit.date
    for match in _RELATIVE.finditer(folded) if date else ():
        steps = [step for step, group in zip(_AGES_AGO, match.groups(), strict=True) if group]
        found |= {int(date[:4]) + step for step in steps} if date else set()
    return frozenset(found)


# -- days and spans up to now ---------------------------------------------------------------------


def _of_day(mark: Identifier, bound: Bound) -> Standing:
    if tells_day(mark.key, bound.own):
        return Standing.TOLD
    if days_told(bound.own):
        return Standing.OTHER
    around = "\n".join((*bound.levels, bound.document, bound.evidence.hit.date or ""))
    return Standing.AROUND if tells_day(mark.key, around) else Standing.ABSENT


def _of_span(mark: Identifier, bound: Bound) -> Standing:
    asked = (mark.key, mark.unit)
    own = spans_in(bound.own)
    if asked in own:
        return Standing.TOLD
    if own:
        return Standing.OTHER
    document = spans_in(bound.document)
    return Standing.AROUND if asked in document or not document else Standing.ABSENT


# -- quoted strings and names ---------------------------------------------------------------------


def _of_quoted(mark: Identifier, bound: Bound) -> Standing:
    asked = letters(mark.key)
    if asked in letters(bound.own):
        return Standing.TOLD
    above = "\n".join((*bound.levels, bound.before))
    if asked in letters(above) or asked in letters(bound.document):
        return Standing.AROUND
    pairs = bigrams(mark.key)
    shared = len(pairs & bigrams(f"{bound.own}\n{above}\n{bound.document}"))
    return Standing.AROUND if pairs and shared >= _LEAST_QUOTED * len(pairs) else Standing.ABSENT


def _of_name(mark: Identifier, bound: Bound) -> Standing:
    if is_told(mark.key, bound.levels, bound.own):
        return Standing.TOLD
    if mark.unit == PERSON:
        return _of_person(mark, bound)
    if leads_with_another(mark.key, bound.own):
        return Standing.OTHER
    is_headed = any(others_of_kind(mark.key, level) for level in bound.levels)
    if is_named(mark.key, bound.before) and _is_nearest(mark.key, bound.before, is_headed):
        return Standing.AROUND
    nearer: list[str] = []
    for level in bound.levels:
        if is_named(mark.key, level):
            frames = [other for other in nearer if _is_sibling(mark.key, level, other)]
            return Standing.OTHER if frames else Standing.AROUND
        if others_of_kind(mark.key, level):
            return Standing.OTHER
        nearer.append(level)
    return Standing.AROUND if is_told(mark.key, bound.levels, bound.document) else Standing.ABSENT


def _is_nearest(name: str, before: str, is_headed: bool) -> bool:
    """Whether the text above is of it: no other of the kind follows, and where the headings tell
    of another one, a sentence begins with it.
    """
    at = before.rfind(name)
    if at >= 0 and others_of_kind(name, before[at + len(name) :]):
        return False
    return not is_headed or any(
        is_named(name, sentence[: len(name) + _LEADS_WITHIN])
        for sentence in _SENTENCE_END.split(before)
    )


def _of_person(mark: Identifier, bound: Bound) -> Standing:
    """A person is told of in the paragraph or section that names them, or by a pronoun behind."""
    if any(is_named(mark.key, level) for level in bound.levels):
        return Standing.AROUND
    *above, line = bound.before.split("\n")
    lead = next((each for each in reversed(above) if each.strip()), "")
    is_headed = is_heading(lead) or _PRONOUN.match(line or bound.own) is not None
    told = f"{lead}\n{line}" if is_headed else line
    return Standing.AROUND if is_named(mark.key, told) else Standing.ABSENT


def _of_office(mark: Identifier, bound: Bound) -> Standing:
    if tells_office(mark.key, bound.own):
        return Standing.TOLD
    line = bound.before.rstrip().rpartition("\n")[2]
    above = [*bound.levels, line if is_heading(line) else ""]
    is_above = any(tells_office(mark.key, each) for each in above)
    return Standing.AROUND if is_above else Standing.ABSENT


def _is_sibling(name: str, heading: str, other: str) -> bool:
    """Whether a heading is worded as the one with the name, of another: 甲生平, 乙生平."""
    before, found, behind = heading.partition(name)
    fits = other.startswith(before) and other.endswith(behind)
    is_frame = bool(found) and bool(before or behind)
    return is_frame and fits and len(other) > len(before) + len(behind) and other != heading
