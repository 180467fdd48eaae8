"""A folder of everything that is wrong with files: each is told by name, and the rest is read."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from eval.reading.samples import markup
from eval.reading.samples.document import SIMPLIFIED
from indexer.embed.load import load_embedder
from indexer.files.readers import html, read
from indexer.pipeline import build
from service.archive import Archive
from service.settings import Settings
from tests.indexer.files.broken import refusal
from tests.indexer.files.pdf_samples import drawing, finished, put
from tests.indexer.files.scan_samples import needs_ocr

ONE = "一" * 1_000_000


def sheet(rows: Any) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def word(text: str) -> bytes:
    import docx

    document = docx.Document()
    document.add_paragraph(text)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def locked() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(io.BytesIO(), encrypt=StandardEncryption("geheim", canPrint=0))
    canvas.drawString(72, 700, "secret")
    data: bytes = canvas.getpdfdata()
    return data


def one_letter_pdf() -> bytes:
    canvas = drawing()
    for line in range(20):
        put(canvas, 10, 800 - 20 * line, ONE[:50_000])
    return finished(canvas)


def bomb() -> bytes:
    return markup.packed({"a.txt": bytes(80_000_000), "b.txt": "好文本。".encode() * 40})


BAD: dict[str, tuple[bytes, str]] = {
    "locked.pdf": (locked(), "encrypted"),
    "broken.pdf": (b"%PDF-1.7\n1 0 obj <<", "damaged"),
    "repeated.pdf": (one_letter_pdf(), "no_text"),
    "repeated.txt": (ONE.encode(), "no_text"),
    "repeated.html": (f"<p>{ONE}</p>".encode(), "no_text"),
    "repeated.docx": (word(ONE), "too_large"),
    "script.html": (b"<html><body><script>" + b"let a = 1;\n" * 40_000 + b"</script>", "no_text"),
    "large.html": ("<p>一段话，说的是修路的事。</p>\n".encode() * 1_200_000, "too_large"),
    "formula.xlsx": (sheet([["=NOW()", "=A1*2"]]), "no_text"),
}


def test_each_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, (data, _) in BAD.items():
        (folder / name).write_bytes(data)
    (folder / "bomb.zip").write_bytes(bomb())
    with zipfile.ZipFile(folder / "out.zip", "w") as archive:
        archive.writestr("../../etc/evil.txt", "不该出去的文字。")
        archive.writestr("in.txt", "该进来的文字。")
    (folder / "good.html").write_bytes(markup.html(SIMPLIFIED))
    report = build([folder], tmp_path / "index", load_embedder("builtin"))
    told = {each.source: each for each in report.skipped}
    assert {name: told[name].reason for name in BAD if name in told} == {
        name: reason for name, (_, reason) in BAD.items()
    }
    assert all(each.detail for each in report.skipped)
    assert [name for name in told if name.startswith("bomb.zip")] != []
    assert [name for name in told if name.startswith("out.zip") and "evil" in name] != []
    assert not (tmp_path / "etc").exists()
    archive_ = Archive.open(tmp_path / "index", Settings(index=tmp_path / "index"))
    answer = archive_.ask("柳湾镇图书馆的藏书有多少册？")
    assert "21400" in answer.citations[0].quote


def test_a_sheet_of_ten_thousand_columns() -> None:
    names = [f"指标{number}" for number in range(10_000)]
    content = read("x.xlsx", sheet([names, list(range(10_000)), list(range(7, 10_007))]))
    assert "指标9999：10006" in content.text
    assert len(content.text) < 400_000


def test_pictures_inside_a_page_do_not_count() -> None:
    picture = "data:image/png;base64," + "QUJD" * 4_000_000
    page = markup.html_text(SIMPLIFIED).replace("<ol>", f'<img src="{picture}"><ol>')
    assert len(page) > html.MAX_MARKUP
    assert read("a.html", page.encode()).text == read("a.html", markup.html(SIMPLIFIED)).text


def test_tables_in_tables() -> None:
    inner = "<table><tr><th>县</th><th>村</th></tr><tr><td>雷波</td><td>12个</td></tr></table>"
    page = inner
    for _ in range(300):
        page = f"<table><tr><td>{page}</td></tr></table>"
    assert "县：雷波 | 村：12个" in read("a.html", f"<h1>标题</h1>{page}".encode()).text


@pytest.mark.parametrize("ending", [".pdf", ".docx", ".xlsx", ".epub", ".doc", ".csv", ".json"])
def test_a_wrong_ending_is_read_or_told(ending: str) -> None:
    assert refusal(f"a{ending}", markup.html(SIMPLIFIED)) in {"", "damaged", "not_text"}
    told = refusal(f"a{ending}", word("改了名的文件。"))
    assert told in {"", "damaged", "not_text", "no_text"}


@needs_ocr
def test_a_picture_without_text_is_told() -> None:
    from PIL import Image

    written = io.BytesIO()
    Image.radial_gradient("L").save(written, "PNG")
    assert refusal("a.png", written.getvalue()) == "no_text"
