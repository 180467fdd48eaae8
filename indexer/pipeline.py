"""The build, from folders to an index, readable from top to bottom.

Knows the order of things and what becomes of a file that can't be read; every stage is elsewhere.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from indexer.chunk import CHUNKING_VERSION, Cutting
from indexer.crew import Crew, cores, crew
from indexer.embed.base import Embedder
from indexer.embed.builtin import BuiltinEmbedder
from indexer.errors import IndexLocked
from indexer.files.reading import FileReader
from indexer.files.rules import SkipReason
from indexer.files.scope import scope_of
from indexer.files.walk import DEFAULT_MAX_FILE_BYTES, FileFound, walk
from indexer.index.folder import IndexFolder, is_large
from indexer.index.generation import new_generation
from indexer.index.known import KnownFile
from indexer.index.manifest import (
    ChunkingStamp,
    Manifest,
    Settings,
    TermsStamp,
    require_code,
    require_embedder,
    stamp_of,
)
from indexer.index.pointer import Pointer
from indexer.index.removing import remove_documents
from indexer.index.writing import GenerationWriter
from indexer.prepare import FILES_A_TASK, Failed, Outcome, Recipe, Same, Wanted, Workshop, tasks_of
from indexer.records import Skipped
from indexer.report import BuildReport, Tally, nothing_to_index, report_of
from indexer.roots import Uploads, files_of, find, returned_by, roots_of, taken_out_of
from indexer.stopwatch import Stopwatch
from indexer.storing import Storing
from indexer.taking_up import TakingUp, taking_up
from indexer.text.segment import TermMix

_REMOVED = "taken out with remove; a new build brings it back"

Progress = Callable[[int, int, str], None]
"""Called with how many files are done, how many there are, and the source of the last one."""


# Archives up to which starting processes takes longer than they spare.
_FEW_FILES = 100
_FEW_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class BuildOptions(Recipe):
    """`jobs`: processes that read and cut files; None for one a core, where there are many."""

    max_file_bytes: int = DEFAULT_MAX_FILE_BYTES
    jobs: int | None = 1


def silent(done: int, total: int, source: str) -> None:
    """Show no progress."""


def build(
    paths: Sequence[Path],
    index_dir: Path,
    embedder: Embedder,
    options: BuildOptions | None = None,
    progress: Progress = silent,
    *,
    uploads: bool = False,
) -> BuildReport:
    """Make a new generation from nothing but `paths`; the one before stays until this is whole.

    With `uploads` the one path is what `Uploads` calls its root.

    Raises: NothingToIndex, InvalidRequest, IndexLocked, StorageFull, EmbedderUnavailable,
    EmbedderFailed; after each of them the index is as it was.
    """
    options = options or BuildOptions()
    clock, tally = Stopwatch(), Tally()
    with clock.stage("walk"):
        found = files_of(walk(paths, options.max_file_bytes), tally, uploads=uploads)
    if not found:
        raise nothing_to_index(paths, tally)
    settings = _settings(embedder, options)
    folder = IndexFolder(index_dir)
    new = new_generation(folder, settings, from_scratch=True, takes_up=True)
    wanted = [Wanted(file) for file in found]
    with ExitStack() as stack:
        writer = stack.enter_context(new)
        workers = stack.enter_context(_crew(options, embedder, wanted, options.jobs))
        before = stack.enter_context(taking_up(folder.journal, settings, options))
        writer.start_empty()
        storing = Storing(writer, before.keeping(embedder), options.mix, clock)
        taken = _take(wanted, workers, storing, before)
        for done, (file, outcome) in enumerate(taken, start=1):
            _settle(outcome, None, writer, tally)
            progress(done, len(found), file.source)
        if not tally.added:
            raise nothing_to_index(paths, tally)
        _take_pages(workers, storing)
        writer.skip(tally.skipped)
        with clock.stage("finish"):
            roots = [replace(each, uploads=uploads) for each in roots_of(paths)]
            manifest = writer.finish(roots, options.max_file_bytes)
    tally.taken_up = before.documents
    return report_of(manifest, tally, clock, storing.little_read, writer.notes)


def update(
    index_dir: Path,
    embedder: Embedder,
    max_file_bytes: int | None = None,
    progress: Progress = silent,
    *,
    checks_content: bool = False,
    uploads: Uploads | None = None,
    within: Sequence[Path] = (),
    jobs: int | None = 1,
) -> BuildReport:
    """Walk the folders of the last build again, and `uploads`, and read what has changed in them.

    A file of the same size and time stamp is taken for unchanged, unless `checks_content`, and so
    is all that is not `within` these files and folders. Sources taken out by `remove` stay out.
    Raises as `build`, and IndexMissing, IndexDamaged, IndexMismatch; the index is then as it was.
    """
    folder = IndexFolder(index_dir)
    pointer = folder.pointer()
    manifest = folder.manifest(pointer)
    require_code(manifest, index_dir)
    require_embedder(manifest, embedder, index_dir)
    roots = uploads.among(manifest.roots) if uploads else manifest.roots
    named = uploads if uploads and uploads.names else None
    limit = max_file_bytes or manifest.max_file_bytes
    clock, tally = Stopwatch(), Tally()
    scope = scope_of(within, [(Path(each.path), each.prefix) for each in roots])
    with clock.stage("walk"):
        found = find([each for each in roots if each.uploads or not named], limit, tally, scope)
    new = new_generation(folder, manifest.settings, from_scratch=False, takes_up=True)
    with new as writer, FileReader() as reader, ExitStack() as stack:
        _require_base(folder, manifest, pointer, writer.base)
        known = writer.known_files(scope.sources)
        recipe = _recipe_of(manifest)
        taken_out = taken_out_of(writer.base.removals, uploads)
        tally.skipped += [each for each in writer.skipped_before() if not scope.holds(each.source)]
        there = _without_removed(found, taken_out, tally)
        wanted = [
            each
            for file in there
            if (each := _changed(file, known.get(file.source), reader, tally, checks_content))
        ]
        workers = stack.enter_context(_crew(recipe, embedder, wanted, jobs))
        before = stack.enter_context(taking_up(folder.journal, manifest.settings, recipe))
        tally.unchanged += manifest.counts.documents - writer.start_from_base() - len(known)
        storing = Storing(writer, before.keeping(embedder), recipe.mix, clock)
        unchanged = len(found) - len(wanted)
        for done, (file, outcome) in enumerate(_take(wanted, workers, storing, before), start=1):
            _settle(outcome, known.get(file.source), writer, tally)
            progress(unchanged + done, len(found), file.source)
        _conclude(known, found, named, writer, tally)
        writer.lifted = returned_by(writer.base.removals, uploads, found, tally)
        if not named and not tally.added + tally.changed + tally.unchanged:
            raise nothing_to_index([Path(each.path) for each in roots], tally)
        _take_pages(workers, storing)
        with clock.stage("finish"):
            if writer.has_changes:
                manifest = writer.finish(roots, limit)
    tally.taken_up = before.documents
    return report_of(manifest, tally, clock, storing.little_read, writer.notes)


def remove(index_dir: Path, sources_or_ids: Sequence[str]) -> list[str]:
    """Take documents out, from the next question on; returns their sources.

    Raises: IndexMissing, IndexDamaged, IndexLocked, DocumentNotFound (and nothing is removed).
    """
    return remove_documents(IndexFolder(index_dir), sources_or_ids)


def _recipe_of(manifest: Manifest) -> Recipe:
    """That of the last build."""
    return Recipe(
        cutting=Cutting(manifest.chunking.max_chars, manifest.chunking.overlap_chars),
        mix=TermMix(manifest.terms.mix),
        kept=manifest.kept,
    )


def _settings(embedder: Embedder, options: BuildOptions) -> Settings:
    from indexer.text import normalise, segment

    return Settings(
        embedder=stamp_of(embedder),
        normalisation=normalise.VERSION,
        terms=TermsStamp(segment.VERSION, options.mix.value),
        chunking=ChunkingStamp(
            CHUNKING_VERSION, options.cutting.max_chars, options.cutting.overlap_chars
        ),
        kept=options.kept,
    )


def _crew(
    recipe: Recipe, embedder: Embedder, wanted: Sequence[Wanted], jobs: int | None
) -> AbstractContextManager[Crew]:
    """Who reads the files; starting processes for few of them takes longer than it spares."""
    if jobs is None:
        size = sum(each.file.size for each in wanted)
        jobs = 1 if len(wanted) < _FEW_FILES or size < _FEW_BYTES else cores()
    return crew(recipe, embedder if isinstance(embedder, BuiltinEmbedder) else None, jobs)


def _take(
    wanted: Sequence[Wanted], workers: Crew, storing: Storing, before: TakingUp
) -> Iterator[tuple[FileFound, Outcome]]:
    """Read files and store what becomes of them, each after its outcome was looked at."""
    files = iter(wanted)
    for batch in workers.do(Workshop.read, tasks_of(map(before.awaited, wanted))):
        some = list(islice(files, len(batch.outcomes)))
        batch = before.completed(some, batch)
        for each, outcome in zip(some, batch.outcomes, strict=True):
            yield each.file, outcome
        storing.store(batch)


def _take_pages(workers: Crew, storing: Storing) -> None:
    """The pages last that waited for those of their site."""
    pages = storing.pages_held_back()
    tasks = iter(lambda: list(islice(pages, FILES_A_TASK)), [])
    for batch in workers.do(Workshop.cut, tasks):
        storing.store(batch)
    storing.finish()


def _without_removed(
    found: Sequence[FileFound], taken_out: Collection[str], tally: Tally
) -> list[FileFound]:
    removed = [file.source for file in found if file.source in taken_out]
    tally.skipped += [Skipped(source, "removed", _REMOVED) for source in removed]
    return [file for file in found if file.source not in taken_out]


def _changed(
    file: FileFound,
    old: KnownFile | None,
    reader: FileReader,
    tally: Tally,
    checks_content: bool,
) -> Wanted | None:
    """The file, if by its size and time it may have changed; the digest of its bytes tells."""
    if old is None:
        return Wanted(file)
    if file.given.digest != old.given:
        return Wanted(file)
    try:
        if not checks_content and reader.stamp(file) == (old.size, old.mtime_ns):
            tally.unchanged += 1
            return None
    except OSError:
        pass  # to be told once it is to be read
    return Wanted(file, (old.digest,))


def _settle(
    outcome: Outcome, old: KnownFile | None, writer: GenerationWriter, tally: Tally
) -> None:
    """Count one file, and leave out what the index held of it if that is no longer so."""
    if isinstance(outcome, Failed):
        tally.skipped.append(outcome.skipped)
        if old and outcome.keeps_old:
            # What it holds now can't be told, so what it held stays.
            tally.unchanged += 1
        elif old:
            writer.drop([old.key])
            tally.removed += 1
    elif isinstance(outcome, Same):
        assert old is not None
        writer.touch(old.key, outcome.mtime_ns)
        tally.unchanged += 1
    elif old:
        writer.drop([old.key])
        tally.changed += 1
    else:
        tally.added += 1


def _require_base(folder: IndexFolder, manifest: Manifest, seen: Pointer, base: Pointer) -> None:
    """That what goes on is what was looked at, and whole, of a large index by the sizes of its
    files alone. Raises: IndexLocked, IndexDamaged.
    """
    if base.manifest_sha256 != seen.manifest_sha256:
        raise IndexLocked("another writer was quicker", hint="run the update again")
    for name in folder.broken_files(manifest, sizes_alone=is_large(manifest)):
        raise folder.broken(manifest, name)


def _conclude(
    known: dict[str, KnownFile],
    found: Sequence[FileFound],
    named: Uploads | None,
    writer: GenerationWriter,
    tally: Tally,
) -> None:
    """Drop what is gone, and say what is left out; only of `named` where no more was looked at."""
    if named:
        known = {source: file for source, file in known.items() if named.has_named(source)}
        said = {each.source for each in tally.skipped}
        before = [each for each in writer.skipped_before() if each.source not in said]
        writer.skip([each for each in before if not named.has_named(each.source)])
    _drop_vanished(known, found, writer, tally)
    writer.skip(tally.skipped)


def _drop_vanished(
    known: dict[str, KnownFile],
    found: Sequence[FileFound],
    writer: GenerationWriter,
    tally: Tally,
) -> None:
    """Drop documents whose file is gone; what merely can't be looked at stays."""
    there = {file.source for file in found}
    blocked = [each.source for each in tally.skipped if each.reason == SkipReason.NOT_READABLE]
    below = tuple(f"{source}/" for source in blocked)
    gone = []
    for source, file in known.items():
        if source in there:
            continue
        if source in blocked or source.startswith(below):
            tally.unchanged += 1
        else:
            gone.append(file.key)
    writer.drop(gone)
    tally.removed += len(gone)
