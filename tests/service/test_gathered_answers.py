"""Counts, totals of a table, winners and lists that documents only hold in parts, through the front
door: what is computed, what is left as it stands, and that every item stands in its citation.
"""

from decimal import Decimal

import pytest

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from indexer.text.numbers import find_numbers
from service.archive import Archive
from service.records import Answer, Support
from service.settings import Settings

FILES = {
    "摘帽.txt": "松州脱贫攻坚简报\n日期：2018年12月20日\n\n"
    "2018年松州的石岭县、青禾县、云岭县和杉树县脱贫摘帽。\n",
    "古县.txt": "桃州脱贫攻坚简报\n日期：2019年12月20日\n\n"
    "2019年桃州脱贫摘帽的县是古桥、柳塘、白沙、清溪。\n",
    "等.txt": "榆州脱贫攻坚简报\n日期：2019年1月8日\n\n"
    "2018年榆州的东河县、西河县、南河县等通过验收，脱贫摘帽。\n",
    "数.txt": "柏州脱贫攻坚简报\n日期：2019年1月9日\n\n"
    "2018年柏州的长沟县、短沟县、深沟县脱贫摘帽。\n\n2018年柏州共有5个县脱贫摘帽。\n",
    "捐款.md": "# 红枫小学捐款登记表\n\n日期：2021年3月4日\n\n## 捐款明细\n\n"
    "| 捐款单位 | 金额（元） | 用途 |\n| --- | --- | --- |\n| 海棠公司 | 30,000 | 操场 |\n"
    "| 银杏医院 | 20,000 | 书本 |\n| 海棠公司 | 15,000 | 书本 |\n",
    "总表.md": "# 白桦小学捐款登记表\n\n日期：2021年4月4日\n\n## 捐款明细\n\n"
    "| 捐款单位 | 金额 | 用途 |\n| --- | --- | --- |\n| 丁香公司 | 3万元 | 操场 |\n"
    "| 玉兰医院 | 2万元 | 书本 |\n| 合计 | 5万元 | |\n",
    "缺.md": "# 青松小学捐款登记表\n\n日期：2021年5月4日\n\n## 捐款明细\n\n"
    "| 捐款单位 | 金额 | 用途 |\n| --- | --- | --- |\n| 茉莉公司 | 7万元 | 操场 |\n"
    "| 芙蓉医院 | 课桌40张 | 教室 |\n| 牡丹公司 | 1万元 | 书本 |\n",
    "青.txt": "青禾县扶贫情况\n日期：2018年11月2日\n\n2018年，青禾县有贫困户442户。\n",
    "云.txt": "云岭县扶贫情况\n日期：2018年11月3日\n\n2018年，云岭县有贫困户239户。\n",
    "杉.txt": "杉树县扶贫情况\n日期：2018年11月4日\n\n2018年，杉树县有贫困户239户。\n",
    "岭.txt": "石岭县扶贫情况\n日期：2016年11月5日\n\n2016年，石岭县有贫困户900户。\n",
    "校一.txt": "青禾中学简介\n\n青禾中学成立于1951年，校园在河的东岸。\n",
    "校二.txt": "云岭中学简介\n\n云岭中学成立于1963年9月，校园在山脚下。\n",
    "护一.txt": "枫林学院专业目录\n日期：2020年1月5日\n\n枫林学院开设的专业有护理、药学、检验。\n",
    "护二.txt": "枫林学院招生公告\n日期：2020年6月5日\n\n"
    "枫林学院今年开设的专业有影像、康复、护理。\n",
    "护三.txt": "枫林学院校报\n日期：2020年7月5日\n\n"
    "枫林学院开设的专业里护理、药学、检验招满了。\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder, index = tmp_path_factory.mktemp("docs"), tmp_path_factory.mktemp("index")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    build([folder], index, load_embedder("builtin"))
    return Archive.open(index, Settings(index=index))


def asked(archive: Archive, question: str) -> Answer:
    """The answer; every computed sentence of it holds nothing but what its citations hold."""
    answer = archive.ask(question)
    cited = {citation.n: citation.quote for citation in answer.citations}
    for citation in answer.citations:
        stored = archive.reader.text(citation.document_id, citation.start, citation.end)
        assert stored == citation.quote
    for sentence in answer.sentences:
        if sentence.support is not Support.VERIFIED:
            continue
        quoted = "\n".join(cited[n] for n in sentence.citations)
        if "：" in sentence.text and sentence.text.startswith("共"):
            items = sentence.text.split("：", 1)[1].rstrip("。").split("、")
            assert all(item in quoted for item in items)
            assert next(n.value for n in find_numbers(sentence.text)) == Decimal(len(items))
        if " + " in sentence.text:
            total, parts = sentence.text.split("（")[0].split(" = ")
            values = [n.value for part in parts.split(" + ") for n in find_numbers(part)]
            assert [n.value for n in find_numbers(total)] == [sum(values)]
            assert all(part in quoted for part in parts.split(" + "))
    return answer


def computed(answer: Answer) -> list[str]:
    return [s.text for s in answer.sentences if s.support is Support.VERIFIED]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("2018年松州有几个县脱贫摘帽？", "共4个：石岭县、青禾县、云岭县、杉树县。"),
        ("2019年桃州有几个县脱贫摘帽？", "共4个：古桥、柳塘、白沙、清溪。"),
        ("红枫小学捐款登记表中有多少家单位捐了款？", "共2家：海棠公司、银杏医院。"),
    ],
)
def test_what_is_listed_is_counted(archive: Archive, question: str, text: str) -> None:
    answer = asked(archive, question)
    assert answer.sentences[0].text == text
    assert answer.short_answer == text[1:3]


