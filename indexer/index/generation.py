"""The turn from one generation to the next: lock, clear what a killed writer left, clear the old.

Knows when folders may go, not what is in them. A generation that CURRENT does not name is none: it
is cleared, unless it is the last one and a process still reads it.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from indexer.errors import IndexDamaged, IndexMissing
from indexer.index.database import writing_errors
from indexer.index.folder import DATABASE_FILE, IndexFolder
from indexer.index.manifest import Settings
from indexer.index.pointer import SPARE, Pointer, generation_name, read_pointer
from indexer.index.storage import storage_errors
from indexer.index.writing import GenerationWriter

NO_BASE = Pointer(generation_name(0), "")


@contextmanager
def new_generation(
    folder: IndexFolder,
    settings: Settings,
    *,
    from_scratch: bool = False,
    takes_up: bool = False,
    base_of: Callable[[IndexFolder], Pointer] = IndexFolder.pointer,
) -> Iterator[GenerationWriter]:
    """Be the one writer and make the next generation; leaves no trace unless `finish` was called.

    From scratch nothing of what is there goes on, neither documents nor removals; else what
    `base_of` finds. What an interrupted build had made goes, unless this one `takes_up` from there.
    What can't be cleared once the new generation is in force is told in the writer's `notes`.
    Raises: IndexLocked, StorageFull, IndexMissing and IndexDamaged (unless from scratch).
    """
    with writing(folder, creates=from_scratch):
        lifted = folder.removals() if from_scratch else ()  # before the base: none comes between
        base = _bare_base(folder) if from_scratch else base_of(folder)
        number = 1 + max([base.number, *folder.generation_numbers()])
        _clear_unfinished(folder, base.number)
        if not takes_up:
            folder.journal.unlink(missing_ok=True)
        writer = GenerationWriter(folder, base, number, settings)
        writer.lifted += lifted
        try:
            with writing_errors(writer.place / DATABASE_FILE):
                yield writer
        finally:
            writer.close()
            shutil.rmtree(folder.aside(number), ignore_errors=True)
            if not folder.pointer_file.exists():
                shutil.rmtree(folder.generations, ignore_errors=True)
        if writer.finished:
            writer.notes += clear_old(folder, number)


@contextmanager
def writing(folder: IndexFolder, *, creates: bool = False) -> Iterator[None]:
    """Be the one writer. Raises: IndexLocked, StorageFull; IndexMissing unless it `creates` one."""
    with storage_errors(folder.root):
        if creates:
            folder.root.mkdir(parents=True, exist_ok=True)
        else:
            recoverable_pointer(folder)  # no lock is left where there is no index
        with folder.lock():
            yield


def recoverable_pointer(folder: IndexFolder) -> Pointer:
    """CURRENT, or its spare where it is damaged. Raises: as `IndexFolder.pointer`."""
    try:
        return folder.pointer()
    except IndexDamaged:
        try:
            return read_pointer(folder.root, SPARE)
        except (IndexDamaged, IndexMissing):
            pass
        raise


def _bare_base(folder: IndexFolder) -> Pointer:
    try:
        return replace(folder.pointer(), removals=())
    except (IndexMissing, IndexDamaged):
        return NO_BASE


def _clear_unfinished(folder: IndexFolder, base: int) -> None:
    """Clear what a killed writer left. `base` 0: nothing is known to be current."""
    for number in folder.generation_numbers():
        if base and number > base:
            shutil.rmtree(folder.generation(number))
    if folder.generations.is_dir():
        for left_over in folder.generations.glob("*.unfinished"):
            shutil.rmtree(left_over)


def clear(folder: IndexFolder) -> list[str]:
    """`clear_old` as a writer of its own. Raises: IndexLocked, StorageFull, IndexMissing."""
    with writing(folder):
        return clear_old(folder, folder.pointer().number)


def clear_old(folder: IndexFolder, current: int) -> list[str]:
    """Delete what is before the current generation and nobody reads; says what stays and why."""
    notes = []
    for number in folder.generation_numbers():
        if number >= current:
            continue
        name = generation_name(number)
        try:
            with folder.unless_held(number) as is_free:
                if is_free:
                    shutil.rmtree(folder.generation(number))
                else:
                    notes.append(f"{name} is still being read; the next writer clears it")
        except OSError as error:
            notes.append(f"{name} could not be cleared ({error}); the next writer tries again")
    for path in folder.root.glob("*documents.sqlite*"):  # of formats up to 3
        try:
            path.unlink()
        except OSError as error:
            notes.append(f"{path.name} could not be cleared ({error})")
    return notes
