"""An index by its front door: what is written comes back, filtered, masked, in a fixed order."""

import math
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import (
    DocumentNotFound,
    EmbedderFailed,
    IndexDamaged,
    IndexMissing,
    InvalidRequest,
)
from indexer.index.folder import IndexFolder
from indexer.index.records import Scored
from indexer.index.removing import remove_documents
from indexer.index.store import IndexReader, open_index
from indexer.records import Heading, LeftOut, LeftOutReason, Skipped
from tests.indexer.index.hand_made import axis, prepared, update_index, write_index


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[IndexReader]:
    write_index(
        tmp_path,
        [
            prepared(
                "2019/甲.txt", ["捐赠三百", "分红"], [axis(1.0), axis(0, 1)], date="2019-05-01"
            ),
            prepared("2020/乙.txt", ["捐赠"], [axis(1.0, 1.0)], date="2020-05-28", title="年报"),
            prepared("2020/丙/丁.txt", ["分红五百", "捐赠"], [axis(0, 0, 1), axis(1.0)]),
        ],
        [Skipped("坏.txt", "not_text", "no text")],
    )
    opened = open_index(tmp_path)
    yield opened
    opened.close()


def keys(hits: list[Scored]) -> list[int]:
    return [hit.key for hit in hits]


def test_what_was_written_comes_back(reader: IndexReader) -> None:
    stored = reader.document("id-2020/乙.txt")
    assert stored.document.text == "捐赠"
    assert stored.document.title == "年报"
    assert stored.document.date == "2020-05-28"
    assert stored.document.headings == (Heading(0, 1, 1),)
    assert stored.document.left_out == (LeftOut(0, 1, LeftOutReason.FOOTER),)
    assert (stored.characters, stored.passages) == (2, 1)
    assert reader.generation == "g000001"
    assert reader.passage_count == 5
    passages = reader.document_passages("id-2019/甲.txt")
    assert [(each.start, each.end, each.text) for each in passages] == [
        (0, 4, "捐赠三百"),
        (5, 7, "分红"),
    ]
    assert passages[0].headings == ("上级",)
    original = reader.original("id-2020/乙.txt")
    assert original.data.decode() == "捐赠"
    assert (original.file_name, original.media_type) == ("乙.txt", "text/plain")
    assert reader.text("id-2019/甲.txt", 2, 4) == "三百"
    assert reader.skipped() == [Skipped("坏.txt", "not_text", "no text")]
    assert reader.find_id("2020/乙.txt") == reader.find_id("id-2020/乙.txt") == "id-2020/乙.txt"


def test_passages_come_in_the_order_of_the_keys(reader: IndexReader) -> None:
    found = reader.passages([4, 1, 3])
    assert [(each.key, each.passage.text, each.source) for each in found] == [
        (4, "分红五百", "2020/丙/丁.txt"),
        (1, "捐赠三百", "2019/甲.txt"),
        (3, "捐赠", "2020/乙.txt"),
    ]
    assert reader.passages([]) == []
    with pytest.raises(IndexDamaged):
        reader.passages([1, 999])


def test_dense_ranks_by_cosine_and_ties_by_key(reader: IndexReader) -> None:
    everything = reader.select()
    hits = reader.dense(axis(1.0), 3, everything)
    assert hits == [Scored(1, 1.0), Scored(5, 1.0), Scored(3, round(1 / math.sqrt(2), 6))]
    assert keys(reader.dense(axis(1.0), 99, everything)) == [1, 5, 3, 2, 4]
    assert keys(reader.dense(axis(1.0), 1, everything)) == [1]
    assert reader.dense(axis(1.0), 0, everything) == []
    assert reader.dense(axis(), 3, everything) == [], "a zero vector knows nothing"
    assert reader.cosines(axis(0, 1), [3, 2, 1]) == [round(1 / math.sqrt(2), 6), 1.0, 0.0]
    assert reader.cosines(axis(0, 1), []) == []


