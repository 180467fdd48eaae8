"""What a quote leaves to its document, beside it in brackets: 学校【洪都大学】, 明年【2018年】.

The quote itself stays as it is; what is added stands in brackets of its own, whose places are told.
Only where the document is sure of it. Knows no index.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from indexer.structure.subjects import Subjects, names_like
from service.answer.evidence import Evidence
from service.records import Resolved

OPEN, CLOSE = "【", "】"

_YEARS = {"前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_RELATIVE = re.compile(r"(?<![大\d])(?:前年|去年|上年(?!纪)|今年|本年(?!级)|明年|[后後]年)")
_QUOTED = re.compile(r"[“「『《][^”」』》]*[”」』》]")  # a title or what somebody else says
_MOST = 3
# How much of a document around a quote is looked through for the names in it.
_BEFORE, _BEHIND = 8_000, 2_000

StoredText = Callable[[str, int, int], str]


def resolve(evidence: Evidence, stored_text: StoredText) -> list[tuple[int, str]]:
    """What the quote leaves unsaid: (offset in the quote behind which it belongs, its name)."""
    quote = evidence.quote
    own = [match.span() for match in _QUOTED.finditer(quote)]
    found = [*_years(evidence), *_names(evidence, stored_text)]
    kept = [each for each in found if not any(a < each[0] <= b for a, b in own)]
    return sorted(kept)[:_MOST]


def _years(evidence: Evidence) -> Iterator[tuple[int, str]]:
    """明年 by the document's date; the first of each year, unless the quote tells that year."""
    if not evidence.hit.date:
        return
    seen: set[str] = set()
    for match in _RELATIVE.finditer(evidence.quote):
        year = str(int(evidence.hit.date[:4]) + _YEARS[match.group().replace("後", "后")])
        if year not in evidence.quote and year not in seen:
            seen.add(year)
            yield match.end(), f"{year}年"


def _names(evidence: Evidence, stored_text: StoredText) -> Iterator[tuple[int, str]]:
    """学校 by the document's headings, organisation and title, or what it names around."""
    passage = evidence.hit.passage
    begin = max(0, evidence.start - _BEFORE)
    text = stored_text(passage.document_id, begin, evidence.end + _BEHIND)
    subjects = Subjects(text, (evidence.hit.organisation or "", passage.title))
    start, end = evidence.start - begin, evidence.end - begin
    for span, name in subjects.stand_ins(start, end, passage.headings):
        if not names_like(name, evidence.quote):  # 村里 beside 海子村 may well be that village
            yield span[1] - start, name


def bracketed(quote: str, additions: Sequence[tuple[int, str]]) -> tuple[str, tuple[Resolved, ...]]:
    """The quote with its brackets, and where these stand in it."""
    text, last = "", 0
    resolved: list[Resolved] = []
    for at, name in additions:
        text += quote[last:at]
        bracket = f"{OPEN}{name}{CLOSE}"
        resolved.append(Resolved(len(text), len(text) + len(bracket), name))
        text, last = text + bracket, at
    return text + quote[last:], tuple(resolved)


def without_brackets(text: str, resolved: Sequence[Resolved]) -> str:
    """The quote again."""
    for each in reversed(resolved):
        text = text[: each.start] + text[each.end :]
    return text
