"""Files read in one go, and those that are written to meanwhile."""

import os
from pathlib import Path

import pytest

from indexer.errors import UnreadableFile
from indexer.files import reading
from indexer.files.reading import FileReader
from indexer.files.walk import FileFound


def _found(path: Path) -> FileFound:
    return FileFound(path, path.name, path.stat().st_size)


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAUSES_S", (0.0, 0.0))


def test_bytes_and_digest(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("正文。".encode())
    os.utime(path, (1_000_000_000, 1_000_000_000))
    with FileReader() as reader:
        read = reader.read(_found(path))
    assert read.data == "正文。".encode()
    assert read.mtime_ns == 1_000_000_000 * 10**9


def _write_meanwhile(monkeypatch: pytest.MonkeyPatch, path: Path, times: int) -> None:
    """Have a line written to the file each time that a reader looks at it, so many times."""
    left = times
    look = os.fstat

    def fstat(handle: int) -> os.stat_result:
        nonlocal left
        status = look(handle)
        if left > 0:
            left -= 1
            with path.open("ab") as file:
                file.write("又一行。\n".encode())
        return status

    monkeypatch.setattr(reading.os, "fstat", fstat)


def test_a_file_that_is_written_all_the_while(
    tmp_path: Path, no_pauses: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(b"x")
    found = _found(path)
    _write_meanwhile(monkeypatch, path, 1000)
    with FileReader() as reader, pytest.raises(UnreadableFile) as caught:
        reader.read(found)
    assert caught.value.reason == "changing"
    assert "update" in caught.value.hint


def test_a_file_that_is_done_at_the_next_try(
    tmp_path: Path, no_pauses: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes("一行。\n".encode())
    found = _found(path)
    _write_meanwhile(monkeypatch, path, 1)
    with FileReader() as reader:
        read = reader.read(found)
    assert read.data.decode() == "一行。\n又一行。\n"
    assert read.mtime_ns == 0  # too fresh to be trusted


def test_a_pipe_where_a_file_was_found_does_not_block(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x")
    found = _found(path)
    path.unlink()
    os.mkfifo(path)
    with FileReader() as reader, pytest.raises(OSError, match="no file any more"):
        reader.read(found)


def test_a_file_that_grew_beyond_bounds(
    tmp_path: Path, no_pauses: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_GROWN_BYTES", 10)
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 5)
    found = _found(path)
    path.write_bytes(b"x" * 11)
    with FileReader() as reader, pytest.raises(UnreadableFile) as caught:
        reader.read(found)
    assert caught.value.reason == "changing"
