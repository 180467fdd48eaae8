"""Odd files through the front door: each reported with its reason and hint, the rest goes on."""

import base64
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer.embed.base import Matrix
from indexer.errors import UnreadableFile
from indexer.files.reading import FileReader
from indexer.files.walk import FileFound
from indexer.index.store import open_index
from indexer.pipeline import BuildReport, build, remove, update

GOOD = "市图书馆从下月起延长开放时间，周末开到晚上九点，读者可以凭身份证入馆看书，不再另办证件。"


class Embedder:
    name, dim, fingerprint = "by-hand", 2, "one"

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        return np.ones((len(texts), 2), np.float32) / np.float32(np.sqrt(2))

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self.embed_passages(texts)


def spoilt(text: str) -> str:
    """As a program spoils UTF-8 that it takes for Windows-1252."""
    return text.encode().decode("latin-1")


def page(body: str, charset: str = "utf-8") -> str:
    head = f'<html><head><meta charset="{charset}"><title>馆</title></head>'
    return f"{head}<body><p>{body}</p></body></html>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "档案"
    root.mkdir()
    (root / "好.txt").write_text(GOOD, "utf-8")
    return root


def reasons(report: BuildReport) -> dict[str, str]:
    for each in report.unreadable:
        assert len(each.detail) > 10
    return {each.source: each.reason for each in report.unreadable}


def test_mojibake_in_each_format_of_text(folder: Path, tmp_path: Path) -> None:
    bad = spoilt(GOOD * 3)
    (folder / "a.txt").write_text(bad, "utf-8")
    (folder / "b.md").write_text(f"# x\n\n{bad}\n", "utf-8")
    (folder / "c.csv").write_text(f"a,b\n1,{bad}\n2,{bad}\n", "utf-8")
    (folder / "d.json").write_text(f'[{{"text": "{bad}"}}]', "utf-8")
    (folder / "e.html").write_text(page(bad).replace("馆", "x"), "utf-8")
    part = base64.encodebytes(page(bad).replace("馆", "x").encode()).decode()
    (folder / "f.mhtml").write_text(
        "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
        f"Content-Transfer-Encoding: base64\n\n{part}",
        "ascii",
    )
    report = build([folder], tmp_path / "index", Embedder())
    assert report.documents == 1
    assert reasons(report) == dict.fromkeys(
        ["a.txt", "b.md", "c.csv", "d.json", "e.html", "f.mhtml"], "mojibake"
    )
    for each in report.unreadable:
        assert "UTF-8 that was read as Windows-1252" in each.detail
        assert "turn it back" in each.detail


def test_a_page_that_declares_another_encoding_than_it_has(folder: Path, tmp_path: Path) -> None:
    (folder / "a.html").write_bytes(page(GOOD, "gb2312").encode("gbk"))
    (folder / "b.html").write_bytes(page(GOOD, "utf-8").encode("gbk"))
    (folder / "c.html").write_bytes(page(GOOD, "gb2312").encode())
    (folder / "d.html").write_bytes(page(GOOD, "iso-8859-1").encode("gbk"))
    report = build([folder], tmp_path / "index", Embedder())
    assert reasons(report) == {}
    reader = open_index(tmp_path / "index")
    for name in ("a.html", "b.html", "c.html", "d.html"):
        document = reader.document(reader.find_id(name)).document
        assert GOOD in document.text


def test_files_that_are_hardly_any(folder: Path, tmp_path: Path) -> None:
    (folder / "empty.txt").write_bytes(b"")
    (folder / "zeros.txt").write_bytes(bytes(100_000))
    (folder / "one.txt").write_text("的" * 1_000_000, "utf-8")
    (folder / "lines.txt").write_text("\n" * 1_000_000, "utf-8")
    os.mkfifo(folder / "pipe.txt")
    (folder / "loop.txt").symlink_to("loop.txt")
    report = build([folder], tmp_path / "index", Embedder())
    assert report.documents == 1
    assert reasons(report) == {
        "empty.txt": "empty",
        "lines.txt": "empty",
        "loop.txt": "broken_link",
        "one.txt": "no_text",
        "zeros.txt": "empty",
    }
    assert ("pipe.txt", "not_a_file") in {(each.source, each.reason) for each in report.skipped}


def test_names_in_gbk_are_found_again(folder: Path, tmp_path: Path) -> None:
    raw = os.fsencode(folder) + "/年度报告.txt".encode("gbk")
    with open(raw, "wb") as file:
        file.write(GOOD.encode())
    index = tmp_path / "index"
    assert build([folder], index, Embedder()).documents == 2
    first = open_index(index).find_id("年度报告.txt")
    with open(raw, "ab") as file:
        file.write("又及。".encode())
    report = update(index, Embedder())
    assert (report.changed, report.unchanged) == (1, 1)
    assert open_index(index).find_id("年度报告.txt") == first
    assert remove(index, ["年度报告.txt"]) == ["年度报告.txt"]
    assert update(index, Embedder()).documents == 1


def test_what_the_index_held_of_a_changing_file_stays(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    (folder / "log.txt").write_text(GOOD * 2, "utf-8")
    build([folder], index, Embedder())
    (folder / "log.txt").write_text(GOOD * 3, "utf-8")
    read = FileReader.read

    def changing(reader: FileReader, file: FileFound) -> object:
        if file.source == "log.txt":
            raise UnreadableFile("written to", reason="changing", hint="run an update later")
        return read(reader, file)

    monkeypatch.setattr(FileReader, "read", changing)
    report = update(index, Embedder())
    assert (report.documents, report.removed) == (2, 0)
    assert reasons(report) == {"log.txt": "changing"}
