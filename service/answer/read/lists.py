"""The items of a list that a sentence belongs to: bullets, 一是…二是…, table rows. Knows no index.

A list on lines of its own is one answer with all its items, each with its own place; a sentence
that only leads one says nothing without them.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.text.normalise import fold
from service.answer.evidence import Evidence
from service.answer.read.candidates import candidates
from service.answer.read.sentence import bigrams
from service.answer.understand.question import Question

MOST_ITEMS = 12
_LEAST_ITEMS = 2
_LONGEST_JOINED = 240

_ITEM = re.compile(
    r"\s*(?:[-*+•·▪●◆■–—]\s+|[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]\s*|\d{1,2}[.、．]\s?(?!\d)"
    r"|[①-⑳]\s*|[一二三四五六七八九十]{1,3}、)"
)
_NEXT = re.compile(
    r"(?:[二三四五六七八九十]{1,2}[是要]|第[二三四五六七八九十]{1,2}[,，、:：是]?|其[二三四五六七八九十]|其次|再次|最后|另外"
    r"|[（(](?:[2-9]|[二三四五六七八九十])[)）]|[②-⑳])"
)
_FIRST = re.compile(r"一[是要]|第一[,，、:：是]|首先|其一|[（(][1一][)）]|①")
_LEADS = re.compile(r"[：:]\s*(?:\*\*)?$")
_HEAD_END = re.compile(r"[：:。；;]")
_HOW_MANY = re.compile(
    r"(?:哪|这|那)(?P<n>[两二三四五六七八九十]|\d{1,2})(?:大?[个项类种条样块张家方点件所户位名])"
)
_NUMBERS = {sign: n for n, sign in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
_LEAST_LED = 0.34  # of the question's character pairs, in what stands above the items


def items_of(question: Question, evidence: Evidence) -> list[Evidence]:
    """The items of the list on lines or in sentences that `evidence` leads or is one of, in order.

    Empty where it is none, or where neither its lead nor its headings are what is asked about.
    """
    passage = evidence.hit.passage
    spans = candidates(passage.text)
    at = evidence.start - passage.start
    places = [index for index, (start, _) in enumerate(spans) if start == at]
    if not places:
        return []
    found = _lines(question, evidence, spans, places[0]) or _sentences(evidence, spans, places[0])
    return [_at(evidence, span) for span in found[:MOST_ITEMS]]


def things_told(question: Question) -> int | None:
    """How many things the question says there are: 4 of 哪四个."""
    told = _HOW_MANY.search(question.folded)
    if told is None:
        return None
    return _NUMBERS.get(told["n"]) or int(told["n"])


def joined_items(items: Sequence[Evidence]) -> str:
    """The items in one sentence: whole where they are short, else what each begins with."""
    texts = [_bare(item.quote) for item in items]
    if sum(map(len, texts)) > _LONGEST_JOINED:
        texts = [_HEAD_END.split(text, maxsplit=1)[0] for text in texts]
    between = "；" if any(re.search(r"[，、,]", text) for text in texts) else "、"
    return between.join(texts)


def _lines(
    question: Question, evidence: Evidence, spans: Sequence[tuple[int, int]], place: int
) -> list[tuple[int, int]]:
    text = evidence.hit.passage.text
    rows = _rows(text, spans)
    at = next(index for index, row in enumerate(rows) if row[0] <= spans[place][0] < row[1])
    first = at
    if _is_item(text, rows[at]):
        while first > 0 and _is_item(text, rows[first - 1]):
            first -= 1
        lead = text[slice(*rows[first - 1])] if first > 0 else ""
        lead = lead if _LEADS.search(lead) or _is_heading(evidence, lead) else ""
    elif _LEADS.search(evidence.quote) or _is_heading(evidence, evidence.quote):
        lead, first = evidence.quote, at + 1
    else:
        return []
    items = []
    for row in rows[first:]:
        if not _is_item(text, row):
            break
        items.append(row)
    above = fold("\n".join((lead, *evidence.hit.passage.headings, evidence.hit.passage.title)))
    asked = bigrams(question.content)
    is_led = len(asked & bigrams(above)) >= _LEAST_LED * len(asked)
    return items if len(items) >= _LEAST_ITEMS and is_led else []


def _sentences(
    evidence: Evidence, spans: Sequence[tuple[int, int]], place: int
) -> list[tuple[int, int]]:
    """一是…。二是…。 in one paragraph, when the sentence found is the first of them."""
    text = evidence.hit.passage.text
    if not _FIRST.search(evidence.quote):
        return []
    found = [spans[place]]
    for before, span in zip(spans[place:], spans[place + 1 :], strict=False):
        if "\n" in text[before[1] : span[0]] or not _NEXT.match(text[span[0] : span[1]]):
            break
        found.append(span)
    return found if len(found) >= _LEAST_ITEMS else []


def _rows(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The lines that hold sentences, from the first sentence's start to the last one's end."""
    rows: list[tuple[int, int]] = []
    for start, end in spans:
        if rows and "\n" not in text[rows[-1][1] : start]:
            rows[-1] = (rows[-1][0], end)
        else:
            rows.append((start, end))
    return rows


def _is_item(text: str, span: tuple[int, int]) -> bool:
    """Whether a line is marked as an item."""
    begin = text.rfind("\n", 0, span[0]) + 1
    mark = _ITEM.match(text, begin, span[1])
    return mark is not None and span[0] <= mark.end()


def _is_heading(evidence: Evidence, line: str) -> bool:
    return bool(line) and line.strip("#* ") in evidence.hit.passage.headings


def _bare(quote: str) -> str:
    """An item without its mark and its last sign."""
    return _ITEM.sub("", quote, count=1).strip().rstrip("。；;,，、.")


def _at(evidence: Evidence, span: tuple[int, int]) -> Evidence:
    passage = evidence.hit.passage
    start, end = span
    return replace(
        evidence,
        start=passage.start + start,
        end=passage.start + end,
        quote=passage.text[start:end],
    )
