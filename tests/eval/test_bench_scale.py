"""What the scale bench makes of texts and figures, and one whole run of it over a few articles."""

import json
import lzma
from dataclasses import replace
from pathlib import Path

import pytest

from eval.bench.recombined import PARAGRAPHS, recombined
from eval.bench.scale import Change, Quantiles, ScaleFigures, measure
from eval.bench.scale_page import add_figures, line_through, write_page
from indexer.errors import InvalidRequest
from indexer.index.manifest import VectorsStamp

ARTICLES = ["".join(f"第{n}号文的第{at}句讲的是水库与堤防。" for at in range(6)) for n in range(8)]
FIGURES = ScaleFigures(
    documents=100,
    made=False,
    passages=1000,
    characters=250_000,
    index_seconds=2.0,
    documents_per_second=50.0,
    index_peak_bytes=200 * 2**20,
    index_bytes=3 * 2**20,
    vectors=VectorsStamp("exact", 0, 1.0, 1552),
    ready_seconds=1.5,
    questions=20,
    search_ms=Quantiles(9.0, 4.0, 6.0),
    search_cpu_ms=3.0,
    ask_ms=Quantiles(90.0, 40.0, 60.0),
    service_peak_bytes=300 * 2**20,
    change=Change(0.25, 0.5),
)


def test_made_articles_are_sentences_of_others_and_the_same_each_time() -> None:
    made = list(recombined(ARTICLES, 3, seed=1))
    assert made == list(recombined(ARTICLES, 5, seed=1))[:3]
    assert len(set(made)) == 3
    for text in made:
        paragraphs = text.split("\n")
        assert len(paragraphs) == PARAGRAPHS
        assert all(any(each in article for article in ARTICLES) for each in paragraphs)
        assert {each.count("。") for each in paragraphs} == {3}


def test_sizes_are_kept_in_order_and_replaced(tmp_path: Path) -> None:
    out = tmp_path / "scale.json"
    large = replace(FIGURES, documents=300, passages=3000, index_seconds=5.0)
    for each in (large, FIGURES, replace(large, index_seconds=6.0)):
        add_figures(out, each)
    sizes = [each["figures"] for each in json.loads(out.read_text())["sizes"]]
    assert [(each["documents"], each["index_seconds"]) for each in sizes] == [(100, 2), (300, 6)]
    (tmp_path / "other.json").write_text("[]")
    with pytest.raises(InvalidRequest, match="holds no figures"):
        add_figures(tmp_path / "other.json", FIGURES)


@pytest.mark.parametrize("load", [1.0, 99.0])
def test_the_page_draws_lines_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, load: float
) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (0.0, 0.0, load))
    out, page = tmp_path / "scale.json", tmp_path / "scale.md"
    add_figures(out, FIGURES)
    with pytest.raises(InvalidRequest, match="one size"):
        write_page(out, page)
    large = replace(FIGURES, documents=300, passages=3000, index_seconds=6.0)
    add_figures(out, replace(large, index_bytes=9 * 2**20))
    write_page(out, page)
    lines = page.read_text(encoding="utf-8").splitlines()
    # Two seconds and 3 MiB a thousand passages, from nothing.
    drawn_on = "2,000 | 20,000" if load == 1.0 else " | "
    assert f"| building, s | 2 | 6 | {drawn_on} |" in lines
    assert "| index on disk, MiB | 3 | 9 | 3,000 | 30,000 |" in lines
    assert "| recall@10 of exact search | 1.0000 | 1.0000 |  |  |" in lines
    drawn = page.with_suffix(".svg").read_bytes()
    write_page(out, page)
    assert page.with_suffix(".svg").read_bytes() == drawn


def test_the_line_is_that_of_the_least_squares() -> None:
    assert line_through([0, 1, 2], [1.0, 3.0, 5.0]) == pytest.approx((2.0, 1.0))
    assert line_through([0, 1, 2], [0.0, 3.0, 0.0]) == pytest.approx((0.0, 1.0))


def test_a_whole_run_over_a_few_articles(tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl.xz"
    with lzma.open(news, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"text": text}) + "\n" for text in ARTICLES)
    found = measure(news, 8, 3, 0, lambda _: None)
    assert (found.documents, found.made, found.questions) == (8, False, 3)
    assert found.passages == 8
    assert found.vectors.recall_at_10 == 1.0
    assert min(found.index_bytes, found.service_peak_bytes, found.search_cpu_ms) > 0
    assert found.change.added_s > 0
