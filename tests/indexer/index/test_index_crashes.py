"""Killed, torn, full, locked: the index opens whole or says what is wrong; a build mends it."""

import fcntl
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.errors import (
    IndexDamaged,
    IndexLocked,
    IndexMismatch,
    NothingToIndex,
    StorageFull,
    WenjuError,
)
from indexer.index.folder import IndexFolder
from indexer.index.generation import new_generation
from indexer.index.removing import remove_documents
from indexer.index.store import open_index
from indexer.index.verify import verify_index
from tests.indexer.index.hand_made import (
    SETTINGS,
    add,
    axis,
    finish,
    prepared,
    update_index,
    write_index,
)

ROOT = Path(__file__).resolve().parents[3]
DATABASE = "generations/g000001/documents.sqlite"


def sources(index_dir: Path) -> set[str]:
    reader = open_index(index_dir)
    page = reader.documents(500, None, reader.select())
    reader.close()
    return {each.document.source for each in page.documents}


def kill_writers(index: Path, copies: Path, kind: str) -> list[Path]:
    """Copies of an index, to each of which a writer was killed at another instant."""
    program = Path(__file__).with_name("crashing_writer.py")
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{program.parent}"}
    done = subprocess.run(
        [sys.executable, str(program), str(index), str(copies), kind],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    killed = sorted(copies.iterdir())
    assert len(killed) == int(done.stdout) > 20
    return killed


def test_what_was_removed_stays_out_wherever_a_build_is_killed(tmp_path: Path) -> None:
    index = tmp_path / "index"
    write_index(index, [prepared(f"old/{n}", ["红旧"] * 5) for n in range(4)])
    remove_documents(IndexFolder(index), ["old/1"])
    everything = {f"old/{n}" for n in range(4)}
    states = []
    for copy in kill_writers(index, tmp_path / "copies", "build"):
        found = sources(copy)
        is_new = found == everything
        states.append(is_new)
        assert is_new or found == everything - {"old/1"}, copy.name
        # An update asks which sources it must not bring back; then it finishes.
        with new_generation(IndexFolder(copy), SETTINGS) as writer:
            removed = {each.source for each in writer.base.removals}
            assert removed == (set() if is_new else {"old/1"}), copy.name
        update_index(copy, [], [prepared("after", ["红后"])])
        assert sources(copy) == found | {"after"}, copy.name
        assert verify_index(copy).problems == (), copy.name
    assert {*states} == {True, False}


def test_a_writer_killed_at_any_instant_leaves_the_old_state_or_the_new(tmp_path: Path) -> None:
    index = tmp_path / "index"
    write_index(index, [prepared(f"old/{n}", ["红旧"] * 5) for n in range(4)])
    killed = kill_writers(index, tmp_path / "copies", "update")
    old = {f"old/{n}" for n in range(4)}
    new = (old - {"old/0"}) | {f"new/{n}" for n in range(12)}
    seen = []
    for at, copy in enumerate(killed):
        found = sources(copy)
        assert found in (old, new), copy.name
        seen.append(found == new)
        assert verify_index(copy).problems == (), copy.name
        if at % 3:
            continue
        # The next writer clears up whatever was left behind.
        update_index(copy, ["old/1"], [prepared("after", ["红后"])])
        assert sources(copy) == (found - {"old/1"}) | {"after"}, copy.name
        assert verify_index(copy).problems == (), copy.name
        assert not list((copy / "generations").glob("*.unfinished"))
    assert False in seen
    assert True in seen


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


@pytest.mark.parametrize("tear", [cut, flip, Path.unlink], ids=["cut", "flipped", "absent"])
@pytest.mark.parametrize(
    "name", ["manifest.json", "dense.faiss", "lexical/meta.json", "lexical/*.store"]
)
def test_a_torn_file_is_named_and_a_build_mends_it(
    tmp_path: Path, name: str, tear: Callable[[Path], None]
) -> None:
    write_index(tmp_path, [prepared("a", ["红一"]), prepared("b", ["红二"])])
    (torn,) = (tmp_path / "generations" / "g000001").glob(name)
    tear(torn)
    for attempt in (open_index, verify_index):
        with pytest.raises(IndexDamaged) as caught:
            attempt(tmp_path)
        assert "python -m indexer rebuild" in caught.value.hint
        assert str(tmp_path) in caught.value.hint
    write_index(tmp_path, [prepared("a", ["红一"])])
    assert sources(tmp_path) == {"a"}
    assert verify_index(tmp_path).problems == ()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"generation": 3}', b"\xff\xfe"])
