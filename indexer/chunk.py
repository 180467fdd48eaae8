"""Document to Passages: stretches of a few sentences, with exact offsets and the headings above.

Knows sections, left-out stretches and Chinese boundaries; no format, no index, no vectors.
"""

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from indexer.files.lines import outside, split_lines
from indexer.records import Document, Passage, Place
from indexer.structure.lists import Led, find_lists
from indexer.structure.sections import Section, find_sections, leads_on
from indexer.structure.speakers import Turn, find_turns
from indexer.structure.subjects import Subjects
from indexer.structure.tables import Table, find_tables
from indexer.text.sentences import split_sentences

if TYPE_CHECKING:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

CHUNKING_VERSION = 3
"""Rises when any document would be cut differently; an index built with another one is refused."""

DEFAULT_MAX_CHARS = 320
DEFAULT_OVERLAP_CHARS = 0

# With its own separators 5 of 71 Chinese chunks end at a sentence, with these 62 of 66.
_SEPARATORS = [
    r"\n\s*\n",
    r"\n",
    r"[。！？!?…｡]+[”’」』）)】》\"']*",
    r"[；;][”’」』）)】》\"']*",
    r"\.(?=\s)",
    r"[，、：]|[,:](?!\d)|(?<!\d)[,:]",
    r"\s",
    "",
]
_SENTENCE_END = re.compile(r"[。！？!?…\n]")
_BOUNDARY = re.compile(r"[。！？!?…｡；;.，、：,:\s]")
# The splitter takes a text apart character by character where it finds no separator; blocks of this
# size keep that linear for a document of one endless line.
_BLOCK_CHARS = 20_000
_TINY_SHARE = 5  # a piece under 1/5 of max_chars is merged into its neighbour
_PROSE_END = "。！？!?…；;”’」』）)"

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cutting:
    """How documents are cut. The switches are there for measurements.

    `overlap_chars`: whole sentences of at most so many characters begin the next passage again.
    `turns`: speakers are kept apart; `leads`: items carry the sentence that leads their list;
    `subjects`: passages carry the name that 学校 or 该村 stands for; `tables`: no passage holds
    rows of two tables, and rows carry what stands above their table.
    """

    max_chars: int = DEFAULT_MAX_CHARS
    overlap_chars: int = DEFAULT_OVERLAP_CHARS
    turns: bool = True
    leads: bool = True
    subjects: bool = True
    tables: bool = True


def chunk(document: Document, cutting: Cutting | None = None) -> list[Passage]:
    """The passages in order, each `document.text[start:end]`.

    About `max_chars` at most: a tiny tail may make one a fifth longer. Headings are in no passage's
    text, unless nothing stands below them; what is left out is in none.
    """
    cutting = cutting or Cutting()
    subjects = Subjects(document.text, (document.organisation or "", document.title))
    passages: list[Passage] = []
    for piece in _pieces(document, cutting):
        subject = None
        if cutting.subjects:
            subject = subjects.of(piece.start, piece.end, piece.path)
        passages.append(
            Passage(
                passage_id=f"{document.document_id}-{len(passages)}",
                document_id=document.document_id,
                start=piece.start,
                end=piece.end,
                text=document.text[piece.start : piece.end],
                title=document.title,
                headings=piece.path,
                places=_places(document.places, piece.start, piece.end),
                subject=subject,
                organisation=document.organisation,
                date=document.date,
            )
        )
    return passages


def _places(places: tuple[Place, ...], start: int, end: int) -> tuple[Place, ...]:
    """Those that overlap [start, end); a sheet has thousands, in order."""
    first = bisect_right(places, start, key=lambda place: place.end)
    last = bisect_left(places, end, key=lambda place: place.start)
    return places[first:last]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A passage to be: its span, and the headings, speaker and list's lead above it."""

    start: int
    end: int
    path: tuple[str, ...]


def _pieces(document: Document, cutting: Cutting) -> Iterator[_Piece]:
    text = document.text
    left_out = _united((out.start, out.end) for out in document.left_out)
    lines = outside(split_lines(text), left_out)
    turns = find_turns(lines) if cutting.turns else []
    headings = {text.rfind("\n", 0, heading.start) + 1 for heading in document.headings}
    headings |= {heading.start for heading in document.headings}
    tables = find_tables(lines, headings) if cutting.tables else []
    sections = find_sections(document)
    for at, section in enumerate(sections):
        found = list(_of_section(text, section, left_out, turns, tables, cutting))
        following = sections[at + 1].own if at + 1 < len(sections) else None
        if not found and section.own and not leads_on(text, section.own, following):
            for start, end in _without(section.own.start, section.own.end, left_out):
                spans = _split(text, start, end, cutting)
                found += [_Piece(*span, section.path) for span in spans]
        yield from found


def _of_section(
    text: str,
    section: Section,
    left_out: list[_Span],
    turns: list[Turn],
    tables: Sequence[Table],
    cutting: Cutting,
) -> Iterator[_Piece]:
    """The section's stretches by who speaks, each split; a list's items carry their lead."""
    for start, end in _without(section.start, section.end, left_out):
        coming = deque(find_lists(text, start, end) if cutting.leads else ())
        begun: list[Led] = []  # lists whose first item stands before the passage
        for part in _by_turn(start, end, turns):
            for begin, stop in _by_table(part.start, part.end, tables):
                for span in _split(text, begin, stop, cutting):
                    while coming and coming[0].start < span[0]:
                        begun.append(coming.popleft())
                    begun = [each for each in begun if each.end > span[0]]
                    leads = (*(each.lead for each in begun), *_table_leads(span, tables))
                    path = (*section.path, *part.path, *leads)
                    yield _Piece(*span, tuple(dict.fromkeys(path)))