def test_a_question_vector_of_another_shape_is_refused(reader: IndexReader) -> None:
    with pytest.raises(EmbedderFailed):
        reader.dense(np.ones(5, dtype=np.float32), 3, reader.select())
    with pytest.raises(EmbedderFailed):
        reader.dense(np.full(4, np.nan, dtype=np.float32), 3, reader.select())
    with pytest.raises(IndexDamaged):
        reader.cosines(axis(1.0), [77])


def test_lexical_finds_any_term_and_weighs_it(reader: IndexReader) -> None:
    everything = reader.select()
    assert keys(reader.lexical(["红"], 9, everything)) == [2, 4], "the shorter passage first"
    assert keys(reader.lexical(["捐", "百"], 2, everything)) == [1, 4], "百 is rarer than 捐"
    assert keys(reader.lexical({"捐": 5.0, "百": 0.01}, 2, everything)) == [3, 5]
    assert reader.lexical([], 9, everything) == []
    assert reader.lexical(["没"], 9, everything) == []
    assert reader.lexical(["红"], 0, everything) == []
    (plain,) = reader.lexical_scores(["红"], [2])
    (double,) = reader.lexical_scores({"红": 2.0}, [2])
    assert double == pytest.approx(2 * plain)


def test_lexical_scores_are_those_of_the_search(reader: IndexReader) -> None:
    hits = reader.lexical(["捐", "百"], 9, reader.select())
    scores = reader.lexical_scores(["捐", "百"], [2, *keys(hits)])
    assert scores == [0.0, *(hit.score for hit in hits)]
    assert reader.lexical_scores([], [1, 2]) == [0.0, 0.0]
    assert reader.lexical_scores(["捐"], []) == []


def test_the_context_counts_less_than_the_body(tmp_path: Path) -> None:
    write_index(
        tmp_path, [prepared("a", ["一二三四"], title="红"), prepared("b", ["一二三红"], title="题")]
    )
    reader = open_index(tmp_path)
    hits = reader.lexical(["红"], 9, reader.select())
    assert keys(hits) == [2, 1]
    assert hits[0].score > hits[1].score > 0
    reader.close()


def test_document_frequencies_count_passages(reader: IndexReader) -> None:
    assert reader.document_frequencies(["捐", "红", "年", "没"]) == [3, 2, 1, 0]


@pytest.mark.parametrize(
    ("source", "date_from", "date_to", "expected"),
    [
        ("2020/*", None, None, [3, 4, 5]),
        ("*/乙.txt", None, None, [3]),
        ("[!2]*", None, None, []),
        ("20[!2]9/*", None, None, [1, 2]),
        ("2020/?.txt", None, None, [3]),
        (None, "2020-01-01", None, [3]),
        (None, None, "2019-12-31", [1, 2]),
        (None, "2019-05-01", "2020-05-28", [1, 2, 3]),
        ("2019/*", "2020-01-01", None, []),
    ],
)
def test_filters(
    reader: IndexReader,
    source: str | None,
    date_from: str | None,
    date_to: str | None,
    expected: list[int],
) -> None:
    selection = reader.select(source, date_from, date_to)
    assert selection.passages.tolist() == expected
    assert not selection.everything
    assert sorted(keys(reader.dense(axis(1.0), 9, selection))) == expected
    found = keys(reader.lexical(["捐", "分"], 9, selection))
    assert sorted(found) == expected
    listed = reader.documents(9, None, selection).documents
    assert sum(each.passages for each in listed) == len(expected)


