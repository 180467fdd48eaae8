"""The build, from folders to an index, readable from top to bottom.

Knows the order of things and what becomes of a file that can't be read; every stage is elsewhere.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.chunk import CHUNKING_VERSION, Cutting
from indexer.embed.base import Embedder
from indexer.errors import IndexLocked, InvalidRequest, UnreadableFile
from indexer.files.reading import FileBytes, FileReader
from indexer.files.rules import SkipReason
from indexer.files.scope import EVERYTHING, Scope, scope_of
from indexer.files.sidecars import gather
from indexer.files.walk import DEFAULT_MAX_FILE_BYTES, FileFound, walk
from indexer.index.folder import IndexFolder, is_large
from indexer.index.generation import new_generation
from indexer.index.known import KnownFile
from indexer.index.manifest import (
    ChunkingStamp,
    Manifest,
    Root,
    Settings,
    TermsStamp,
    require_code,
    require_embedder,
    stamp_of,
)
from indexer.index.removing import remove_documents
from indexer.index.writing import GenerationWriter
from indexer.prepare import Preparation, Stopwatch
from indexer.records import Skipped
from indexer.report import BuildReport, Tally, nothing_to_index, report_of
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
) -> BuildReport:
    """Make a new generation from nothing but `paths`; the one before stays until this is whole.

    Raises: NothingToIndex, InvalidRequest, IndexLocked, StorageFull, EmbedderUnavailable,
    EmbedderFailed; after each of them the index is as it was.
    """
    options = options or BuildOptions()
    clock, tally = Stopwatch(), Tally()
    with clock.stage("walk"):
        found = _walk(paths, options.max_file_bytes, tally)
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
            manifest = writer.finish(_roots(paths), options.max_file_bytes)
    return report_of(manifest, tally, clock, preparation.little_read, writer.notes)


def update(
    index_dir: Path,
    embedder: Embedder,
    max_file_bytes: int | None = None,
    progress: Progress = silent,
    *,
    checks_content: bool = False,
    within: Sequence[Path] = (),
) -> BuildReport:
    """Walk the folders of the last build again and read what has changed in them.

    A file of the same size and time stamp is taken for unchanged, unless `checks_content`, and so
    is all that is not `within` these files and folders. Sources taken out by `remove` stay out.
    Raises as `build`, and IndexMissing, IndexDamaged, IndexMismatch; the index is then as it was.
    """
    folder = IndexFolder(index_dir)
    pointer = folder.pointer()
    manifest = folder.manifest(pointer)
    require_code(manifest, index_dir)
    require_embedder(manifest, embedder, index_dir)
    paths = _existing_roots(manifest)
    limit = max_file_bytes or manifest.max_file_bytes
    clock, tally = Stopwatch(), Tally()
    scope = scope_of(within, [(Path(root.path), root.prefix) for root in manifest.roots])
    with clock.stage("walk"):
        found = _walk(paths, limit, tally, scope)
    new = new_generation(folder, manifest.settings, from_scratch=False)
    with new as writer, FileReader() as reader:
        if writer.base.manifest_sha256 != pointer.manifest_sha256:
            raise IndexLocked("another writer was quicker", hint="run the update again")
        for name in folder.broken_files(manifest, sizes_alone=is_large(manifest)):
            raise folder.broken(manifest, name)
        known, taken_out = writer.known_files(scope.sources), writer.removed_sources()
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
        _drop_vanished(known, found, writer, tally)
        if not tally.added + tally.changed + tally.unchanged:
            raise nothing_to_index(paths, tally)
        preparation.finish()
        writer.skip(tally.skipped)
        with clock.stage("finish"):
            if writer.has_changes:
                manifest = writer.finish(manifest.roots, limit)
    return report_of(manifest, tally, clock, preparation.little_read, writer.notes)


def remove(index_dir: Path, sources_or_ids: Sequence[str]) -> list[str]:
    """Take documents out, from the next question on; returns their sources.

    Raises: IndexMissing, IndexDamaged, IndexLocked, DocumentNotFound (and nothing is removed).
    """
    return remove_documents(IndexFolder(index_dir), sources_or_ids)


def _walk(
    paths: Sequence[Path], max_file_bytes: int, tally: Tally, scope: Scope = EVERYTHING
) -> list[FileFound]:
    entries = list(walk(paths, max_file_bytes, scope))
    tally.skipped += [each for each in entries if isinstance(each, Skipped)]
    found = [each for each in entries if isinstance(each, FileFound)]
    with FileReader() as reader:
        documents, wrong = gather(found, reader)
    tally.skipped = [each for each in (*tally.skipped, *wrong) if scope.holds(each.source)]
    return [file for file in documents if scope.holds(file.source)]


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


def _existing_roots(manifest: Manifest) -> list[Path]:
    """The folders of the last build. One that is absent or closed would empty the index."""
    paths = [Path(root.path) for root in manifest.roots]
    for path in paths:
        needed = os.R_OK | os.X_OK if path.is_dir() else os.R_OK
        if not os.access(path, needed):
            raise InvalidRequest(
                f"{path}, which the index was built of, is not there or may not be read",
                hint="is a disk not mounted? else build again from the folders that there are",
            )
    return paths


def _roots(paths: Sequence[Path]) -> list[Root]:
    alone = len(paths) == 1
    return [
        Root(os.path.abspath(path), "" if alone else f"{path.resolve().name}/") for path in paths
    ]


def _unreadable(source: str, error: OSError | UnreadableFile) -> Skipped:
    if isinstance(error, OSError):
        return Skipped(source, SkipReason.NOT_READABLE.value, error.strerror or str(error))
    return Skipped(source, error.reason, f"{error.message} ({error.hint})")
