"""The build, from folders to an index, readable from top to bottom.

Knows the order of things and what becomes of a file that can't be read; every stage is elsewhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.chunk import CHUNKING_VERSION, Cutting
from indexer.embed.base import Embedder
from indexer.errors import IndexLocked, UnreadableFile
from indexer.files.reading import FileBytes, FileReader
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
from indexer.prepare import Preparation, Stopwatch
from indexer.records import Skipped
from indexer.report import BuildReport, Tally, nothing_to_index, report_of
from indexer.roots import Uploads, files_of, find, returned_by, roots_of, taken_out_of
from indexer.text.segment import TermMix

_REMOVED = "taken out with remove; a new build brings it back"

Progress = Callable[[int, int, str], None]
"""Called with how many files are done, how many there are, and the source of the last one."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Nothing is left out of documents whose path or name matches a glob of `kept`.

    `has_contexts` and `leaves_out` are there for measurements: without titles and headings, and
    with a page's furniture in its passages.
    """

    max_file_bytes: int = DEFAULT_MAX_FILE_BYTES
    cutting: Cutting = field(default_factory=Cutting)
    mix: TermMix = TermMix.CHARACTERS_BIGRAMS
    has_contexts: bool = True
    leaves_out: bool = True
    kept: tuple[str, ...] = ()


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
        found = files_of(walk(paths, options.max_file_bytes), tally)
    if not found:
        raise nothing_to_index(paths, tally)
    settings = _settings(embedder, options)
    new = new_generation(IndexFolder(index_dir), settings, from_scratch=True)
    with new as writer, FileReader() as reader:
        writer.start_empty()
        preparation = Preparation(
            writer,
            embedder,
            clock,
            cutting=options.cutting,
            mix=options.mix,
            has_contexts=options.has_contexts,
            leaves_out=options.leaves_out,
            kept=options.kept,
        )
        for done, file in enumerate(found, start=1):
            if _take(file, reader, preparation, tally):
                tally.added += 1
            progress(done, len(found), file.source)
        if not tally.added:
            raise nothing_to_index(paths, tally)
        preparation.finish()
        writer.skip(tally.skipped)
        with clock.stage("finish"):
            roots = [replace(each, uploads=uploads) for each in roots_of(paths)]
            manifest = writer.finish(roots, options.max_file_bytes)
    return report_of(manifest, tally, clock, preparation.little_read, writer.notes)


def update(
    index_dir: Path,
    embedder: Embedder,
    max_file_bytes: int | None = None,
    progress: Progress = silent,
    *,
    checks_content: bool = False,
    uploads: Uploads | None = None,
    within: Sequence[Path] = (),
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
    new = new_generation(folder, manifest.settings, from_scratch=False)
    with new as writer, FileReader() as reader:
        _require_base(folder, manifest, pointer, writer.base)
        known = writer.known_files(scope.sources)
        taken_out = taken_out_of(writer.base.removals, uploads)
        tally.skipped += [each for each in writer.skipped_before() if not scope.holds(each.source)]
        tally.unchanged += manifest.counts.documents - writer.start_from_base() - len(known)
        preparation = Preparation(
            writer,
            embedder,
            clock,
            cutting=Cutting(manifest.chunking.max_chars, manifest.chunking.overlap_chars),
            mix=TermMix(manifest.terms.mix),
            kept=manifest.kept,
        )
        for done, file in enumerate(found, start=1):
            if file.source in taken_out:
                tally.skipped.append(Skipped(file.source, "removed", _REMOVED))
            else:
                old = known.get(file.source)
                stamp = None if old is None or checks_content else (old.size, old.mtime_ns)
                _refresh(file, reader, old, stamp, writer, preparation, tally)
            progress(done, len(found), file.source)
        _conclude(known, found, named, writer, tally)
        writer.lifted = returned_by(writer.base.removals, uploads, found, tally)
        if not named and not tally.added + tally.changed + tally.unchanged:
            raise nothing_to_index([Path(each.path) for each in roots], tally)
        preparation.finish()
        with clock.stage("finish"):
            if writer.has_changes:
                manifest = writer.finish(roots, limit)
    return report_of(manifest, tally, clock, preparation.little_read, writer.notes)


def remove(index_dir: Path, sources_or_ids: Sequence[str]) -> list[str]:
    """Take documents out, from the next question on; returns their sources.

    Raises: IndexMissing, IndexDamaged, IndexLocked, DocumentNotFound (and nothing is removed).
    """
    return remove_documents(IndexFolder(index_dir), sources_or_ids)


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


def _take(file: FileFound, reader: FileReader, preparation: Preparation, tally: Tally) -> bool:
    """Put one file into the index, or note why not."""
    try:
        data = reader.read(file)
    except (OSError, UnreadableFile) as error:
        tally.skipped.append(_unreadable(file.source, error))
        return False
    return _put(data, preparation, tally)


def _put(data: FileBytes, preparation: Preparation, tally: Tally) -> bool:
    try:
        preparation.take(data)
    except UnreadableFile as error:
        tally.skipped.append(_unreadable(data.source, error))
        return False
    return True


def _refresh(
    file: FileFound,
    reader: FileReader,
    old: KnownFile | None,
    stamp: tuple[int, int] | None,
    writer: GenerationWriter,
    preparation: Preparation,
    tally: Tally,
) -> None:
    """Bring one file up to date: by size and time if they are known (`stamp`), then by digest."""
    if old is None:
        tally.added += _take(file, reader, preparation, tally)
        return
    data = None
    is_given = file.given.digest == old.given
    try:
        if is_given and reader.stamp(file) == stamp:
            tally.unchanged += 1
            return
        data = reader.read(file)
    except OSError as error:
        # What it holds now can't be told, so what it held stays.
        tally.skipped.append(_unreadable(file.source, error))
        tally.unchanged += 1
        return
    except UnreadableFile as error:
        tally.skipped.append(_unreadable(file.source, error))
        if error.reason == SkipReason.CHANGING:
            tally.unchanged += 1
            return
    if data and is_given and data.digest == old.digest:
        writer.touch(old.key, data.mtime_ns)
        tally.unchanged += 1
        return
    writer.drop([old.key])
    if data and _put(data, preparation, tally):
        tally.changed += 1
    else:
        tally.removed += 1


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


def _unreadable(source: str, error: OSError | UnreadableFile) -> Skipped:
    if isinstance(error, OSError):
        return Skipped(source, SkipReason.NOT_READABLE.value, error.strerror or str(error))
    return Skipped(source, error.reason, f"{error.message} ({error.hint})")
