"""Rows are counted only where nothing in the question asks for what a column tells."""

import pytest

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.archive import Archive
from service.settings import Settings

FILES = {
    "柏树中学运动会田赛.csv": "项目,第一名,班级,成绩（米）,刷新纪录\n跳远,方晓,七1,5.12,是\n"
    "跳高,石磊,七3,1.55,\n铅球,陶宁,八2,9.80,是\n标枪,于江,八4,31.2,\n",
    "清溪镇2023年用电量.csv": "行业,2022年（万度）,2023年（万度）\n农业,3.1,3.4\n"
    "造纸业,20.5,22.0\n全镇合用,52.0,55.0\n",
    "白鹭科技馆2022年接待.csv": "月份,成人观众（人次）,儿童观众（人次）,演示场次\n"
    "6月,8100,5200,88\n7月,12600,9300,121\n8月,11800,9900,117\n",
    "Ashby pumps 2023.csv": "Month,Pump,Alarms\nMarch,P1,4\nApril,P1,2\nMay,P1,5\nMarch,P2,1\n"
    "April,P2,0\nMay,P2,2\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder, index = tmp_path_factory.mktemp("docs"), tmp_path_factory.mktemp("index")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    build([folder], index, load_embedder("builtin"))
    return Archive.open(index, Settings(index=index))


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
