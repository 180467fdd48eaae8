"""Opening the engines of one generation: vectors and terms, in memory of this process.

Knows which files belong to which engine, and which of them an earlier reader has opened already.
"""

from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from indexer.commands import rebuild_hint
from indexer.errors import IndexDamaged
from indexer.index.dense.segment import DenseSegment, file_names, open_segment
from indexer.index.dense.view import DenseIndex
from indexer.index.folder import LEXICAL_FOLDER, IndexFolder, database_names, dense_names
from indexer.index.lexical import LexicalIndex
from indexer.index.manifest import FileStamp, Manifest
from indexer.index.memory import Copies, private_copies
from indexer.index.pointer import forbidden

_NONE = FileStamp(-1, "")


@dataclass(frozen=True, slots=True, eq=False)
class Engines:
    """What a reader searches, and what the reader of the next generation may go on using of it."""

    dense: DenseIndex
    lexical: LexicalIndex
    segments: dict[FileStamp, DenseSegment]
    copies: Copies


def open_engines(
    folder: IndexFolder, manifest: Manifest, earlier: Engines | None, stack: ExitStack
) -> Engines:
    """Open what the `earlier` engines have not opened. `stack` lets go of it.

    Raises: IndexDamaged, IndexForbidden.
    """
    copies, place = stack.enter_context(closing(Copies())), folder.generations / manifest.generation
    known = earlier.segments if earlier else {}
    stamps = {name: manifest.files.get(name, _NONE) for name in dense_names(manifest)}
    not_copied = set(database_names(manifest))
    for name, stamp in stamps.items():
        if stamp in known:
            not_copied.update(file_names(name, manifest.files))
    every = {**manifest.files, **stamps}
    files = {name: stamp for name, stamp in every.items() if name not in not_copied}
    broken, former = partial(folder.broken, manifest), earlier.copies if earlier else Copies()
    try:
        with private_copies(place, files, broken, copies, former) as at:
            segments = {
                stamp: known.get(stamp) or open_segment(at / name) for name, stamp in stamps.items()
            }
            lexical = LexicalIndex.open(at / LEXICAL_FOLDER)
    except PermissionError as error:
        raise forbidden(Path(error.filename or place)) from error
    dense = DenseIndex([segments[stamp] for stamp in stamps.values()])
    gone = dense.count - manifest.counts.passages
    if gone < 0 or (gone and not manifest.dropped) or dense.dim != manifest.embedder.dim:
        raise IndexDamaged("the vectors do not fit the manifest", hint=rebuild_hint(folder.root))
    return Engines(dense, lexical, segments, copies)
