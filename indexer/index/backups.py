"""Back-ups: a copy of the current generation that is an index itself, and the way back.

A finished generation never changes, so that it can be copied while others read and write.
"""

import os
import shutil
from pathlib import Path

from indexer.commands import quoted
from indexer.errors import InvalidRequest
from indexer.index.folder import IndexFolder
from indexer.index.generation import clear_old, writing
from indexer.index.manifest import MANIFEST_FILE, Manifest, require_code
from indexer.index.pointer import write_pointer
from indexer.index.publishing import publish
from indexer.index.storage import copy_stamped, storage_errors, sync_tree
from indexer.index.store import open_index


def snapshot(index_dir: Path, target: Path, *, links: bool = False) -> Manifest:
    """Copy what is in force now into the new folder `target`; hard links need no room, but share
    the fate of the disk. Removed documents are removed in it, too.

    Raises: IndexMissing, IndexDamaged, IndexMismatch, StorageFull, InvalidRequest.
    """
    _require_new(target)
    source = IndexFolder(index_dir)
    reader = open_index(index_dir)  # holds the generation while it is copied
    try:
        with storage_errors(target):
            place = IndexFolder(target)
            name = reader.generation
            aside = place.generations / f"{name}.unfinished"
            aside.mkdir(parents=True)
            _copy(source, reader.manifest, aside, links=links)
            shutil.copyfile(source.generations / name / MANIFEST_FILE, aside / MANIFEST_FILE)
            sync_tree(aside)
            aside.rename(place.generations / name)
            write_pointer(target, reader.pointer)
    finally:
        reader.close()
    return reader.manifest


def restore(snapshot_dir: Path, index_dir: Path) -> tuple[Manifest, list[str]]:
    """Put the state of a snapshot in force again, as a new generation; and what is left to do.

    What was removed since then stays removed. Raises: as `snapshot`, and IndexLocked.
    """
    source, folder = IndexFolder(snapshot_dir), IndexFolder(index_dir)
    pointer = source.pointer()
    manifest = source.manifest(pointer)
    require_code(manifest, snapshot_dir)
    with writing(folder, creates=True):
        number = 1 + max([0, *folder.generation_numbers()])
        aside = folder.aside(number)
        try:
            aside.mkdir(parents=True)
            _copy(source, manifest, aside, links=False)
            removals = {each.document_id: each for each in (*pointer.removals, *folder.removals())}
            manifest = publish(
                folder, number, manifest, list(removals.values()), known=manifest.files
            )
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        return manifest, clear_old(folder, number)


def _copy(source: IndexFolder, manifest: Manifest, target: Path, *, links: bool) -> None:
    """Raises: IndexDamaged where a file is not as it was written, OSError."""
    origin = source.generations / manifest.generation
    if links:
        for name in source.broken_files(manifest):
            raise source.broken(manifest, name)
    for name, stamp in manifest.files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if links:
            os.link(origin / name, target / name)
            continue
        with (target / name).open("wb") as handle:
            if not (origin / name).is_file() or copy_stamped(origin / name, handle) != stamp:
                raise source.broken(manifest, name)


def _require_new(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InvalidRequest(
            f"{target} is there already, and not an empty folder",
            hint=f"name a new folder, or delete it: rm -r {quoted(target)}",
        )
