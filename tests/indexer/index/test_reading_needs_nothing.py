"""Reading takes no lock, writes nothing, and outlives what happens to the files it came from."""

import errno
import fcntl
import os
import resource
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import (
    EmbedderFailed,
    IndexDamaged,
    IndexForbidden,
    IndexLocked,
    StorageFull,
    WenjuError,
)
from indexer.index.folder import IndexFolder
from indexer.index.generation import new_generation
from indexer.index.removing import remove_documents
from indexer.index.store import IndexReader, open_index
from indexer.index.verify import verify_index
from tests.indexer.index.hand_made import SETTINGS, axis, prepared, update_index, write_index

NOBODY = 65534


@pytest.fixture
def index() -> Iterator[Path]:
    """In a folder that other users may enter, which those of pytest are not."""
    root = Path(tempfile.mkdtemp(prefix="wenju-test-"))
    root.chmod(0o755)
    write_index(root / "index", [prepared(f"{n}", ["红一", f"白{n}"]) for n in range(30)])
    yield root / "index"
    for path in (root, *root.rglob("*")):
        path.chmod(0o755)
    shutil.rmtree(root)


def ask(reader: IndexReader) -> list[str]:
    everything = reader.select()
    keys = [hit.key for hit in reader.lexical(["白"], 2, everything)]
    keys += [hit.key for hit in reader.dense(axis(1.0), 2, everything)]
    return [each.passage.text for each in reader.passages(keys)]


ANSWER = ["白0", "白1", "红一", "白0"]


