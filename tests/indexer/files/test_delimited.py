"""Tables as text: delimiters, headings, rows and their numbers, encodings, and what is no table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.files.readers import delimited, read
from tests.indexer.files.broken import (
    broken_copies,
    heading_words,
    places,
    read_anyhow,
    refusal,
)

VILLAGES = (
    "2019年退出贫困村名单,,,\n单位：个,,,\n县,2018年,2019年,备注\n"
    '雷波县,12,18,"全部,退出"\n昭觉县,30,54,"说了""好""\n就退"\n\n'
    "注：数据来自州扶贫局,,,\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_table_with_title_unit_and_remark(encoding: str, line_end: str) -> None:
    content = read("村.csv", VILLAGES.replace("\n", line_end).encode(encoding))
    assert content.title == "2019年退出贫困村名单"
    assert heading_words(content) == [(1, "2019年退出贫困村名单")]
    assert places(content) == {
        "第1行": "2019年退出贫困村名单",
        "第2行": "单位：个",
        "第4行": "县：雷波县 | 2018年：12 | 2019年：18 | 备注：全部,退出",
        "第5行": '县：昭觉县 | 2018年：30 | 2019年：54 | 备注：说了"好" 就退',
        "第7行": "注：数据来自州扶贫局",
    }
    assert content.text == "\n".join(places(content).values())


@pytest.mark.parametrize("mark", [",", "\t", ";", "|", "，", "；"])
def test_delimiters_are_found(mark: str) -> None:
    table = "县,村数,户数\n雷波,12,300\n昭觉,13,400\n".replace(",", mark)
    assert list(places(read("a.csv", table.encode())).values()) == [
        "县：雷波 | 村数：12 | 户数：300",
        "县：昭觉 | 村数：13 | 户数：400",
    ]


def test_marks_inside_cells_do_not_win() -> None:
    table = "县\t说明\n雷波\t山高，路远，人少\n昭觉\t甲,乙,丙\n布拖\t好，很好，特别好\n"
    assert places(read("a.csv", table.encode()))["第2行"] == "县：雷波 | 说明：山高，路远，人少"


def test_excel_tells_the_delimiter() -> None:
    assert places(read("a.csv", b"sep=;\na,b;c\n1,2;3\n")) == {"第3行": "a,b：1,2 | c：3"}


def test_without_headings_the_cells_stand_alone() -> None:
    assert places(read("a.csv", "雷波,12\n昭觉,13\n".encode()))["第1行"] == "雷波 | 12"
    assert places(read("a.csv", "张三,男\n李四,男\n".encode()))["第2行"] == "李四 | 男"


def test_years_may_be_headings_and_joined_tables_repeat_them() -> None:
    table = "县,2018,2019\n雷波,1,2\n县,2018,2019\n昭觉,3,4,多\n"
    assert places(read("a.csv", table.encode())) == {
        "第2行": "县：雷波 | 2018：1 | 2019：2",
        "第4行": "县：昭觉 | 2018：3 | 2019：4 | 多",
    }


def test_one_column_is_text() -> None:
    prose = '记事\n"他说,雨停了,我们走"\n昨天,下雨了\n今天,晴,有风\n后天\n'
    content = read("话.csv", prose.encode("gb18030"))
    assert content.text == "记事\n他说,雨停了,我们走\n昨天,下雨了\n今天,晴,有风\n后天"
    assert (content.places, content.encoding, content.title) == ((), "gb18030", "记事")


def test_a_quote_that_is_never_closed_swallows_nothing() -> None:
    rows = "".join(f"{at},好\n" for at in range(500))
    content = read("a.csv", f'名,说明\n甲,"没有关\n{rows}'.encode())
    assert places(content)["第2行"] == '名：甲 | 说明："没有关'
    assert places(content)["第502行"] == "名：499 | 说明：好"


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = ",".join(f"列{at}" for at in range(10_000))
    assert refusal("宽.csv", f"{wide}\n{wide}\n".encode()) == "too_large"
    monkeypatch.setattr(delimited, "MAX_ROWS", 100)
    assert refusal("长.csv", b"a,b\n" * 101) == "too_large"
    assert refusal("空.csv", b",,,\n,,,\n") == "no_text"
    assert refusal("表.csv", b"PK\x03\x04" + bytes(200)) == "not_text"


def test_a_wide_table_does_not_grow_without_end() -> None:
    header = ",".join("名" * 30_000 + str(at) for at in range(20))
    body = "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20\n" * 5_000
    read_anyhow("a.csv", f"{header}\n{body}".encode())
    short = ",".join("名" * 35 + str(at) for at in range(900))
    rows = (",".join(["1"] * 900) + "\n") * 2_000
    assert refusal("b.csv", f"{short}\n{rows}".encode()) == "too_large"


def test_one_character_a_million_times() -> None:
    for char in ('"', ",", "字", "\n", '"\n', '",'):
        read_anyhow("a.csv", f"县,村\n{char * 1_000_000}".encode())


def test_broken_files() -> None:
    for encoding in ("utf-8", "gb18030", "utf-16"):
        for data in broken_copies(VILLAGES.encode(encoding)):
            read_anyhow("村.csv", data)


CELLS = st.text(st.sampled_from('县村1，,;\t"\n 。:'), max_size=6)


@given(st.lists(st.lists(CELLS, max_size=5), max_size=8), st.sampled_from(",\t;，"))
def test_any_small_table(rows: list[list[str]], mark: str) -> None:
    read_anyhow("a.csv", "\n".join(mark.join(row) for row in rows).encode())


@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    read_anyhow("a.tsv", text.encode("utf-8", "replace"))
