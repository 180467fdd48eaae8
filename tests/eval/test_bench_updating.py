"""`python -m eval.bench update`: what is changed answers, and little is written for it."""

import json
from pathlib import Path

import pytest

from eval.bench.updating import measure, record, rows
from indexer.index.verify import verify_index


@pytest.mark.parametrize("walks", [False, True])
def test_an_update_writes_what_it_adds(tmp_path: Path, *, walks: bool) -> None:
    told: list[str] = []
    figures = measure(tmp_path / "world", 3000, 20, 2, 0, told.append, walks=walks)
    assert (figures.passages, figures.documents) == (3000, 150)
    assert len(figures.update_s) == len(figures.visible_s) == len(figures.written_bytes) == 2
    assert all(0 < written < figures.index_bytes / 8 for written in figures.written_bytes)
    assert all(a <= b for a, b in zip(figures.update_s, figures.visible_s, strict=True))
    assert verify_index(tmp_path / "world" / "index").problems == ()
    assert told[0] == "making 150 documents of 20 passages"
    assert rows(figures)["documents"] == "150"
    assert json.loads(json.dumps(record(figures, {})))["figures"]["documents"] == 150
