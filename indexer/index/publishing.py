"""The last steps of every write: the manifest, the flush to disk, the rename, the pointer.

Knows a folder of finished files and what is to be said of them.
"""

import hashlib
import stat
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from indexer.index.folder import DATABASE_FILE, IndexFolder
from indexer.index.manifest import MANIFEST_FILE, FileStamp, Manifest
from indexer.index.pointer import Pointer, Removal, generation_name, write_pointer
from indexer.index.storage import stamp_tree, sync_folder, sync_tree, write_synced


def publish(
    folder: IndexFolder,
    number: int,
    manifest: Manifest,
    removals: Sequence[Removal],
    lifted: Sequence[Removal] = (),
    *,
    known: Mapping[str, FileStamp],
    linked: Collection[str] = (),
) -> Manifest:
    """Put the generation that is written aside in force, with what may not answer from it.

    What was removed while it was written stays removed; `lifted` are the removals before that
    which hold no more. `known` are the stamps of files that were written before, `linked` those of
    them that are on the disk already. Returns the manifest with its name and the digests of its
    files. Raises: OSError, StorageFull.
    """
    place, name = folder.aside(number), generation_name(number)
    manifest = replace(manifest, generation=name, files=stamp_tree(place, known))
    # Tantivy makes some of its own for this user alone, whatever the umask says.
    mode = stat.S_IMODE((place / DATABASE_FILE).stat().st_mode)
    for each in manifest.files:
        if stat.S_IMODE((place / each).stat().st_mode) != mode:
            (place / each).chmod(mode)
    data = manifest.to_json()
    write_synced(place / MANIFEST_FILE, data)
    sync_tree(place, linked)
    place.rename(folder.generation(number))
    sync_folder(folder.generations)
    with folder.pointing():
        every = (*removals, *folder.removals())
        holding = {each.document_id: each for each in every if each not in lifted}
        write_pointer(
            folder.root, Pointer(name, hashlib.sha256(data).hexdigest(), tuple(holding.values()))
        )
    return manifest