def _table_leads(span: _Span, tables: Sequence[Table]) -> Iterator[str]:
    """What stands above the tables whose rows this passage holds."""
    for at in range(bisect_right(tables, span[0], key=lambda table: table.end), len(tables)):
        if tables[at].first >= span[1]:
            break
        yield from tables[at].leads


def _by_table(start: int, end: int, tables: Sequence[Table]) -> Iterator[_Span]:
    """[start, end) in parts of which none holds two tables that something is said above."""
    first = bisect_left(tables, start, key=lambda table: table.start)
    for at in range(max(1, first), bisect_left(tables, end, key=lambda table: table.start)):
        has_one = tables[at - 1].end > start
        if has_one and (tables[at].leads or tables[at - 1].leads) and tables[at].start > start:
            yield start, tables[at].start
            start = tables[at].start
    yield start, end


def _by_turn(start: int, end: int, turns: Sequence[Turn]) -> Iterator[_Piece]:
    """[start, end) at the turns in it that begin something; an answer stays with its question."""
    first = bisect_left(turns, start, key=lambda turn: turn.start)
    last = bisect_left(turns, end, key=lambda turn: turn.start)
    path: tuple[str, ...] = ()
    for turn in turns[first:last]:
        if turn.opens:
            yield _Piece(start, turn.start, path)
            start, path = turn.start, (turn.question or turn.label,)
    yield _Piece(start, end, path)


def _united(spans: Iterable[_Span]) -> list[_Span]:
    """The same stretches in order, those that overlap as one."""
    united: list[_Span] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


def _without(start: int, end: int, left_out: list[_Span]) -> list[_Span]:
    """[start, end) less what is left out, which is in order and apart."""
    spans: list[_Span] = []
    first = bisect_right(left_out, start, key=lambda span: span[1])
    for out_start, out_end in left_out[first : bisect_left(left_out, (end,))]:
        spans.append((start, max(start, out_start)))
        start = out_end
    spans.append((start, max(start, end)))
    return [span for span in spans if span[0] < span[1]]


# -- splitting ------------------------------------------------------------------------------------


def _split(text: str, start: int, end: int, cutting: Cutting) -> list[_Span]:
    """The stretch in passages of at most about `max_chars`, what they repeat of each other in."""
    spans = _cut(text, start, end, cutting.max_chars)
    if len(spans) < 2 or not cutting.overlap_chars:
        return spans
    spans = _cut(text, start, end, max(1, cutting.max_chars - cutting.overlap_chars))
    first, *others = spans
    begins = [
        _begin_again(text, before, after[0], cutting.overlap_chars)
        for before, after in zip(spans, others, strict=False)
    ]
    return [first, *((begin, end) for begin, (_, end) in zip(begins, others, strict=True))]


def _begin_again(text: str, before: _Span, start: int, most: int) -> int:
    """Where the whole sentences of prose at the end of the passage before begin; else `start`."""
    begin = start
    for sentence_start, sentence_end in reversed(split_sentences(text[before[0] : before[1]])):
        is_prose = text[before[0] + sentence_end - 1] in _PROSE_END
        if not is_prose or start - (before[0] + sentence_start) > most or sentence_start == 0:
            break
        begin = before[0] + sentence_start
    return begin


def _cut(text: str, start: int, end: int, max_chars: int) -> list[_Span]:
    """The stretch in pieces that end at the best boundary at hand, without whitespace around."""
    pieces: list[_Span] = []
    splitter = _splitter(max_chars)
    for block_start, block_end in _blocks(text, start, end):
        block = text[block_start:block_end]
        if not _BOUNDARY.search(block):
            cuts = range(block_start, block_end, max_chars)
            pieces += ((cut, min(cut + max_chars, block_end)) for cut in cuts)
            continue
        at = 0
        for piece in splitter.split_text(block):
            at = block.find(piece, at)
            pieces.append((block_start + at, block_start + at + len(piece)))
            at += len(piece)
    merged = _merge_tiny(pieces, max_chars)
    return [(start, end) for start, end in merged if _has_words(text[start:end])]


@lru_cache(maxsize=8)
def _splitter(max_chars: int) -> "RecursiveCharacterTextSplitter":
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # 1 s; not at import

    return RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        is_separator_regex=True,
        keep_separator="end",
        chunk_size=max_chars,
        chunk_overlap=0,
    )


def _blocks(text: str, start: int, end: int) -> Iterator[_Span]:
    while end - start > _BLOCK_CHARS:
        cut = start + _BLOCK_CHARS
        ends = list(_SENTENCE_END.finditer(text, cut - _BLOCK_CHARS // 4, cut))
        cut = ends[-1].end() if ends else cut
        yield start, cut
        start = cut
    yield start, end


def _merge_tiny(pieces: list[_Span], max_chars: int) -> list[_Span]:
    """Pieces too small to stand alone join the one before, else the one behind."""
    tiny, most = max_chars // _TINY_SHARE, max_chars + max_chars // _TINY_SHARE
    merged: list[_Span] = []
    for start, end in pieces:
        if merged:
            before_start, before_end = merged[-1]
            is_tiny = min(end - start, before_end - before_start) < tiny
            if is_tiny and end - before_start <= most:
                merged[-1] = (before_start, end)
                continue
        merged.append((start, end))
    return merged


def _has_words(text: str) -> bool:
    return any(char.isalnum() for char in text)