def test_a_torn_pointer(tmp_path: Path, content: bytes) -> None:
    write_index(tmp_path, [prepared("a", ["红一"])])
    (tmp_path / "CURRENT").write_bytes(content)
    with pytest.raises(IndexDamaged):
        open_index(tmp_path)
    with pytest.raises(IndexDamaged):
        update_index(tmp_path, [], [])
    write_index(tmp_path, [prepared("b", ["红二"])])
    assert sources(tmp_path) == {"b"}
    assert verify_index(tmp_path).problems == ()


@pytest.mark.parametrize("tear", [cut, Path.unlink, lambda path: path.write_bytes(b"no database")])
def test_a_damaged_database(tmp_path: Path, tear: Callable[[Path], None]) -> None:
    write_index(tmp_path, [prepared("a", ["红一"] * 500)])
    tear(tmp_path / DATABASE)
    with pytest.raises(IndexDamaged) as caught:
        verify_index(tmp_path)
    assert "python -m indexer build /somewhere" in caught.value.hint
    write_index(tmp_path, [prepared("b", ["红二"])])
    assert sources(tmp_path) == {"b"}
    assert verify_index(tmp_path).problems == ()


def test_verify_finds_what_no_digest_shows(tmp_path: Path) -> None:
    import sqlite3

    write_index(tmp_path, [prepared("a", ["红一", "红二"]), prepared("b", ["红三"])])
    for statement, expected in (
        ("UPDATE passages SET text = '白一' WHERE key = 1", "passage id-a-0 is not what"),
        ("UPDATE contents SET text = '短' WHERE document_key = 2", "absent or cut"),
        ("DELETE FROM passages WHERE key = 2", "passages are absent|are unknown|expected, 1 found"),
    ):
        connection = sqlite3.connect(tmp_path / DATABASE)
        with connection:
            connection.execute(statement)
        connection.close()
        problems = "\n".join(verify_index(tmp_path).problems)
        assert any(words in problems for words in expected.split("|")), (statement, problems)


def test_another_format_or_code_version_is_a_mismatch(tmp_path: Path) -> None:
    from dataclasses import replace

    from indexer.index.manifest import parse_manifest, require_code

    manifest = write_index(tmp_path, [prepared("a", ["红一"])])
    for other in (
        replace(manifest, normalisation=99),
        replace(manifest, terms=replace(manifest.terms, version=99)),
        replace(manifest, chunking=replace(manifest.chunking, version=99)),
    ):
        with pytest.raises(IndexMismatch, match="version 99"):
            require_code(other, tmp_path)
    data = replace(manifest, format_version=7).to_json()
    with pytest.raises(IndexMismatch, match="format 7"):
        parse_manifest(data, tmp_path)
    assert parse_manifest(manifest.to_json(), tmp_path) == manifest


@pytest.mark.parametrize("from_scratch", [False, True])
def test_what_is_removed_beside_a_writer_stays_removed(tmp_path: Path, from_scratch: bool) -> None:
    write_index(tmp_path, [prepared("a", ["红一"]), prepared("b", ["红二"])])
    folder = IndexFolder(tmp_path)
    remove_documents(folder, ["b"])
    with new_generation(folder, SETTINGS, from_scratch=from_scratch) as writer:
        if from_scratch:
            writer.start_empty()
            add(writer, prepared("a", ["红一"]))
            add(writer, prepared("b", ["红二"]))
        else:
            writer.start_from_base()
        assert remove_documents(folder, ["a"]) == ["a"]
        assert sources(tmp_path) == set()
        add(writer, prepared("c", ["红三"]))
        finish(writer)
    assert sources(tmp_path) == ({"b", "c"} if from_scratch else {"c"})


