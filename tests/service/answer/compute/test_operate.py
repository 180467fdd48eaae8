"""Operations over whole tables, lists, logs and archives, through the front door."""

from pathlib import Path

import docx
import openpyxl
import pytest

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.answer.compute.times import days_in
from service.archive import Archive
from service.records import Answer
from service.settings import Settings

FILES = {
    "销售.csv": "月份,门店,品类,销量,销售额（万元）\n1月,东街店,茶叶,120,3.6\n"
    "1月,西街店,茶叶,80,2.4\n2月,东街店,茶叶,95,2.9\n2月,西街店,瓷器,40,5.2\n"
    "3月,东街店,瓷器,55,7.1\n3月,西街店,茶叶,,1.8\n合计,,,390,23\n",
    "员工名册.csv": "序号,姓名,性别,科室,工龄（年）,月薪（元）\n1,许言,男,档案科,12,7200\n"
    "2,邵华,女,档案科,5,6100\n3,江月,女,财务科,8,6800\n4,柳青,男,设备科,3,5600\n"
    "5,秦川,男,设备科,21,8800\n",
    "工程.md": "# 2024年度水利工程\n\n各工程投资与长度见下表。\n\n"
    "| 工程 | 所在乡镇 | 投资（万元） | 渠长（米） | 开工日期 |\n|---|---|---|---|---|\n"
    "| 红旗渠衬砌 | 柳林镇 | 150 | 2300 | 2024-03-05 |\n"
    "| 东干渠清淤 | 柳林镇 | 68 | 5400 | 2024-05-12 |\n"
    "| 白塘水库除险 | 石桥乡 | 320 | 0 | 2024-09-01 |\n"
    "| 南坝泵站改造 | 石桥乡 | 95 | 120 | 2024-10-20 |\n\n# 2023年度水利工程\n\n"
    "| 工程 | 所在乡镇 | 投资（万元） | 渠长（米） | 开工日期 |\n|---|---|---|---|---|\n"
    "| 北沟渠新建 | 柳林镇 | 210 | 1800 | 2023-04-01 |\n"
    "| 双河闸加固 | 石桥乡 | 130 | 60 | 2023-08-15 |\n",
    "图书采购.txt": "2023年图书采购情况\n\n本年度采购图书四类：历史类，320册；文学类，510册；"
    "科技类，275册；少儿类，640册。\n\n捐赠来源：\n- 云溪书店：120册\n- 晨光小学：85册\n"
    "- 市图书馆：260册\n",
    "值班日志.txt": "安全检查日志\n\n2022年11月3日，安全检查由高原带队，查出隐患2处。\n"
    "2023年2月14日，安全检查由陶李带队，查出隐患5处。\n"
    "2023年6月9日，安全检查由高原带队，未查出隐患。\n"
    "2023年12月1日，安全检查由温良带队，查出隐患1处。\n",
    "档案借阅规定.txt": "清江县档案借阅规定\n\n第一章 总则\n第一条 为规范档案借阅，制定本规定。\n"
    "第二条 本规定适用于全县各单位。\n第二章 借阅\n第三条 借阅档案须经科长批准。\n"
    "第四条 借阅期限不超过十五日。\n逾期的应当办理续借。\n第三章 附则\n"
    "第五条 本规定自2020年1月1日起施行。\n",
    "人物.txt": "沈嘉禾小传\n1950年，生于清江县。\n1972年，任民办教师。\n\n"
    "罗望小传\n1946年，生于石桥乡。\n1970年，入伍。\n",
    "季度产量.md": "# 机械厂产量\n\n2023年各车间产量（单位：台）如下。\n\n"
    "| 车间 | 一季度 | 二季度 | 三季度 | 四季度 |\n|---|---|---|---|---|\n"
    "| 一车间 | 20 | 25 | 31 | 28 |\n| 二车间 | 18 | 22 | 19 | 30 |\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder, index = tmp_path_factory.mktemp("docs"), tmp_path_factory.mktemp("index")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    _write_sheet(folder / "设备台账.xlsx")
    _write_report(folder / "绿化报告.docx")
    build([folder], index, load_embedder("builtin"))
    return Archive.open(index, Settings(index=index))


def _write_sheet(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "设备"
    for row in (
        ["设备", "数量（台）", "单价", "存放地点"],
        ["扫描仪", 4, 3200, "一楼库房"],
        ["打印机", 6, 1500, "二楼办公室"],
        ["除湿机", 9, 900, "一楼库房"],
        ["计算机", 15, 4800, "二楼办公室"],
        ["合计", 35, None, None],  # one too many
    ):
        sheet.append(row)
    book.save(path)


def _write_report(path: Path) -> None:
    report = docx.Document()
    report.add_heading("清江县绿化报告", 1)
    table = report.add_table(rows=0, cols=3)
    for row in (
        ("乡镇", "造林面积（亩）", "成活率"),
        ("柳林镇", "1200", "92%"),
        ("石桥乡", "860", "88%"),
        ("高坪乡", "约400", "95%"),
    ):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    report.save(str(path))


def asked(archive: Archive, question: str) -> Answer:
    answer = archive.ask(question)
    for citation in answer.citations:
        stored = archive.reader.text(citation.document_id, citation.start, citation.end)
        assert stored == citation.quote
    return answer


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("东街店的销售额合计是多少？", "13.6万元"),
        ("一月和二月的销售额一共多少？", "14.1万元"),
        ("1月份一共卖了多少茶叶？", "200"),
        ("哪个月的销售额最高？", "3月"),
        ("档案科有几个人？", "2人"),
        ("女职工有几人？", "2人"),
        ("工龄第二长的是谁？", "许言"),
        ("谁的月薪最低？", "柳青"),
        ("哪个科室的月薪合计最高？", "设备科"),
        ("全体职工的平均工龄是多少年？", "9.8年"),
        ("月薪在6500元以上的有几个人？", "3人"),
        ("秦川比柳青工龄多几年？", "18年"),
        ("邵华和江月谁的月薪高？", "江月"),
        ("2024年水利工程总投资多少万元？", "633万元"),
        ("２０２４年柳林鎮的工程投資合計多少？", "218万元"),
        ("2024年投资100万元以上的水利工程有几个？", "2个"),
        ("白塘水库除险占2024年总投资的比例是多少？", "约50.55%"),
        ("2024年下半年开工的工程有几个？", "2个"),
        ("采购图书一共多少册？", "1745册"),
        ("采购最多的是哪类图书？", "少儿类"),
        ("一共捐赠了多少册？", "465册"),
        ("2023年一共做了几次安全检查？", "3次"),
        ("高原带队检查了几次？", "2次"),
        ("一车间全年产量一共多少台？", "104台"),
        ("二车间第三季度和第四季度一共生产多少台？", "49台"),
        ("一楼库房的设备有多少台？", "13台"),
        ("哪种设备单价最高？", "计算机"),
        ("成活率最低的乡镇是哪个？", "石桥乡"),
        ("档案借阅规定一共有几章几条？", "3章5条"),
        ("档案借阅规定第二章有几条？", "2条"),
        ("罗望比沈嘉禾大几岁？", "4岁"),
        ("有多少份关于水利的文件？", "1份"),
        ("库里清江县的文件有多少份？", "2份"),
    ],
)
def test_what_is_reckoned(archive: Archive, question: str, value: str) -> None:
    answer = asked(archive, question)
    assert answer.short_answer == value
    assert answer.confidence >= 0.9
    assert answer.citations


