"""What is left of a page once its furniture is out: against labelled lines, ours and others.

Pages of made-up sites as HTML and as text without markup, and the founding documents where they are
at hand, labelled by their lines' numbers. All sites of a form are built into one index, a folder
each, so that what repeats across a site is seen as it would be; what is kept is a document's text
without its left-out stretches.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.reading.kept import Score, score
from eval.reading.labelled import PAGES, Line, Site, load_sites, write_sites
from eval.reading.tables import Column, Row, Table, Unit
from eval.standing.catalogue import Places
from indexer.records import Document

SEEDS = PAGES / "seeds.json"
FORMS = ("html", "txt")
_HALVES = (
    ("dev", "seen while the rules were made"),
    ("held", "held out, then mended once"),
    ("late", "written last, then mended once"),
)
_WAYS = ("Wenju", "trafilatura", "no cleaning")
_COLUMNS = (
    Column("pages", Unit.COUNT),
    *(Column(f"{way}: {what}") for way in _WAYS for what in ("token F1", "body recall")),
)
_TAG = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Judged:
    """The scores of one page, in the order of `_WAYS`."""

    site: str
    kind: str
    half: str
    form: str
    scores: tuple[Score, Score, Score]


def measure(places: Places) -> tuple[Table, ...]:
    """Raises: WenjuError."""
    sites = load_sites()
    judged = [page for form in FORMS for page in _judge(sites, form)]
    seeds = _judge_seeds(places.seeds)
    return (
        Table(
            "All pages",
            _COLUMNS,
            (
                *(
                    _row(
                        f"{label}, {form}", [p for p in judged if (p.half, p.form) == (half, form)]
                    )
                    for half, label in _HALVES
                    for form in FORMS
                ),
                *([_row("founding documents, txt", seeds)] if seeds else []),
            ),
            "A token is a letter, ideograph or digit. Tokens are aligned by line: a kept token is "
            "right where it lies in a line of the body. Titles, dates, sources, authors and "
            "captions that say what is seen count neither way. The sites held out were written "
            "before the rules and not looked at while they were made; what their figures showed "
            "at first stands in docs/log.md. trafilatura is given a text "
            "without markup as one paragraph a line.",
        ),
        Table(
            "By kind of site",
            _COLUMNS,
            tuple(
                _row(f"{kind}, {form}", [p for p in judged if (p.kind, p.form) == (kind, form)])
                for kind in sorted({page.kind for page in judged})
                for form in FORMS
            ),
            "Both halves together.",
        ),
    )


def _row(label: str, pages: Sequence[_Judged]) -> Row:
    totals = [sum((page.scores[at] for page in pages), Score()) for at in range(len(_WAYS))]
    figures = [figure for total in totals for figure in (total.f1, total.recall)]
    return Row(label, (len(pages), *figures))


def _judge(sites: Sequence[Site], form: str) -> list[_Judged]:
    by_name = {site.name: site for site in sites}
    judged = []
    with TemporaryDirectory() as folder:
        pages = Path(folder, "pages")
        sources = write_sites(pages, list(sites), form)
        for document in _read_all(pages, Path(folder, "index")):
            site = by_name[document.source.partition("/")[0]]
            page = sources[document.source]
            markup = (pages / document.source).read_bytes() if form == "html" else b""
            lines = site.labelled(page)
            shown = _markup(markup, site) if form == "html" else site.as_text(page).decode()
            scores = _scores(document, shown, form, lines)
            judged.append(_Judged(site.name, site.kind, site.half, form, scores))
    return judged


def _markup(data: bytes, site: Site) -> str:
    return data.decode("gb18030" if site.charset in ("gb2312", "gbk") else site.charset)


def _scores(
    document: Document, shown: str, form: str, lines: Sequence[Line]
) -> tuple[Score, Score, Score]:
    markup = shown if form == "html" else _paragraphs(shown)
    return (
        score(kept_text(document), lines),
        score(_by_trafilatura(markup), lines),
        score(_TAG.sub("\n", shown) if form == "html" else shown, lines),
    )


def _read_all(pages: Path, index: Path) -> Iterable[Document]:
    """Every document of a folder as an index of it holds them."""
    from indexer.embed.load import load_embedder
    from indexer.index.store import open_index
    from indexer.pipeline import build

    build([pages], index, load_embedder("builtin"))
    reader = open_index(index)
    try:
        found = reader.documents(500, None, reader.select()).documents
        return [reader.document(each.document.document_id).document for each in found]
    finally:
        reader.close()


def kept_text(document: Document) -> str:
    """The document's text without what is left out."""
    parts = []
    position = 0
    for out in sorted(document.left_out, key=lambda each: each.start):
        parts.append(document.text[position : out.start])
        position = max(position, out.end)
    return "\n".join((*parts, document.text[position:]))


def _by_trafilatura(markup: str) -> str:
    import trafilatura

    return trafilatura.extract(markup, favor_recall=True, include_comments=False) or ""


def _paragraphs(text: str) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
    return f"<html><body>{lines}</body></html>"


# -- the founding documents -----------------------------------------------------------------------


def _judge_seeds(folder: Path) -> list[_Judged]:
    """The labelled documents that are in the folder; a changed one is none of them."""
    labels = json.loads(SEEDS.read_text("utf-8"))
    found = {
        path.name: path.read_text("utf-8") for path in folder.glob("*.txt") if path.name in labels
    }
    same = {
        name: text
        for name, text in found.items()
        if sha256(text.encode()).hexdigest() == labels[name]["sha256"]
    }
    if not same:
        return []
    judged = []
    with TemporaryDirectory() as place:
        pages = Path(place, "pages")
        pages.mkdir()
        for name, text in same.items():
            (pages / name).write_text(text, "utf-8")
        for document in _read_all(pages, Path(place, "index")):
            text = same[document.source]
            lines = _labelled(text, labels[document.source]["lines"])
            judged.append(
                _Judged("seeds", "founding", "seeds", "txt", _scores(document, text, "txt", lines))
            )
    return judged


def _labelled(text: str, labels: dict[str, str]) -> list[Line]:
    """`labels` maps numbers and ranges of lines ("24", "15-24") to labels; others are body."""
    of_line: dict[int, str] = {}
    for numbers, label in labels.items():
        first, _, last = numbers.partition("-")
        of_line |= dict.fromkeys(range(int(first), int(last or first) + 1), label)
    return [
        Line(of_line.get(at, "B"), line)
        for at, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