def test_only_one_may_write(tmp_path: Path) -> None:
    write_index(tmp_path, [prepared("a", ["红一"])])
    with (tmp_path / "lock").open("r+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(IndexLocked):
            update_index(tmp_path, [], [])
        with pytest.raises(IndexLocked):
            write_index(tmp_path, [])
        assert sources(tmp_path) == {"a"}, "readers are not held up"
    update_index(tmp_path, ["a"], [prepared("b", ["红二"])])
    assert sources(tmp_path) == {"b"}


def write_and_fail(index_dir: Path) -> None:
    with new_generation(IndexFolder(index_dir), SETTINGS, from_scratch=True) as writer:
        writer.start_empty()
        add(writer, prepared("b", ["红二"]))
        raise NothingToIndex("changed our mind", hint="none")


def test_a_failed_write_leaves_no_trace(tmp_path: Path) -> None:
    old = tmp_path / "old"
    write_index(old, [prepared("a", ["红一"])])
    for index_dir in (old, tmp_path / "new"):
        with pytest.raises(NothingToIndex):
            write_and_fail(index_dir)
    assert sources(old) == {"a"}
    assert verify_index(old).problems == ()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["lock"]


def test_terms_and_vectors_that_do_not_fit_never_become_current(tmp_path: Path) -> None:
    from dataclasses import replace

    write_index(tmp_path, [prepared("a", ["红一"])])
    whole = prepared("b", ["红二", "红三"])
    broken = replace(whole, body_terms=[["红"]], context_terms=[["题"]], vectors=whole.vectors[:1])
    with pytest.raises(IndexDamaged):
        write_index(tmp_path, [broken])
    assert sources(tmp_path) == {"a"}


def write_with_little_room(index_dir: Path, limit: int) -> str:
    """Build in a child process whose files may not grow beyond `limit` bytes; its error's name."""
    code = (
        "import resource, sys; from pathlib import Path; from hand_made import *\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "from indexer.errors import WenjuError\n"
        "documents = [prepared(f'new/{n}', [f'红新{n}'] * 20) for n in range(300)]\n"
        "try:\n"
        f"    write_index(Path({str(index_dir)!r}), documents)\n"
        "except WenjuError as error:\n"
        "    print(type(error).__name__)\n"
        "else:\n"
        "    print('fits')\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{Path(__file__).parent}"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("limit", [20_000, 120_000, 400_000])
def test_no_room_is_said_and_the_old_state_stays(tmp_path: Path, limit: int) -> None:
    write_index(tmp_path, [prepared("a", ["红一"])])
    assert write_with_little_room(tmp_path, limit) == StorageFull.__name__
    assert sources(tmp_path) == {"a"}
    assert verify_index(tmp_path).problems == ()
    assert write_with_little_room(tmp_path, resource.RLIM_INFINITY) == "fits"
    assert len(sources(tmp_path)) == 300


def test_a_copy_of_the_folder_is_a_back_up(tmp_path: Path) -> None:
    index, backup = tmp_path / "index", tmp_path / "backup"
    write_index(index, [prepared("a", ["红一"], [axis(1.0)])])
    shutil.copytree(index, backup)
    shutil.rmtree(index)
    reader = open_index(backup)
    assert [hit.key for hit in reader.dense(axis(1.0), 1, reader.select())] == [1]
    reader.close()


def test_an_index_path_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WenjuError):
        write_index(tmp_path / "file", [prepared("a", ["红一"])])
    assert (tmp_path / "file").read_text() == "x"
