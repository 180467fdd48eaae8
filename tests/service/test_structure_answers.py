"""Who 学校 is, who speaks, and what a list is about, asked through the front door."""

import pytest

from indexer.chunk import Cutting
from indexer.embed.load import load_embedder
from indexer.pipeline import BuildOptions, build
from service.archive import Archive
from service.settings import Settings

FILES = {
    "甲.txt": "支教工作情况\n洪都大学与水口县结对已有三年，洪都大学党委每年研究两次。"
    "双方商定了四项内容，写进了协议，由对口办公室督办，进展按月通报。\n第一项是支教。去年学校选派教师17人驻点，任期一年。",
    "乙.txt": "支教工作情况\n章江大学与石门县结对已有五年，章江大学党委每年研究两次。"
    "双方商定了四项内容，写进了协议，由对口办公室督办，进展按月通报。\n第一项是支教。去年学校选派教师23人驻点，任期一年。",
    "会议.txt": "座谈会记录\n"
    "周平（市水利局局长）：今年除险加固水库9座，投入资金4000万元，汛期前全部完工，下游群众可以放心。\n"
    "吴敏（市林业局局长）：今年造林6万亩，投入资金2600万元，其中经济林占一半，由合作社管护。",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder, index = tmp_path_factory.mktemp("docs"), tmp_path_factory.mktemp("index")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    # Short passages, so that the names stand in others than the figures.
    build([folder], index, load_embedder("builtin"), BuildOptions(cutting=Cutting(60)))
    return Archive.open(index, Settings(index=index))


@pytest.mark.parametrize(
    ("question", "source", "value"),
    [
        ("洪都大学去年选派了多少名教师支教？", "甲.txt", "17人"),
        ("章江大学去年选派了多少名教师支教？", "乙.txt", "23人"),
        ("市水利局今年投入资金多少？", "会议.txt", "4000万元"),
        ("市林业局今年投入资金多少？", "会议.txt", "2600万元"),
    ],
)
def test_the_sentence_is_found_by_the_name_that_it_leaves_out(
    archive: Archive, question: str, source: str, value: str
) -> None:
    answer = archive.ask(question)
    assert not answer.abstained
    first = answer.citations[0]
    assert (first.source, value in first.quote) == (source, True), first.quote
