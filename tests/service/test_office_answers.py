"""From Office files to answers: the value of a table cell, cited with its slide or its cells."""

from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from pptx.util import Inches

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.archive import Archive
from service.settings import Settings

PROSE = "驻村工作队每周召开例会，逐户走访，把存在的问题记在台账上，件件有人管。"


def write_files(folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "退出"
    for row in (
        ("县", "2018年退出村（个）", "2019年退出村（个）"),
        ("雷波县", 31, 47),
        ("昭觉县", 28, 64),
    ):
        book.active.append(row)
    book.save(folder / "退出情况.xlsx")
    deck = pptx.Presentation()
    for title, text in (("工作汇报", PROSE), ("体检情况", "全年体检4321人次，义诊37场。")):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = title
        box = slide.shapes.add_textbox(Inches(1), Inches(3), Inches(6), Inches(1))
        box.text_frame.text = text
    deck.save(folder / "汇报.pptx")
    document = docx.Document()
    document.add_heading("捐赠登记", 0)
    document.add_paragraph(PROSE)
    table = document.add_table(rows=3, cols=3)
    rows = (
        ("受赠方", "金额", "用途"),
        ("金野以匹村", "65万元", "村级帮扶"),
        ("龙沟乡卫生院", "5万元", "医疗"),
    )
    for made, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(made.cells, texts, strict=True):
            cell.text = text
    document.save(folder / "登记.docx")
    (folder / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("office")
    (folder / "docs").mkdir()
    write_files(folder / "docs")
    report = build([folder / "docs"], folder / "index", load_embedder("builtin"))
    assert report.added == 3
    assert [each.source for each in report.unreadable] == ["旧.doc"]
    return Archive.open(folder / "index", Settings())


@pytest.mark.parametrize(
    ("question", "value", "source", "page", "place"),
    [
        ("2019年雷波县退出多少村？", "47", "退出情况.xlsx", None, "退出!A2:C2"),
        ("2019年昭觉县退出多少村？", "64", "退出情况.xlsx", None, "退出!A3:C3"),
        ("全年体检多少人次？", "4321人次", "汇报.pptx", 2, None),
        ("金野以匹村受赠金额是多少？", "65万元", "登记.docx", None, None),
    ],
)
def test_the_cell_and_its_place(
    archive: Archive, question: str, value: str, source: str, page: int | None, place: str | None
) -> None:
    answer = archive.ask(question)
    assert value in answer.answer
    cited = next(each for each in answer.citations if value in each.quote)
    assert (cited.source, cited.page, cited.place) == (source, page, place)
    stored = archive.reader.document(cited.document_id).document.text
    assert stored[cited.start : cited.end] == cited.quote
