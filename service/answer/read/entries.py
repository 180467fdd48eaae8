"""The dated entries of logs, minutes and diaries, whole, and those that a question chooses.

An entry begins with a sentence that begins with its date and goes on to the next one; in a table it
is a row with a date of its own. All entries of a document are read, not only those that search
found: the latest of a few is not the latest. Where none of the subject is sure, there are none.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from indexer.kept import Kept
from indexer.records import Document, Passage
from indexer.text.normalise import fold, letters, normalise
from indexer.text.numbers import Number, NumberKind, find_numbers
from indexer.text.sentences import split_sentences
from service.answer.evidence import Evidence
from service.answer.read.tables import cells_of
from service.answer.understand.order import Wanted, Which, from_day, is_of_any_entry
from service.records import Hit

_MOST_DOCUMENTS = 16
_LEAST_ENTRIES = 2
_LEAD = 12  # characters before the date that begins an entry: a bullet, 时间:, 星期五
_LONGEST_QUOTE = 200
_HEAD = 120  # characters above the first entry, which say what the entries are of
_ONLY_DATE = 6  # letters beside the date: a line of no more tells nothing but the day
_ROLE = re.compile(r"(?P<role>[\u4e00-\u9fff]{2,6})[:：]\s*(?P<name>[^\s。,，;；|]{2,20})")
_YEAR_LINE = re.compile(r"\D{0,12}(?P<year>(?:19|20)\d\d)年?\D{0,12}")

Stored = Callable[[str], tuple[Document, Sequence[Passage]]]
"""A document by its id, with its passages. Raises: DocumentNotFound."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`evidence` quotes the entry from its date on, `first` and `last` are its days, ISO.

    `written` is the date as the source writes it.
    """

    evidence: Evidence
    first: str
    last: str
    written: str
    year_told: bool  # whether `written` has the year


def choose_entries(wanted: Wanted, hits: Sequence[Hit], stored: Stored) -> list[Entry]:
    """The entries that are wanted, oldest first; empty where no document is sure to hold them."""
    if wanted.name and any(wanted.name in fold(hit.passage.text) for hit in hits):
        return []
    by_document: dict[str, Hit] = {}
    for hit in hits:
        by_document.setdefault(hit.passage.document_id, hit)
    found: list[Entry] = []
    days: dict[str, str] = {}  # from which each document tells its 今年
    documents = 0
    for document_id, hit in list(by_document.items())[:_MOST_DOCUMENTS]:
        document, passages = stored(document_id)
        entries = entries_of(hit, document, passages)
        if len(entries) < _LEAST_ENTRIES:
            continue
        turns = _turns(wanted.subject, entries)
        head = document.text[: entries[0].evidence.start][-_HEAD:]
        bound = _of_subject(wanted.subject, entries, head) if turns is None else turns
        documents += bool(bound)
        found += bound
        last = max(entry.last for entry in entries)
        days |= {document_id: max(document.date or last, last)} if bound else {}
    if not wanted.subject and documents != 1:
        return []
    if wanted.period is not None:
        period = wanted.period
        if period.relative:
            period = from_day(period, max(days.values(), default="0001-01"))
        found = [e for e in found if period.start <= e.first and e.last <= period.end]
    found = _without_repeats(sorted(found, key=lambda e: (e.first, e.evidence.start)))
    if found and wanted.which in (Which.LATEST, Which.FIRST):
        end = found[-1] if wanted.which is Which.LATEST else found[0]
        found = [entry for entry in found if entry.first == end.first]
    return found


_Begun = tuple[int, int, Number, str, int]
"""Where a sentence that begins an entry stands, its date as found and as ISO, the entry's end."""

_BEGUN: Kept[Document, tuple[_Begun, ...]] = Kept(2_000_000)  # characters of their documents


def entries_of(hit: Hit, document: Document, passages: Sequence[Passage]) -> list[Entry]:
    """All dated entries of the document of `hit`, in the order in which they stand."""
    begun = _BEGUN.get(document, lambda: _begun(document), lambda _: len(document.text))
    found = [_entry(hit, document.text, passages, *each) for each in begun]
    return [entry for entry in found if entry is not None]


def _begun(document: Document) -> tuple[_Begun, ...]:
    text = document.text
    begun: list[tuple[int, int, Number, str]] = []
    ends: list[int] = []
    year = _year_of(fold(document.title))
    for start, end in split_sentences(text):
        if any(out.start <= start < out.end for out in document.left_out):
            continue
        folded = fold(text[start:end])
        number = _begins(text[start:end], folded)
        told = _YEAR_LINE.fullmatch(folded)
        if told is not None:
            year = told["year"]
        elif number is None and not begun and year == "-":  # 驻村日记（二〇二〇年五月）
            year = _year_of(folded)
        elif number is None:
            ends[-1:] = [end] if ends else []
        elif number.date[0] != "-" or year != "-":
            date = number.date if number.date[0] != "-" else year + number.date[1:]
            year = date[:4]
            begun.append((start, end, number, date))
            ends.append(end)
    return tuple((*each, end) for each, end in zip(begun, ends, strict=True))


def as_hit(entry: Entry) -> Hit:
    """A hit of the entry alone, for the reader: nothing of its neighbours."""
    evidence = entry.evidence
    passage = evidence.hit.passage
    places = tuple(p for p in passage.places if p.start < evidence.end and evidence.start < p.end)
    own = replace(
        passage, start=evidence.start, end=evidence.end, text=evidence.quote, places=places
    )
    return replace(evidence.hit, passage=own, highlights=())


