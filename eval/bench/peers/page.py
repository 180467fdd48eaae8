"""`docs/peers.md` from a comparison that is kept: the same one always gives the same page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from eval.bench.peers.plot import Panel, bars
from eval.bench.peers.records import COMMAND, OURS, Comparison, PeerFigures, write_comparison
from eval.bench.peers.shares import OURS as REST
from eval.standing.page import commit_of
from eval.standing.tables import markdown_table

_INTRODUCTION = """\
# Beside other libraries

The same articles, the same static model for vectors and the same questions through Wenju and
through four libraries, each set up as its documents advise for Chinese, in an environment that the
command makes. Medians of runs in turn. Every figure here was written by the command below; the
file of the same name with the ending `.json` holds them with more digits, and `.svg` draws them."""

_PROTOCOL = """\
Two processes for each: one makes an index and keeps it on the disk, another opens it, searches, and
takes one article in and out. Indexing counts from loaded libraries to an index on the disk;
start-up counts from the start of a process to its first answer over that index. Questions are
sentences of the articles, cut short, and the right passage is one of the article that each was
taken from: reprints of an article count as wrong for all.

- **Wenju** reads the articles as files, keeps their texts and originals, cuts passages of its own,
  and its search collapses reprints and marks what was met. What it takes in or out is on the disk
  before a search shows it.
- **The others** are given texts, cut by LangChain's recursive splitter at Chinese punctuation into
  passages of at most 320 characters, and change only what they hold in memory.
- **LangChain**: FAISS, BM25 over the words of jieba, an ensemble of both. Its BM25 can't be
  changed: one article more or less makes it anew.
- **LlamaIndex**: FAISS with a map of ids, its BM25 (bm25s), reciprocal rank fusion of both. Its
  BM25 takes only a pattern for what is a word, so that it is given the words of jieba with blanks
  between them; it is made anew for a change, too.
- **Haystack**: its FAISS store and the BM25 of its store in memory, whose own tokenizer takes each
  Chinese character for a word; reciprocal rank fusion.
- **txtai**: its hybrid index, with jieba in place of its tokenizer."""

_LIMITS = """\
## Beside the limits

What the libraries that Wenju stands on take alone, for the same articles and questions: the bare
tokenizer of the model, the bare segmenter (which the default mix of terms does not use), an index
of tantivy over terms that are made already, vectors that are made already in a flat index of FAISS,
and an empty FastAPI route. Indexing in processor ms an article, a search as its median in ms."""

_SHARES = """\
## Whose time it is

