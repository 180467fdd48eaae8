"""Letterheads in page headers and footers: what identifies a document is read, once."""

from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from docx.shared import Cm
from hypothesis import given
from hypothesis import strategies as st

from indexer.embed.load import load_embedder
from indexer.files.letterhead import find_issuer, identifies, without_page_number
from indexer.files.readers import read
from indexer.index.store import open_index
from indexer.pipeline import build
from indexer.records import LeftOutReason
from service.archive import Archive
from service.settings import Settings
from tests.indexer.files import office_samples, pdf_samples
from tests.indexer.files.pdf_samples import drawing, finished, put, put_lines

PROSE = "各单位应当在九月底以前把库存的防汛沙袋清点一遍，破损的登记后统一更换，清点结果报物资科。"


def saved(headers: Sequence[str], footers: Sequence[str]) -> bytes:
    document = docx.Document()
    for margin, lines in (
        (document.sections[0].header, headers),
        (document.sections[0].footer, footers),
    ):
        for line in lines:
            margin.add_paragraph(line)
    document.add_heading("关于清点防汛沙袋的通知", 0)
    document.add_paragraph(PROSE)
    return office_samples.saved(document)


@pytest.mark.parametrize(
    "line",
    [
        "岭下县应急管理局文件　岭应急〔2022〕8号",
        "岭府办［2022］１２号",
        "嶺府教字第1110004567號",
        "岭下县卫生健康委员会",
        "嶺 下 縣 衛 生 局",
        "签发人：温洛",
        "联 系 人：温洛　　电话：6620118",
        "聯絡電話：(02) 2345-6789",
        "主送：各乡镇人民政府",
        "抄送：县委办公室，县人大办公室。",
        "岭下县应急管理局办公室　2022年9月1日印发",
        "文件编号：QM-12　版本：B/1　第 2 页 共 8 页",
        "应急简报　第9期",
        "Ref: LX-2022-08",
        "Contact: W. Luo, Tel: 6620118",
        "传真 0571-6620118",
    ],
)
def test_a_line_that_identifies_the_document(line: str) -> None:
    assert identifies(line)


@pytest.mark.parametrize(
    "line",
    [
        *("第3页 共5页", "第 三 页", "- 3 -", "— 12 —", "Page 3 of 10", "3 / 10", "页码：3"),
        *("版权所有 © 2022 岭下数据公司", "Copyright 2022 Lingxia Ltd. All rights reserved."),
        *("员工手册", "第三章 仓储", "内部资料 注意保存", "关于清点防汛沙袋的通知"),
        *("岭下县帮扶月报", "11/27/26, 8:51 PM 岭下县档案局", "2022/9/1 上午8:51 岭下县档案局"),
        *("打印时间：2022-09-01", "https://example.org/a/b", "2022年工作总结", "", "……"),
    ],
)
def test_a_line_that_does_not(line: str) -> None:
    assert not identifies(line)


def test_what_counts_the_pages_goes_and_nothing_else() -> None:
    assert without_page_number("编号：QM-12　第3页 共5页") == "编号：QM-12"
    assert without_page_number("Ref: LX-2022-08　Page 2 of 4") == "Ref: LX-2022-08"
    assert without_page_number("Home Page Design Office") == "Home Page Design Office"
    assert without_page_number("— 4 —") == ""


def test_the_body_whose_letterhead_it_is() -> None:
    assert find_issuer(["岭应急〔2022〕8号", "岭下县应急管理局文件"]) == "岭下县应急管理局"
    assert find_issuer(["岭 下 县 应 急 管 理 局 文 件"]) == "岭下县应急管理局"
    assert find_issuer(["员工手册", "联系人：温洛"]) is None


@given(
    st.sampled_from(("岭应急", "岭下府办", "青政")),
    st.integers(1990, 2030),
    st.integers(1, 999),
    st.integers(1, 300),
    st.sampled_from(("〔{}〕", "[{}]", "（{}）", "【{}】")),
)
def test_a_number_stays_whole_beside_any_page_number(
    body: str, year: int, number: int, page: int, brackets: str
) -> None:
    line = f"{body}{brackets.format(year)}{number}号"
    assert identifies(line)
    assert without_page_number(f"{line}　第{page}页 共300页") == line
    assert without_page_number(line) == line


