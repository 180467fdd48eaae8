"""A zip as a folder: names in any encoding, what is left out and why, bombs, broken zips."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from indexer.errors import UnreadableFile
from indexer.files import archives, zips
from indexer.files.reading import FileReader
from indexer.files.walk import FileFound, walk
from indexer.records import Skipped
from tests.indexer.files.broken import broken_copies

Entry = tuple[str | zipfile.ZipInfo, str | bytes]


def packed(*entries: Entry) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in entries:
            opened.writestr(name, data)
    return out.getvalue()


def with_raw_names(data: bytes, names: Mapping[str, bytes]) -> bytes:
    """The zip with some names of ASCII replaced by bytes of the same length."""
    for name, raw in names.items():
        assert len(raw) == len(name)
        data = data.replace(name.encode(), raw)
    return data


def seen(folder: Path, max_file_bytes: int = 10 * 2**20) -> tuple[dict[str, bytes], dict[str, str]]:
    """The bytes of each file found, by source, and the reasons of those left out."""
    found: dict[str, bytes] = {}
    left_out: dict[str, str] = {}
    with FileReader() as reader:
        for each in walk([folder], max_file_bytes):
            if isinstance(each, Skipped):
                left_out[each.source] = each.reason
                continue
            try:
                found[each.source] = reader.read(each).data
            except UnreadableFile as error:
                left_out[each.source] = error.reason
    return found, left_out


def test_members_are_files_with_sources_of_their_own(tmp_path: Path) -> None:
    inner = packed(("里/丙.txt", "丙。"), ("深.zip", packed(("x.txt", "x"))))
    data = packed(("2020/甲.txt", "甲。"), ("b.md", "# b"), ("图.gif", b"x"), ("内.ZIP", inner))
    (tmp_path / "旧档.zip").write_bytes(data)
    (tmp_path / "a.txt").write_text("a")
    found, left_out = seen(tmp_path)
    assert found == {
        "a.txt": b"a",
        "旧档.zip/2020/甲.txt": "甲。".encode(),
        "旧档.zip/b.md": b"# b",
        "旧档.zip/内.ZIP/里/丙.txt": "丙。".encode(),
    }
    assert left_out == {
        "旧档.zip/图.gif": "unsupported_format",
        "旧档.zip/内.ZIP/深.zip": "nested_archive",
    }
    assert [each.source for each in walk([tmp_path]) if isinstance(each, FileFound)] == sorted(
        found
    )
    assert set(seen(tmp_path / "旧档.zip")[0]) == set(found) - {"a.txt"}


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "big5"])
def test_names_in_the_encoding_of_some_machine(tmp_path: Path, encoding: str) -> None:
    folder, name = ("會議紀錄", "雷波縣") if encoding == "big5" else ("会议记录", "雷波县")
    raw = f"{folder}/{name}.txt".encode(encoding)
    plain = "n" * (len(raw) - 4) + ".txt"
    data = with_raw_names(packed((plain, "甲")), {plain: raw})
    (tmp_path / "a.zip").write_bytes(data)
    assert list(seen(tmp_path)[0]) == [f"a.zip/{folder}/{name}.txt"]


def test_the_name_in_the_extra_field_counts(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("x.txt")
    body = struct.pack("<BL", 1, zlib.crc32(b"x.txt")) + "真名.txt".encode()
    info.extra = struct.pack("<HH", 0x7075, len(body)) + body
    (tmp_path / "a.zip").write_bytes(packed((info, "甲")))
    assert list(seen(tmp_path)[0]) == ["a.zip/真名.txt"]


def test_names_that_lead_out(tmp_path: Path) -> None:
    names = ["../x.txt", "a/../../x.txt", "/etc/x.txt", "C:\\x.txt", "\\\\host\\x.txt", "..\\y.txt"]
    odd = [*names, "a\nb.txt", "长" * 2000 + ".txt"]
    data = packed(*((name, "x") for name in odd), ("ok\\子\\x.txt", "x"), ("./a//b.txt", "x"))
    (tmp_path / "a.zip").write_bytes(data)
    found, left_out = seen(tmp_path)
    assert set(found) == {"a.zip/ok/子/x.txt", "a.zip/a/b.txt"}
    assert set(left_out.values()) == {"unsafe_name"}
    assert len(left_out) == len(odd)


def test_what_a_folder_would_leave_out(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    pipe = zipfile.ZipInfo("pipe.txt")
    pipe.create_system, pipe.external_attr = 3, 0o010644 << 16
    with pytest.warns(UserWarning, match="Duplicate"):
        data = packed(
            (".git/a.txt", "x"), (".git/b.txt", "x"), ("__MACOSX/._a.txt", "x"), ("a.txt~", "x"),
            (link, "/etc/passwd"), (pipe, ""), ("草稿1.txt", "x"), ("sub/.wenjuignore", "y.*\n"),
            ("sub/y.md", "x"), ("y.md", "旧"), ("y.md", "新"),
        )  # fmt: skip
    (tmp_path / "a.zip").write_bytes(data)
    (tmp_path / ".wenjuignore").write_text("*草稿*\n")
    found, left_out = seen(tmp_path)
    assert found == {"a.zip/y.md": "新".encode()}
    assert left_out == {
        "a.zip/.git": "hidden",
        "a.zip/__MACOSX": "hidden",
        "a.zip/a.txt~": "backup",
        "a.zip/link.txt": "link_in_archive",
        "a.zip/pipe.txt": "not_a_file",
        "a.zip/草稿1.txt": "ignored",
        "a.zip/sub/y.md": "ignored",
        "a.zip/y.md": "superseded",
    }


def test_locked_and_oddly_packed_members(tmp_path: Path) -> None:
    data = bytearray(packed(("a.txt", "甲"), ("b.txt", "乙"), ("c.txt", "丙")))
    first, second, _ = (at for at in range(len(data)) if data[at : at + 4] == b"PK\x01\x02")
    data[first + 8] |= 1  # a password
    data[second + 10] = 12  # bzip2
    (tmp_path / "a.zip").write_bytes(data)
    found, left_out = seen(tmp_path)
    assert list(found) == ["a.zip/c.txt"]
    assert left_out == {"a.zip/a.txt": "encrypted", "a.zip/b.txt": "unsupported_compression"}


def test_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = bytes(20_000_000)
    path = tmp_path / "a.zip"
    path.write_bytes(packed(("bomb.txt", zeros), ("in.zip", packed(("b.txt", zeros)))))
    assert seen(tmp_path, 2**30)[1] == {
        "a.zip/bomb.txt": "too_large",
        "a.zip/in.zip/b.txt": "too_large",
    }
    noise = random.Random(1).randbytes(3_000_000)
    path.write_bytes(packed(("a.txt", noise), ("b.txt", "乙")))
    assert seen(tmp_path, 2**20)[1] == {"a.zip/a.txt": "too_large"}
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 2**20)
    assert seen(tmp_path) == ({}, {"a.zip": "too_large"})
    path.write_bytes(packed(*((f"{at}.txt", "x") for at in range(101))))
    monkeypatch.setattr(archives, "MAX_ENTRIES", 100)
    assert seen(tmp_path) == ({}, {"a.zip": "too_large"})
    monkeypatch.setattr(zips, "MAX_ENTRIES", 100)
    assert seen(tmp_path) == ({}, {"a.zip": "too_large"})
    monkeypatch.setattr(zips, "MAX_DIRECTORY_BYTES", 1000)
    assert seen(tmp_path) == ({}, {"a.zip": "too_large"})


def test_many_zips_in_one_share_its_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = packed(*((f"{at}.txt", "x") for at in range(40)))
    (tmp_path / "a.zip").write_bytes(packed(*((f"{at}.zip", inner) for at in range(5))))
    monkeypatch.setattr(archives, "MAX_ENTRIES", 100)
    found, left_out = seen(tmp_path)
    assert len(found) == 80
    assert left_out == {f"a.zip/{at}.zip": "too_large" for at in (2, 3, 4)}


def test_a_member_that_is_more_than_it_says(tmp_path: Path) -> None:
    """Its size is a lie in both places: no more than that is unpacked, and the sum tells."""
    data = bytearray(packed(("bomb.txt", bytes(50_000_000))))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", data, data.index(mark) + offset, 1000)
    (tmp_path / "a.zip").write_bytes(data)
    assert seen(tmp_path) == ({}, {"a.zip/bomb.txt": "damaged"})


def test_an_archive_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(packed(("a.txt", "甲"), ("b.txt", "乙")))
    files = [each for each in walk([tmp_path]) if isinstance(each, FileFound)]
    path.write_bytes(packed(("a.txt", "丙丁")))
    with FileReader() as reader:
        for file in files:
            with pytest.raises(OSError, match="changed"):
                reader.read(file)


def test_no_zip_at_all(tmp_path: Path) -> None:
    for at, data in enumerate([b"", b"PK\x05\x06", b"<html>", bytes(1000), b"Rar!\x1a\x07\x00"]):
        (tmp_path / f"{at}.zip").write_bytes(data)
    (tmp_path / "empty.zip").write_bytes(packed())
    assert seen(tmp_path) == ({}, {f"{at}.zip": "damaged" for at in range(5)})


def test_broken_archives(tmp_path: Path) -> None:
    inner = packed(("丙.txt", "丙。"))
    whole = packed(("2020/甲.txt", "甲。" * 99), ("b.md", "# b"), ("in.zip", inner))
    for data in broken_copies(whole, flips=60):
        (tmp_path / "a.zip").write_bytes(data)
        seen(tmp_path)
