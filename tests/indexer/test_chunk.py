"""Passages by hand: boundaries, headings, left-out stretches; exact offsets on any document."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.chunk import Cutting, chunk
from indexer.files.readers import read
from indexer.records import Document, Heading, LeftOut, LeftOutReason, Passage


def _document(
    text: str, headings: tuple[Heading, ...] = (), left_out: tuple[LeftOut, ...] = ()
) -> Document:
    return Document(
        document_id="d0",
        source="a.txt",
        digest="",
        format="txt",
        size=0,
        title="题目",
        date=None,
        author=None,
        url=None,
        text=text,
        headings=headings,
        left_out=left_out,
    )


def _heading(text: str, words: str, level: int) -> Heading:
    return Heading(text.index(words), text.index(words) + len(words), level)


def _out(text: str, words: str) -> LeftOut:
    at = text.index(words)
    return LeftOut(at, at + len(words), LeftOutReason.CREDITS)


def _check(document: Document, passages: list[Passage], max_chars: int) -> None:
    position = 0
    for number, passage in enumerate(passages):
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip() != ""
        assert position <= passage.start
        assert len(passage.text) <= max_chars * 1.2
        assert passage.passage_id == f"d0-{number}"
        assert not any(
            out.start < passage.end and passage.start < out.end for out in document.left_out
        )
        position = passage.end


def test_passages_end_at_sentences() -> None:
    text = "甲村修路三公里。" * 3 + "乙村说：“水通了！”" + "丙村种茶，面积五十亩；丁村养牛。"
    passages = chunk(_document(text), Cutting(25))
    assert [p.text for p in passages] == [
        "甲村修路三公里。甲村修路三公里。甲村修路三公里。",
        "乙村说：“水通了！”",
        "丙村种茶，面积五十亩；丁村养牛。",
    ]


def test_figures_are_not_cut_at_their_comma() -> None:
    text = "共计投入资金约一百多万,其中1,234,567元用于修路,7:30开工"
    assert [p.text for p in chunk(_document(text), Cutting(16))] == [
        "共计投入资金约一百多万,",
        "其中1,234,567元用于修路,",
        "7:30开工",
    ]


def test_headings_are_context_and_never_text() -> None:
    text = "# 总结\n导语一句。\n## 教育\n学校建成。\n## 医疗\n医院建成。\n# 附录\n名单。"
    headings = tuple(
        _heading(text, words, level)
        for words, level in (("总结", 1), ("教育", 2), ("医疗", 2), ("附录", 1))
    )
    assert [(p.text, p.headings) for p in chunk(_document(text, headings))] == [
        ("导语一句。", ("总结",)),
        ("学校建成。", ("总结", "教育")),
        ("医院建成。", ("总结", "医疗")),
        ("名单。", ("附录",)),
    ]


def test_headings_in_a_row_belong_together_and_the_next_group_replaces_them() -> None:
    text = "先修路\n甲县人民政府\n修了三公里。\n再通水\n乙县人民政府\n通了八个村。"
    headings = tuple(
        _heading(text, words, 2) for words in ("先修路", "甲县人民政府", "再通水", "乙县人民政府")
    )
    assert [(p.text, p.headings) for p in chunk(_document(text, headings))] == [
        ("修了三公里。", ("先修路", "甲县人民政府")),
        ("通了八个村。", ("再通水", "乙县人民政府")),
    ]


def test_a_heading_without_a_body_is_a_passage_of_its_own() -> None:
    text = "## 空的一节\n# 下一章\n正文。\n## 末尾的标题\n"
    headings = (
        _heading(text, "空的一节", 2),
        _heading(text, "下一章", 1),
        _heading(text, "末尾的标题", 2),
    )
    assert [p.text for p in chunk(_document(text, headings))] == [
        "空的一节",
        "正文。",
        "末尾的标题",
    ]


def test_a_paragraph_marked_up_as_a_heading_is_text() -> None:
    text = "教育\n学校建成了，这是一整句话。\n" + "很长的标题" * 25
    headings = (
        _heading(text, "教育", 2),
        _heading(text, "学校建成了，这是一整句话。", 2),
        _heading(text, "很长的标题" * 25, 2),
    )
    (passage,) = chunk(_document(text, headings))
    assert passage.text == text.removeprefix("教育\n")
    assert passage.headings == ("教育",)


def test_what_is_left_out_is_in_no_passage() -> None:
    text = "第一段。\n编辑：某人\n第二段。\n阅读排行"
    left_out = (_out(text, "编辑：某人"), _out(text, "阅读排行"))
    assert [p.text for p in chunk(_document(text, (), left_out))] == ["第一段。", "第二段。"]


def test_a_tiny_tail_joins_its_neighbour() -> None:
    sentence = "这一句话正好写了二十个字在这里呢好不好。"
    assert len(sentence) == 20
    passages = chunk(_document(sentence * 5 + "完。"), Cutting(100))
    assert [len(p.text) for p in passages] == [102]


def test_title_and_headings_make_the_context() -> None:
    text = "题目\n一、教育\n学校建成。"
    headings = (_heading(text, "题目", 1), _heading(text, "一、教育", 2))
    (passage,) = chunk(_document(text, headings))
    assert passage.context == "题目\n一、教育"


@pytest.mark.parametrize("text", ["", "  \n\n", "——\n***\n▼"])
def test_nothing_to_say(text: str) -> None:
    assert chunk(_document(text)) == []


@given(
    st.text(st.sampled_from("甲乙丙丁ab12。，；！“”…,.: \n\n\t　\ufffd"), max_size=400),
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 30), st.integers(1, 3)), max_size=5),
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 40)), max_size=4),
    st.integers(10, 60),
)
@settings(max_examples=200, deadline=None)
def test_offsets_are_exact_whatever_the_structure(
    text: str,
    heads: list[tuple[int, int, int]],
    outs: list[tuple[int, int]],
    max_chars: int,
) -> None:
    headings = tuple(
        Heading(start, min(start + size, len(text)), level)
        for start, size, level in heads
        if start < len(text)
    )
    left_out = tuple(
        LeftOut(start, min(start + size, len(text)), LeftOutReason.FOOTER)
        for start, size in outs
        if start < len(text)
    )
    document = _document(text, headings, left_out)
    _check(document, chunk(document, Cutting(max_chars)), max_chars)


@given(st.text(max_size=600))
@settings(max_examples=150, deadline=None)
def test_without_structure_no_word_is_lost(text: str) -> None:
    document = _document(text)
    passages = chunk(document, Cutting(40))
    _check(document, passages, 40)
    inside = "".join(passage.text for passage in passages)
    assert [c for c in inside if c.isalnum()] == [c for c in text if c.isalnum()]


@given(st.text(st.sampled_from("村路水三五十。！，、：；（）一二\n \t#|-:`"), max_size=400))
@settings(max_examples=150, deadline=None)
def test_whatever_a_reader_makes_of_a_file_has_exact_passages(text: str) -> None:
    for name in ("a.txt", "a.md"):
        content = read(name, ("字" + text).encode())
        document = _document(content.text, content.headings, content.left_out)
        _check(document, chunk(document, Cutting(40)), 40)


def test_whole_sentences_begin_the_next_passage_again() -> None:
    text = "一队修路五里。二队打井三眼。三队栽树百棵。四队建校一所。五队通水通电。"
    found = [p.text for p in chunk(_document(text), Cutting(28, 8))]
    assert found == [
        "一队修路五里。二队打井三眼。",
        "二队打井三眼。三队栽树百棵。四队建校一所。",
        "四队建校一所。五队通水通电。",
    ]


def test_rows_of_a_table_are_not_repeated() -> None:
    text = "\n".join(f"村名：{name}村 | 户数：{at}" for at, name in enumerate("甲乙丙丁戊己"))
    found = [p.text for p in chunk(_document(text), Cutting(30, 14))]
    assert "\n".join(found) == text


def test_speakers_are_kept_apart_and_questions_with_their_answers() -> None:
    text = (
        "李明（卫生局局长）：去年新建卫生院两所，添置设备一批，群众看病方便多了。\n"
        "王芳（中心医院院长）：我们派出医生十二名驻点，每月轮换一次，从不间断。"
    )
    found = [(p.text[:2], p.headings) for p in chunk(_document(text))]
    assert found == [("李明", ("李明（卫生局局长）",)), ("王芳", ("王芳（中心医院院长）",))]
    asked = (
        "问：在哪里挂号看病？\n答：门诊一楼大厅，每天早上八点开始，节假日照常，请提前排队。\n"
        "问：要带什么证件？\n答：身份证和医保卡都要带上，外地患者另带转诊单原件一份。"
    )
    found = [(p.text.count("\n"), p.headings) for p in chunk(_document(asked))]
    assert found == [(1, ("在哪里挂号看病？",)), (1, ("要带什么证件？",))]


def test_an_item_far_down_a_list_carries_what_leads_it() -> None:
    items = "\n".join(f"{at}. 第{at}种材料的复印件，加盖公章后一式两份" for at in range(1, 9))
    passages = chunk(_document(f"申请落户需要提交以下材料：\n{items}"), Cutting(60))
    assert passages[0].headings == ()
    assert all(p.headings == ("申请落户需要提交以下材料",) for p in passages[1:])
    assert len(passages) > 2


def test_a_subject_is_context_and_never_text() -> None:
    text = "# 交流发言\n## 市水利局\n我局派驻干部五名。"
    headings = (_heading(text, "交流发言", 1), _heading(text, "市水利局", 2))
    [passage] = chunk(_document(text, headings))
    assert (passage.text, passage.subject) == ("我局派驻干部五名。", "市水利局")
    assert passage.context == "题目\n交流发言\n市水利局"
    bare = chunk(_document(text, headings), Cutting(subjects=False))
    assert bare[0].subject is None


@given(st.text(st.sampled_from("路水村三五。！；，\n问答：1.- "), max_size=300), st.integers(0, 30))
@settings(max_examples=150, deadline=None)
def test_overlapping_passages_lose_nothing_and_stay_in_order(text: str, overlap: int) -> None:
    document = _document(text)
    passages = chunk(document, Cutting(40, overlap))
    covered = set()
    for before, after in pairwise(passages):
        assert before.start < after.start
        assert before.end < after.end
        assert before.end - after.start <= overlap
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text
        assert len(passage.text) <= 40 * 1.2 + overlap
        covered |= set(range(passage.start, passage.end))
    assert all(at in covered for at, char in enumerate(text) if char.isalnum())


def test_endless_lines_take_bounded_time() -> None:
    began = time.process_time()
    assert len(chunk(_document("字" * 10_000_000))) == 31_500
    assert len(chunk(_document("我们在这里。" * 50_000))) > 900
    assert time.process_time() - began < 30
