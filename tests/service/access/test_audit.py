"""The audit log as a file: whole lines whatever stands in them, rotation, a disk that refuses."""

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import InvalidRequest
from service.access.audit import KEPT_FILES, AuditLog, Entry, moment_text, now_text, read_audit

ENTRY = Entry(
    at="2026-03-01T04:00:00.000+00:00",
    key="abcd2345",
    name="阅览室",
    peer="10.0.0.7",
    method="GET",
    route="/v1/documents/{document_id}",
    collection="规章",
    documents=("d1",),
    status=200,
)
STRANGE = st.text(st.characters(), max_size=30)  # line ends, escapes and halves of surrogates too


@given(name=STRANGE, route=STRANGE, question=STRANGE, documents=st.lists(STRANGE, max_size=3))
def test_nothing_in_an_entry_ends_its_line_or_steers_a_terminal(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    route: str,
    question: str,
    documents: list[str],
) -> None:
    state = tmp_path_factory.mktemp("audit")
    entry = replace(ENTRY, name=name, route=route, question=question, documents=tuple(documents))
    log = AuditLog(state, 10_000)
    log.write(entry)
    log.write(ENTRY)
    lines = (state / "audit.jsonl").read_bytes().splitlines()
    assert len(lines) == 2
    assert all(0x20 <= byte < 0x7F for line in lines for byte in line)
    assert list(read_audit(state)) == [entry, ENTRY]


def test_a_line_holds_what_is_known_and_no_question_unless_there_is_one(tmp_path: Path) -> None:
    AuditLog(tmp_path, 10_000).write(ENTRY)
    (line,) = (tmp_path / "audit.jsonl").read_text().splitlines()
    assert json.loads(line) == {
        "at": "2026-03-01T04:00:00.000+00:00",
        "key": "abcd2345",
        "name": "阅览室",
        "peer": "10.0.0.7",
        "method": "GET",
        "route": "/v1/documents/{document_id}",
        "collection": "规章",
        "documents": ["d1"],
        "status": 200,
    }
    assert (tmp_path / "audit.jsonl").stat().st_mode & 0o077 == 0


def test_full_files_are_put_aside_and_the_oldest_go(tmp_path: Path) -> None:
    log = AuditLog(tmp_path, 1000)
    written = [replace(ENTRY, key=f"key{number:04}") for number in range(80)]
    for entry in written:
        log.write(entry)
    files = {path.name: path.stat().st_size for path in tmp_path.glob("*.jsonl")}
    assert set(files) <= {"audit.jsonl", *(f"audit-{n}.jsonl" for n in range(1, KEPT_FILES + 1))}
    assert len(files) >= KEPT_FILES
    assert max(files.values()) < 1500
    kept = list(read_audit(tmp_path))
    assert kept == written[-len(kept) :]
    assert 40 <= len(kept) < 80


def test_a_damaged_line_is_one_that_is_missing_and_no_more(tmp_path: Path) -> None:
    log = AuditLog(tmp_path, 10_000)
    log.write(ENTRY)
    with open(tmp_path / "audit.jsonl", "ab") as file:
        file.write(b'{"at": "2026-03')  # what a disk that filled up took of a line
    log.write(ENTRY)
    with open(tmp_path / "audit.jsonl", "ab") as file:
        file.write(b"\xff\xfe\n[]\n7\n" + b"[" * 50_000 + b"\n")
    assert list(read_audit(tmp_path)) == [ENTRY, None, ENTRY, None, None, None, None]


def test_a_disk_that_takes_nothing_is_told_of_once_and_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    state = tmp_path / "state"
    state.write_text("a file where the folder should be")
    log = AuditLog(state, 10_000)
    with caplog.at_level(logging.WARNING, "service.access"):
        for _ in range(3):
            log.write(ENTRY)
    assert len(caplog.records) == 1
    assert "audit" in caplog.text
    state.unlink()
    log.write(ENTRY)
    assert list(read_audit(state)) == [ENTRY]


def test_a_full_disk_is_told_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "audit.jsonl").symlink_to("/dev/full")
    log = AuditLog(tmp_path, 10_000)
    with caplog.at_level(logging.WARNING, "service.access"):
        log.write(ENTRY)
        log.write(ENTRY)
    (record,) = caplog.records
    assert "No space left" in record.getMessage()


NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "moment"),
    [
        ("24h", "2026-03-09T12:00:00.000+00:00"),
        ("7d", "2026-03-03T12:00:00.000+00:00"),
        ("30m", "2026-03-10T11:30:00.000+00:00"),
        ("2026-03-01T08:30:00+08:00", "2026-03-01T00:30:00.000+00:00"),
    ],
)
def test_since_is_a_point_in_time_or_how_long_ago(since: str, moment: str) -> None:
    assert moment_text(since, NOW) == moment


@pytest.mark.parametrize("since", ["", "gestern", "7", "999999d", "0001-01-01T00:00+14:00", "٧d"])
def test_a_since_that_is_none_is_said(since: str) -> None:
    with pytest.raises(InvalidRequest):
        moment_text(since, NOW)


def test_entries_are_stamped_so_that_they_sort() -> None:
    stamps = [now_text() for _ in range(5)]
    assert stamps == sorted(stamps)
    assert len(set(map(len, stamps))) == 1