@pytest.mark.parametrize(
    "question",
    [
        "2018年榆州有几个县脱贫摘帽？",  # 等
        "2018年柏州有几个县脱贫摘帽？",  # another sentence says five
        "2018年松州有几个镇脱贫摘帽？",  # counties are listed
        "2016年松州有几个县脱贫摘帽？",  # another year
        "红枫小学捐款登记表中有多少家医院捐了款？",  # no column of hospitals
    ],
)
def test_nothing_is_counted_that_may_be_more_or_other(archive: Archive, question: str) -> None:
    assert computed(asked(archive, question)) == []


def test_the_rows_of_a_table_are_added_up(archive: Archive) -> None:
    answer = asked(archive, "红枫小学捐款登记表上三笔捐款合计多少元？")
    assert answer.sentences[0].text == "合计65,000元 = 30,000 + 20,000 + 15,000（共3行）。"
    assert answer.sentences[0].citations == (1, 2, 3)
    assert answer.short_answer == "65,000元"


def test_only_the_rows_that_are_asked_about_are_added_up(archive: Archive) -> None:
    answer = asked(archive, "红枫小学捐款登记表上海棠公司的捐款合计多少元？")
    assert answer.sentences[0].text == "合计45,000元 = 30,000 + 15,000（海棠公司，共2行）。"


def test_the_row_of_the_total_is_compared_and_never_added_in(archive: Archive) -> None:
    answer = asked(archive, "白桦小学捐款登记表上的捐款合计多少元？")
    said = "合计5万元 = 3万元 + 2万元（共2行），与表中合计行一致。"
    assert computed(answer) == [said]
    assert answer.short_answer == "5万元"


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("青松小学捐款登记表上三笔捐款合计多少元？", "缺.md"),  # one of them is in desks
        ("红枫小学捐款登记表上四笔捐款合计多少元？", "捐款.md"),  # there are three
    ],
)
def test_no_total_where_a_part_is_missing(archive: Archive, question: str, source: str) -> None:
    answer = asked(archive, question)
    assert computed(answer) == []
    assert answer.short_answer is None
    # The rows themselves, as the answer or as what comes nearest to one.
    shown = answer.abstention.nearest if answer.abstention else answer.citations
    rows = [each for each in shown if each.source == source and "捐款单位：" in each.quote]
    assert rows
    assert rows[0].quote.count("捐款单位：") == 1


@pytest.mark.parametrize(
    ("question", "text", "short"),
    [
        ("青禾县和云岭县哪个县的贫困户多？", "青禾县多：442户 > 239户。", "青禾县"),
        ("青禾县和云岭县相比，哪个县的贫困户更少？", "云岭县少：239户 < 442户。", "云岭县"),
        ("杉树县和云岭县谁的贫困户更多？", "一样多：239户 = 239户。", "一样多"),
        ("青禾中学和云岭中学谁更早成立？", "青禾中学早：1951年 < 1963年9月。", "青禾中学"),
    ],
)
def test_the_one_that_has_more_is_named(
    archive: Archive, question: str, text: str, short: str
) -> None:
    answer = asked(archive, question)
    assert answer.sentences[0].text == text
    assert answer.sentences[0].citations == (1, 2)
    assert answer.short_answer == short


@pytest.mark.parametrize(
    "question",
    [
        "石岭县和青禾县哪个县的贫困户多？",  # of different years
        "柳塘县和青禾县哪个县的贫困户多？",  # nothing is told of one
    ],
)
def test_no_winner_of_what_cannot_be_compared(archive: Archive, question: str) -> None:
    assert computed(asked(archive, question)) == []


def test_a_list_is_gathered_over_documents(archive: Archive) -> None:
    answer = asked(archive, "枫林学院开设的专业有哪些？")
    said = [sentence.text for sentence in answer.sentences]
    assert len(said) <= 3  # a second source of the same may stand between
    assert all(any(item in text for text in said) for item in ("护理", "药学", "影像", "康复"))
    assert len({citation.document_id for citation in answer.citations}) >= 2


def test_a_list_that_says_how_many_is_not_added_to(archive: Archive) -> None:
    answer = asked(archive, "枫林学院开设的哪三个专业招满了？")
    assert "招满了" in answer.sentences[0].text
