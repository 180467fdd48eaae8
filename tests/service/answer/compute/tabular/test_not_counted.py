"""Rows are counted only where nothing in the question asks for what a column tells."""

import pytest

from service.archive import Archive
from tests.archives import archive_of

FILES = {
    "柏树中学运动会田赛.csv": "项目,第一名,班级,成绩（米）,刷新纪录\n跳远,方晓,七1,5.12,是\n"
    "跳高,石磊,七3,1.55,\n铅球,陶宁,八2,9.80,是\n标枪,于江,八4,31.2,\n",
    "清溪镇2023年用电量.csv": "行业,2022年（万度）,2023年（万度）\n农业,3.1,3.4\n"
    "造纸业,20.5,22.0\n全镇合用,52.0,55.0\n",
    "白鹭科技馆2022年接待.csv": "月份,成人观众（人次）,儿童观众（人次）,演示场次\n"
    "6月,8100,5200,88\n7月,12600,9300,121\n8月,11800,9900,117\n",
    "榆关小学教师.csv": "姓名,性别,任教,带队\n龚淑兰,女,语文,合唱队\n贺小川,男,体育,田径队\n"
    "费明,男,数学,\n邓月,女,美术,\n尤佳,女,音乐,舞蹈队\n",
    "Ashby pumps 2023.csv": "Month,Pump,Alarms\nMarch,P1,4\nApril,P1,2\nMay,P1,5\nMarch,P2,1\n"
    "April,P2,0\nMay,P2,2\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return archive_of(FILES, tmp_path_factory.mktemp("archive"))


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ("柏树中学运动会田赛有几项刷新了纪录", "4"),  # a column of the sheet, not all its rows
        ("清溪镇2023年造纸业用电占全镇的百分之几", "66"),  # two rows of three
        ("白鹭科技馆2022年8月演示了多少场", "1场"),  # one row, which tells of how many
        ("how many alarms did pump P1 have between March and May 2023 in Ashby", "march"),
    ],
)
def test_rows_are_not_what_is_asked_for(archive: Archive, question: str, wrong: str) -> None:
    assert wrong not in (archive.ask(question).short_answer or "").lower().split("场次")[0]


def test_the_cell_of_one_row(archive: Archive) -> None:
    assert "117" in (archive.ask("白鹭科技馆2022年8月演示了多少场").short_answer or "")


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("榆关小学带队的老师有几位", "3位"),
        ("榆关小学带队的女老师有多少人", "2人"),
        ("榆关小学没带队的有几个人", "2人"),
        ("榆关小学一共有几位老师", "5位"),
    ],
)
def test_a_column_that_is_filled_in_for_some_chooses_these(
    archive: Archive, question: str, right: str
) -> None:
    assert archive.ask(question).short_answer == right
