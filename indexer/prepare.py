"""One file to what the index keeps of it: read, leave out, cut, and what it is found by. Pure.

    file ── Read ── (a page of a site waits for its neighbours) ── Cut ── Analysed

Knows the stages and their order; knows neither folders of files nor the index folder, so that any
process can do it (see `crew`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.analysis import Analysed, analyse
from indexer.chunk import Cutting
from indexer.embed.builtin import BuiltinEmbedder
from indexer.errors import UnreadableFile
from indexer.files.reading import FileBytes, FileReader
from indexer.files.rules import SkipReason, is_matched
from indexer.files.sites import Edges
from indexer.files.walk import FileFound
from indexer.records import Coverage, Document, Passage, Skipped, coverage_of
from indexer.stopwatch import Stopwatch
from indexer.text.segment import TermMix

# Passages of one batch up to which their terms are made where they were cut, and handed over with
# them: those of a whole book take five times its text.
_MOST_AT_ONCE = 4096


# One task holds so many files, or fewer that come to so many bytes: a second's work, whose passages
# fill a batch or two.
FILES_A_TASK = 128
_BYTES_A_TASK = 400_000


@dataclass(frozen=True, slots=True)
class Recipe:
    """How files become passages. Nothing is left out of files whose path or name matches `kept`.

    `has_contexts` and `leaves_out` are there for measurements: without titles and headings, and
    with a page's furniture in its passages.
    """

    cutting: Cutting = field(default_factory=Cutting)
    mix: TermMix = TermMix.CHARACTERS_BIGRAMS
    has_contexts: bool = True
    leaves_out: bool = True
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to read, and the digests of its bytes at which it need not be read again."""

    file: FileFound
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that can't be read; `keeps_old` if what it holds now can't even be told."""

    skipped: Skipped
    keeps_old: bool


@dataclass(frozen=True, slots=True)
class Same:
    """A file whose bytes are as they were."""

    mtime_ns: int
    digest: str


@dataclass(frozen=True, slots=True)
class Read:
    """A document that is read and not cut yet; `edges` if it is a page of a site."""

    document: Document
    data: bytes
    mtime_ns: int
    edges: Edges | None

    @property
    def waits(self) -> bool:
        """Whether it can't be cut before the other pages of its site are read."""
        return self.edges is not None and self.edges.may_repeat


Page = tuple[Read, tuple[int, int]]
"""A document to be cut, and how many lines at its head and foot are left out of it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A document ready to be stored. `read` is it with all its lines, and `repeated` says how many
    of them were left out at its head and foot because they stand on other pages, too.
    """

    read: Read
    document: Document
    passages: list[Passage]
    repeated: tuple[int, int]
    coverage: Coverage | None