def _begins(sentence: str, folded: str) -> Number | None:
    """The date that a sentence or row begins with."""
    if (cells := cells_of(sentence)) is not None:
        for _, value in cells:
            told = fold(value)
            dates = [n for n in find_numbers(told) if n.kind is NumberKind.DATE]
            if len(dates) == 1 and len(told) - (dates[0].end - dates[0].start) <= _ONLY_DATE:
                at = folded.find(told)
                return replace(dates[0], start=at + dates[0].start, end=at + dates[0].end)
        return None
    number = next(iter(find_numbers(folded[: 4 * _LEAD])), None)
    if number is None or number.kind is not NumberKind.DATE or number.start > _LEAD:
        return None
    if re.search(r"\w\s*\([^)]*$", folded[: number.start]):  # 驻村日记(石桥村,2021年4月)
        return None
    # 自2023年5月起 and 截至 begin no entry, nor does a span of time
    if re.match(r"[起至到-]|以[来后前]|之[后前]", folded[number.end :]) or number.inside:
        return None
    return None if re.search(r"[自从截至到于]\s*$", folded[: number.start]) else number


def _year_of(folded: str) -> str:
    told = [n.date[:4] for n in find_numbers(folded) if n.date and n.date[0] != "-"]
    return told[0] if len(set(told)) == 1 else "-"


def _entry(
    hit: Hit,
    text: str,
    passages: Sequence[Passage],
    start: int,
    own: int,
    number: Number,
    date: str,
    end: int,
) -> Entry | None:
    """The entry, in the passage that holds most of its quote; None where only its day is told."""
    longest = max(own, start + _LONGEST_QUOTE)
    end = end if end <= longest else _at_sentence_end(text, start, longest)
    quote = text[start:end]
    told = sum(sign.isalnum() for sign in quote) - (number.end - number.start)
    if told <= _ONLY_DATE:
        return None
    held = [p for p in passages if p.start < end and start < p.end]
    if not held:
        return None
    passage = max(held, key=lambda p: (min(end, p.end) - max(start, p.start), -p.start))
    first, last = _days(date)
    evidence = Evidence(replace(hit, passage=passage), start, end, quote, 0.0)
    return Entry(evidence, first, last, _written(quote, number), number.date[0] != "-")


def _at_sentence_end(text: str, start: int, end: int) -> int:
    """The last end of a sentence up to `end`; of the first sentence where that is longer."""
    ends = [start + last for _, last in split_sentences(text[start : end + _LONGEST_QUOTE])]
    return max((at for at in ends if at <= end), default=ends[0])


def _days(date: str) -> tuple[str, str]:
    """The first and last day of a date; of a month day 31, which orders as well."""
    first, last = {4: ("-01-01", "-12-31"), 7: ("-01", "-31")}.get(len(date), ("", ""))
    return date + first, date + last


def _written(quote: str, number: Number) -> str:
    start, end = normalise(quote).original_span(number.start, number.end)
    return quote[start:end].strip()


def _of_subject(subject: Sequence[str], entries: Sequence[Entry], head: str = "") -> list[Entry]:
    """The entries that tell every word of the subject, or stand under a title or `head`, the text
    above the first of them, that does.
    """
    kept = list(entries)
    for word in subject:
        passage = kept[0].evidence.hit.passage
        above = fold("\n".join((passage.title, *passage.headings, head)))
        own = [entry for entry in kept if word in fold(entry.evidence.quote)]
        if word in above or (not own and is_of_any_entry(word)):
            continue
        if not own:
            return []
        kept = own
    return kept


def _turns(subject: Sequence[str], entries: Sequence[Entry]) -> list[Entry] | None:
    """The entries in which one of the subject has the role that another word of it tells of: 带队
    is what a 领队 does. None where it tells of no role; none of them where it is not sure of which.
    """
    told = [
        {
            (role["role"], role["name"])
            for piece in entry.evidence.quote.split()  # fold would join 3日 to 值班
            for role in _ROLE.finditer(fold(piece))
        }
        for entry in entries
    ]
    roles = {role for each in told for role, _ in each}
    names = [word for word in subject if any(word in name for each in told for _, name in each)]
    if not names:
        return None
    meant = {role for word in subject if word not in names for role in roles if _does(word, role)}
    if not meant:
        # 甲最后一次 of entries in which 甲 has a role, and of others that only mention 甲
        turns = [any(names[0] in name for _, name in each) for each in told]
        mentions = [names[0] in fold(entry.evidence.quote) for entry in entries]
        return [] if len(names) == len(subject) and turns != mentions else None
    if len(meant) > 1:
        return []
    (role,) = meant
    own = [
        entry
        for entry, each in zip(entries, told, strict=True)
        if any(r == role and all(name in n for name in names) for r, n in each)
    ]
    others = [w for w in subject if w not in names and not _does(w, role)]
    return _of_subject(others, own) if own else []


def _does(word: str, role: str) -> bool:
    """值班 is what a 值班员 does, 当班 as well, and 带队 a 领队."""
    core = role[:-1] if role[-1] in "人员者" else role
    return word == core or (len(core) == len(word) == 2 and word[-1] == core[-1])


def _without_repeats(entries: Sequence[Entry]) -> list[Entry]:
    kept: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        kept.setdefault((entry.first, letters(fold(entry.evidence.quote))), entry)
    return list(kept.values())
