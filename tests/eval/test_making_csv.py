"""Tables of questions through the command line: encodings, delimiters, columns, broken rows."""

from pathlib import Path

import pytest

from eval.gold import Evidence, GoldQuestion, Kind, load_gold
from tests.eval.making_imports import call, refused

TABLE = """\
编号,类型,问题,答案,文档,原文
b1,数字,每户多少钱？,1500元|一千五百元,a.md,每户分到1500元
,,奖励多少师生？,7人||80人,a.md,"教师7人、
学生80人"
b3,冲突,桥长多少？,214米||220米,a.md||b.md,桥长214米||全长220米
b4,无答案,几匹马？,,,
,,哪天通车？,2019年5月3日,b.md,2019年5月3日通车
b6,计算,两段桥共长多少？,434米,a.md||b.md,桥长214米||全长220米
"""
EXPECTED = [
    GoldQuestion(
        "b1",
        Kind.FIGURE,
        "每户多少钱？",
        (("1500元", "一千五百元"),),
        (Evidence("a.md", "每户分到1500元"),),
    ),
    GoldQuestion(
        "q002",
        Kind.LIST,
        "奖励多少师生？",
        (("7人",), ("80人",)),
        (Evidence("a.md", "教师7人、\n学生80人"),),
    ),
    GoldQuestion(
        "b3",
        Kind.CONFLICT,
        "桥长多少？",
        (("214米",), ("220米",)),
        (Evidence("a.md", "桥长214米"), Evidence("b.md", "全长220米")),
    ),
    GoldQuestion("b4", Kind.NO_ANSWER, "几匹马？", (), ()),
    GoldQuestion(
        "q005",
        Kind.DATE,
        "哪天通车？",
        (("2019年5月3日",),),
        (Evidence("b.md", "2019年5月3日通车"),),
    ),
    GoldQuestion(
        "b6",
        Kind.COMPUTED,
        "两段桥共长多少？",
        (("434米",),),
        (Evidence("a.md", "桥长214米"), Evidence("b.md", "全长220米")),
    ),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_table(tmp_path: Path, encoding: str, delimiter: str, line_end: str) -> None:
    path, out = tmp_path / "set.csv", tmp_path / "gold.jsonl"
    text = TABLE.replace(",", delimiter).replace("\n", line_end)
    path.write_bytes(text.encode(encoding))
    done = call("--from", "csv", path, "--out", out)
    assert (done.exit_code, done.output) == (0, f"6 questions in {out}\n")
    assert load_gold(out) == EXPECTED


def test_english_columns_in_any_order_and_an_unproven_answer(tmp_path: Path) -> None:
    path, out = tmp_path / "set.csv", tmp_path / "gold.jsonl"
    path.write_text("Quote,Document,Answers,Question\n每户1500元,a.md,1600元,多少？\n", "utf-8")
    done = call("--from", "csv", path, "--out", out)
    assert done.stdout.splitlines()[1] == (
        "1 have an answer that no quote holds: python -m eval check tells"
    )
    [question] = load_gold(out)
    assert (question.id, question.kind, question.answers) == ("q001", Kind.FIGURE, (("1600元",),))


HEADER = "id,kind,question,answers,document,quote\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,kind,question,answers,document\nq,fact,a,b,c\n", "1: quote: the column is missing"),
        ("问题,答案,文档\n", "1: quote: the column is missing (or 原文)"),
        (HEADER.replace("kind", "colour") + "\n", "1: colour: is not a known column"),
        (HEADER.replace("kind", "问题"), "1: question: stands twice in the header"),
        (HEADER + "q1,fact,a,b,c\n", "2: columns: there are 5 cells, but 6 in the header"),
        (HEADER + "q1,fact,a,b,c,d,e\n", "2: columns: there are 7 cells"),
        (HEADER + "\n\nq1,fact,,b,c,d\n", "4: question: is empty"),
        ("编号,问题,答案,文档,原文\n1,几户？,3户,,d\n", "2: 文档: is empty"),
        (HEADER + "q1,fact,a,b,c,d\nq1,fact,e,b,c,d\n", "3: id: 'q1' is already the id of line 2"),
        (HEADER + "q1,colour,a,b,c,d\n", "2: kind: 'colour' is not a kind"),
        (HEADER + "q1,follow_up,a,b,c,d\n", "2: kind: a table has no room for the history"),
        (HEADER + "q1,no_answer,a,b,c,d\n", "2: answers: must be empty for kind no_answer"),
        (HEADER + "q1,fact,a,b,c||e,d\n", "2: quote: there are 1 quotes for 2 documents"),
        (HEADER + 'q1,fact,"a,b,c,d\n', "2: row: can't be read as CSV"),
        (HEADER + 'q0,fact,a,b,c,"d\ne"\nq1,fact,"a"b,b,c,d\n', "4: row: can't be read as CSV"),
        (HEADER, "holds no question"),
        ("", "holds no question"),
    ],
)
def test_a_broken_table_is_named_by_line_and_column(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "set.csv"
    path.write_text(text, encoding="utf-8")
    said = refused(tmp_path, "--from", "csv", path, "--out", tmp_path / "gold.jsonl")
    assert said.startswith(f"error: {path}:")
    assert message in said


def test_a_table_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_bytes(b"PK\x03\x04 a spreadsheet, not a table")
    said = refused(tmp_path, "--from", "csv", path, "--out", tmp_path / "gold.jsonl")
    assert f"error: {path}: not a text file: it starts like a binary format" in said