Outcome = Failed | Same | Read | Cut


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of some files, in their order.

    `analysed` is of all passages of those that are cut, or None where that is still to be done.
    `seconds` by stage were spent on it.
    """

    outcomes: list[Outcome]
    analysed: Analysed | None
    seconds: dict[str, float]

    @property
    def passages(self) -> list[Passage]:
        return [each for one in self.outcomes if isinstance(one, Cut) for each in one.passages]


def tasks_of(wanted: Iterable[Wanted]) -> Iterator[list[Wanted]]:
    """The files in tasks, in their order."""
    task: list[Wanted] = []
    size = 0
    for each in wanted:
        task.append(each)
        size += each.file.size
        if len(task) == FILES_A_TASK or size >= _BYTES_A_TASK:
            yield task
            task, size = [], 0
    if task:
        yield task


class Workshop:
    """Reads files and cuts documents by one recipe.

    With an `embedder` it is told what their passages are found by, too. Others than the built-in
    one take many times as long as all the rest, and embed in one place.
    """

    def __init__(self, recipe: Recipe, embedder: BuiltinEmbedder | None) -> None:
        self._recipe = recipe
        self._embedder = embedder
        self._reader = FileReader()

    def read(self, files: Sequence[Wanted]) -> Batch:
        """Read files; what needs not wait for its neighbours is cut and analysed."""
        clock = Stopwatch()
        outcomes = [self._read(wanted, clock) for wanted in files]
        ready = [each for each in outcomes if isinstance(each, Read) and not each.waits]
        done = iter(self._cut([(each, (0, 0)) for each in ready], clock))
        return self._batch(
            [next(done) if isinstance(o, Read) and not o.waits else o for o in outcomes], clock
        )

    def cut(self, pages: Sequence[Page]) -> Batch:
        """Cut pages that have waited, without their repeated lines."""
        clock = Stopwatch()
        return self._batch(self._cut(pages, clock), clock)

    def close(self) -> None:
        self._reader.close()

    def _cut(self, pages: Sequence[Page], clock: Stopwatch) -> list[Cut]:
        with clock.stage("chunk"):
            return cut(pages, self._recipe)

    def _batch(self, outcomes: Sequence[Outcome], clock: Stopwatch) -> Batch:
        batch = Batch(list(outcomes), None, clock.seconds)
        passages = batch.passages
        if self._embedder is None or len(passages) > _MOST_AT_ONCE:
            return batch
        analysed = analyse(passages, self._recipe.mix, self._embedder, clock)
        return replace(batch, analysed=analysed)

    def _read(self, wanted: Wanted, clock: Stopwatch) -> Outcome:
        source = wanted.file.source
        try:
            with clock.stage("read"):
                file = self._reader.read(wanted.file)
                if file.digest in wanted.known:
                    return Same(file.mtime_ns, file.digest)
        except OSError as error:
            told = Skipped(source, SkipReason.NOT_READABLE.value, error.strerror or str(error))
            return Failed(told, keeps_old=True)
        except UnreadableFile as error:
            return Failed(_unreadable(source, error), error.reason == SkipReason.CHANGING)
        try:
            with clock.stage("read"):
                return read_file(file, self._recipe)
        except UnreadableFile as error:
            return Failed(_unreadable(source, error), keeps_old=False)


def warm_up(recipe: Recipe, embedder: BuiltinEmbedder | None) -> None:
    """Load what the work on most files needs, so that forks of this process have it already."""
    file = FileBytes("一.txt", "第一村共有两户。".encode(), "", 0)
    (some,) = cut([(read_file(file, recipe), (0, 0))], recipe)
    analyse(some.passages, recipe.mix, embedder, Stopwatch())


def read_file(file: FileBytes, recipe: Recipe) -> Read:
    """Raises: UnreadableFile."""
    from indexer.files.sites import edges_of, is_page

    is_kept = is_matched(file.source, recipe.kept)
    document = make_document(file, whole=is_kept)
    keeps_all = is_kept or not recipe.leaves_out
    if keeps_all:
        document = replace(document, left_out=())
    if not _has_words(document):
        raise UnreadableFile(
            f"{file.source} holds nothing but navigation and the like",
            reason="no_text",
            hint="look at it; to keep all of it, build with --keep-boilerplate",
        )
    edges = edges_of(document) if is_page(document) and not keeps_all else None
    return Read(document, file.data, file.mtime_ns, edges)


def cut(pages: Sequence[Page], recipe: Recipe) -> list[Cut]:
    """Cut documents without their repeated lines."""
    from indexer.chunk import chunk
    from indexer.files.sites import leave_out_repeated
    from indexer.index.reprints import without
    from indexer.text.fingerprint import make_fingerprints

    documents = [leave_out_repeated(read.document, *repeated) for read, repeated in pages]
    # Of what is in passages, so that another site's furniture around a copy does not count.
    kept = (without(each.text, [(o.start, o.end) for o in each.left_out]) for each in documents)
    made = []
    for page, document, fingerprint in zip(pages, documents, make_fingerprints(kept), strict=True):
        passages = chunk(document, recipe.cutting)
        coverage = coverage_of(document)
        document = replace(document, fingerprint=fingerprint)
        if not recipe.has_contexts:
            document = replace(document, title="", organisation=None, date=None)
            passages = [without_context(passage) for passage in passages]
        read, repeated = page
        made.append(Cut(read, document, passages, repeated, coverage))
    return made


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


def _unreadable(source: str, error: UnreadableFile) -> Skipped:
    return Skipped(source, error.reason, f"{error.message} ({error.hint})")
