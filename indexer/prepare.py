"""One file to what the index keeps of it: read, cut, embed, and make terms, in batches.

Knows the stages and their order; knows neither folders of files nor the index folder.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.chunk import Cutting
from indexer.embed.base import Embedder, Matrix
from indexer.embed.builtin import BuiltinEmbedder
from indexer.errors import UnreadableFile
from indexer.files.reading import FileBytes
from indexer.files.rules import is_matched
from indexer.files.sites import Edges, SitePage
from indexer.index.lexical import Posting
from indexer.index.records import PassageTokens
from indexer.index.writing import GenerationWriter
from indexer.records import Coverage, Document, Passage, coverage_of
from indexer.spool import Spool
from indexer.text.numbers import Number, find_numbers, uniform_figures
from indexer.text.segment import TermMix, terms

# 512 passages are half a megabyte of text and of vectors; larger batches embed no faster.
BATCH_PASSAGES = 512


class Stopwatch:
    """Seconds by stage, in the order in which the stages were first entered."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - started
            self.seconds[name] = self.seconds.get(name, 0.0) + spent


@dataclass(frozen=True, slots=True)
class Waiting:
    """A passage that is stored, but has neither terms nor vector yet."""

    key: int
    document: int
    passage: Passage


@dataclass(frozen=True, slots=True)
class _Read:
    """A document that is read and not stored yet; `edges` if it is a page of a site."""

    document: Document
    data: bytes
    mtime_ns: int
    edges: Edges | None


def make_document(file: FileBytes, *, whole: bool = False) -> Document:
    """Decode and read one file, a `whole` page with its menus. Raises: UnreadableFile."""
    from indexer.files.metadata.completing import complete
    from indexer.files.readers import format_of, html, read
    from indexer.files.walk import document_id

    file_format = format_of(file.source)
    reads = html.read_whole if whole and file_format == "html" else read
    content = complete(reads(file.source, file.data), file.source, file_format)
    content = file.given.apply(content)
    try:
        content.text.encode()
    except UnicodeEncodeError as error:
        raise UnreadableFile(
            f"{file.source} holds half characters (lone surrogates)",
            reason="not_text",
            hint="save it again as UTF-8",
        ) from error
    return Document(
        document_id=document_id(file.source),
        source=file.source,
        digest=file.digest,
        format=file_format,
        size=len(file.data),
        title=content.title or Path(file.source).stem,
        date=content.date,
        author=content.author,
        url=content.url,
        text=content.text,
        headings=content.headings,
        left_out=content.left_out,
        places=content.places,
        encoding=content.encoding,
        organisation=content.organisation,
        given=file.given.digest,
        page_chars=content.page_chars,
    )


def _has_words(document: Document) -> bool:
    """Whether anything is left once everything is left out that is to be."""
    position = 0
    for out in sorted(document.left_out, key=lambda each: each.start):
        if any(char.isalnum() for char in document.text[position : out.start]):
            return True
        position = max(position, out.end)
    return any(char.isalnum() for char in document.text[position:])


def without_context(passage: Passage) -> Passage:
    return replace(passage, title="", headings=(), subject=None, organisation=None, date=None)


def _fingerprint(document: Document) -> bytes:
    """Of what is in passages, so that another site's furniture around a copy does not count."""
    from indexer.index.reprints import without
    from indexer.text.fingerprint import fingerprint

    return fingerprint(without(document.text, [(o.start, o.end) for o in document.left_out]))


