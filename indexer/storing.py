"""What was prepared goes into the index, in the order of the files.

Holds back the pages of sites until all were read: what repeats on them is known only then. Knows
the writer of a generation; knows no files, and not in which process anything was prepared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.analysis import BATCH_PASSAGES, Analysed, analyse
from indexer.embed.base import Embedder
from indexer.embed.builtin import BuiltinEmbedder
from indexer.files.sites import SitePage, count_repeated, parse_edges
from indexer.index.lexical import Posting
from indexer.index.writing import GenerationWriter
from indexer.prepare import Batch, Cut, Page, Read
from indexer.records import Coverage, Passage
from indexer.spool import Spool
from indexer.stopwatch import Stopwatch
from indexer.text.segment import TermMix


@dataclass(frozen=True, slots=True)
class Waiting:
    """A passage that is stored, but can't be found yet."""

    key: int
    document: int
    passage: Passage


class Storing:
    """Takes what was prepared, batch after batch.

    `little_read` are the pages of which little went into passages, by source.
    """

    def __init__(
        self, writer: GenerationWriter, embedder: Embedder, mix: TermMix, clock: Stopwatch
    ) -> None:
        self._writer = writer
        self._embedder = embedder
        self._mix = mix
        self._clock = clock
        self.little_read: dict[str, Coverage] = {}
        self._waiting: list[Waiting] = []
        self._pages: list[SitePage] = []  # those in the spool
        self._spool: Spool[Read] = Spool(writer.place / "waiting")

    def _hold_back(self, read: Read) -> None:
        """Keep a page until `pages_held_back`. Raises: OSError, such as for a full disk."""
        assert read.edges is not None
        self._pages.append(SitePage(read.document.source, read.document.url, read.edges))
        self._spool.put(read)

    def pages_held_back(self) -> Iterator[Page]:
        """To be called once, after everything was read; the pages are to be cut and stored.

        Pages of the base generation are among them, if other lines repeat on them now.
        """
        with self._clock.stage("sites"):
            stored = self._writer.stored_pages()
            pages = [SitePage(old.source, old.url, parse_edges(old.lines)) for old in stored]
            repeated = count_repeated([*pages, *self._pages])
        for old, page, now in zip(stored, pages, repeated, strict=False):
            if old.repeated != now:
                yield Read(*self._writer.take_back(old.key), page.edges), now
        yield from zip(self._spool.drain(), repeated[len(stored) :], strict=True)

    def store(self, batch: Batch) -> None:
        """Store the documents of a batch and make their passages findable.

        Raises: EmbedderUnavailable, EmbedderFailed, StorageFull.
        """
        self._clock.add(batch.seconds)
        stored: list[Waiting] = []
        with self._clock.stage("store"):
            for one in batch.outcomes:
                if isinstance(one, Cut):
                    stored += self._add(one)
                elif isinstance(one, Read):
                    self._hold_back(one)
        if batch.analysed is None:
            self._waiting += stored
            while len(self._waiting) >= BATCH_PASSAGES:
                self._index(self._waiting[:BATCH_PASSAGES])
                del self._waiting[:BATCH_PASSAGES]
        else:
            self.finish()
            with self._clock.stage("store"):
                _add_analysed(self._writer, stored, batch.analysed)

    def finish(self) -> None:
        """Index what is left. Raises: as `store`."""
        if self._waiting:
            self._index(self._waiting)
            self._waiting = []

    def _add(self, one: Cut) -> list[Waiting]:
        read = one.read
        if one.coverage and one.coverage.is_low:
            self.little_read[one.document.source] = one.coverage
        key, first = self._writer.add(one.document, one.passages, read.data, read.mtime_ns)
        if read.edges is not None:
            self._writer.note_edges(key, read.edges.to_bytes(), one.repeated, read.document)
        return [Waiting(first + at, key, each) for at, each in enumerate(one.passages)]

    def _index(self, batch: Sequence[Waiting]) -> None:
        index_batch(self._writer, self._embedder, batch, self._mix, self._clock)


def index_batch(
    writer: GenerationWriter,
    embedder: Embedder | None,
    batch: Sequence[Waiting],
    mix: TermMix,
    clock: Stopwatch,
) -> None:
    """Make the terms of a batch and embed it, unless its vectors are there (`embedder` None).

    Raises: EmbedderUnavailable, EmbedderFailed, StorageFull.
    """
    passages = [waiting.passage for waiting in batch]
    builtin = embedder if isinstance(embedder, BuiltinEmbedder) else None
    analysed = analyse(passages, mix, builtin, clock)
    if embedder is None:
        with clock.stage("store"):
            writer.add_terms(_postings(batch, analysed))
        return
    if builtin is None:
        with clock.stage("embed"):
            texts = [f"{passage.context}\n{passage.text}" for passage in passages]
            analysed = replace(analysed, vectors=embedder.embed_passages(texts))
    with clock.stage("store"):
        _add_analysed(writer, batch, analysed)


def _add_analysed(writer: GenerationWriter, batch: Sequence[Waiting], analysed: Analysed) -> None:
    if batch:
        writer.add_postings(_postings(batch, analysed), analysed.vectors, analysed.tokens)


def _postings(batch: Sequence[Waiting], analysed: Analysed) -> list[Posting]:
    return [
        Posting(waiting.key, waiting.document, (body,), (context,))
        for waiting, (body, context) in zip(batch, analysed.terms, strict=True)
    ]
