"""The comparison with other libraries: its parts without their environment, ours for real."""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.bench.peers import measuring
from eval.bench.peers.material import MAX_CHARS, split
from eval.bench.peers.measuring import figures_of, limits_of, run_limits, run_peer
from eval.bench.peers.page import peers_table, render, shares_sentence, write
from eval.bench.peers.page import table as terminal_table
from eval.bench.peers.plot import Panel, bars
from eval.bench.peers.records import Comparison, Limits, PeerFigures, read_comparison
from eval.bench.peers.shares import OURS as REST
from eval.bench.peers.shares import library_of, shares
from eval.bench.processes import BenchFailed, serving
from eval.bench.scale import time_requests
from eval.cli import PROJECT
from eval.standing.kept import EvaluationUnusable

TEXTS = [f"第{at}村共有{at + 20}户，去年修了{at + 2}公里路。" for at in range(40)]
QUESTIONS = ["第12村共有几户", "第31村修了多少公里路"]
NEW = {"number": 40, "text": "灯塔镇图书馆本周开放，藏书九万册。", "question": "灯塔镇图书馆藏书"}

OURS = PeerFigures(
    articles_per_second=300.0,
    cpu_ms_per_article=2.0,
    index_peak_bytes=200 * 2**20,
    disk_bytes=30 * 2**20,
    search_p50_ms=3.0,
    search_p95_ms=6.0,
    search_cpu_ms=2.5,
    search_peak_bytes=400 * 2**20,
    found_at_1=0.9,
    found_at_5=0.95,
    startup_s=2.0,
    startup_cpu_s=1.5,
    add_s=0.2,
    delete_s=0.01,
)
OTHER = replace(
    OURS,
    articles_per_second=100.0,
    cpu_ms_per_article=5.0,
    search_p50_ms=30.0,
    search_cpu_ms=5.0,
    startup_s=5.0,
    add_s=10.0,
)
LIMITS = Limits(
    bare_article={"tokenizers": 0.7, "tantivy": 0.3},
    bare_search={"tantivy": 0.4},
    article={"tantivy": 0.5, "SQLite": 0.25, REST: 0.25},
    search={"tantivy": 1.1, "SQLite": 0.4, REST: 1.5},
    http={"Wenju": 4.0, "empty route": 0.8},
)
MADE = Comparison(
    measured_at="2026-03-04T05:06:07+00:00",
    code={"version": "0.1.0", "commit": "a" * 40, "changed": False},
    settings={"articles": 5000, "characters": 3_500_000, "questions": 200, "runs": 3, "seed": 0},
    machine={"cores": 2, "memory_gib": 16, "system": "Linux", "python": "3.11.7"},
    versions={"txtai": "9.14.0"},
    figures={"Wenju": OURS, "txtai": OTHER},
    limits=LIMITS,
)


@pytest.fixture
def place() -> Iterator[Path]:
    with measuring._place(TEXTS) as folder:
        yield folder


def test_ours_goes_through_the_protocol_and_its_limits_are_measured(place: Path) -> None:
    told = run_peer("ours", Path(sys.executable), place, QUESTIONS, NEW)
    assert [found[0] for found in told["found"]] == [12, 31]
    assert len(told["search_ms"]) == 2
    figures = figures_of([told], len(TEXTS), [12, 31])
    assert (figures.found_at_1, figures.found_at_5) == (1.0, 1.0)
    assert min(figures.startup_s, figures.add_s, figures.delete_s, figures.disk_bytes) > 0
    limits = limits_of([run_limits(place, QUESTIONS)])
    assert set(limits.bare_article) == {"tokenizers", "rjieba", "tantivy", "FAISS flat"}
    assert limits.search["SQLite"] > 0 < limits.search["tantivy"]
    assert set(limits.http) == {"Wenju", "empty route"}


def test_a_change_that_a_search_does_not_show_fails(place: Path) -> None:
    other = NEW | {"question": "第5村共有几户"}
    with pytest.raises(BenchFailed, match="after add the search brings"):
        run_peer("ours", Path(sys.executable), place, QUESTIONS, other)


