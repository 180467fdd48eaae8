"""An index made again from its own database: `rebuild` after damage, `compact` after removals.

Knows the order of things; needs none of the files that the index was built of.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import islice, starmap
from pathlib import Path

from indexer.analysis import BATCH_PASSAGES
from indexer.chunk import CHUNKING_VERSION, Cutting, chunk
from indexer.commands import build_hint
from indexer.embed.base import Embedder
from indexer.errors import IndexDamaged, IndexLocked
from indexer.index.database import compact_copy, connect_to_read, reading_errors
from indexer.index.folder import DATABASE_FILE, IndexFolder
from indexer.index.format3 import convert, is_format3, manifest3, pointer3
from indexer.index.generation import new_generation, recoverable_pointer
from indexer.index.manifest import (
    MANIFEST_FILE,
    Manifest,
    TermsStamp,
    parse_manifest,
    require_code,
    stamp_of,
)
from indexer.index.pointer import Pointer
from indexer.index.rows import count
from indexer.index.segments import Segments
from indexer.index.tables import SETTINGS, TABLES
from indexer.index.writing import GenerationWriter
from indexer.pipeline import Progress, silent
from indexer.records import Document, Passage
from indexer.report import BuildReport, Tally, report_of
from indexer.stopwatch import Stopwatch
from indexer.storing import Waiting, index_batch
from indexer.text import normalise, segment
from indexer.text.segment import TermMix


def rebuild(
    index_dir: Path, load: Callable[[str], Embedder], progress: Progress = silent
) -> BuildReport:
    """Make terms, vectors and manifest again out of the database, with the embedder that `load`
    gives for the name of the one before.

    Mends whatever is damaged but the database itself, a CURRENT that is torn included, and upgrades
    what an earlier version made. Raises:
    IndexMissing, IndexMismatch, IndexLocked, StorageFull, EmbedderUnavailable, EmbedderFailed;
    IndexDamaged where the database is damaged, too.
    """
    folder = IndexFolder(index_dir)
    pointer = recoverable_pointer(folder)
    copy: Callable[[Path], None]
    if is_format3(folder):
        said, base_of, copy = manifest3(folder), pointer3, partial(convert, folder)
    else:
        said, base_of = _manifest_in_database(folder, pointer), recoverable_pointer
        copy = partial(compact_copy, folder.segments(said))
    embedder = load(said.embedder.name)
    settings = replace(
        said.settings,
        embedder=stamp_of(embedder),
        normalisation=normalise.VERSION,
        terms=TermsStamp(segment.VERSION, said.terms.mix),
        chunking=replace(said.chunking, version=CHUNKING_VERSION),
    )
    with new_generation(folder, settings, base_of=base_of) as writer:
        manifest, clock = _made_again(writer, copy, said, embedder, progress)
    return report_of(manifest, Tally(unchanged=manifest.counts.documents), clock, {}, writer.notes)


def compact(index_dir: Path, progress: Progress = silent) -> BuildReport:
    """Write the index anew without anything of what was removed, and give its room back.

    Afterwards no byte of the removed texts is left in the folder, unless `notes` says that a
    process still reads an older generation. Raises: as `rebuild`.
    """
    folder = IndexFolder(index_dir)
    manifest = folder.manifest(folder.pointer())
    require_code(manifest, index_dir)
    for name in folder.broken_files(manifest):
        raise folder.broken(manifest, name)
    copy = partial(compact_copy, folder.segments(manifest))
    with new_generation(folder, manifest.settings) as writer:
        if writer.base.generation != manifest.generation:
            raise IndexLocked("another writer was quicker", hint="compact again")
        manifest, clock = _made_again(writer, copy, manifest, None, progress)
    return report_of(manifest, Tally(unchanged=manifest.counts.documents), clock, {}, writer.notes)


def _made_again(
    writer: GenerationWriter,
    copy: Callable[[Path], None],
    said: Manifest,
    embedder: Embedder | None,
    progress: Progress,
) -> tuple[Manifest, Stopwatch]:
    clock, mix = Stopwatch(), TermMix(said.terms.mix)
    with clock.stage("copy"):
        writer.start_from_rows(copy, keeps_vectors=embedder is None)
        writer.skip(writer.skipped_before())
    if said.chunking.version != CHUNKING_VERSION:
        with clock.stage("chunk"):
            writer.cut_again(partial(_cut, said))
    passages = starmap(Waiting, writer.passages_to_index())
    done = 0
    while batch := list(islice(passages, BATCH_PASSAGES)):
        index_batch(writer, embedder, batch, mix, clock)
        done += len(batch)
        progress(done, said.counts.passages, "")
    with clock.stage("finish"):
        manifest = writer.finish(said.roots, said.max_file_bytes)
    return manifest, clock


def _cut(said: Manifest, document: Document) -> list[Passage]:
    """By the rule of this code, and as long as before."""
    return chunk(document, Cutting(said.chunking.max_chars, said.chunking.overlap_chars))


def _manifest_in_database(folder: IndexFolder, pointer: Pointer) -> Manifest:
    """What the generation was made with, out of its database, which must be whole."""
    path = folder.database(pointer.number)
    if not path.is_file():
        raise IndexDamaged(
            f"{pointer.generation}/{DATABASE_FILE} is absent, and all else is made of it",
            hint=f"restore a snapshot, or {build_hint(folder.root)}",
        )
    with reading_errors(path), closing(connect_to_read(Segments((path,)))) as connection:
        stored = dict(SETTINGS.read(connection))
    said = parse_manifest(stored.get(MANIFEST_FILE, "").encode(), folder.root)
    said = replace(said, generation=pointer.generation)  # it was restored from another one
    segments = folder.segments(said)
    for each in segments.paths:
        with reading_errors(each), closing(connect_to_read(Segments((each,)))) as connection:
            for table in TABLES:
                for row in connection.execute(table.select()):
                    table.checked(row)
    with reading_errors(path), closing(connect_to_read(segments)) as connection:
        counts = count(connection)
    if said.counts != counts:
        raise IndexDamaged(
            f"{pointer.generation}/{DATABASE_FILE} is not whole",
            hint=f"restore a snapshot, or {build_hint(folder.root)}",
        )
    return said