def in_child(run: Callable[[], object]) -> str:
    """What `run` returns or the name of the error it raises, from a process of its own."""
    receive, send = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads, from Python 3.12 on
        child = os.fork()
    if child == 0:
        try:
            said = repr(run())
        except WenjuError as error:
            said = f"{type(error).__name__}: {error.message}"
        except BaseException as error:
            said = f"raw {error!r}"
        os.write(send, said.encode()[:4000])
        os._exit(0)
    os.close(send)
    with os.fdopen(receive, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    assert os.WIFEXITED(status), f"ended by signal {os.WTERMSIG(status)}"
    return said


def open_and_ask(index: Path) -> list[str]:
    reader = open_index(index)
    found = ask(reader)
    assert verify_index(index).problems == ()
    reader.close()
    return found


def as_another_user(run: Callable[[], object]) -> Callable[[], object]:
    def other() -> object:
        if os.geteuid() == 0:
            os.setegid(NOBODY)
            os.seteuid(NOBODY)
        return run()

    return other


def test_a_read_only_folder_is_read_by_another_user(index: Path) -> None:
    for path in (index, *index.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert in_child(as_another_user(lambda: open_and_ask(index))) == repr(ANSWER)
    said = in_child(as_another_user(lambda: remove_documents(IndexFolder(index), ["1"])))
    assert said.startswith("StorageFull: can't write to"), said


def test_a_fresh_index_is_read_by_another_user(index: Path) -> None:
    assert in_child(as_another_user(lambda: open_and_ask(index))) == repr(ANSWER)


def test_nothing_is_written_by_reading(index: Path) -> None:
    def seen() -> dict[str, tuple[int, int]]:
        return {
            str(path): (path.stat().st_mtime_ns, path.stat().st_size)
            for path in index.rglob("*")
            if path.suffix != ".lock"
        }

    before = seen()
    assert open_and_ask(index) == ANSWER
    assert seen() == before


def test_a_full_disk_is_no_hindrance(index: Path) -> None:
    def without_a_byte() -> object:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        return open_and_ask(index)

    assert in_child(without_a_byte) == repr(ANSWER)


@pytest.mark.parametrize(
    "name", ["CURRENT", "manifest.json", "documents.sqlite", "dense.faiss", "lexical/meta.json"]
)
def test_what_may_not_be_read_is_no_damage(index: Path, name: str) -> None:
    path = index / name if name == "CURRENT" else index / "generations/g000001" / name
    path.chmod(0o000)
    said = in_child(as_another_user(lambda: open_index(index)))
    assert said == f"{IndexForbidden.__name__}: {path} may not be read by this user"


@pytest.mark.parametrize("size", [0, 100, 5000])
def test_files_cut_short_under_a_reader_do_not_end_it(index: Path, size: int) -> None:
    def ask_a_cut_one() -> object:
        reader = open_index(index)
        for path in (index / "generations/g000001").rglob("*"):
            if path.is_file() and path.stat().st_size > size:
                os.truncate(path, size)
        everything = reader.select()
        assert [hit.key for hit in reader.lexical(["白"], 2, everything)] == [2, 4]
        assert [hit.key for hit in reader.dense(axis(1.0), 2, everything)] == [1, 2]
        try:
            return ask(reader)
        except IndexDamaged as error:
            return error.code

    assert in_child(ask_a_cut_one) in (repr("index_damaged"), repr(ANSWER))


def test_a_reader_reopens_what_was_mended_under_it(index: Path) -> None:
    reader = open_index(index)
    os.truncate(index / "generations/g000001/documents.sqlite", 5000)
    write_index(index, [prepared("neu", ["白新"])])
    assert ask(reader.current()) == ["白新", "白新"]
    reader.close()


def test_a_generation_stays_while_it_is_read_and_goes_afterwards(index: Path) -> None:
    reader = open_index(index)
    with new_generation(IndexFolder(index), SETTINGS) as writer:
        writer.start_from_base()
        writer.drop([1])
        writer.finish([], 1000)
    assert writer.notes == ["g000001 is still being read; the next writer clears it"]
    assert ask(reader) == ANSWER
    reader.close()
    update_index(index, ["1"], [])
    assert IndexFolder(index).generation_numbers() == [3]


def test_a_failure_after_the_turn_does_not_deny_it(index: Path) -> None:
    """What is cleared once the new generation answers can only be told as left to do."""

    def build_while_nothing_goes() -> object:
        import sys

        def refuse(event: str, arguments: tuple[object, ...]) -> None:
            if event == "shutil.rmtree" and str(arguments[0]).endswith("g000001"):
                raise OSError(28, "No space left on device")

        sys.addaudithook(refuse)
        with new_generation(IndexFolder(index), SETTINGS) as writer:
            writer.start_from_base()
            writer.drop([1])
            writer.finish([], 1000)
        return writer.notes

    said = in_child(build_while_nothing_goes)
    assert "g000001 could not be cleared" in said, said
    assert open_index(index).generation == "g000002"


def test_an_update_on_a_full_disk_says_so(index: Path) -> None:
    def update_without_room() -> object:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
        return update_index(index, ["1"], [prepared("new", ["红新"] * 50)])

    assert in_child(update_without_room).startswith(StorageFull.__name__)
    assert open_and_ask(index) == ANSWER


def test_who_holds_the_lock_is_told(index: Path) -> None:
    with IndexFolder(index).lock(), pytest.raises(IndexLocked) as caught:
        update_index(index, [], [])
    assert f"process {os.getpid()} on" in caught.value.message
    assert "for 0 minutes" in caught.value.message


def test_a_file_system_without_locks_is_told(index: Path) -> None:
    def update_without_locks() -> object:
        def refuse(handle: int, operation: int) -> None:
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

        fcntl.flock = refuse
        assert open_and_ask(index) == ANSWER, "it may be read"
        return update_index(index, ["1"], [])

    said = in_child(update_without_locks)
    assert (
        said == f"StorageFull: {index} is on a file system without locks, so that two could write"
    )


@pytest.mark.parametrize("row", [[1.0, float("nan"), 0, 0], [float("inf"), 0, 0, 0]])
def test_vectors_that_are_no_numbers_never_get_in(index: Path, row: list[float]) -> None:
    with pytest.raises(EmbedderFailed):
        update_index(index, [], [prepared("new", ["红新"], [np.asarray(row, np.float32)])])
    assert open_and_ask(index) == ANSWER


def test_names_that_differ_only_in_case_or_unicode_form(index: Path) -> None:
    names = ["A.txt", "a.txt", "é.txt", "e\u0301.txt", "Ａ.txt"]
    write_index(index, [prepared(name, [f"红{n}"]) for n, name in enumerate(names)])
    remove_documents(IndexFolder(index), ["a.txt", "e\u0301.txt"])
    reader = open_index(index)
    listed = reader.documents(9, None, reader.select()).documents
    assert {each.document.source for each in listed} == {"A.txt", "é.txt", "Ａ.txt"}
    reader.close()


def test_a_manifest_edited_by_hand_is_told(index: Path) -> None:
    path = index / "generations/g000001/manifest.json"
    path.write_text(path.read_text().replace('"dim": 4', '"dim": 5'))
    with pytest.raises(IndexDamaged, match="was changed after it was written"):
        open_index(index)
