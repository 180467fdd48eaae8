"""Everyday questions over small tables, through the front door: what is told, what stands alone in
large print, and what is left alone."""

import pytest

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.answer.compute.tabular.programs import best_program
from service.answer.compute.tabular.sheet import sheet_of
from service.answer.compute.tabular.words import cut
from service.answer.read.tables import tables_of
from service.answer.understand.aggregate import readings_of
from service.answer.understand.question import analyse
from service.archive import Archive
from service.settings import Settings

FILES = {
    "海陵渔港渔船登记.csv": "船号,船名,船主,总吨位（吨）,功率（千瓦）,船员数,下水年份,母港\n"
    "HL01,顺风,林阿福,120,220,8,2009,北澳\nHL02,顺水,周大海,95,180,6,2013,北澳\n"
    "HL03,金鳞,林阿福,210,400,14,2018,南澳\nHL04,银鳞,许秀英,88,150,5,2005,南澳\n",
    "枫林卫生院疫苗接种.csv": "疫苗,2022年 应种人数,2022年 实种人数,"
    "2023年 应种人数,2023年 实种人数\n"
    "乙肝,410,402,395,390\n卡介苗,205,205,198,197\n脊灰,620,601,600,588\n",
    "枫林卫生院十月值班表.csv": "日期,夜班医生,护士\n2023-10-01,赵启明,田甜\n2023-10-02,孙洁,田甜\n"
    "2023-10-03,罗敏,白露\n",
    "瑞丰物业缴费台账.csv": "房号,业主,应缴（元）,已缴（元）,账单日期,缴费日期,车位号\n"
    "1-101,高翔,2148,2148,2023-02-20,2023-03-02,A7\n1-102,苗圃,2880,1440,2023-02-20,2023-04-18,\n"
    "1-201,贾宝成,3360,2148,2023-02-20,2023-02-28,\n",
    "宜山茶场五月工资.csv": "工号,姓名,性别,采茶量（斤）,雨衣费（元）,应发工资\n"
    "Y1,柳春梅,女,310,12,3770\nY2,何首成,男,255,12,3060\nY3,王二妹,女,402,10,4904\n"
    "Y4,董长贵,男,198,12,2406\n",
    "石桥镇各村情况.csv": "村名,户数,人口,平均到校时间（分钟）,党员\n柳湾村,312,1205,12.5,41\n"
    "槐树村,198,760,8.1,27\n杏花村,405,1602,21,58\n全镇,915,3567,,126\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder, index = tmp_path_factory.mktemp("docs"), tmp_path_factory.mktemp("index")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    build([folder], index, load_embedder("builtin"))
    return Archive.open(index, Settings(index=index))


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("海陵渔港2008年以后下水的船有几条", "3条"),  # the measure word is no part of the noun
        ("枫林卫生院2023年乙肝实种多少人", "390人"),  # a column pair for each year
        ("枫林卫生院2023年一共实种多少人", "1175人"),
        ("枫林卫生院10月3日夜班医生是谁", "罗敏"),
        ("宜山茶场应发工资过三千的有几人", "3人"),
        ("宜山茶场王二妹的采茶量比何首成高多少", "147斤"),
        ("瑞丰物业贾宝成应缴和已缴相差多少", "1212元"),  # two columns of one row
        ("瑞丰物业1-102从账单日期到缴费日期用了多少天", "57天"),
        ("石桥镇槐树村户数占人口的百分之几，保留一位小数", "约26.1%"),
        ("石桥镇一共多少党员", "126"),  # 全镇 is the sum of the others, and no village
        ("石桥镇哪个村到校时间最快", "槐树村"),
        ("瑞丰物业没有车位号的有几户", "2户"),
    ],
)
def test_what_stands_alone(archive: Archive, question: str, value: str) -> None:
    assert archive.ask(question).short_answer == value


def test_each_group_has_its_own_total(archive: Archive) -> None:
    answer = archive.ask("海陵渔港各母港的总吨位一共多少")
    assert answer.sentences[0].text.startswith("北澳 215吨；南澳 298吨")


def test_two_named_rows_are_told_apart_and_not_summed(archive: Archive) -> None:
    answer = archive.ask("宜山茶场柳春梅和何首成应发工资多少")
    assert "柳春梅 3770" in answer.sentences[0].text
    assert "6830" not in answer.answer


def test_a_word_that_shares_a_sign_names_a_column_without_large_print(archive: Archive) -> None:
    answer = archive.ask("宜山茶场谁采得最多")
    assert "王二妹：402斤" in answer.answer
    assert answer.short_answer is None


@pytest.mark.parametrize(
    "question",
    [
        "宜山茶场柳春梅的皮衣费多少",  # another thing of the same head
        "海陵渔港林阿福报废的船有几条",
        "枫林卫生院2021年乙肝实种多少人",
        "宜山茶场五月下雨多少天",
    ],
)
def test_what_no_table_tells_stands_nowhere_in_large_print(archive: Archive, question: str) -> None:
    assert archive.ask(question).short_answer is None


def test_a_word_that_chooses_rows_forbids_the_table() -> None:
    lines = ("村名：柳湾村 | 党员：41", "村名：槐树村 | 党员：27", "村名：杏花村 | 党员：58")
    (table,) = tables_of("\n".join(lines))
    sheets = [sheet_of(table, ["石桥镇各村情况"])]
    for question, told in (("石桥镇槐树村党员多少人", "27"), ("石桥镇槐树村女党员多少人", None)):
        best = best_program(readings_of(analyse(question)), sheets, chinese=True)
        assert (best and best.result and best.result.text) == told


def test_cutting_keeps_every_sign() -> None:
    for text in ("有  台大设备", "  条船", "外科 个人实发"):
        assert "".join(word for word, _ in cut(text)) == text
    assert [word for word, _ in cut("有 台大设备")] == ["有", " ", "台", "大", "设备"]