def test_an_article_to_add_is_one_that_no_other_repeats(tmp_path: Path) -> None:
    held = ["甲县的第一座水库在去年秋天建成了。", "乙县的第二座水库在去年秋天建成了。"]
    news = tmp_path / "news.jsonl"
    lines = [*held, held[0], "丙县的第三座水库在去年秋天建成了。"]
    news.write_text("\n".join(json.dumps({"text": line}) for line in lines), "utf-8")
    texts, new = measuring._articles(news, 2, 0)
    assert texts == held
    assert new["number"] == 2
    assert new["text"] == lines[3]
    with pytest.raises(Exception, match="none is left"):
        measuring._articles(news, 4, 0)


def test_an_environment_that_is_whole_is_taken(tmp_path: Path) -> None:
    (tmp_path / "complete").write_text(measuring._REQUIREMENTS.read_text("utf-8"), "utf-8")
    said: list[str] = []
    assert measuring._python_of(tmp_path, said.append) == tmp_path / "bin" / "python"
    assert said == []


def test_medians_of_runs_and_what_they_found() -> None:
    def run(index_s: float) -> dict[str, Any]:
        same = ("index_peak_bytes", "disk_bytes", "search_peak_bytes", "startup_s")
        return {
            **dict.fromkeys((*same, "startup_cpu_s", "add_s", "delete_s"), 4.0),
            **{"index_s": index_s, "index_cpu_s": 2 * index_s, "search_cpu_s": index_s},
            **{"search_ms": [1.0, 3.0], "found": [[7, 8], [1, 2, 9]]},
        }

    figures = figures_of([run(2.0), run(1.0), run(4.0)], 100, [7, 9])
    assert (figures.articles_per_second, figures.cpu_ms_per_article) == (50.0, 40.0)
    assert (figures.search_p50_ms, figures.search_cpu_ms) == (2.0, 1000.0)
    assert (figures.found_at_1, figures.found_at_5) == (0.5, 1.0)
    assert (figures.index_peak_bytes, figures.add_s) == (4.0, 4.0)


def test_medians_of_limits() -> None:
    names = ("an_article_ms", "a_search_ms", "article_shares_ms", "search_shares_ms", "http_ms")
    runs = [{name: {"tantivy": ms} for name in names} for ms in (1.0, 9.0, 2.0)]
    alike = {"tantivy": 2.0}
    assert limits_of(runs) == Limits(alike, alike, alike, alike, alike)


def test_ratios_say_how_many_times_as_much_ours_does() -> None:
    lines = terminal_table(MADE).splitlines()
    assert lines[0] == "|  | Wenju | txtai |"
    assert lines[2:8] == [
        "| Wenju indexes × as fast | 1.00 | 3.00 |",
        "| … by processor time | 1.00 | 2.50 |",
        "| Wenju searches × as fast | 1.00 | 10.00 |",
        "| … by processor time | 1.00 | 2.00 |",
        "| Wenju starts × as fast | 1.00 | 2.50 |",
        "| Wenju takes in × as fast | 1.00 | 50.00 |",
    ]
    assert "| right passage first, % | 90.0 | 90.0 |" in lines
    assert peers_table(MADE.figures, ()).count("\n") == 1


def test_the_share_that_is_ours_is_named() -> None:
    said = shares_sentence("a search", LIMITS.search)
    assert said == (
        "Of 3.00 ms a search, 1.10 are tantivy, 0.40 are SQLite, "
        "and the rest, 1.50 (50 %), is ours."
    )


def test_a_page_is_made_of_what_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "peers.md"
    write(path, MADE)
    assert read_comparison(tmp_path / "peers.json") == MADE
    page = path.read_text("utf-8")
    assert page == render(MADE, "peers.svg")
    assert "2026-03-04, version 0.1.0 (aaaaaaaaa), 5,000 articles" in page
    assert "2 cores, 16 GiB, Linux" in page
    assert "| over HTTP: empty route | 0.800 |" in page
    assert "| SQLite | 0.250 | 0.400 |" in page
    assert "| txtai | 9.14.0 |" in page
    ElementTree.parse(tmp_path / "peers.svg")


