"""Latest, first, before, after and how many, over all dated entries of logs, diaries and tables."""

import pytest

from service.archive import Archive
from service.records import Answer
from tests.archives import archive_of

_MONTHS = range(1, 13)
_WHO = "甄易,贝宁,蓝天,莫言,车行,丘山,温和,池水,麦田,桑叶,木子,白石"
FILES = {
    "锅炉.txt": "锅炉房值班日志\n"
    + "".join(
        f"2022年{month}月6日，锅炉检修，负责人是{who}，更换阀门{month}只。\n"
        for month, who in zip(
            _MONTHS,
            _WHO.split(","),
            strict=True,
        )
    )
    + "2023年1月8日，锅炉停炉，因为水泵漏水，值班员是苗青。\n",
    "志愿.md": "# 志愿服务记录\n\n## 2021年3月5日\n\n清扫河堤，参加二十人，领队是程芳。\n\n"
    "## 2021年10月9日\n\n慰问老人，参加十二人，领队是洛川。\n\n"
    "## 2022年4月2日\n\n植树，参加三十人，领队是易安。\n",
    "会议.csv": "日期,会议,主持人\n2020-03-02,安全例会,邢台\n2020-06-01,安全例会,费城\n"
    "2020-09-07,安全例会,柏林\n2021-02-01,安全例会,宁远\n",
    "巡查.txt": "水库巡查日誌\n2019年\n5月3日，巡查大壩，發現裂縫一處，巡查人是駱一鳴。\n"
    "8月20日，巡查溢洪道，未見異常，巡查人是鍾遠。\n2020年\n4月1日，巡查大壩，裂縫已修補，巡查人是顧城。\n",
    "drill.txt": "Fire drill log\n2021-03-04: fire drill in the north hall, led by Maria Bell.\n"
    "2021-11-18: fire drill in the south hall, led by Tom Reed.\n",
    "门岗.txt": "门岗轮值日记（2022年7月）\n\n"
    "7月2日　值守：聂成林。上午水管漏水，已报修。\n7月5日　值守：毕海棠。无异常。\n"
    "7月9日　值守：聂成林。夜里换锁一把。\n7月12日　值守：毕海棠。聂成林来送钥匙。\n",
    "书会.txt": "青石读书会活动日志\n\n2021年3月6日　地点：二楼。主讲人：祝青萍。到会十四人。\n"
    "2021年9月12日　地点：茶室。主讲人：谢云帆。到会十一人。\n"
    "2022年1月15日　地点：二楼。主讲人：祝青萍。到会十九人。\n"
    "2022年6月18日　地点：三楼。主讲人：谢云帆。到会二十二人，祝青萍送来茶点。\n",
    "下乡.txt": "下乡工作日记（石桥村，二〇二一年四月）\n\n四月二日　星期五\n"
    "到村，住在村委会二楼。\n\n四月五日　星期一\n走访十二户，修好水渠一段。\n\n"
    "四月九日　星期五\n分发种子，三天的行程到今天结束。\n",
    "例会.md": "# 信息科例会纪要\n\n2023年11月6日\n讨论机房搬迁，主持人是郁达。\n\n"
    "2024年2月19日\n讨论新系统上线，主持人是尚勤。\n\n2024年5月27日\n讨论值班表，主持人是郁达。\n\n"
    "2024年9月2日\n讨论数据备份，主持人是尚勤。\n",
    "简介.txt": "单位简介\n\n本单位设有锅炉房和档案室，共有职工四十人。\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return archive_of(FILES, tmp_path_factory.mktemp("archive"))


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("锅炉最近一次检修的负责人是谁？", "白石"),
        ("锅炉第一次检修的负责人是谁？", "甄易"),
        ("最后一次锅炉检修是谁负责的", "白石"),
        ("上一次锅炉停炉是因为什么？", "水泵漏水"),
        ("最近一次志愿服务的领队是谁？", "易安"),
        ("首次志愿服务的领队是谁？", "程芳"),
        ("最近一次安全例会由谁主持？", "宁远"),
        ("最早的一次安全例会主持人是谁", "邢台"),
        ("最近一次巡查大坝的巡查人是谁？", "顧城"),
        ("最近一次巡查溢洪道是誰？", "鍾遠"),
        ("Who led the most recent fire drill?", "Tom Reed"),
    ],
)
def test_only_the_chosen_entry_answers(archive: Archive, question: str, right: str) -> None:
    answer = archive.ask(question)
    assert not answer.abstained
    assert right in answer.answer
    assert len(answer.citations) == 1, quotes(answer)
    assert answer.short_answer is None or right in answer.short_answer


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("最近一次锅炉检修是哪天？", "2022年12月6日"),
        ("锅炉首次检修是什么时候？", "2022年1月6日"),
        ("最近一次志愿服务是什么时候？", "2022年4月2日"),
        ("2022年锅炉检修了几次？", "12次"),
        ("2021年一共开展了多少次志愿服务？", "2次"),
        ("2020年开过几次安全例会？", "3次"),
        ("2022年7月以后锅炉检修了几次？", "6次"),
    ],
)
def test_the_day_and_the_count_stand_in_large_print(
    archive: Archive, question: str, value: str
) -> None:
    answer = archive.ask(question)
    assert answer.short_answer == value, answer.answer


