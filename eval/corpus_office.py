"""Write the corpus' office files (.docx, .pdf, .xlsx), the same bytes every time.

They restate facts that the corpus' text documents hold as well, so that readers of these formats
can be tested against known text. Knows nothing of indexing, of gold questions or of readers.

    python -m eval.corpus_office --out corpus
"""

from __future__ import annotations

import argparse
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

# One moment for every stamp inside the files; nothing else about them depends on the clock.
STAMP = datetime(2020, 9, 1, 8, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, its paragraphs, and the rows of a table (header first) or none."""

    heading: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A titled, dated text in sections."""

    title: str
    date: str
    sections: tuple[Section, ...]


VISIT = Report(
    title="西南医科大学帮扶昭觉县工作小结",
    date="2020年6月5日",
    sections=(
        Section(
            "一、行程",
            (
                "5月26日至28日，学校45人到昭觉县推进帮扶。26日在西昌同凉山州第一人民医院座谈，"
                "27日上午同昭觉县委、县政府座谈，随后去龙沟乡，下午到易地扶贫聚居点。",
            ),
        ),
        Section(
            "二、捐赠",
            ("现金捐赠共有三笔，合计85万元，受赠方和用途见下表。",),
            (
                ("受赠方", "金额", "用途"),
                ("金野以匹村", "65万元", "村级帮扶"),
                ("龙沟乡中心学校", "15万元", "改善办学条件"),
                ("龙沟乡卫生院", "5万元", "改善医疗条件"),
            ),
        ),
        Section(
            "三、奖励与分红",
            (
                "“育蕾基金”这次奖励教师7名、学生80名。",
                "金野以匹村集体经济分红按户发放，每户1500元。",
            ),
        ),
        Section(
            "四、后续安排",
            (
                "黄芩基地往周边村延伸；“黄金茶”现有3个系列、9个产品，还要再扩产能。",
                "派在昭觉的3名脱贫攻坚干部继续留任，另拟增派驻村工作队员1名。",
            ),
        ),
    ),
)

HEALTH = Report(
    title="省卫生健康系统定点扶贫数字摘要",
    date="2020年2月20日",
    sections=(
        Section(
            "一、覆盖范围",
            (
                "委直属机关加上省内医疗卫生单位42家，由省卫生健康委统筹，帮扶63个县、101个村。"
                "截至2019年底，脱贫的村有99个。派到村里的干部（含第一书记）有147人。",
            ),
        ),
        Section(
            "二、投入",
            (
                "从2014年算起，帮扶资金和捐赠物资的价值超过4亿元。消费扶贫接近240次，"
                "金额2000余万元。",
                "修路160余公里，装路灯863盏，建污水处理站31个，帮1500余户贫困户建房、改房。",
            ),
        ),
        Section(
            "三、健康扶贫",
            (
                "体检、义诊和健康宣传等活动共1350余次；资助器械和设备1540余台，"
                "捐赠药品价值接近500万元。",
                "“对口支援”派出864名医卫人员，短期支援2886名，请当地医卫人员出来学习交流，累计10万余人次。",
            ),
        ),
        Section(
            "四、扶志扶智",
            (
                "农牧民夜校办了4036场，受益13万余人；技能培训班开了1738期，3.6万余人受益，3428人就业。",
                "党建指导组下村422次，蹲点891天；新党员414名，后备干部与致富带头人481名。",
            ),
        ),
    ),
)

DONATIONS: tuple[tuple[str, str, str, int | None, str], ...] = (
    ("西南医科大学", "金野以匹村", "现金", 650_000, "村级帮扶"),
    ("西南医科大学", "龙沟乡中心学校", "现金", 150_000, "改善办学条件"),
    ("西南医科大学", "龙沟乡卫生院", "现金", 50_000, "改善医疗条件"),
    ("西南医科大学", "金野以匹村贫困户", "家具", None, "新居使用"),
    ("毕节职业技术学院", "九股村", "资金", 40_000, "修建公厕"),
    ("毕节职业技术学院", "九股村种养殖户", "出诊箱、消毒背壶、化肥", 20_000, "一户一策"),
    ("毕节职业技术学院", "九股村、平原村小学", "学习用品800套", None, "学生使用"),
    ("省卫生健康系统", "贫困地区", "图书2.6万余册", None, "教育帮扶"),
)
NOTES: tuple[tuple[str, str], ...] = (
    ("制表日期", "2020年8月31日"),
    ("范围", "只登记受赠方和数量都明确的捐赠，约数不折算为金额。"),
    ("单位", "金额为人民币元；空白表示实物，未折价。"),
)


def fix_archive(content: bytes) -> bytes:
    """Give each entry of an OOXML archive the fixed stamp, and its core properties too."""
    fixed = io.BytesIO()
    moment = STAMP.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            data = MODIFIED.sub(rb"\g<1>" + moment + rb"\g<2>", source.read(name))
            entry = zipfile.ZipInfo(name, date_time=STAMP.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, data)
    return fixed.getvalue()


def docx_bytes(report: Report) -> bytes:
    """The report as a Word document with real headings and tables."""
    import docx

    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author = report.title, "对口帮扶工作档案组"
    properties.created = properties.modified = STAMP
    document.add_heading(report.title, level=0)
    document.add_paragraph(f"日期：{report.date}")
    for section in report.sections:
        document.add_heading(section.heading, level=1)
        for paragraph in section.paragraphs:
            document.add_paragraph(paragraph)
        if section.rows:
            table = document.add_table(rows=len(section.rows), cols=len(section.rows[0]))
            for cells, row in zip(table.rows, section.rows, strict=True):
                for cell, text in zip(cells.cells, row, strict=True):
                    cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return fix_archive(buffer.getvalue())


def pdf_bytes(report: Report) -> bytes:
    """The report as a PDF with extractable Chinese text and a page number on each page."""
    from reportlab.lib.pagesizes import A5
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    # A font that PDF readers know by name: none has to be installed or shipped.
    font = "STSong-Light"
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    body = ParagraphStyle(
        "body", fontName=font, fontSize=12, leading=20, wordWrap="CJK", spaceAfter=8
    )
    heading = ParagraphStyle("heading", parent=body, fontSize=14, leading=24)
    title = ParagraphStyle("title", parent=body, fontSize=17, leading=30)

    def number_page(canvas: Canvas, template: SimpleDocTemplate) -> None:
        canvas.setFont(font, 9)
        canvas.drawCentredString(A5[0] / 2, 28, f"第 {template.page} 页")

    story = [Paragraph(report.title, title), Paragraph(f"日期：{report.date}", body)]
    for section in report.sections:
        story.append(Paragraph(section.heading, heading))
        story.extend(Paragraph(paragraph, body) for paragraph in section.paragraphs)
    buffer = io.BytesIO()
    # invariant: no clock and no random identifier in the file
    template = SimpleDocTemplate(buffer, pagesize=A5, title=report.title, invariant=1)
    template.build(story, onFirstPage=number_page, onLaterPages=number_page)
    return buffer.getvalue()


def xlsx_bytes(
    donations: Sequence[tuple[str, str, str, int | None, str]], notes: Sequence[tuple[str, str]]
) -> bytes:
    """The donations as a workbook: one sheet of rows with numbers as numbers, one of notes."""
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.properties.created = STAMP
    workbook.properties.creator = "对口帮扶工作档案组"
    sheet = workbook.active
    sheet.title = "捐赠汇总"
    sheet.append(("捐赠单位", "受赠方", "形式", "金额（元）", "用途"))
    for donation in donations:
        sheet.append(donation)
    for row in sheet.iter_rows(min_row=2, min_col=4, max_col=4):
        row[0].number_format = "#,##0"
    remarks = workbook.create_sheet("说明")
    for note in notes:
        remarks.append(note)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return fix_archive(buffer.getvalue())


FILES: dict[str, Callable[[], bytes]] = {
    "2020-zhaojue/2020-06-05-visit-summary.docx": lambda: docx_bytes(VISIT),
    "2019-health-system/2020-02-20-figures.pdf": lambda: pdf_bytes(HEALTH),
    "2020-zhaojue/2020-08-31-捐赠汇总.xlsx": lambda: xlsx_bytes(DONATIONS, NOTES),
}


def write_files(corpus: Path) -> list[Path]:
    """Write the office files below the corpus folder; returns their paths."""
    written = []
    for name, make in FILES.items():
        path = corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make())
        written.append(path)
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the corpus' .docx, .pdf and .xlsx files.")
    parser.add_argument("--out", type=Path, required=True, help="the corpus folder")
    for path in write_files(parser.parse_args().out):
        print(path)


if __name__ == "__main__":
    main()