Wenju's own indexing in one process, and one search, in processor ms. The calls of libraries under a
profiler, and the rest of what the same work takes without one. Expressions over arrays count as
ours; NumPy is its named functions."""

Row = tuple[str, Callable[[PeerFigures, PeerFigures], str]]
"""What a row is called, and what it shows of a peer, given ours."""

_RATIOS: tuple[Row, ...] = (
    (
        "Wenju indexes × as fast",
        lambda o, e: f"{o.articles_per_second / e.articles_per_second:.2f}",
    ),
    ("… by processor time", lambda o, e: f"{e.cpu_ms_per_article / o.cpu_ms_per_article:.2f}"),
    ("Wenju searches × as fast", lambda o, e: f"{e.search_p50_ms / o.search_p50_ms:.2f}"),
    ("… by processor time", lambda o, e: f"{e.search_cpu_ms / o.search_cpu_ms:.2f}"),
    ("Wenju starts × as fast", lambda o, e: f"{e.startup_s / o.startup_s:.2f}"),
    ("Wenju takes in × as fast", lambda o, e: f"{e.add_s / o.add_s:.2f}"),
)
_FIGURES: tuple[Row, ...] = (
    ("articles a second", lambda _, e: f"{e.articles_per_second:,.0f}"),
    ("processor ms an article", lambda _, e: f"{e.cpu_ms_per_article:.2f}"),
    ("peak memory indexing, MiB", lambda _, e: _mebibytes(e.index_peak_bytes)),
    ("on disk, MiB", lambda _, e: _mebibytes(e.disk_bytes)),
    ("search p50, ms", lambda _, e: f"{e.search_p50_ms:.1f}"),
    ("search p95, ms", lambda _, e: f"{e.search_p95_ms:.1f}"),
    ("processor ms a search", lambda _, e: f"{e.search_cpu_ms:.1f}"),
    ("peak memory searching, MiB", lambda _, e: _mebibytes(e.search_peak_bytes)),
    ("right passage first, %", lambda _, e: f"{100 * e.found_at_1:.1f}"),
    ("right passage among 5, %", lambda _, e: f"{100 * e.found_at_5:.1f}"),
    ("start-up to first answer, s", lambda _, e: f"{e.startup_s:.2f}"),
    ("… of the processor, s", lambda _, e: f"{e.startup_cpu_s:.2f}"),
    ("one article taken in, s", lambda _, e: f"{e.add_s:.3f}"),
    ("one article taken out, s", lambda _, e: f"{e.delete_s:.3f}"),
)


def write(path: Path, made: Comparison) -> None:
    """The page, and beside it the figures as JSON and the drawing. Raises: StorageFull."""
    write_comparison(path.with_suffix(".json"), made)
    path.with_suffix(".svg").write_text(drawing(made), "utf-8")
    path.write_text(render(made, path.with_suffix(".svg").name), "utf-8")


def render(made: Comparison, drawn: str) -> str:
    """The page; `drawn` is the file of the drawing."""
    return "\n\n".join(_blocks(made, drawn)) + "\n"


def _blocks(made: Comparison, drawn: str) -> Iterator[str]:
    settings, machine = made.settings, made.machine
    yield _INTRODUCTION
    yield f"`{COMMAND}`"
    yield (
        f"{made.measured_at[:10]}, version {made.code['version']}{commit_of(made.code)}, "
        f"{settings['articles']:,} articles ({settings['characters']:,} characters), "
        f"{settings['questions']} questions, runs of each: {settings['runs']}; {machine['cores']} "
        f"cores, {machine['memory_gib']} GiB, {machine['system']}, Python {machine['python']}."
    )
    yield peers_table(made.figures, _RATIOS)
    yield f"![Articles a second, and milliseconds a search]({drawn})"
    yield peers_table(made.figures, _FIGURES)
    yield "## How it was measured"
    yield _PROTOCOL
    yield _LIMITS
    yield _limits(made)
    yield _SHARES
    yield shares_sentence("an article", made.limits.article)
    yield shares_sentence("a search", made.limits.search)
    yield _shares(made)
    yield "## Versions"
    lines = [(name, number) for name, number in sorted(made.versions.items())]
    yield markdown_table(("package", "version"), lines)


def table(made: Comparison) -> str:
    """What a terminal shows: ratios first."""
    return peers_table(made.figures, (*_RATIOS, *_FIGURES))


def peers_table(figures: Mapping[str, PeerFigures], rows: tuple[Row, ...]) -> str:
    """A column a peer."""
    ours = figures[OURS]
    lines = [(name, *(shown(ours, each) for each in figures.values())) for name, shown in rows]
    return markdown_table(("", *figures), lines)


def _limits(made: Comparison) -> str:
    limits, ours = made.limits, made.figures[OURS]
    lines = [
        *((f"index an article: {name}", f"{ms:.3f}") for name, ms in limits.bare_article.items()),
        ("index an article: Wenju, all of it", f"{ours.cpu_ms_per_article:.3f}"),
        *((f"a search: {name}", f"{ms:.3f}") for name, ms in limits.bare_search.items()),
        ("a search: Wenju, all of it", f"{ours.search_p50_ms:.3f}"),
        *((f"over HTTP: {name}", f"{ms:.3f}") for name, ms in limits.http.items()),
    ]
    return markdown_table(("", "ms"), lines)


def shares_sentence(what: str, shares: Mapping[str, float]) -> str:
    """“Of 2.9 ms …, 1.1 are tantivy, …, the rest, 1.0 (34 %), ours.”, the largest first."""
    total = sum(shares.values())
    libraries = sorted(((ms, name) for name, ms in shares.items() if name != REST), reverse=True)
    told = ", ".join(f"{ms:.2f} are {name}" for ms, name in libraries if f"{ms:.2f}" != "0.00")
    rest = shares[REST]
    percent = 100 * rest / total if total else 0.0
    return f"Of {total:.2f} ms {what}, {told}, and the rest, {rest:.2f} ({percent:.0f} %), is ours."


def _shares(made: Comparison) -> str:
    article, search = made.limits.article, made.limits.search
    lines = [(name, f"{article[name]:.3f}", f"{search[name]:.3f}") for name in article]
    return markdown_table(("", "an article, ms", "a search, ms"), lines)


def drawing(made: Comparison) -> str:
    figures = made.figures
    return bars(
        (
            Panel(
                "articles a second (more is better)",
                {name: each.articles_per_second for name, each in figures.items()},
            ),
            Panel(
                "search p50, ms (less is better)",
                {name: each.search_p50_ms for name, each in figures.items()},
            ),
            Panel(
                "one article taken in, s (less is better)",
                {name: each.add_s for name, each in figures.items()},
            ),
        ),
        marked=OURS,
    )


def _mebibytes(size: float) -> str:
    return f"{size / 2**20:,.0f}"
