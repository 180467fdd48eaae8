"""Reprints among what was found: each thing is said once, and who else says it is known.

Two passages, or two sentences, say the same if their letters and digits are the same once folded.
Only documents of one group of reprints are compared: what two other documents both say stays twice.
Knows passages and groups; no scores and no answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.index.records import StoredDocument
from indexer.index.store import IndexReader
from indexer.records import Passage
from indexer.text.normalise import fold, letters
from indexer.text.sentences import split_sentences
from service.records import Filters, FurtherSource
from service.retrieve.filters import select

MOST_FURTHER = 20
"""Further sources that one citation lists; the rest is in the document's own list."""

_SHORTEST = 4  # letters of what counts as a sentence


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that was found. `text` is looked at where its document belongs to a `group`."""

    key: int
    document_key: int
    group: int | None
    text: str = ""


@dataclass(slots=True)
class Distinct:
    """The passages in their order, without those that only say what a reprint before them said.

    Where the two are word for word the same, the first document of the group stands for both.
    """

    kept: list[Candidate] = field(default_factory=list)
    stands_for: dict[int, int] = field(default_factory=dict)  # a kept key to the one it replaced
    repeats: int = 0
    _places: dict[tuple[int, str], int] = field(default_factory=dict)
    _said: dict[int, set[str]] = field(default_factory=dict)
    _of: dict[int, list[int]] = field(default_factory=dict)  # a group to the places of its own

    def add(self, found: Candidate) -> None:
        group = found.group
        if group is None:
            self.kept.append(found)
            return
        sentences = sentences_of(found.text)
        key = (group, letters(fold(found.text)))
        if key in self._places:
            self.repeats += 1
            at = self._places[key]
            if found.document_key == group != self.kept[at].document_key:
                before = self.kept[at].key
                self.stands_for[found.key] = self.stands_for.pop(before, before)
                self.kept[at] = found
            return
        said = self._said.setdefault(group, set())
        places = self._of.setdefault(group, [])
        elsewhere = any(self.kept[at].document_key != found.document_key for at in places)
        if elsewhere and said.issuperset(sentences):
            self.repeats += 1
            return
        said.update(sentences)
        self._places[key] = len(self.kept)
        places.append(len(self.kept))
        self.kept.append(found)


def sentences_of(text: str) -> list[str]:
    """The sentences of a text by their letters and digits."""
    said = (letters(fold(text[start:end])) for start, end in split_sentences(text))
    return [each for each in said if len(each) >= _SHORTEST]


def further_sources(
    reader: IndexReader, filters: Filters, document_id: str, quote: str
) -> tuple[FurtherSource, ...]:
    """The reprints that say `quote`, too, and pass the filters; the oldest first.

    Raises: DocumentNotFound.
    """
    family = reader.family(document_id)
    if not family:
        return ()
    selected = set(select(reader, filters).documents.tolist())
    wanted = letters(fold(quote))
    found: list[FurtherSource] = []
    for key, stored in family.items():
        if stored.document.document_id == document_id or key not in selected:
            continue
        span = _span(reader.document_passages(stored.document.document_id), quote, wanted)
        if span is not None:
            found.append(_further(stored, *span))
        if len(found) == MOST_FURTHER:
            break
    return tuple(found)


def _span(passages: Sequence[Passage], quote: str, wanted: str) -> tuple[int, int] | None:
    """Where a document says the quote: word for word, else in a sentence with the same letters."""
    for passage in passages:
        at = passage.text.find(quote)
        if at >= 0:
            return passage.start + at, passage.start + at + len(quote)
    for passage in passages:
        for start, end in split_sentences(passage.text):
            if wanted in letters(fold(passage.text[start:end])):
                return passage.start + start, passage.start + end
    return None


def _further(stored: StoredDocument, start: int, end: int) -> FurtherSource:
    document = stored.document
    return FurtherSource(
        document_id=document.document_id,
        title=document.title,
        source=document.source,
        url=document.url,
        date=document.date,
        organisation=document.organisation,
        start=start,
        end=end,
    )
