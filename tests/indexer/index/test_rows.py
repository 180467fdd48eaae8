"""Every byte of the database that matters carries a digest: an altered row is never served."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import WenjuError
from indexer.index.store import IndexReader, open_index
from indexer.index.tables import row_digest
from indexer.index.verify import verify_index
from indexer.records import Document
from tests.indexer.index.hand_made import prepared, write_index

DATABASE = "generations/g000001/documents.sqlite"
DOCUMENTS = [
    prepared(
        f"{year}/报告{n}.txt",
        [f"第{n}号收到捐款{n * 37}元。", f"分红{n}户。"],
        date=f"{year}-05-0{n}",
    )
    for year in (2019, 2020)
    for n in range(1, 7)
]


def served(index: Path) -> dict[str, object]:
    """Everything that the index says, by what was asked; what it refuses to say is left out."""
    said: dict[str, object] = {}
    try:
        reader = open_index(index)
    except WenjuError:
        return said

    def ask(name: str, question: object) -> None:
        try:
            said[name] = question()  # type: ignore[operator]
        except WenjuError:
            return

    for key in range(1, 25):
        ask(f"passage {key}", lambda key=key: reader.passages([key]))
    for each in DOCUMENTS:
        name = each.document.document_id
        ask(f"document {name}", lambda name=name: reader.document(name).document)
        ask(f"passages {name}", lambda name=name: reader.document_passages(name))
        ask(f"original {name}", lambda name=name: reader.original(name))
        ask(f"text {name}", lambda name=name: reader.text(name, 0, 6))
        ask(f"id {name}", lambda each=each: reader.find_id(each.document.source))
    for each in (None, "2019/*"):
        ask(f"list {each}", lambda each=each: listed(reader, each))
    reader.close()
    return said


def listed(reader: IndexReader, source: str | None) -> list[Document]:
    return [each.document for each in reader.documents(50, None, reader.select(source)).documents]


def is_part(answer: object, whole: object) -> bool:
    """A listing may lack what can't be found any more; whatever is in it must be as it was."""
    if isinstance(answer, list) and isinstance(whole, list):
        return all(each in whole for each in answer)
    return answer == whole


def way_out(index: Path) -> str:
    """The hint of `verify` for an index that is damaged; empty for one that is whole."""
    try:
        report = verify_index(index)
    except WenjuError as error:
        return error.hint
    return report.hint if report.problems else ""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("made") / "index"
    write_index(made, DOCUMENTS)
    return made


@pytest.mark.parametrize("seed", range(5))
def test_no_altered_row_is_served_and_every_flip_is_found(index: Path, seed: int) -> None:
    path = index / DATABASE
    whole = path.read_bytes()
    truth = served(index)
    assert len(truth) == 24 + 5 * 12 + 2
    draw = random.Random(seed)
    try:
        for _ in range(30):
            bit = draw.randrange(8 * len(whole))
            data = bytearray(whole)
            data[bit // 8] ^= 1 << bit % 8
            path.write_bytes(data)
            for name, answer in served(index).items():
                assert is_part(answer, truth[name]), (bit, name, answer)
            assert "python -m indexer" in way_out(index), bit
    finally:
        path.write_bytes(whole)
    assert verify_index(index).problems == ()


def test_a_flip_in_chinese_text_is_told_not_thrown(index: Path) -> None:
    path = index / DATABASE
    whole = path.read_bytes()
    words = "收到捐款37元".encode()
    at = whole.index(words)
    try:
        path.write_bytes(whole[:at] + b"\xff" + whole[at + 1 :])
        problems = verify_index(index).problems
        assert any("was altered" in each for each in problems), problems
        assert 0 < len(served(index)) < 24 + 5 * 12 + 2
    finally:
        path.write_bytes(whole)


def test_rows_that_changed_places_are_found(index: Path) -> None:
    path = index / DATABASE
    whole = path.read_bytes()
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for old, new in ((1, 900), (2, 1), (900, 2)):
                connection.execute("UPDATE passages SET key = ? WHERE key = ?", (new, old))
        said = served(index)
        assert "passage 1" not in said
        assert "passage 2" not in said
        assert "passage 3" in said
    finally:
        path.write_bytes(whole)


values = st.lists(st.none() | st.integers() | st.text() | st.binary(), max_size=4)


@given(values, values)
def test_two_rows_have_one_digest_only_if_they_are_the_same(
    one: list[object], other: list[object]
) -> None:
    same = [(type(each), each) for each in one] == [(type(each), each) for each in other]
    assert (row_digest("t", one) == row_digest("t", other)) == same
    assert row_digest("t", one) != row_digest("u", one)
