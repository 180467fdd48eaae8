"""Members of a zip as documents: built, asked, updated, removed, handed out as they came."""

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from indexer.embed.load import load_embedder
from indexer.files.archives import Archives, Member
from indexer.files.walk import document_id
from indexer.index.store import open_index
from indexer.index.verify import verify_index
from indexer.pipeline import build, remove, update
from service.archive import Archive
from service.settings import Settings

CSV = "县,2018年退出村数,2019年退出村数\n雷波县,12,18\n昭觉县,30,54\n"
JSONL = '{"标题":"分红大会","正文":"金野以匹村44户每户分到1500元。"}\n'
MEMBERS = {"2019/退出村.csv": CSV, "记录.jsonl": JSONL, "图.gif": b"x"}
EMBEDDER = load_embedder("builtin")


def pack(path: Path, members: Mapping[str, str | bytes], *, aged_s: int) -> Path:
    """Write a zip that looks as if it had not been touched for a while."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in members.items():
            opened.writestr(name, data)
    then = path.stat().st_mtime_ns - aged_s * 10**9
    os.utime(path, ns=(then, then))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "档案"
    root.mkdir()
    (root / "说明.txt").write_text("说明\n\n这里放的是旧档案。\n", "utf-8")
    pack(root / "旧档.zip", MEMBERS, aged_s=1000)
    return root


def sources(index: Path) -> list[str]:
    reader = open_index(index)
    page = reader.documents(500, None, reader.select())
    reader.close()
    return [each.document.source for each in page.documents]


def test_an_answer_from_a_table_in_an_archive(folder: Path, tmp_path: Path) -> None:
    report = build([folder], tmp_path / "index", EMBEDDER)
    assert [(each.source, each.reason) for each in report.skipped] == [
        ("旧档.zip/图.gif", "unsupported_format")
    ]
    archive = Archive.open(tmp_path / "index", Settings(index=tmp_path / "index"))
    answer = archive.ask("2019年雷波县退出村数是多少？")
    (citation, *_) = answer.citations
    assert (citation.source, citation.place) == ("旧档.zip/2019/退出村.csv", "第2行")
    assert "2019年退出村数：18" in citation.quote
    other = archive.ask("金野以匹村每户分到多少元？")
    assert "1500元" in other.answer
    assert other.citations[0].source == "旧档.zip/记录.jsonl"
    original = archive.reader.original(document_id("旧档.zip/2019/退出村.csv"))
    assert (original.data, original.file_name) == (CSV.encode(), "退出村.csv")
    archive.reader.close()


def test_an_update_reads_only_members_that_changed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, read = tmp_path / "index", []
    own = Archives.read

    def told(self: Archives, path: Path, member: Member) -> tuple[bytes, int]:
        read.append(member.path)
        return own(self, path, member)

    build([folder], index, EMBEDDER)
    monkeypatch.setattr(Archives, "read", told)
    first = update(index, EMBEDDER)
    assert (first.unchanged, first.generation, read) == (3, "g000001", [])
    pack(folder / "旧档.zip", {**MEMBERS, "新.txt": "新到的一篇。"}, aged_s=500)
    second = update(index, EMBEDDER)
    assert (second.added, second.changed, second.unchanged) == (1, 0, 3)
    pack(folder / "旧档.zip", {**MEMBERS, "2019/退出村.csv": CSV.replace("18", "19")}, aged_s=300)
    third = update(index, EMBEDDER)
    assert (third.added, third.changed, third.unchanged, third.removed) == (0, 1, 2, 1)
    read.clear()
    assert (update(index, EMBEDDER).unchanged, read) == (3, [])
    assert verify_index(index).problems == ()


def test_members_go_with_their_archive_and_stay_out_once_removed(
    folder: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    build([folder], index, EMBEDDER)
    assert remove(index, ["旧档.zip/记录.jsonl"]) == ["旧档.zip/记录.jsonl"]
    report = update(index, EMBEDDER)
    assert ("旧档.zip/记录.jsonl", "removed") in [(s.source, s.reason) for s in report.skipped]
    assert sources(index) == ["旧档.zip/2019/退出村.csv", "说明.txt"]
    (folder / "旧档.zip").unlink()
    assert update(index, EMBEDDER).removed == 1
    assert sources(index) == ["说明.txt"]


def test_a_member_that_broke_is_told_and_the_rest_goes_on(folder: Path, tmp_path: Path) -> None:
    index, path = tmp_path / "index", folder / "旧档.zip"
    build([folder], index, EMBEDDER)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as opened:
        at = opened.infolist()[0].header_offset + 30 + len("2019/退出村.csv".encode())
    data[at + 5] ^= 0xFF
    path.write_bytes(data)
    report = update(index, EMBEDDER)
    assert [(s.source, s.reason) for s in report.unreadable] == [
        ("旧档.zip/2019/退出村.csv", "damaged")
    ]
    assert (report.removed, report.unchanged) == (1, 2)
    path.write_bytes(data[:100])
    broken = update(index, EMBEDDER)
    assert [(s.source, s.reason) for s in broken.unreadable] == [("旧档.zip", "damaged")]
    assert sources(index) == ["说明.txt"]
