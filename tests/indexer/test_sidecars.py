"""What users say of files beside them, from the folder to the index and through an update."""

import json
import zipfile
from pathlib import Path

import pytest

from indexer.embed.base import Embedder
from indexer.embed.load import load_embedder
from indexer.index.store import IndexReader, open_index
from indexer.pipeline import build, update
from indexer.records import Document
from indexer.report import BuildReport

TEXT = "山村义诊\n发布日期：2020-08-06\n医疗队在村里义诊三天，共有四百二十八名村民来看病。\n"
SAID = {"title": "义诊简报", "date": "2020年8月7日", "organisation": "县医院"}


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder("builtin")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    (folder / "sub").mkdir(parents=True)
    for name in ("a.txt", "b.txt", "sub/c.txt"):
        (folder / name).write_text(TEXT, encoding="utf-8")
    return folder


def built(docs: Path, embedder: Embedder) -> tuple[BuildReport, IndexReader]:
    report = build([docs], docs.parent / "index", embedder)
    return report, open_index(docs.parent / "index")


def updated(docs: Path, embedder: Embedder) -> tuple[BuildReport, IndexReader]:
    report = update(docs.parent / "index", embedder)
    return report, open_index(docs.parent / "index")


def stored(reader: IndexReader, source: str) -> Document:
    return reader.document(reader.find_id(source)).document


def write(path: Path, said: object) -> None:
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def bad(report: BuildReport) -> dict[str, str]:
    return {each.source: each.detail for each in report.skipped if each.reason == "bad_metadata"}


def test_a_sidecar_goes_before_what_the_file_says(docs: Path, embedder: Embedder) -> None:
    write(docs / "a.txt.meta.json", SAID)
    write(docs / "b.meta.json", {"作者": ["李雪", "张三"], "网址": "https://example.org/b"})
    report, reader = built(docs, embedder)
    assert (report.documents, bad(report)) == (3, {})
    a, b = stored(reader, "a.txt"), stored(reader, "b.txt")
    assert (a.title, a.date, a.organisation) == ("义诊简报", "2020-08-07", "县医院")
    assert (b.title, b.date, b.author, b.url) == (
        *("山村义诊", "2020-08-06", "李雪、张三"),
        "https://example.org/b",
    )
    (passage,) = reader.document_passages(a.document_id)
    assert passage.title == "义诊简报", "it is context for retrieval, too"


def test_a_manifest_holds_for_its_folder_and_below(docs: Path, embedder: Embedder) -> None:
    rows = "文件,日期,机构,备注\na.txt,2020/9/1,县医院,x\nsub\\c.txt,2020/9/2,乡卫生院,\nb.txt,,,\n"
    (docs / "metadata.csv").write_bytes(rows.encode("gb18030"))
    (docs / "sub" / "metadata.csv").write_text("title,file\n里面的,c.txt\n", encoding="utf-8-sig")
    write(docs / "a.txt.meta.json", {"date": "2020-09-03"})
    report, reader = built(docs, embedder)
    assert (report.documents, bad(report)) == (3, {})
    a, c = stored(reader, "a.txt"), stored(reader, "sub/c.txt")
    assert (a.date, a.organisation) == ("2020-09-03", "县医院"), "the sidecar goes first"
    assert (c.title, c.date, c.organisation) == ("里面的", "2020-09-02", "乡卫生院")
    assert stored(reader, "b.txt").given == ""


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        ('{"title": ', "no JSON"),
        ("[1]", "no JSON object"),
        ('{"titel": "x"}', "unknown field 'titel'"),
        ('{"date": "2020-13-40"}', "no day"),
        ('{"date": "2099-01-01"}', "no day"),
        ('{"date": 20200806}', "no text"),
        ('{"url": "javascript:alert(1)"}', "no web address"),
        ('{"title": "%s"}' % ("长" * 1001), "over 1000 characters"),
        ("[" * 20000, "no JSON"),
    ],
)
def test_a_wrong_sidecar_is_told_and_nothing_is_lost(
    said: str, detail: str, docs: Path, embedder: Embedder
) -> None:
    (docs / "a.txt.meta.json").write_text(said, encoding="utf-8")
    report, reader = built(docs, embedder)
    (told,) = bad(report).items()
    assert told[0] == "a.txt.meta.json"
    assert detail in told[1]
    assert (stored(reader, "a.txt").title, stored(reader, "a.txt").given) == ("山村义诊", "")
    assert report.documents == 3


def test_rows_and_sidecars_that_name_no_file(docs: Path, embedder: Embedder) -> None:
    (docs / "b.md").write_text(TEXT, encoding="utf-8")
    write(docs / "b.meta.json", SAID)
    write(docs / "gone.pdf.meta.json", SAID)
    rows = ("file,date", "x.txt,2020-01-01", "../docs/a.txt,2020-01-01", "b.txt,2020-13-01")
    text = "\n".join((*rows, "a.txt,2020-09-09"))
    (docs / "metadata.csv").write_text(text, encoding="utf-8")
    report, reader = built(docs, embedder)
    told = bad(report)
    assert "2 files are called so; name it b.md.meta.json" in told["b.meta.json"]
    assert "no gone.pdf beside it" in told["gone.pdf.meta.json"]
    assert [part.split(":")[0] for part in told["metadata.csv"].split(" | ")] == [
        *("row 2", "row 3", "row 4"),
    ]
    assert stored(reader, "a.txt").date == "2020-09-09", "the other rows count"


def test_an_ordinary_table_of_that_name_is_a_document(docs: Path, embedder: Embedder) -> None:
    (docs / "metadata.csv").write_text("县,户数\n昭觉,428\n雷波,512\n", encoding="utf-8")
    report, reader = built(docs, embedder)
    assert (report.documents, bad(report)) == (4, {})
    assert "428" in stored(reader, "metadata.csv").text


def test_an_update_notices_what_is_said_anew(docs: Path, embedder: Embedder) -> None:
    built(docs, embedder)
    write(docs / "a.txt.meta.json", SAID)
    report, reader = updated(docs, embedder)
    assert (report.changed, report.unchanged, report.added) == (1, 2, 0)
    assert stored(reader, "a.txt").date == "2020-08-07"
    report, _ = updated(docs, embedder)
    assert (report.changed, report.unchanged) == (0, 3)
    write(docs / "a.txt.meta.json", {**SAID, "date": "2020-08-08"})
    report, reader = updated(docs, embedder)
    assert (report.changed, stored(reader, "a.txt").date) == (1, "2020-08-08")
    (docs / "a.txt.meta.json").unlink()
    report, reader = updated(docs, embedder)
    assert (report.changed, stored(reader, "a.txt").date) == (1, "2020-08-06")


def test_sidecars_work_in_archives(docs: Path, embedder: Embedder) -> None:
    with zipfile.ZipFile(docs / "old.zip", "w") as archive:
        archive.writestr("x/a.txt", TEXT)
        archive.writestr("x/a.txt.meta.json", json.dumps(SAID))
        archive.writestr("x/b.txt", TEXT)
        archive.writestr("metadata.csv", "file,author\nx/b.txt,李雪\n")
    report, reader = built(docs, embedder)
    assert (report.documents, bad(report)) == (5, {})
    assert stored(reader, "old.zip/x/a.txt").organisation == "县医院"
    assert stored(reader, "old.zip/x/b.txt").author == "李雪"
