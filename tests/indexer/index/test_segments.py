"""An update writes what it adds and nothing else, and the index answers as one built at once."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import IndexDamaged
from indexer.index.folder import IndexFolder
from indexer.index.removing import remove_documents
from indexer.index.segments import MOST, Share, kept_apart
from indexer.index.store import IndexReader, open_index
from indexer.index.verify import verify_index
from tests.indexer.index.hand_made import Prepared, axis, prepared, update_index, write_index

WORDS = "红黄蓝白黑青紫灰"


def document(number: int, version: int = 0) -> Prepared:
    """Three passages, which differ from those of any other document or version."""
    draw = np.random.default_rng((number, version))
    texts = [
        f"第{number}号{version}版" + "".join(draw.choice(list(WORDS), 12)) + f"之{n}"
        for n in range(3)
    ]
    vectors = [axis(*draw.standard_normal(4)) for _ in texts]
    return prepared(f"{number:03}.txt", texts, vectors, date=f"2020-01-{number % 28 + 1:02}")


def texts(reader: IndexReader, keys: Sequence[int]) -> list[str]:
    return [each.passage.text for each in reader.passages(keys)]


def answers(index: Path, source: str | None = None) -> dict[str, list[tuple[str, float]]]:
    """Passages and scores by question, best first."""
    reader = open_index(index)
    selection = reader.select(source=source)
    found = {word: reader.lexical([word, "号"], 10, selection) for word in WORDS}
    for at in range(4):
        found[f"axis {at}"] = reader.dense(axis(*np.eye(4)[at]), 10, selection)
    said = {
        name: list(
            zip(texts(reader, [hit.key for hit in hits]), [hit.score for hit in hits], strict=True)
        )
        for name, hits in found.items()
    }
    reader.close()
    return said


def same_up_to_ties(
    one: list[tuple[str, float]], other: list[tuple[str, float]], tolerance: float
) -> bool:
    """Whether both have these scores, and the same passages but where scores are alike."""
    if len(one) != len(other):
        return False
    scores = dict(one) | dict(other)
    return all(
        abs(left[1] - right[1]) <= tolerance and abs(scores[left[0]] - right[1]) <= tolerance
        for left, right in zip(one, other, strict=True)
    )


def databases(index: Path) -> list[Path]:
    folder = IndexFolder(index)
    return list(folder.segments(folder.manifest(folder.pointer())).paths)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    write_index(tmp_path / "index", [document(n) for n in range(60)])
    return tmp_path / "index"


def test_an_update_takes_the_rest_over_as_it_is(index: Path) -> None:
    (base,) = databases(index)
    large = {path.stat().st_ino for path in base.parent.rglob("*") if path.is_file()}
    update_index(index, ["007.txt"], [document(7, 1), document(60)])
    first, head = databases(index)
    assert first.stat().st_ino in large
    with closing(sqlite3.connect(head)) as connection:
        assert connection.execute("SELECT count(*) FROM passages").fetchall() == [(6,)]
    kept = {path.stat().st_ino for path in head.parent.rglob("*") if path.is_file()}
    assert len(large & kept) >= 2 + 5, "the database, the vectors, and the terms' segment"
    assert IndexFolder(index).generation_numbers() == [2], "the one before is not needed"
    assert verify_index(index).problems == ()


def test_additions_answer_as_in_a_whole_build(index: Path, tmp_path: Path) -> None:
    for number in range(60, 66):
        update_index(index, [], [document(number)])
    write_index(tmp_path / "whole", [document(n) for n in range(66)])
    assert len(databases(index)) > 1
    for source in (None, "06*", "0[1-3]*"):
        one, other = answers(index, source), answers(tmp_path / "whole", source)
        for question in one:
            assert same_up_to_ties(one[question], other[question], 1e-5), question


def test_changed_documents_answer_nearly_as_in_a_whole_build(index: Path, tmp_path: Path) -> None:
    """What is gone counts in the rarity of a word until terms are merged: by a few hundredths."""
    for number in range(6):
        update_index(index, [f"{number:03}.txt"], [document(number, 1)])
    final = [document(n, int(n < 6)) for n in range(60)]
    write_index(tmp_path / "whole", final)
    one, other = answers(index), answers(tmp_path / "whole")
    for question in one:
        assert same_up_to_ties(one[question], other[question], 0.06), question
        if question.startswith("axis"):
            assert one[question] == other[question]


steps = st.lists(
    st.tuples(st.sampled_from(["add", "change", "drop", "remove"]), st.integers(0, 29)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=12, deadline=None)
@given(steps)
def test_whatever_was_done_it_is_what_it_should_be(done: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as temporary:
        index = Path(temporary) / "index"
        write_index(index, [document(n) for n in range(20)])
        alive = dict.fromkeys(range(20), 0)
        for step, (deed, number) in enumerate(done, start=1):
            source = f"{number:03}.txt"
            if deed in ("add", "change"):
                update_index(index, [source] if number in alive else [], [document(number, step)])
                alive[number] = step
            elif number in alive and deed == "drop":
                update_index(index, [source], [])
                del alive[number]
        assert verify_index(index).problems == ()
        reader = open_index(index)
        listed = reader.documents(100, None, reader.select()).documents
        wanted = [document(n, version).document for n, version in sorted(alive.items())]
        assert [each.document.source for each in listed] == [each.source for each in wanted]
        for each in wanted:
            assert reader.document(each.document_id).document.text == each.text
            passages = reader.document_passages(each.document_id)
            assert [passage.text for passage in passages] == each.text.split("\n")
        found = texts(reader, reader.select().passages.tolist())
        assert sorted(found) == sorted(line for each in wanted for line in each.text.split("\n"))
        reader.close()


def test_a_service_goes_on_with_what_it_has_opened(index: Path) -> None:
    reader = open_index(index)
    update_index(index, ["003.txt"], [document(3, 9)])
    remove_documents(IndexFolder(index), ["004.txt"])
    now = reader.current()
    assert now.generation == "g000002"
    selection = now.select()
    keys = [hit.key for hit in now.dense(axis(1.0), 500, selection)]
    assert sorted(keys) == sorted(selection.passages.tolist())
    said = texts(now, keys)
    assert len(said) == 59 * 3
    assert not any(each.startswith(("第3号0版", "第4号")) for each in said)
    assert any(each.startswith("第3号9版") for each in said)
    reader.close()


def test_many_updates_make_few_databases(index: Path) -> None:
    for step in range(12):
        update_index(index, [], [document(100 + step)])
    assert 2 <= len(databases(index)) <= MOST
    assert verify_index(index).problems == ()


shares = st.lists(st.builds(Share, st.integers(0, 10**6), st.integers(0, 10**5)), max_size=12)


@given(shares, st.integers(0, 1000))
def test_what_stays_apart_is_large_beside_what_follows(older: list[Share], own: int) -> None:
    kept = kept_apart(older, own)
    assert kept <= MOST - 1
    for at in range(kept):
        # What goes into the head counts there, what stays apart as it is.
        assert older[at].alive > 4 * (own + sum(each.alive for each in older[kept:]))
        assert older[at].gone <= 0.25 * (older[at].alive + older[at].gone)


def test_much_that_is_gone_is_written_anew(index: Path) -> None:
    words = "第5号0版".encode()
    update_index(index, [f"{n:03}.txt" for n in range(5, 10)], [])
    assert len(databases(index)) == 2
    assert any(words in path.read_bytes() for path in databases(index)), "hidden, not erased"
    update_index(index, [f"{n:03}.txt" for n in range(10, 25)], [])
    (only,) = databases(index)
    assert words not in only.read_bytes()
    assert verify_index(index).problems == ()


@pytest.mark.parametrize("name", ["older/*.sqlite", "older/*.faiss", "lexical/*.idx"])
def test_a_missing_part_that_was_taken_over_is_told(index: Path, name: str) -> None:
    update_index(index, [], [document(60)])
    for path in list((index / "generations/g000002").glob(name))[:1]:
        os.truncate(path, path.stat().st_size - 1)
    with pytest.raises(IndexDamaged) as caught:
        open_index(index)
    assert "python -m indexer" in caught.value.hint
    with pytest.raises(IndexDamaged):
        update_index(index, [], [document(61)])


def test_an_altered_row_in_what_was_taken_over_is_never_served(index: Path) -> None:
    update_index(index, [], [document(60)])
    path = databases(index)[0]
    path.write_bytes(path.read_bytes().replace("第5号0版".encode(), "第5号1版".encode()))
    problems = verify_index(index).problems
    assert any("was altered" in each for each in problems), problems
    reader = open_index(index)
    for ask in (reader.document, reader.document_passages):
        with pytest.raises(IndexDamaged):
            ask(reader.find_id("005.txt"))
    assert reader.document(reader.find_id("060.txt")).document.text.startswith("第60号")
    reader.close()


def test_where_there_are_no_hard_links_files_are_copied(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: object, target: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    inode = databases(index)[0].stat().st_ino
    monkeypatch.setattr(os, "link", refuse)
    update_index(index, [], [document(60)])
    assert databases(index)[0].stat().st_ino != inode
    assert verify_index(index).problems == ()
