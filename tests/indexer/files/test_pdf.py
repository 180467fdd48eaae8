"""What the reader makes of PDFs: order, paragraphs, pages, running heads, properties."""

from pathlib import Path
from typing import Any

import pytest

from indexer.files.readers import read
from indexer.records import LeftOutReason
from tests.indexer.files.pdf_samples import (
    ENGLISH,
    FONT,
    LONG,
    READ_ROWS,
    ROWS,
    drawing,
    finished,
    flowing,
    headings,
    left_out,
    lines_of,
    pages_of,
    paragraph,
    put,
    put_lines,
    said,
    scanned_page,
    table,
)

# -- the corpus -----------------------------------------------------------------------------------


def test_the_pdf_of_the_corpus() -> None:
    """Its sentences are those that it was written from, over line ends and the page's end."""
    from eval.corpus_office import HEALTH

    path = Path(__file__).parents[3] / "corpus/2019-health-system/2020-02-20-figures.pdf"
    content = read(path.name, path.read_bytes())
    expected = [HEALTH.title, f"日期：{HEALTH.date}"]
    for section in HEALTH.sections:
        expected += [section.heading, *section.paragraphs]
    assert said(content) == expected
    assert (content.title, content.date) == (HEALTH.title, "2020-02-20")
    assert headings(content) == [(1, HEALTH.title), *((2, s.heading) for s in HEALTH.sections)]
    assert left_out(content) == [("footer", "第 1 页"), ("footer", "第 2 页")]
    assert pages_of(content, "一、覆盖范围") == [1]
    assert pages_of(content, "累计10万余人次。") == [1, 2]
    assert pages_of(content, "四、扶志扶智") == [2]


# -- printed by a browser -------------------------------------------------------------------------

PAGE = f"""<!doctype html><html lang=zh><meta charset=utf-8><title>昭觉县帮扶月报</title><style>
body {{ font-family: "Noto Sans CJK SC", sans-serif }} th, td {{ border: 1px solid }}
.two {{ column-count: 2; column-gap: 1.5em }} table {{ border-collapse: collapse }}</style>
<h1>昭觉县帮扶月报</h1><p>日期：2020年5月28日<h2>一、总体情况</h2><p>{LONG}<p>{ENGLISH}
<h2>二、捐赠明细</h2><table>
{"".join("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in ROWS)}</table>
<ul><li>黄芩基地往周边村延伸，种植面积今年还要扩大一百五十亩，由合作社统一供苗、统一收购，农户只管种植管护
<li>“黄金茶”再扩产能</ul><h2>三、各乡</h2><div class=two>
{"".join(f"<p>第{at}段。{LONG}" for at in range(1, 10))}</div></html>"""


@pytest.mark.browser
def test_a_page_printed_by_a_browser(browser: Any) -> None:
    page = browser.new_page()
    page.set_content(PAGE)
    edges = dict.fromkeys(("top", "bottom", "left", "right"), "60px")
    data = page.pdf(format="A4", display_header_footer=True, margin=edges)
    page.close()
    content = read("print.pdf", data)
    assert said(content) == [
        "昭觉县帮扶月报",
        "日期：2020年5月28日",
        "一、总体情况",
        LONG,
        ENGLISH,
        "二、捐赠明细",
        *READ_ROWS,
        "黄芩基地往周边村延伸，种植面积今年还要扩大一百五十亩，由合作社统一供苗、统一收购，农户只管种植管护",
        "“黄金茶”再扩产能",
        "三、各乡",
        *(f"第{at}段。{LONG}" for at in range(1, 10)),
    ]
    assert headings(content) == [
        (1, "昭觉县帮扶月报"),
        (2, "一、总体情况"),
        (2, "二、捐赠明细"),
        (2, "三、各乡"),
    ]
    assert (content.title, content.date, content.author) == ("昭觉县帮扶月报", "2020-05-28", None)
    assert {reason for reason, _ in left_out(content)} == {"navigation", "footer"}
    assert pages_of(content, "第9段。") == [2]


# -- columns and paragraphs -----------------------------------------------------------------------


@pytest.mark.parametrize("across", [True, False])
def test_two_columns_below_a_title(across: bool) -> None:
    """In the order of reading, also where the program drew them line by line across the page."""
    canvas = drawing()
    put(canvas, 150, 780, "凉山州帮扶工作通讯", 20)
    left = [(60.0, 740 - 18 * at, line) for at, line in enumerate(lines_of(LONG * 2, 18))]
    right = [(290.0, y, line) for (_, y, _), line in zip(left, lines_of(LONG, 18), strict=False)]
    drawn = [*left, *right]
    for x, y, line in sorted(drawn, key=lambda each: -each[1]) if across else drawn:
        put(canvas, x, y, line)
    assert said(read("x.pdf", finished(canvas))) == ["凉山州帮扶工作通讯", LONG * 2, LONG]


