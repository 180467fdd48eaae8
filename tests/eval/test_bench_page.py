"""The first answer in a browser, split by whose time it is, and the pictures of the page."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from eval.bench.page import measure, record, rows
from eval.bench.screenshots import DOCUMENTED
from indexer.errors import InvalidRequest
from tests.archives import archive_of
from tests.source import ROOT


@pytest.mark.browser
def test_the_time_to_the_first_sentence_is_split(tmp_path: Path, chromium: Path) -> None:
    assert chromium.exists()
    archive_of({"食堂.txt": "食堂早餐七点开始。\n"}, tmp_path).reader.close()
    asked = ["食堂早餐几点开始？", "谁管西门？"]
    with ThreadPoolExecutor(1) as thread:  # a browser test before may have left a loop in this one
        figures = thread.submit(measure, tmp_path / "index", asked).result()
    assert [len(each) for each in (figures.cold, figures.warm)] == [2, 2]
    for each in (figures.first, *figures.cold, *figures.warm):
        assert min(each.service_ms, each.page_ms) > 0
        assert each.visible_ms == pytest.approx(each.service_ms + each.network_ms + each.page_ms)
    assert set(rows(figures)) == {"first of all", "cold", "warm", "limit"}
    assert len(record(figures, {})["figures"]["cold"]) == 2


def test_without_a_question_there_is_nothing_to_ask(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest):
        measure(tmp_path, [])


@pytest.mark.parametrize("name", sorted(DOCUMENTED))
def test_each_documented_picture_is_there(name: str) -> None:
    assert (ROOT / "docs" / f"{name}.png").read_bytes().startswith(b"\x89PNG")