def test_a_word_document_with_its_letterhead_in_the_margins() -> None:
    content = read(
        "沙袋.docx",
        saved(
            ["岭下县应急管理局文件　岭应急〔2022〕8号", "第 1 页", "防汛工作手册"],
            ["联系人：温洛　电话：6620118　第 1 页 共 1 页", "版权所有 © 岭下县应急管理局"],
        ),
    )
    assert content.text.split("\n") == [
        "岭下县应急管理局文件　岭应急〔2022〕8号",
        "关于清点防汛沙袋的通知",
        PROSE,
        "防汛工作手册",
        "联系人：温洛　电话：6620118",
        "版权所有 © 岭下县应急管理局",
    ]
    assert office_samples.left_out(content) == [
        (LeftOutReason.FOOTER, "防汛工作手册"),
        (LeftOutReason.FOOTER, "版权所有 © 岭下县应急管理局"),
    ]
    assert (content.title, content.organisation) == ("关于清点防汛沙袋的通知", "岭下县应急管理局")


def test_a_table_in_a_header_with_labels_beside_their_values() -> None:
    document = docx.Document()
    table = document.sections[0].header.add_table(2, 3, Cm(15))
    for at, words in enumerate(("岭下机械厂", "文件编号", "QM-12", "仓储程序", "版本", "B/1")):
        table.cell(at // 3, at % 3).text = words
    document.add_heading("仓储程序", 0)
    document.add_paragraph(PROSE)
    content = read("仓储.docx", office_samples.saved(document))
    assert content.left_out == ()
    assert {"QM-12", "B/1"} <= set(content.text.replace("：", " ").split())
    assert content.title == "仓储程序"


def test_the_day_of_issue_in_a_footer_is_the_documents() -> None:
    data = saved([], ["岭下县应急管理局办公室　2022年9月1日印发"])
    assert read("沙袋.docx", data).date == "2022-09-01"


def test_a_pdf_with_its_letterhead_on_every_page() -> None:
    canvas = drawing()
    goods = ("沙袋", "编织布", "铁锹", "救生衣")
    for page, name in enumerate(goods, 1):
        put(canvas, 60, 800, f"岭下县应急管理局文件 岭应急〔2022〕8号 第{page}页", 9)
        lines = [
            f"{name}每{page * 5}件捆成一捆，",
            f"{name}由{page + 1}人清点，",
            f"{name}不外借。",
        ]
        put_lines(canvas, 60, 740, [f"{name}的清点办法", *lines, f"{name}一节到此为止。"])
        put(canvas, 60, 40, "联系人：温洛 电话：6620118", 9)
        canvas.showPage()
    content = read("沙袋.pdf", finished(canvas))
    kept = pdf_samples.said(content)
    assert kept[0].startswith("岭下县应急管理局文件")
    assert [line for line in kept if "温洛" in line] == ["联系人：温洛 电话：6620118"]
    assert sum("岭应急〔2022〕8号" in line for line in kept) == 1
    left = [text for _, text in pdf_samples.left_out(content)]
    assert sum("温洛" in text for text in left) == 3
    assert content.organisation == "岭下县应急管理局"


def test_the_letterhead_answers(tmp_path: Path) -> None:
    folder, index = tmp_path / "docs", tmp_path / "index"
    folder.mkdir()
    data = saved(["岭下县应急管理局文件　岭应急〔2022〕8号"], ["联系人：温洛　电话：6620118"])
    (folder / "沙袋.docx").write_bytes(data)
    (folder / "花卉.txt").write_text("公园花卉养护说明\n\n月季每三天浇一次水，入冬以后停止施肥。")
    build([folder], index, load_embedder("builtin"))
    archive = Archive.open(index, Settings(index=index))
    for question, value in (
        ("岭应急〔2022〕8号是什么文件？", "岭应急〔2022〕8号"),
        ("清点防汛沙袋的通知的联系人是谁？", "温洛"),
        ("清点防汛沙袋的通知的联系电话是多少？", "6620118"),
    ):
        assert value in archive.ask(question).answer, question
    reader = open_index(index)
    first, *_ = reader.document_passages(reader.find_id("沙袋.docx"))
    reader.close()
    assert first.text == "岭下县应急管理局文件　岭应急〔2022〕8号"
    assert first.title == "关于清点防汛沙袋的通知"