def test_three_columns_on_a_wide_page() -> None:
    canvas = drawing((842, 595))
    texts = [f"第{at}栏。{LONG}" for at in (1, 2, 3)]
    for at, text in enumerate(texts):
        put_lines(canvas, 50 + 250 * at, 520, lines_of(text, 18))
    assert said(read("x.pdf", finished(canvas))) == texts


def test_a_sentence_goes_on_in_the_next_line_and_on_the_next_page() -> None:
    texts = [f"第{at}件事。{LONG}" for at in range(1, 18)]
    content = read("x.pdf", flowing([paragraph(text) for text in texts]))
    assert said(content) == texts
    over = [text for text in texts if pages_of(content, text) == [1, 2]]
    assert len(over) == 1
    first, second = (place for place in content.places)
    assert (first.page, second.page) == (1, 2)
    assert first.end == second.start  # in the middle of a sentence, with nothing between


def test_hyphens_at_line_ends() -> None:
    canvas = drawing()
    lines = [
        "The provincial health commission sent twelve doctors to the moun-",
        "tain villages in 2019, and a self-reliant co-operative of growers was set up; this co-",
        "operative sold tea for 2.4 million yuan in its first year, and for 3.1 million in the",
        "second one.",
    ]
    for at, line in enumerate(lines):
        put(canvas, 72, 700 - 16 * at, line, 12, "Helvetica")
    assert said(read("x.pdf", finished(canvas))) == [
        "The provincial health commission sent twelve doctors to the mountain villages in 2019, "
        "and a self-reliant co-operative of growers was set up; this co-operative sold tea for "
        "2.4 million yuan in its first year, and for 3.1 million in the second one."
    ]


def test_spaces_from_bad_breaks_and_those_that_mean_something() -> None:
    canvas = drawing()
    put(canvas, 250, 800, "通  知", 22)
    prose = (
        "全省脱 贫攻坚工作会议于12月5日在成都召开，会议总结了五年来的工作，研究部署了下一步任务。"
    )
    put_lines(canvas, 72, 760, ["　　" + prose[:36], prose[36:]])
    put_lines(canvas, 72, 700, ["第一章　总则", "张三　李四　王五", "上报 PDF 一份"], leading=40)
    assert said(read("x.pdf", finished(canvas))) == [
        "通知",
        prose.replace(" ", ""),
        "第一章 总则",
        "张三 李四 王五",
        "上报 PDF 一份",
    ]


def test_list_items_stay_lines() -> None:
    canvas = drawing()
    items = [
        "1. 各县要在年底前完成贫困户的核查，核查结果报省扶贫办，逾期不报的要说明情况，",
        "   说明材料由县委书记签字。",
        "2. 各县要在六月底前把名单报来。",
        "（1）贫困户名单",
        "（2）第一书记名单",
    ]
    put_lines(canvas, 72, 760, items)
    assert said(read("x.pdf", finished(canvas))) == [items[0] + items[1].strip(), *items[2:]]


def test_a_notice_as_offices_send_them() -> None:
    """A title in two lines, numbered parts, an appendix, signature and date at the right."""
    title = "关于印发《四川省2020年对口帮扶凉山州脱贫攻坚工作要点及任务分工方案》的通知"
    left = ["各市（州）人民政府，省级有关部门：", "附件：任务分工表", "（此件公开发布）"]
    body = [
        "一、总体要求",
        "（一）指导思想",
        LONG,
        f"（二）主要目标。{LONG}",
        "1.完成63个县的任务。",
    ]
    end = ["四川省人民政府办公厅", "2020年3月5日"]
    story = [
        paragraph(title, 20, indent=False, alignment=1),
        paragraph(left[0], indent=False),
        *map(paragraph, body),
        paragraph(left[1]),
        *(paragraph(line, indent=False, alignment=2) for line in end),
        paragraph(left[2]),
    ]
    content = read("x.pdf", flowing(story))
    assert said(content) == [title, left[0], *body, left[1], *end, left[2]]
    assert headings(content) == [(1, title), (2, body[0]), (3, body[1])]
    assert (content.title, content.date) == (title, "2020-03-05")


def test_a_table_of_contents_stays_in_lines() -> None:
    canvas = drawing()
    entries = [f"{words}{'.' * 60}{page}" for words, page in (("一、情况", 1), ("二、做法", 5))]
    put_lines(canvas, 72, 760, entries)
    assert said(read("x.pdf", finished(canvas))) == entries


@pytest.mark.parametrize("turned", [True, False])
def test_text_that_runs_up_the_page(turned: bool) -> None:
    """A wide table on an upright page, with or without the mark that turns it for the viewer."""
    canvas = drawing()
    if turned:
        canvas.setPageRotation(90)
    canvas.rotate(90)
    canvas.translate(0, -595)
    put(canvas, 60, 500, "退出村统计", 20)
    put_lines(canvas, 60, 460, lines_of(LONG, 40))
    flowable = table(ROWS)
    flowable.wrapOn(canvas, 400, 400)
    flowable.drawOn(canvas, 60, 200)
    assert said(read("x.pdf", finished(canvas))) == ["退出村统计", LONG, *READ_ROWS]


