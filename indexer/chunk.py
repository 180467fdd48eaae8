"""Document to Passages: stretches of a few sentences, with exact offsets and the headings above.

Knows sections, left-out stretches and Chinese boundaries; no format, no index, no vectors.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from indexer.records import Document, Heading, Passage, Place

if TYPE_CHECKING:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

CHUNKING_VERSION = 1
"""Rises when any document would be cut differently; an index built with another one is refused."""

DEFAULT_MAX_CHARS = 320

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
_LONGEST_HEADING = 100
_TINY_SHARE = 5  # a piece under 1/5 of max_chars is merged into its neighbour

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Section:
    """What stands between two headings. `own` is the heading right above, `path` all of them."""

    start: int
    end: int
    path: tuple[str, ...]
    own: Heading | None


def chunk(document: Document, max_chars: int = DEFAULT_MAX_CHARS) -> list[Passage]:
    """The passages in order, none overlapping, each `document.text[start:end]`.

    About `max_chars` at most: a tiny tail may make one a fifth longer. Headings are in no passage's
    text, unless nothing stands below them; what is left out is in none.
    """
    passages: list[Passage] = []
    for section, spans in _sections_with_spans(document, max_chars):
        for start, end in spans:
            passages.append(
                Passage(
                    passage_id=f"{document.document_id}-{len(passages)}",
                    document_id=document.document_id,
                    start=start,
                    end=end,
                    text=document.text[start:end],
                    title=document.title,
                    headings=section.path,
                    places=_places(document.places, start, end),
                )
            )
    return passages


def _places(places: tuple[Place, ...], start: int, end: int) -> tuple[Place, ...]:
    """Those that overlap [start, end); a sheet has thousands, in order."""
    first = bisect_right(places, start, key=lambda place: place.end)
    last = bisect_left(places, end, key=lambda place: place.start)
    return places[first:last]


def _sections_with_spans(
    document: Document, max_chars: int
) -> Iterator[tuple[_Section, list[_Span]]]:
    text = document.text
    left_out = sorted((out.start, out.end) for out in document.left_out)
    sections = _sections(document)
    for at, section in enumerate(sections):
        spans: list[_Span] = []
        for start, end in _without(section.start, section.end, left_out):
            spans += _split(text, start, end, max_chars)
        following = sections[at + 1].own if at + 1 < len(sections) else None
        if not spans and section.own and not _leads_on(text, section.own, following):
            for start, end in _without(section.own.start, section.own.end, left_out):
                spans += _split(text, start, end, max_chars)
        yield section, spans


# -- sections -------------------------------------------------------------------------------------


def _sections(document: Document) -> list[_Section]:
    text = document.text
    sections: list[_Section] = []
    path: list[Heading] = []
    own: Heading | None = None
    begin = 0
    for heading in sorted(document.headings, key=lambda heading: heading.start):
        is_on_last = own is not None and heading.start < begin
        if is_on_last or not _is_heading(text, heading):
            continue
        line_start = max(begin, text.rfind("\n", 0, heading.start) + 1)
        sections.append(_Section(begin, line_start, _words(text, path), own))
        grouped = own is not None and _same_group(text, own, heading)
        keep = heading.level + 1 if grouped else heading.level
        path = [above for above in path if above.level < keep]
        path.append(heading)
        own = heading
        line_end = text.find("\n", heading.end)
        begin = len(text) if line_end < 0 else line_end
    sections.append(_Section(begin, len(text), _words(text, path), own))
    return sections


def _is_heading(text: str, heading: Heading) -> bool:
    """Whole paragraphs are marked up as headings for their looks: those are text."""
    words = text[heading.start : heading.end].rstrip()
    return len(words) <= _LONGEST_HEADING and not words.endswith("。")


def _same_group(text: str, above: Heading, heading: Heading) -> bool:
    """Two headings of one level with nothing between them: a speech's title and its speaker."""
    return above.level == heading.level and not _has_words(text[above.end : heading.start])


def _leads_on(text: str, heading: Heading, following: Heading | None) -> bool:
    """Whether the words of a heading without a body live on in the path of the next section."""
    if following is None:
        return False
    return following.level > heading.level or _same_group(text, heading, following)


def _words(text: str, path: list[Heading]) -> tuple[str, ...]:
    return tuple(text[heading.start : heading.end] for heading in path)


def _without(start: int, end: int, left_out: list[_Span]) -> list[_Span]:
    """[start, end) less what is left out."""
    spans: list[_Span] = []
    for out_start, out_end in left_out:
        if out_start >= end:
            break
        if out_end > start:
            spans.append((start, max(start, out_start)))
            start = out_end
    spans.append((start, max(start, end)))
    return [span for span in spans if span[0] < span[1]]


# -- splitting ------------------------------------------------------------------------------------


def _split(text: str, start: int, end: int, max_chars: int) -> list[_Span]:
    """The stretch in pieces that end at the best boundary at hand, without whitespace around."""
    pieces: list[_Span] = []
    splitter = _splitter(max_chars)
    for block_start, block_end in _blocks(text, start, end):
        block = text[block_start:block_end]
        if not _BOUNDARY.search(block):
            cuts = range(block_start, block_end, max_chars)
            pieces += ((cut, min(cut + max_chars, block_end)) for cut in cuts)
            continue
        for piece in splitter.create_documents([block]):
            piece_start = block_start + int(piece.metadata["start_index"])
            pieces.append((piece_start, piece_start + len(piece.page_content)))
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
        add_start_index=True,
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