@pytest.mark.parametrize(
    ("ids", "source", "expected"),
    [
        (("id-2019/甲.txt", "id-2020/丙/丁.txt"), None, [1, 2, 4, 5]),
        (("id-2019/甲.txt", "id-2020/丙/丁.txt"), "2020/*", [4, 5]),
        (("id-2020/乙.txt", "id-2020/乙.txt", "id-nowhere"), None, [3]),
        (tuple(f"id-{n}" for n in range(40_000)), None, []),  # more than SQLite has variables
    ],
)
def test_documents_named_by_their_ids(
    reader: IndexReader, ids: tuple[str, ...], source: str | None, expected: list[int]
) -> None:
    selection = reader.select(source, ids=ids)
    assert selection.passages.tolist() == expected
    assert sorted(keys(reader.dense(axis(1.0), 9, selection))) == expected
    assert sorted(keys(reader.lexical(["捐", "分"], 9, selection))) == expected
    assert sum(d.passages for d in reader.documents(9, None, selection).documents) == len(expected)


@pytest.mark.parametrize(
    "filters",
    [("x" * 1001, None, None), (None, "yesterday", None), (None, None, "2020-13-01")],
)
def test_filters_that_make_no_sense_are_refused(
    reader: IndexReader, filters: tuple[str | None, str | None, str | None]
) -> None:
    with pytest.raises(InvalidRequest):
        reader.select(*filters)


def test_a_filter_finds_k_hits_wherever_there_are_k(tmp_path: Path) -> None:
    """The filter works inside the search: the few allowed ones rank last without it."""
    documents = [prepared(f"many/{n}", ["红红红"], [axis(1.0)]) for n in range(300)]
    documents += [prepared(f"few/{n}", ["红一二三四"], [axis(0.1, 1.0)]) for n in range(7)]
    write_index(tmp_path, documents)
    reader = open_index(tmp_path)
    few = reader.select("few/*")
    assert keys(reader.lexical(["红"], 5, few)) == [301, 302, 303, 304, 305]
    assert keys(reader.dense(axis(1.0), 5, few)) == [301, 302, 303, 304, 305]
    most = reader.select("many/*")
    assert keys(reader.lexical(["红"], 3, most)) == keys(reader.dense(axis(1.0), 3, most))
    # 300 equal scores: the cut goes through a tie, and the smallest keys win.
    assert keys(reader.lexical(["红"], 3, reader.select())) == [1, 2, 3]
    assert keys(reader.dense(axis(1.0), 3, reader.select())) == [1, 2, 3]
    reader.close()


def test_documents_are_listed_page_by_page_in_the_order_of_their_source(
    reader: IndexReader,
) -> None:
    first = reader.documents(2, None, reader.select())
    assert [each.document.source for each in first.documents] == ["2019/甲.txt", "2020/丙/丁.txt"]
    assert first.documents[0].document.text == ""
    assert first.documents[0].characters == 7
    second = reader.documents(2, first.next_cursor, reader.select())
    assert [each.document.source for each in second.documents] == ["2020/乙.txt"]
    assert second.next_cursor is None
    for cursor in ("§", "%%%", "/w=="):
        with pytest.raises(InvalidRequest):
            reader.documents(2, cursor, reader.select())
    with pytest.raises(InvalidRequest):
        reader.documents(0, None, reader.select())


def test_a_removed_document_is_gone_from_the_next_question_on(
    reader: IndexReader, tmp_path: Path
) -> None:
    assert remove_documents(IndexFolder(tmp_path), ["2019/甲.txt"]) == ["2019/甲.txt"]
    assert not reader.is_alive("id-2019/甲.txt")
    same = reader.current()
    assert same is reader
    everything = same.select()
    assert not everything.everything
    assert keys(same.dense(axis(1.0), 9, everything)) == [5, 3, 4]
    assert keys(same.lexical(["捐", "分"], 9, everything)) == [4, 3, 5]
    assert same.select("2019/*").passages.tolist() == []
    assert keys(same.lexical(["捐"], 9, same.select("*.txt"))) == [3, 5]
    assert same.passage_count == 3
    for ask in (same.document, same.document_passages, same.original, same.find_id):
        with pytest.raises(DocumentNotFound):
            ask("id-2019/甲.txt")
    with pytest.raises(DocumentNotFound):
        same.text("id-2019/甲.txt", 0, 1)
    fresh = open_index(tmp_path)
    assert keys(fresh.dense(axis(1.0), 9, fresh.select())) == [5, 3, 4]
    fresh.close()


