"""What repeats at the edges of pages: the evidence, how far it reaches, and what it never takes."""

import pytest

from indexer.files.reading import FileBytes
from indexer.files.sites import (
    Edges,
    SitePage,
    count_repeated,
    edges_of,
    leave_out_repeated,
    parse_edges,
)
from indexer.prepare import make_document
from indexer.records import Document, LeftOutReason

BODIES = [
    "今天上午,桥墩浇筑完成。",
    "本周三起,夜间门诊延长两小时。",
    "全县共收油菜籽一万二千吨。",
    "图书馆新到童书四百册。",
]


def page(number: int, *lines: str) -> Document:
    text = "\n".join(lines).replace("BODY", BODIES[number]).replace("TITLE", f"消息之{number}号")
    return make_document(FileBytes(f"site/{number}.txt", text.encode(), "", 0))


def left(documents: list[Document]) -> list[list[str]]:
    """The repeated lines of each document, as its site tells."""
    pages = [SitePage(each.source, each.url, edges_of(each)) for each in documents]
    result = []
    for document, (head, tail) in zip(documents, count_repeated(pages), strict=True):
        now = leave_out_repeated(document, head, tail)
        result.append(
            [
                now.text[each.start : each.end]
                for each in now.left_out
                if each.reason is LeftOutReason.REPEATED
            ]
        )
    return result


def site(*lines: str, pages: int = 4) -> list[list[str]]:
    return left([page(number, *lines) for number in range(pages)])


def test_lines_at_both_edges() -> None:
    assert site("青柏在线", "TITLE", "BODY", "爱青柏 爱生活") == [["青柏在线", "爱青柏 爱生活"]] * 4


@pytest.mark.parametrize(
    "lines",
    [
        ("各位领导、同志们:", "BODY"),
        ("TITLE", "BODY", "特此通知。"),
        ("TITLE", "BODY", "青柏县水务局", "2024年5月6日"),
        ("TITLE", "BODY", "青柏县水务局"),
        ("TITLE", "BODY", "完", "二○二四年四月二十六日"),
        ("TITLE", "BODY", "联系电话:0799-6610021"),
        ("TITLE", "BODY", "附件:1.报名表"),
        ("TITLE", "BODY", "城区 | 多云 | 25℃"),
        ("TITLE", "BODY", "夜间门诊", "BODY"),
        ("TITLE", "2024-05-06 来源:县政府办", "BODY"),
        ("天气日报", "BODY"),
        ("姓名", "性别", "出生年月"),
    ],
)
def test_what_never_goes_however_often_it_stands_there(lines: tuple[str, ...]) -> None:
    assert site(*lines) == [[]] * 4


def test_a_title_that_all_pages_have_stays_below_the_name_of_the_site() -> None:
    documents = [page(number, "青柏气象", "天气日报", "BODY") for number in range(4)]
    assert left(documents) == [["青柏气象"]] * 4
    assert leave_out_repeated(documents[0], 1, 0).title == "天气日报"


def test_a_label_goes_only_from_below_other_furniture() -> None:
    lines = ("TITLE", "BODY", "咨询电话:1234", "打印 关闭", "会址:茶香街8号")
    assert site(*lines) == [["会址:茶香街8号"]] * 4
    assert site("TITLE", "BODY", "咨询电话:1234", "会址:茶香街8号") == [[]] * 4


def test_a_label_on_half_of_the_pages_is_no_footer() -> None:
    with_label = ("TITLE", "BODY", "打印 关闭", "会址:茶香街8号")
    documents = [page(at, *(with_label if at < 3 else ("TITLE", "BODY"))) for at in range(4)]
    assert left(documents) == [[], [], [], []]


def test_figures_are_compared_as_they_are() -> None:
    documents = [page(at, "TITLE", "BODY", f"最高气温{20 + at}度") for at in range(4)]
    assert left(documents) == [[], [], [], []]


def test_one_host_is_one_site_wherever_its_pages_lie() -> None:
    edges = edges_of(page(0, "青柏在线", "TITLE", "BODY"))
    pages = [SitePage(f"{at}/a.html", "https://qb.example/x", edges) for at in range(3)]
    assert count_repeated(pages) == [(1, 0)] * 3
    apart = [SitePage(f"{at}/a.html", f"https://{at}.example/x", edges) for at in range(3)]
    assert count_repeated(apart) == [(0, 0)] * 3


def test_the_order_of_pages_does_not_matter() -> None:
    documents = [page(at, "青柏在线", "TITLE", "BODY", "爱青柏") for at in range(4)]
    pages = [SitePage(each.source, each.url, edges_of(each)) for each in documents]
    assert count_repeated(pages[::-1]) == count_repeated(pages)[::-1]


def test_edges_are_kept_whole() -> None:
    edges = edges_of(page(0, "青柏在线", "民意直通车", "TITLE", "BODY", "爱青柏", "打印 关闭"))
    assert parse_edges(edges.to_bytes()) == edges
    assert parse_edges(Edges().to_bytes()) == Edges()
    assert count_repeated([]) == []


def test_what_was_left_out_once_comes_back_with_the_title() -> None:
    document = page(0, "青柏在线", "TITLE", "BODY")
    shorter = leave_out_repeated(document, 1, 0)
    assert (document.title, shorter.title) == ("青柏在线", "消息之0号")
    assert leave_out_repeated(document, 0, 0) == document