def test_the_entries_of_a_time_are_all_quoted_and_no_other(archive: Archive) -> None:
    after = archive.ask("2020年5月以后开过哪些安全例会？")
    assert [
        any(name in quote for quote in quotes(after)) for name in ["邢台", "费城", "柏林", "宁远"]
    ] == [
        False,
        True,
        True,
        True,
    ]
    before = archive.ask("2021年12月之前有哪些志愿服务？")
    assert len(before.citations) == 2
    assert "易安" not in before.answer


def test_an_entry_of_another_subject_is_not_taken(archive: Archive) -> None:
    for question in ("最近一次消防演习是谁负责的？", "最近一次厂庆是哪天？"):
        answer = archive.ask(question)
        assert answer.short_answer is None, answer.short_answer


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("祝青萍最后一次主讲是什么时候", "2022年1月15日"),
        ("谢云帆第一次主讲是哪天", "2021年9月12日"),
        ("聂成林最后一次值守是几号", "7月9日"),
        ("聂成林末次當守是幾號", "7月9日"),
        ("毕海棠头一次值守是哪天", "7月5日"),
        ("门岗日记第一天是几号", "7月2日"),
        ("下乡日记最后一天记的是几号", "四月九日"),
        ("下乡工作日记最早一篇是哪一天写的", "四月二日"),
    ],
)
def test_the_day_of_a_turn_and_of_a_diary(archive: Archive, question: str, value: str) -> None:
    answer = archive.ask(question)
    assert answer.short_answer == value, answer.answer


def test_an_entry_that_only_mentions_a_person_is_no_turn(archive: Archive) -> None:
    answer = archive.ask("祝青萍最后一次讲是什么时候")  # 讲 is taken for 主讲人: not in large print
    assert answer.sentences[0].text.startswith("2022年1月15日")
    assert archive.ask("祝青萍最后一次出差是什么时候").short_answer is None


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("今年信息科第一次例会讨论了什么", "新系统上线"),
        ("信息科今年最后一次例会讨论了什么？", "数据备份"),
        ("去年信息科最后一次例会是谁主持的", "郁达"),
        ("信息科本年度最近一次例会由谁主持", "尚勤"),
    ],
)
def test_this_year_is_that_of_the_last_entry(archive: Archive, question: str, right: str) -> None:
    answer = archive.ask(question)
    assert len(quotes(answer)) == 1
    assert right in quotes(answer)[0]


def test_minutes_of_several_days_are_of_the_last_of_them(archive: Archive) -> None:
    dates = {c.source: c.date for c in archive.ask("信息科例会讨论了机房搬迁吗").citations}
    assert dates["例会.md"] == "2024-09-02"
