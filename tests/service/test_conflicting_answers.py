"""Two documents on one thing, measure and time disagree, and on different ones they do not."""

from pathlib import Path

import pytest

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.archive import Archive
from service.records import Answer
from service.settings import Settings


def asked(folder: Path, one: str, other: str, question: str) -> Answer:
    for name, text in (("one.txt", one), ("other.txt", other)):
        path = folder / "docs" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    build([folder / "docs"], folder / "index", load_embedder("builtin"))
    return Archive.open(folder / "index", Settings(index=folder / "index")).ask(question)


@pytest.mark.parametrize(
    ("one", "other", "question", "values"),
    [
        (
            "白桦镇概况\n白桦镇有23个行政村。",
            "白桦镇年鉴\n白桦镇共有27个行政村。",
            "白桦镇有多少个行政村？",
            {"23个", "27个"},
        ),
        (
            "台账\n5号仓库储粮450吨。",
            "盘点表\n五号仓库储粮520吨。",
            "5号仓库储粮多少吨？",
            {"450吨", "520吨"},
        ),
        (
            "海棠中学简介\n海棠中学建于1952年。",
            "海棠中学校史\n海棠中学建于1956年。",
            "海棠中学建于哪一年？",
            {"1952年", "1956年"},
        ),
    ],
)
def test_other_values_of_one_thing_are_shown_as_a_conflict(
    tmp_path: Path, one: str, other: str, question: str, values: set[str]
) -> None:
    answer = asked(tmp_path, one, other, question)
    assert {value.value for found in answer.conflicts for value in found.values} == values
    assert answer.short_answer is None


@pytest.mark.parametrize(
    ("one", "other", "question", "value"),
    [
        ("台账\n2号仓库储粮450吨。", "台账\n3号仓库储粮520吨。", "二号仓库储粮多少吨？", "450吨"),
        ("甲\n一班有学生42人。", "乙\n二班有学生45人。", "一班有学生多少人？", "42人"),
        ("票\n剧院成人门票为20元。", "价\n剧院学生门票为10元。", "剧院成人门票多少钱？", "20元"),
        ("桥\n长风桥全长1280米。", "桥梁\n长风桥宽24米。", "长风桥全长多少米？", "1280米"),
    ],
)
def test_values_of_two_things_are_none(
    tmp_path: Path, one: str, other: str, question: str, value: str
) -> None:
    answer = asked(tmp_path, one, other, question)
    assert answer.conflicts == ()
    assert value in answer.answer