class Preparation:
    """Takes files one after the other and hands them to the writer in batches.

    `little_read` are the pages of which little went into passages, by source.
    """

    def __init__(
        self,
        writer: GenerationWriter,
        embedder: Embedder,
        clock: Stopwatch,
        *,
        cutting: Cutting,
        mix: TermMix,
        has_contexts: bool = True,
        leaves_out: bool = True,
        kept: Sequence[str] = (),
    ) -> None:
        self._writer = writer
        self._embedder = embedder
        self._clock = clock
        self._cutting = cutting
        self._mix = mix
        self._has_contexts = has_contexts
        self._leaves_out = leaves_out
        self._kept = kept
        self.little_read: dict[str, Coverage] = {}
        self._waiting: list[Waiting] = []
        self._pages: list[SitePage] = []  # those in the spool
        self._spool: Spool[_Read] = Spool(writer.place / "waiting")

    def take(self, file: FileBytes) -> None:
        """Read one file and store it; its passages are indexed with the next full batch.

        A page of a site waits until all pages were read: what repeats on them is known only then.
        Raises: UnreadableFile, and then nothing of this file is in the index.
        """
        from indexer.files.sites import edges_of, is_page

        with self._clock.stage("read"):
            is_kept = is_matched(file.source, self._kept)
            document = make_document(file, whole=is_kept)
            keeps_all = is_kept or not self._leaves_out
            if keeps_all:
                document = replace(document, left_out=())
            if not _has_words(document):
                raise UnreadableFile(
                    f"{file.source} holds nothing but navigation and the like",
                    reason="no_text",
                    hint="look at it; to keep all of it, build with --keep-boilerplate",
                )
            edges = edges_of(document) if is_page(document) and not keeps_all else None
        stored = _Read(document, file.data, file.mtime_ns, edges)
        if edges and edges.may_repeat:
            self._pages.append(SitePage(file.source, document.url, edges))
            self._spool.put(stored)
        else:
            self._store(stored)

    def finish(self) -> None:
        """Index what is left, the pages first that waited for those of their site.

        Raises: EmbedderUnavailable, EmbedderFailed, StorageFull.
        """
        from indexer.files.sites import count_repeated, parse_edges

        with self._clock.stage("sites"):
            stored = self._writer.stored_pages()
            pages = [SitePage(old.source, old.url, parse_edges(old.lines)) for old in stored]
            repeated = count_repeated([*pages, *self._pages])
        for old, page, now in zip(stored, pages, repeated, strict=False):
            if old.repeated != now:
                self._store(_Read(*self._writer.take_back(old.key), page.edges), now)
        for read, now in zip(self._spool.drain(), repeated[len(stored) :], strict=True):
            self._store(read, now)
        if self._waiting:
            self._index(self._waiting)
            self._waiting.clear()

    def _store(self, read: _Read, repeated: tuple[int, int] = (0, 0)) -> None:
        """Cut and store one document without its repeated lines."""
        from indexer.chunk import chunk
        from indexer.files.sites import leave_out_repeated

        with self._clock.stage("chunk"):
            document = leave_out_repeated(read.document, *repeated)
            passages = chunk(document, self._cutting)
        coverage = coverage_of(document)
        if coverage and coverage.is_low:
            self.little_read[document.source] = coverage
        if not self._has_contexts:
            document = replace(document, title="", organisation=None, date=None)
            passages = [without_context(passage) for passage in passages]
        with self._clock.stage("store"):
            document = replace(document, fingerprint=_fingerprint(document))
            key, first = self._writer.add(document, passages, read.data, read.mtime_ns)
            if read.edges is not None:
                self._writer.note_edges(key, read.edges.to_bytes(), repeated, read.document)
        self._waiting += [Waiting(first + at, key, each) for at, each in enumerate(passages)]
        while len(self._waiting) >= BATCH_PASSAGES:
            self._index(self._waiting[:BATCH_PASSAGES])
            del self._waiting[:BATCH_PASSAGES]

    def _index(self, batch: Sequence[Waiting]) -> None:
        index_batch(self._writer, self._embedder, batch, self._mix, self._clock)


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text once it is normalised, and its figures."""

    text: str
    numbers: Sequence[Number]

    @classmethod
    def of(cls, text: str) -> "_Folded":
        from indexer.text.normalise import fold

        folded = fold(text)
        return cls(folded, find_numbers(folded))

    def terms(self, mix: TermMix) -> list[str]:
        return terms(self.text, mix, self.numbers)

    def in_digits(self) -> str:
        return uniform_figures(self.text, self.numbers) if self.numbers else self.text


def index_batch(
    writer: GenerationWriter,
    embedder: Embedder | None,
    batch: Sequence[Waiting],
    mix: TermMix,
    clock: Stopwatch,
) -> None:
    """Make the terms of a batch and embed it, unless its vectors are there (`embedder` None).

    Never more than a batch at once: terms take 50 times the text.
    Raises: EmbedderUnavailable, EmbedderFailed, StorageFull.
    """
    passages = [waiting.passage for waiting in batch]
    with clock.stage("terms"):
        # Each context is worked on once: the passages of a section share it.
        known = {context: _Folded.of(context) for context in {p.context for p in passages}}
        contexts = [known[passage.context] for passage in passages]
        bodies = [_Folded.of(passage.text) for passage in passages]
        above = {context: folded.terms(mix) for context, folded in known.items()}
        postings = [
            Posting(waiting.key, waiting.document, body.terms(mix), above[passage.context])
            for waiting, passage, body in zip(batch, passages, bodies, strict=True)
        ]
    if embedder is None:
        with clock.stage("store"):
            writer.add_terms(postings)
        return
    with clock.stage("embed"):
        if isinstance(embedder, BuiltinEmbedder):
            vectors, tokens = _taken_apart(embedder, contexts, bodies)
        else:
            tokens = []
            vectors = embedder.embed_passages(
                [f"{passage.context}\n{passage.text}" for passage in passages]
            )
    with clock.stage("store"):
        writer.add_postings(postings, vectors, tokens)


def _taken_apart(
    embedder: BuiltinEmbedder, contexts: Sequence[_Folded], bodies: Sequence[_Folded]
) -> tuple[Matrix, list[PassageTokens]]:
    """The vectors of passages, and their tokens, which take a question's time to find again."""
    pairs = list(zip(contexts, bodies, strict=True))
    written = embedder.tokens([f"{above.text}\n{body.text}" for above, body in pairs])
    digits = embedder.tokens([f"{above.in_digits()}\n{body.in_digits()}" for above, body in pairs])
    tokens = []
    for left, right in zip(written, digits, strict=True):
        these, those = set(left.tolist()), set(right.tolist())
        parts = (these & those, these - those, those - these)
        tokens.append(PassageTokens(*(embedder.packed(sorted(part)) for part in parts)))
    return embedder.embed_tokens(written), tokens
