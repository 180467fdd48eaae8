"""Records are found again as they were put in, or not at all."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.journal import Journal

RECORDS = st.lists(st.tuples(st.sampled_from("abcd"), st.binary(max_size=20)), max_size=12)


def read(path: Path, stamp: str) -> dict[str, bytes]:
    journal = Journal(path, stamp)
    found = {
        key: data
        for key in "abcd"
        if (entry := journal.find(key)) and (data := journal.read(entry)) is not None
    }
    journal.close()
    return found


def write(path: Path, records: list[tuple[str, bytes]], stamp: str = "one") -> None:
    journal = Journal(path, stamp)
    for key, data in records:
        journal.put(key, data, bytes(31) + b"m")
    journal.close()


@given(RECORDS, RECORDS)
@settings(deadline=None)
def test_the_last_of_a_key_is_found(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[tuple[str, bytes]],
    more: list[tuple[str, bytes]],
) -> None:
    path = tmp_path_factory.mktemp("journal") / "j"
    write(path, records)
    write(path, more)
    assert read(path, "one") == dict([*records, *more])
    assert read(path, "another") == {}
    assert read(path, "one") == {}


@given(RECORDS, st.data())
@settings(deadline=None)
def test_what_is_cut_short_or_altered_is_none(
    tmp_path_factory: pytest.TempPathFactory, records: list[tuple[str, bytes]], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("journal") / "j"
    write(path, records)
    raw = bytearray(path.read_bytes())
    path.write_bytes(raw[: data.draw(st.integers(0, len(raw)))])
    expected = [dict(records[:count]) for count in range(len(records) + 1)]
    assert read(path, "one") in expected
    write(path, [("a", b"behind it")])
    assert read(path, "one")["a"] == b"behind it"
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1
    path.write_bytes(raw)
    put = {(key, value) for key, value in records}
    assert put.issuperset(read(path, "one").items())


def test_the_mark_of_a_record(tmp_path: Path) -> None:
    write(tmp_path / "j", [("a", b"1"), ("b", b"22")])
    journal = Journal(tmp_path / "j", "one")
    entry = journal.find("b")
    assert entry is not None
    assert (entry.mark, entry.size, journal.count) == (bytes(31) + b"m", 2, 2)
    assert journal.find("c") is None
    journal.close()