def test_removing_is_all_or_nothing(reader: IndexReader, tmp_path: Path) -> None:
    with pytest.raises(DocumentNotFound):
        remove_documents(IndexFolder(tmp_path), ["2019/甲.txt", "nobody"])
    assert reader.current().passage_count == 5


def test_a_reader_moves_on_to_the_newer_generation(reader: IndexReader, tmp_path: Path) -> None:
    before = reader.dense(axis(1.0), 9, reader.select())
    update_index(tmp_path, ["2019/甲.txt"], [prepared("new", ["捐新"], [axis(1.0)])])
    assert reader.dense(axis(1.0), 9, reader.select()) == before, "a generation never changes"
    newer = reader.current()
    assert newer.generation == "g000002"
    assert keys(newer.dense(axis(1.0), 9, newer.select())) == [5, 6, 3, 4]
    assert newer.select().everything
    assert keys(newer.lexical(["捐"], 9, newer.select())) == [3, 5, 6]
    assert reader.current() is newer
    with pytest.raises(DocumentNotFound):
        newer.document("id-2019/甲.txt")
    assert reader.document("id-2019/甲.txt").document.text == "捐赠三百\n分红"


def test_a_removed_document_is_gone_from_the_generation_before_as_well(tmp_path: Path) -> None:
    write_index(tmp_path, [prepared("a", ["红一"]), prepared("b", ["红二"])])
    old = open_index(tmp_path)
    update_index(tmp_path, ["a"], [prepared("a", ["红三"])])
    remove_documents(IndexFolder(tmp_path), ["a"])
    # A question that began on the old generation refreshes nothing but the mask.
    assert not old.is_alive("id-a")
    new = old.current()
    assert [each.source for each in new.passages(keys(new.lexical(["红"], 9, new.select())))] == [
        "b"
    ]
    old.close()


def test_updates_leave_no_trace_of_what_they_dropped(tmp_path: Path) -> None:
    write_index(tmp_path, [prepared("a", ["红一"]), prepared("b", ["红二"])])
    remove_documents(IndexFolder(tmp_path), ["a"])
    update_index(tmp_path, [], [prepared("c", ["红三"])])
    update_index(tmp_path, ["b"], [])
    update_index(tmp_path, [], [])
    assert IndexFolder(tmp_path).generation_numbers() == [4], "nobody reads the others"
    words = "红一".encode()
    assert not any(words in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    reader = open_index(tmp_path)
    assert keys(reader.lexical(["红"], 9, reader.select())) == [3]
    reader.close()


def test_many_threads_may_ask_while_documents_go(reader: IndexReader, tmp_path: Path) -> None:
    failures: list[BaseException] = []
    go = threading.Event()

    def ask() -> None:
        go.wait()
        try:
            for _ in range(30):
                now = reader.current()
                selection = now.select()
                hits = now.dense(axis(1.0), 5, selection) + now.lexical(["捐"], 5, selection)
                assert {hit.key for hit in hits} <= set(selection.passages.tolist())
                assert len(now.passages(keys(hits))) == len(hits)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    go.set()
    remove_documents(IndexFolder(tmp_path), ["2020/乙.txt"])
    update_index(tmp_path, ["2019/甲.txt"], [prepared("new", ["捐新"])])
    for thread in threads:
        thread.join()
    assert failures == []
    assert reader.current().generation == "g000002"


def test_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing) as caught:
        open_index(tmp_path / "nothing")
    assert "python -m indexer build" in caught.value.hint
    (tmp_path / "file").write_text("x")
    with pytest.raises(IndexMissing):
        open_index(tmp_path / "file")


def test_an_index_that_vanishes_is_missed(reader: IndexReader, tmp_path: Path) -> None:
    (tmp_path / "CURRENT").unlink()
    with pytest.raises(IndexMissing):
        reader.current()
