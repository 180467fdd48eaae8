"""The races and the shares, on a handful of articles: that they measure what they say."""

import json
import lzma
from pathlib import Path

import pytest

from eval.reading import speed
from eval.reading.samples.document import SIMPLIFIED
from eval.reading.speed import Race, articles, races, run, whole


def test_each_reader_races_a_library() -> None:
    rows = [run(race, turns=1) for race in races(SIMPLIFIED)]
    assert len({row.label for row in rows}) == len(rows) == 17
    for row in rows:
        library, size, ours, chars, bare, ratio = row.values
        assert isinstance(library, str)
        for figure in (size, ours, chars, bare, ratio):
            assert isinstance(figure, float)
            assert figure > 0


def test_a_race_is_told_right(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([2.0, 1.0, 4.0, 1.0, 9.0, 1.0])
    monkeypatch.setattr(speed, "_timed", lambda _work: next(times))
    row = run(Race("x", "y", bytes(8_000_000), lambda: 6_000, lambda: None), turns=3)
    assert row.values == ("y", 8000.0, 2.0, 1.5, 8.0, 4.0)


@pytest.mark.parametrize("ending", [".txt", ".html"])
def test_the_whole_of_reading(ending: str, tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl.xz"
    texts = ["\n".join((f"第{at}篇", *SIMPLIFIED.sections[0].paragraphs)) for at in range(5)]
    with lzma.open(news, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps({"text": text}) + "\n" for text in texts)
    assert list(articles(news, 3)) == texts[:3]
    row = whole(news, ending, 4)
    size, passages, reading, cutting, all_of_it, total, share, rate = map(float, row.values)  # type: ignore[arg-type]
    assert row.label == f"4 articles as {ending}"
    assert passages >= 4
    assert size * 1e6 >= sum(len(text.encode()) for text in texts[:4])
    assert 0 < reading + cutting <= all_of_it < total
    assert share == pytest.approx(all_of_it / total)
    assert rate == pytest.approx(size / all_of_it)