@pytest.mark.parametrize(
    "question",
    [
        "东街新店的销售额合计是多少？",  # no such shop
        "4月份的销售额一共多少万元？",
        "2022年水利工程总投资多少？",
        "水利工程一共有几个？",  # of 2023 or of 2024?
        "石桥乡的工程总投资是多少？",
        "各乡镇造林面积一共多少亩？",  # one is told roughly
        "造林面积最小的乡镇是哪个？",
        "档案科的总工龄是多少？",  # years of service are no quantity to add
        "除了打印机以外一共多少台？",
        "电工车间产量一共多少？",
        "2022年一车间的产量一共多少？",
        "档案借阅规定第七章有几条？",
    ],
)
def test_what_is_not_certain_has_no_value(archive: Archive, question: str) -> None:
    assert asked(archive, question).short_answer is None


def test_a_row_without_a_figure_is_told(archive: Archive) -> None:
    answer = asked(archive, "茶叶的总销量是多少？")
    assert answer.short_answer is None  # 295 does not stand alone
    assert answer.sentences[0].text.startswith("合计295 = 120 + 80 + 95")
    assert "另有1行没有数值，未计入" in answer.sentences[0].text


def test_a_wrong_total_of_the_table_is_shown_beside_the_sum(archive: Archive) -> None:
    answer = asked(archive, "设备一共有多少台？")
    assert answer.short_answer is None
    assert answer.sentences[0].text.startswith(
        "表中合计行为35台，但各行相加为34台 = 4 + 6 + 9 + 15"
    )


def test_an_article_is_given_whole(archive: Archive) -> None:
    answer = asked(archive, "档案借阅规定第四条规定了什么？")
    quoted = [sentence.text for sentence in answer.sentences]
    assert quoted == ["第四条 借阅期限不超过十五日。\n逾期的应当办理续借。"]


def test_the_documents_on_a_subject_are_listed(archive: Archive) -> None:
    answer = asked(archive, "知识库里有哪些关于清江县的文件？")
    assert answer.short_answer is None
    assert "共2份：《清江县档案借阅规定》、《清江县绿化报告》" in answer.answer
    assert len(answer.citations) == 2


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023年四季度", "2023-10-01", "2023-12-31"),
        ("2024年Q2".lower(), "2024-04-01", "2024-06-31"),
        ("三月", "0000-03-01", "0000-03-31"),
        ("1月到3月", "0000-01-01", "0000-03-31"),
        ("2024年下半年", "2024-07-01", "2024-12-31"),
        ("2023年9月以后", "2023-09-01", "9999-12-31"),
    ],
)
def test_a_time_is_a_stretch_of_days(text: str, first: str, last: str) -> None:
    assert [(days.start, days.end) for days in days_in(text)] == [(first, last)]