def test_a_file_of_another_shape_is_told(tmp_path: Path) -> None:
    assert read_comparison(tmp_path / "none.json") is None
    (tmp_path / "peers.json").write_text('{"format": 1, "measurements": {"peers": {}}}')
    with pytest.raises(EvaluationUnusable, match="peers"):
        read_comparison(tmp_path / "peers.json")


@pytest.mark.skipif(not (PROJECT / "docs/peers.json").exists(), reason="not measured yet")
def test_the_page_in_docs_is_that_of_its_figures() -> None:
    made = read_comparison(PROJECT / "docs/peers.json")
    assert made is not None
    assert (PROJECT / "docs/peers.md").read_text("utf-8") == render(made, "peers.svg")


def test_the_longest_bar_fills_the_width_and_ours_stands_out() -> None:
    drawn = ElementTree.fromstring(bars([Panel("a < b", {"x": 100.0, "y": 25.0})], marked="y"))
    space = "{http://www.w3.org/2000/svg}"
    whole, first, second = drawn.iter(f"{space}rect")
    assert (first.get("width"), second.get("width")) == ("460.0", "115.0")
    assert first.get("fill") != second.get("fill")
    assert whole.get("fill") == "#ffffff"
    words = [each.text for each in drawn.iter(f"{space}text")]
    assert words == ["a < b", "x", "100", "y", "25.0"]


@pytest.mark.parametrize(
    ("call", "library"),
    [
        ("~ <method 'search' of 'tantivy.tantivy.Searcher' objects>", "tantivy"),
        ("~ <built-in method boost_query>", "tantivy"),
        ("~ <built-in method faiss._swigfaiss.IndexIDMap_search>", "FAISS"),
        ("~ <method 'fetchall' of 'sqlite3.Cursor' objects>", "SQLite"),
        ("~ <built-in method numpy.asarray>", "NumPy"),
        ("~ <method 'get' of 'dict' objects>", None),
        ("/somewhere/indexer/chunk.py cut", None),
    ],
)
def test_whose_a_call_is(call: str, library: str | None) -> None:
    assert library_of(call) == library


def test_time_in_a_library_is_not_ours() -> None:
    numbers, calls = np.random.default_rng(0).random(2_000_000), []

    def work() -> None:
        calls.append(np.sort(numbers))

    found = shares(work, 4)
    assert len(calls) == 2
    assert found["NumPy"] > 0
    assert found["SQLite"] == found["FAISS"] == 0
    assert list(found)[-1] == REST


@given(st.lists(st.text(alphabet="村路户，。！\n 一二ab", max_size=900), max_size=4))
def test_passages_keep_every_character_but_blanks_and_lone_signs(texts: list[str]) -> None:
    pieces = split(texts, first=5)
    assert len({piece.id for piece in pieces}) == len(pieces)
    for at, text in enumerate(texts, start=5):
        own = "".join(piece.text for piece in pieces if piece.article == at)
        assert [each for each in own if each.isalnum()] == [each for each in text if each.isalnum()]
    assert all(len(piece.text) <= MAX_CHARS for piece in pieces)


def test_an_empty_route_answers(tmp_path: Path) -> None:
    with (
        serving(tmp_path, command=("eval.bench.peers.empty_route",), deadline_s=60) as service,
        httpx.Client(base_url=service.url, trust_env=False) as client,
    ):
        assert client.post("/v1/search", json={"query": "一"}).json() == {}
        assert time_requests(client, "/v1/search", [{"query": "一"}] * 3).p50 > 0
    with suppress(httpx.ConnectError), httpx.Client(trust_env=False) as client:
        client.get(service.url)
        pytest.fail("it is ended with the block")
