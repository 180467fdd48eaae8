"""Answers put together without a language model, from small documents through the front door:
conflicts, sums and differences, lists, several parts, and what a quote leaves unsaid in brackets.
"""

from pathlib import Path

import pytest

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.answer.compose.brackets import without_brackets
from service.archive import Archive
from service.records import AbstentionReason, Answer, Support
from service.settings import Settings

FILES = {
    "青禾.txt": "青禾州脱贫攻坚工作总结\n日期：2018年12月20日\n\n"
    "2018年，青禾州退出贫困村366个，脱贫人口4.2万人，县县都有了二级医院。\n",
    "云岭.txt": "云岭州脱贫攻坚工作总结\n日期：2018年12月22日\n\n"
    "2018年，云岭州退出贫困村239个，脱贫人口3.1万人，所有乡镇通了硬化路。\n",
    "初报.txt": "白杨村搬迁简报\n日期：2021年5月6日\n\n"
    "白杨村易地搬迁分批进行，据村里统计，列入搬迁的贫困户共41户，房屋已经分到各家。\n",
    "后报.txt": "白杨村搬迁完成\n日期：2021年5月28日\n\n"
    "白杨村易地搬迁全部结束，列入搬迁的贫困户共44户，房屋钥匙已经分到各家手里。\n",
    "去年.txt": "白杨村年度情况\n日期：2020年5月20日\n\n2020年，白杨村易地搬迁的贫困户共17户。\n",
    **{
        f"测{n}.txt": f"灰岩河测量记录\n日期：2022年{n}月2日\n\n"
        f"灰岩河水文站测得的含沙量记在本册，灰岩河下游河面宽度是{n * 37}米，由水文站复核。\n"
        for n in (3, 4, 5, 6)
    },
    "校.txt": "江城大学帮扶工作报告\n日期：2017年11月3日\n\n"
    "江城大学与石桥县结对三年。\n今年学校选派教师17人驻点石桥县支教，明年还要再派驻点教师23人。\n",
    "村.txt": "松坡村整改简报\n日期：2019年4月3日\n\n松坡村的整改由松坡村村委会负责。\n"
    "杉树村的院坝已经硬化完毕，村里还说月底前要修好水渠。\n",
    "办法.md": "# 石桥县扶贫办法\n\n## 教育方面的措施\n\n石桥县教育方面的扶贫措施有：\n\n"
    "- 建寄宿制学校\n- 给高中生发助学金\n- 请退休教师支教\n\n"
    "## 医疗方面的措施\n\n石桥县医疗方面的扶贫措施有：\n\n- 建村卫生室\n- 免费体检\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder, index = tmp_path_factory.mktemp("docs"), tmp_path_factory.mktemp("index")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    build([folder], index, load_embedder("builtin"))
    return Archive.open(index, Settings(index=index))


def asked(archive: Archive, question: str) -> Answer:
    """The answer, after what holds for every one of them."""
    answer = archive.ask(question)
    cited = {citation.n: citation for citation in answer.citations}
    for citation in answer.citations:
        stored = archive.reader.text(citation.document_id, citation.start, citation.end)
        assert stored == citation.quote
    for sentence in answer.sentences:
        assert sentence.citations
        assert set(sentence.citations) <= set(cited)
        if sentence.support is Support.QUOTED:
            said = without_brackets(sentence.text, sentence.resolved)
            assert said in {cited[n].quote for n in sentence.citations}
    return answer


def test_a_sum_is_shown_with_its_parts(archive: Archive) -> None:
    answer = asked(archive, "青禾州和云岭州2018年一共退出多少个贫困村？")
    first, *parts = answer.sentences
    assert first.text == "合计605个 = 366个 + 239个。"
    assert (first.support, first.citations) == (Support.VERIFIED, (1, 2))
    assert answer.short_answer == "605个"
    assert [part.citations for part in parts] == [(1,), (2,)]
    assert [citation.source for citation in answer.citations] == ["青禾.txt", "云岭.txt"]


def test_a_sum_in_the_unit_of_its_parts(archive: Archive) -> None:
    answer = asked(archive, "青禾州和云岭州2018年一共脱贫多少人？")
    assert answer.sentences[0].text == "合计7.3万人 = 4.2万人 + 3.1万人。"


def test_a_difference_is_shown_with_its_parts(archive: Archive) -> None:
    answer = asked(archive, "青禾州和云岭州2018年退出的贫困村相差多少个？")
    assert answer.sentences[0].text == "相差127个 = 366个 - 239个。"
    assert answer.sentences[0].citations == (1, 2)


def test_no_sum_where_a_part_is_missing(archive: Archive) -> None:
    answer = asked(archive, "青禾州和赤水州2018年一共退出多少个贫困村？")
    assert not any(s.support is Support.VERIFIED for s in answer.sentences)


def test_each_of_two_gets_its_sentence(archive: Archive) -> None:
    answer = asked(archive, "青禾州和云岭州2018年各退出了多少个贫困村？")
    assert [citation.source for citation in answer.citations] == ["青禾.txt", "云岭.txt"]
    assert answer.short_answer is None


def test_documents_that_contradict_each_other_are_both_shown_newest_first(archive: Archive) -> None:
    answer = asked(archive, "白杨村易地搬迁的贫困户共有多少户？")
    (conflict,) = answer.conflicts
    assert conflict.about == "白杨村易地搬迁的贫困户共有多少户"
    assert [value.value for value in conflict.values] == ["44户", "41户"]
    cited = {citation.n: citation.date for citation in answer.citations}
    assert [cited[value.citation] for value in conflict.values] == ["2021-05-28", "2021-05-06"]
    assert "44户" in answer.sentences[0].text
    assert "41户" in answer.sentences[1].text
    assert answer.short_answer is None


def test_another_year_is_no_conflict(archive: Archive) -> None:
    assert asked(archive, "2020年白杨村易地搬迁的贫困户共有多少户？").conflicts == ()
    assert asked(archive, "云岭州2018年退出了多少个贫困村？").conflicts == ()


def test_too_many_values_are_no_answer(archive: Archive) -> None:
    answer = archive.ask("灰岩河下游河面宽度是多少米？")
    assert answer.abstention is not None
    assert answer.abstention.reason is AbstentionReason.SOURCES_DISAGREE
    assert answer.sentences == ()
    (conflict,) = answer.conflicts
    nearest = {citation.n: citation for citation in answer.abstention.nearest}
    values = ["222米", "185米", "148米", "111米"]
    assert [value.value for value in conflict.values] == values
    assert all(value.value in nearest[value.citation].quote for value in conflict.values)


def test_what_a_quote_leaves_unsaid_stands_in_brackets(archive: Archive) -> None:
    answer = asked(archive, "江城大学今年选派了多少名教师到石桥县支教？")
    sentence = answer.sentences[0]
    assert sentence.text == (
        "今年【2017年】学校【江城大学】选派教师17人驻点石桥县支教，明年【2018年】还要再派驻点教师23人。"
    )
    assert sentence.support is Support.QUOTED
    assert [each.name for each in sentence.resolved] == ["2017年", "江城大学", "2018年"]
    assert answer.citations[0].quote == without_brackets(sentence.text, sentence.resolved)
    assert sentence.text in answer.answer


def test_nothing_is_added_where_two_could_be_meant(archive: Archive) -> None:
    answer = asked(archive, "杉树村的院坝怎么样了？")
    assert answer.sentences[0].text == "杉树村的院坝已经硬化完毕，村里还说月底前要修好水渠。"


def test_the_items_of_a_list_are_gathered(archive: Archive) -> None:
    answer = asked(archive, "石桥县扶贫办法里有哪些是教育方面的？")
    first = answer.sentences[0]
    assert first.text == "建寄宿制学校、给高中生发助学金、请退休教师支教。"
    assert [citation.quote for citation in answer.citations] == [
        "建寄宿制学校",
        "给高中生发助学金",
        "请退休教师支教",
    ]


@pytest.mark.parametrize("name", sorted(FILES)[:4])
def test_titles_are_answered_without_a_fault(archive: Archive, name: str) -> None:
    asked(archive, f"{Path(name).stem}的情况怎么样？")
