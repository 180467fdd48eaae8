"""What is found, what is left out and why, on a real folder."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from indexer.errors import InvalidRequest
from indexer.files.walk import FileFound, document_id, walk
from indexer.records import Skipped


def _write(path: Path, text: str = "正文。") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _sources(*paths: Path, max_file_bytes: int = 1000) -> tuple[list[str], dict[str, str]]:
    """The sources found, and the reasons of those left out."""
    entries = list(walk(paths, max_file_bytes))
    found = [entry.source for entry in entries if isinstance(entry, FileFound)]
    skipped = {entry.source: entry.reason for entry in entries if isinstance(entry, Skipped)}
    return found, skipped


def test_sources_are_sorted_paths_below_the_folder(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/下/页.html", "a.txt", "a-b/c.txt"):
        _write(tmp_path / "archive" / name)
    found, skipped = _sources(tmp_path / "archive")
    assert found == ["a-b/c.txt", "a.txt", "a/z.md", "a/下/页.html", "b.txt"]
    assert found == sorted(found)
    assert skipped == {}


def test_one_file_and_several_paths(tmp_path: Path) -> None:
    one = _write(tmp_path / "x" / "note.txt")
    _write(tmp_path / "2020" / "a.txt")
    assert _sources(one)[0] == ["note.txt"]
    assert _sources(one, tmp_path / "2020")[0] == ["2020/a.txt", "note.txt"]


def test_two_paths_of_one_name_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    _write(tmp_path / "a" / "docs" / "1.txt")
    _write(tmp_path / "b" / "docs" / "1.txt")
    with pytest.raises(InvalidRequest, match="docs"):
        list(walk([tmp_path / "a" / "docs", tmp_path / "b" / "docs"]))
    with pytest.raises(InvalidRequest, match="no such file"):
        list(walk([tmp_path / "absent"]))


def test_reasons(tmp_path: Path) -> None:
    root = tmp_path / "root"
    outside = _write(tmp_path / "outside.txt")
    _write(root / "good.txt")
    _write(root / ".hidden.txt")
    _write(root / ".git" / "x.txt")
    _write(root / "draft.txt~")
    _write(root / "~$lock.txt")
    _write(root / "photo.gif")
    _write(root / "noending")
    _write(root / "big.txt", "长" * 400)
    os.mkfifo(root / "pipe.txt")
    (root / "inside.txt").symlink_to(root / "good.txt")
    (root / "outside.txt").symlink_to(outside)
    (root / "broken.txt").symlink_to(root / "absent.txt")
    (root / "loop").symlink_to(root)
    found, skipped = _sources(root)
    assert found == ["good.txt", "inside.txt"]
    assert skipped == {
        ".git": "hidden",
        ".hidden.txt": "hidden",
        "big.txt": "too_large",
        "broken.txt": "broken_link",
        "draft.txt~": "backup",
        "loop": "symlinked_folder",
        "noending": "unsupported_format",
        "outside.txt": "link_outside",
        "photo.gif": "unsupported_format",
        "pipe.txt": "not_a_file",
        "~$lock.txt": "backup",
    }


def test_what_a_browser_saved_with_a_page_is_no_document(tmp_path: Path) -> None:
    for name in (
        "通知.html",
        "通知_files/1.jpg",
        "通知_files/ad.html",
        "年报_files/a.txt",
        "b.files",
    ):
        _write(tmp_path / name)
    found, skipped = _sources(tmp_path)
    assert found == ["年报_files/a.txt", "通知.html"]
    assert skipped == {"b.files": "unsupported_format", "通知_files": "parts_of_a_page"}


def test_too_large_names_the_option(tmp_path: Path) -> None:
    with open(tmp_path / "huge.txt", "wb") as huge:
        huge.truncate(200 * 2**20)  # sparse: 200 MB that are never read
    (entry,) = walk([tmp_path])
    assert isinstance(entry, Skipped)
    assert "200 MB" in entry.detail
    assert "--max-file-mb" in entry.detail


def test_ignore_files_hold_below_their_folder(tmp_path: Path) -> None:
    _write(tmp_path / ".wenjuignore", "# drafts\n*草稿*\nprivate/\nold/*.txt\n")
    _write(tmp_path / "a草稿1.txt")
    _write(tmp_path / "private" / "x.txt")
    _write(tmp_path / "old" / "x.txt")
    _write(tmp_path / "old" / "y.md")
    _write(tmp_path / "sub" / ".wenjuignore", "y.md\n")
    _write(tmp_path / "sub" / "y.md")
    _write(tmp_path / "z.txt")
    found, skipped = _sources(tmp_path)
    assert found == ["old/y.md", "z.txt"]
    assert set(skipped.values()) == {"ignored"}
    assert set(skipped) == {"a草稿1.txt", "private", "old/x.txt", "sub/y.md"}


def _write_raw(folder: Path, name: bytes, text: str = "正文。") -> None:
    try:
        with open(os.fsencode(folder) + b"/" + name, "wb") as file:
            file.write(text.encode())
    except OSError:
        pytest.skip("this file system refuses such names; ../shared has none either")


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("年度报告.txt".encode("gbk"), "年度报告.txt"),
        ("中.txt".encode("gbk"), "中.txt"),
        ("會議紀錄.txt".encode("big5"), "會議紀錄.txt"),
        ("會議紀錄.txt".encode("gbk"), "會議紀錄.txt"),
        ("café.txt".encode("latin-1"), "café.txt"),
        (b"\xff\xfe\x01.txt", "%FF%FE\x01.txt"),
    ],
)
def test_a_name_that_is_not_utf8_reads_as_what_it_is(tmp_path: Path, raw: bytes, name: str) -> None:
    _write_raw(tmp_path, raw)
    (found,) = walk([tmp_path])
    assert isinstance(found, FileFound)
    assert found.source == name
    assert found.path.read_text(encoding="utf-8") == "正文。"


def test_a_folder_of_such_a_name(tmp_path: Path) -> None:
    os.mkdir(os.fsencode(tmp_path) + "/档案".encode("gbk"))
    _write_raw(tmp_path, "档案/甲.txt".encode("gbk"))
    _write_raw(tmp_path, "档案/地图.raw".encode("gbk"))
    found, skipped = _sources(tmp_path)
    assert found == ["档案/甲.txt"]
    assert skipped == {"档案/地图.raw": "unsupported_format"}


def test_two_files_of_one_name_in_two_encodings(tmp_path: Path) -> None:
    _write_raw(tmp_path, "甲.txt".encode("gbk"), "旧的。")
    _write(tmp_path / "甲.txt", "新的。")
    entries = list(walk([tmp_path]))
    (kept,) = [entry for entry in entries if isinstance(entry, FileFound)]
    (told,) = [entry for entry in entries if isinstance(entry, Skipped)]
    assert kept.path.read_text(encoding="utf-8") == "新的。"
    assert (told.source, told.reason) == ("甲.txt", "name_not_utf8")
    assert "rename" in told.detail


def test_a_root_of_such_a_name_is_refused_with_the_way_out(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + "/档案".encode("gbk")))
    folder.mkdir()
    with pytest.raises(InvalidRequest, match="档案") as caught:
        list(walk([folder]))
    assert "folder above" in caught.value.hint


def test_a_pit_of_folders_has_a_bottom(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a"] * 900)
    deep.mkdir(parents=True)
    _write(tmp_path / "a" / "b.txt")
    found, skipped = _sources(tmp_path)
    assert found == ["a/b.txt"]
    assert list(skipped.values()) == ["too_deep"]


def test_devices_and_sockets_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "null.txt").symlink_to("/dev/null")
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(os.path.relpath(tmp_path / "s.txt"))
        found, skipped = _sources(tmp_path)
    assert found == []
    assert skipped == {"null.txt": "link_outside", "s.txt": "not_a_file"}
    assert _sources(Path("/dev/zero"))[1] == {"zero": "not_a_file"}


def test_links_that_go_in_circles(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("b.txt")
    (tmp_path / "b.txt").symlink_to("a.txt")
    (tmp_path / "up").symlink_to("..")
    found, skipped = _sources(tmp_path)
    assert found == []
    assert skipped == {"a.txt": "broken_link", "b.txt": "broken_link", "up": "symlinked_folder"}


@contextmanager
def as_one_who_may_not_read_everything() -> Iterator[None]:
    """Root may; then the rest runs as nobody."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_folder_that_is_not_readable() -> None:
    with TemporaryDirectory() as name:  # pytest's own folders are closed to others
        folder = Path(name)
        folder.chmod(0o755)
        _write(folder / "locked" / "a.txt")
        _write(folder / "b.txt")
        (folder / "locked").chmod(0)
        with as_one_who_may_not_read_everything():
            found, skipped = _sources(folder)
        (folder / "locked").chmod(0o700)
    assert found == ["b.txt"]
    assert skipped == {"locked": "not_readable"}


def test_document_ids_depend_on_the_source_alone() -> None:
    assert document_id("2020/a.txt") == "d144fcb378cfb7bb"
