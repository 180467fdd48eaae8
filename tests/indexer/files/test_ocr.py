"""Scanned pages in a PDF: read with the OCR extra, told without it, cited with their page."""

import random
import threading
from pathlib import Path
from typing import Any

import pytest

from indexer.embed.load import load_embedder
from indexer.errors import UnreadableFile
from indexer.files import ocr
from indexer.files.ocr import look
from indexer.files.readers import read
from indexer.files.readers.pdf import scans
from indexer.files.readers.pdf.engine import Glyph, PageContent, Style
from indexer.files.readers.pdf.seen import in_chinese
from indexer.pipeline import build
from service.archive import Archive
from service.settings import Settings
from tests.indexer.files.pdf_samples import (
    LONG,
    drawing,
    finished,
    left_out,
    lines_of,
    pages_of,
    said,
)
from tests.indexer.files.pdf_samples import put_lines as put_text
from tests.indexer.files.scan_samples import (
    needs_ocr,
    packed,
    pdf_of,
    scan,
)


def put_picture(canvas: Any, data: bytes) -> None:
    import io

    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(io.BytesIO(data)), 0, 400, 595, 102)


def strip() -> Any:
    """Some lines and a heading: quick to read."""
    return scan("report-2").crop((100, 125, 1240, 320))


def mixed() -> bytes:
    """A page of text, a scanned one, and a page of text."""
    canvas = drawing()
    put_text(canvas, 72, 760, lines_of(f"第一页。{LONG}", 36))
    canvas.showPage()
    put_picture(canvas, packed(strip()))
    canvas.showPage()
    put_text(canvas, 72, 760, lines_of(f"第三页。{LONG}", 36))
    canvas.showPage()
    return finished(canvas)


@needs_ocr
def test_a_scanned_pdf_is_read_like_any_other() -> None:
    content = read("x.pdf", pdf_of([scan("report"), strip()]))
    rows = [line for line in said(content) if "：" in line and "|" in line]
    assert rows[1] == (
        "乡镇：柳湾镇 | 开放日期：2021年9月 | 面积（平方米）：760 | 藏书（册）：21400"
        " | 年借阅（人次）：19720"
    )
    assert (content.title, content.date) == ("青禾县乡镇图书馆三年建设情况报告", "2023-09-18")
    words = [content.text[each.start : each.end] for each in content.headings]
    assert words[:4] == [content.title, "一、基本情况", "二、主要做法", "三、建设结果"]
    assert pages_of(content, "34.7万人") == [1]
    assert pages_of(content, "先后有14人离岗") == [2]


@needs_ocr
def test_a_scanned_page_between_pages_of_text() -> None:
    content = read("x.pdf", mixed())
    assert content.left_out == ()
    assert pages_of(content, "先后有14人离岗") == [2]
    assert pages_of(content, "第三页。") == [3]


def test_without_the_extra_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "PACKAGES", ("no_such_package",))
    canvas = drawing()
    put_text(canvas, 72, 760, lines_of(f"第一页。{LONG}", 36))
    canvas.showPage()
    put_picture(canvas, (Path(__file__).parent / "scans" / "report.png").read_bytes())
    canvas.showPage()
    content = read("x.pdf", finished(canvas))
    assert said(content) == [f"第一页。{LONG}"]
    ((reason, words),) = left_out(content)
    assert (reason, "第2页" in words, "OCR" in words) == ("markup", True, True)


@needs_ocr
def test_pages_beyond_the_bound_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "MAX_PAGES", 1)
    content = read("x.pdf", pdf_of([strip(), strip()]))
    ((_, words),) = left_out(content)
    assert ("第2页" in words, "超出上限" in words) == (True, True)
    assert pages_of(content, "先后有14人离岗") == [1]


@needs_ocr
def test_an_answer_from_a_table_on_a_scan_cites_its_page(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "报告.pdf").write_bytes(pdf_of([strip(), scan("report")]))
    (folder / "空.png").write_bytes(packed(scan("report").crop((0, 0, 200, 90))))
    (folder / "说明.txt").write_text("这里放的是三年建设的材料。", "utf-8")
    report = build([folder], tmp_path / "index", load_embedder("builtin"))
    assert [(each.source, each.reason) for each in report.skipped] == [("空.png", "no_text")]
    archive = Archive.open(tmp_path / "index", Settings(index=tmp_path / "index"))
    answer = archive.ask("云岭镇图书馆的藏书有多少册？")
    (citation, *_) = answer.citations
    assert (citation.source, citation.page) == ("报告.pdf", 2)
    assert "藏书（册）：26300" in citation.quote


@needs_ocr
def test_many_threads_share_one_engine() -> None:
    import numpy

    pixels = numpy.asarray(strip().convert("RGB"))
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append([each.text for each in look(pixels).words]))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert found[0] == found[1] == found[2] != []


# -- which pages are read as pictures -------------------------------------------------------------


def page(text: str, covered: float) -> PageContent:
    style = Style(700.0, 11.0, False, 0)
    glyphs = [Glyph(char, 11.0 * at, 11.0 * at + 11, style) for at, char in enumerate(text)]
    return PageContent(glyphs, height=842.0, has_image=covered > 0, covered=covered)


def junk(length: int) -> str:
    """What OCR in another language leaves behind a Chinese scan."""
    luck = random.Random(4)
    return "".join(chr(luck.choice((0x1E00, 0x0400, 0x2A70, 0x3400)) + luck.randrange(200))
                   for _ in range(length))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "covered", "expected"),
    [
        ("", 0.0, (False, False)),  # a blank page
        ("", 1.0, (False, True)),
        (LONG * 3, 0.0, (False, False)),
        (LONG * 3, 1.0, (False, False)),  # a scan with good text behind it
        ("CamScanner", 1.0, (False, True)),
        ("图1 村委会旧址", 0.4, (False, False)),
        (junk(300), 1.0, (True, False)),
        (junk(300), 0.2, (False, False)),  # rare characters on a page that is no scan
        ("實施鄉村振興戰略，鞏固拓展脫貧攻堅成果。" * 3, 1.0, (False, False)),
    ],
)
def test_pages_that_are_pictures(text: str, covered: float, expected: tuple[bool, bool]) -> None:
    content = page(text, covered)
    assert (scans.is_garbled(content), scans.is_picture(content)) == expected


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("面积(平方米)", "面积（平方米）"),
        ("面积（平方米)", "面积（平方米）"),
        ("常住人口,共3,428户;其中:贫困户", "常住人口，共3,428户；其中：贫困户"),
        ("f(x) = 2:1, see p. 3", "f(x) = 2:1, see p. 3"),
        ("（见下页", "（见下页"),
        ("平方米)以内", "平方米）以内"),
    ],
)
def test_signs_beside_chinese_are_full_width(seen: str, meant: str) -> None:
    assert in_chinese(seen) == meant
    assert in_chinese(meant) == meant


def test_a_broken_install_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "rapidocr.inference_engine.onnxruntime.main", None)
    with pytest.raises(UnreadableFile) as caught:
        look(None)
    assert caught.value.reason == "needs_ocr"