# -- running heads --------------------------------------------------------------------------------


def test_heads_feet_and_page_numbers() -> None:
    def furnish(canvas: Any, document: Any) -> None:
        put(canvas, 72, 810, "某省扶贫办2020年工作报告", 9)
        canvas.drawCentredString(297, 30, f"- {document.page} -")

    texts = [f"第{at}件事。{LONG}" for at in range(1, 36)]
    title = paragraph("2020年工作报告", 22, indent=False, spaceAfter=20)
    content = read(
        "x.pdf", flowing([title, *map(paragraph, texts)], on_page=furnish, pagesize=(595, 842))
    )
    assert said(content) == ["2020年工作报告", *texts]
    assert left_out(content) == [
        each
        for page in (1, 2, 3)
        for each in (("navigation", "某省扶贫办2020年工作报告"), ("footer", f"- {page} -"))
    ]
    assert pages_of(content, "- 3 -") == [3]


def test_what_whole_pages_have_in_common_is_no_running_head() -> None:
    """Letters to many: each page begins and ends with the same sentences."""
    canvas = drawing()
    for name in ("张三", "李四", "王五"):
        put_lines(
            canvas, 72, 780, ["各位村民：", "大会定在五月六日。", f"请{name}准时到会。", "村委会"]
        )
        put_lines(canvas, 72, 690, lines_of(LONG, 36))
        canvas.showPage()
    content = read("x.pdf", finished(canvas))
    assert left_out(content) == []
    assert said(content).count("大会定在五月六日。") == 3
    assert said(content).count(LONG) == 3


def test_rows_of_figures_at_the_foot_of_pages_are_no_page_numbers() -> None:
    canvas = drawing()
    for figures in ("117", "90", "204", "6"):
        put_lines(canvas, 72, 780, lines_of(LONG, 36))
        put(canvas, 72, 60, figures)
        canvas.showPage()
    assert [line for line in said(read("x.pdf", finished(canvas))) if line.isdigit()] == [
        "117",
        "90",
        "204",
        "6",
    ]


def test_a_watermark_is_left_out() -> None:
    canvas = drawing()
    put_lines(canvas, 72, 760, lines_of(LONG, 36))
    canvas.translate(200, 300)
    canvas.rotate(45)
    put(canvas, 0, 0, "内部资料", 40)
    content = read("x.pdf", finished(canvas))
    assert (said(content), left_out(content)) == ([LONG], [("navigation", "内部资料")])


# -- properties and pages without text ------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "author", "expected"),
    [
        ("昭觉县帮扶总结", "张三", ("昭觉县帮扶总结", "张三")),
        ("Microsoft Word - 文档1", "Administrator", ("山村义诊侧记", None)),
        ("文档1", "微软用户", ("山村义诊侧记", None)),
        ("新建 Microsoft Word 文档.docx", "", ("山村义诊侧记", None)),
        ("ÕÑ¾õÏØ°ï·ö×Ü½á", "lenovo", ("山村义诊侧记", None)),
    ],
)
def test_properties_where_they_are_sane(
    title: str, author: str, expected: tuple[str, str | None]
) -> None:
    canvas = drawing(title=title, author=author)
    put(canvas, 72, 780, "山村义诊侧记", 18)
    put(canvas, 72, 750, "2020年08月06日  来源：某学院")
    put_lines(canvas, 72, 720, lines_of(LONG, 36))
    content = read("x.pdf", finished(canvas))
    assert (content.title, content.author) == expected
    assert content.date == "2020-08-06"


def test_scanned_pages_between_others_are_told() -> None:
    canvas = drawing()
    for page in range(3):
        if page == 1:
            scanned_page(canvas)
        else:
            put_lines(canvas, 72, 760, lines_of(f"第{page + 1}页。{LONG}", 36))
        canvas.showPage()
    content = read("x.pdf", finished(canvas))
    assert said(content) == [f"第1页。{LONG}", f"第3页。{LONG}"]
    assert [out.reason for out in content.left_out] == [LeftOutReason.MARKUP]
    assert "第2页是" in left_out(content)[0][1]
    assert pages_of(content, left_out(content)[0][1]) == [2]


def test_text_printed_twice_to_look_bold_is_read_once() -> None:
    canvas = drawing()
    for shift in (0, 0.4):
        put(canvas, 72 + shift, 780, "退出村名单公示", 16, FONT)
    put_lines(canvas, 72, 740, lines_of(LONG, 36))
    assert said(read("x.pdf", finished(canvas))) == ["退出村名单公示", LONG]
