"""How fast each reader is beside the bare library under it, and all of reading beside indexing.

Ours and the library take turns on the same bytes, so that what else the machine does meets both.
"""

from __future__ import annotations

import csv
import io
import json
import lzma
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from pathlib import Path
from statistics import median
from typing import Any

from eval.reading.samples import markup, office, printed
from eval.reading.samples.document import SIMPLIFIED, Sample
from eval.reading.tables import Column, Row, Table, Unit
from eval.standing.catalogue import ARTICLES, NEWS, Places
from indexer.files.decode import decode
from indexer.files.readers import read
from indexer.text.normalise import fold, normalise

TURNS = 5
_LONG = 40  # times the sections of the document in one file: a report of 45,000 characters
_MB = 1e6


@dataclass(frozen=True, slots=True)
class Race:
    """What is read, by us and by the bare library. `chars` is what comes of it with us."""

    label: str
    library: str
    data: bytes
    ours: Callable[[], int]
    bare: Callable[[], object]


def long_sample() -> Sample:
    """The document as long as a report: its sections over and over, each under its own number."""
    sections = tuple(
        replace(section, heading=f"{section.heading}（第{turn}部分）")
        for turn in range(1, _LONG + 1)
        for section in SIMPLIFIED.sections
    )
    return replace(SIMPLIFIED, sections=sections)


# -- the bare libraries ---------------------------------------------------------------------------


def _lxml(data: bytes) -> str:
    from lxml import html

    return str(html.document_fromstring(data).text_content())


def _trafilatura(data: bytes) -> object:
    import trafilatura

    return trafilatura.extract(data.decode())


def _pdfium(data: bytes) -> int:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return sum(len(page.get_textpage().get_text_bounded()) for page in document)
    finally:
        document.close()


def _python_docx(data: bytes) -> int:
    import docx

    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return len(cells) + sum(len(paragraph.text) for paragraph in document.paragraphs)


def _python_pptx(data: bytes) -> int:
    import pptx

    found = 0
    for slide in pptx.Presentation(io.BytesIO(data)).slides:
        found += sum(len(shape.text_frame.text) for shape in slide.shapes if shape.has_text_frame)
    return found


def _openpyxl(data: bytes) -> int:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    rows = sum(len(row) for sheet in book for row in sheet.iter_rows(values_only=True))
    book.close()
    return rows


def _parts(data: bytes) -> int:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as book:
        pages = [name for name in book.namelist() if name.endswith("xhtml")]
        return sum(len(_lxml(book.read(name))) for name in pages)


def _mail(data: bytes) -> int:
    from email import message_from_bytes

    message = message_from_bytes(data)
    bodies = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    return sum(len(_lxml(body)) for body in bodies if isinstance(body, bytes))


@cache
def _opencc() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


# -- the races ------------------------------------------------------------------------------------


def races(sample: Sample) -> Iterator[Race]:
    """Each reader and each normalisation, on one long document."""
    rows = [list(row) for row in sample.table] * (20 * _LONG)
    table = replace(sample, sections=(replace(sample.sections[2], table=tuple(map(tuple, rows))),))

    def reading(label: str, library: str, data: bytes, bare: Callable[[bytes], object]) -> Race:
        name = f"a{label.split()[0]}"
        return Race(label, library, data, lambda: len(read(name, data).text), lambda: bare(data))

    text = markup.txt(sample)
    page = markup.html(sample)
    yield reading(".txt", "bytes.decode", text, bytes.decode)
    yield reading(".md", "bytes.decode", markup.markdown(sample), bytes.decode)
    yield reading(".html", "trafilatura", page, _trafilatura)
    yield reading(".html beside lxml", "lxml", page, _lxml)
    yield reading(".mhtml", "email, lxml", markup.mhtml(sample), _mail)
    yield reading(".epub", "zipfile, lxml", markup.epub(sample), _parts)
    yield reading(".pdf", "pypdfium2", printed.pdf(sample), _pdfium)
    yield reading(".docx", "python-docx", office.docx(sample), _python_docx)
    yield reading(".pptx", "python-pptx", office.pptx(sample), _python_pptx)
    yield reading(".xlsx", "openpyxl, read-only", office.xlsx(table), _openpyxl)
    yield reading(
        ".csv", "csv", markup.delimited(table, ","),
        lambda data: len(list(csv.reader(io.StringIO(data.decode())))),
    )  # fmt: skip
    yield reading(".json", "json", markup.json_rows(table), json.loads)
    lines = markup.json_lines(sample)
    yield reading(
        ".jsonl", "json", lines, lambda data: [json.loads(line) for line in data.splitlines()]
    )
    words = text.decode()
    gbk = words.encode("gb18030")
    yield Race(
        "decode, UTF-8", "bytes.decode", text, lambda: len(decode(text).text), lambda: text.decode()
    )
    yield Race(
        "decode, GB18030", "bytes.decode", gbk, lambda: len(decode(gbk).text),
        lambda: gbk.decode("gb18030"),
    )  # fmt: skip
    yield Race("fold", "OpenCC", text, lambda: len(fold(words)), lambda: _opencc().convert(words))
    yield Race(
        "normalise with offsets", "OpenCC", text, lambda: len(normalise(words).text),
        lambda: _opencc().convert(words),
    )  # fmt: skip


def run(race: Race, turns: int = TURNS) -> Row:
    """The medians over the turns, in each of which ours and the library go once."""
    chars = race.ours()
    race.bare()  # both have loaded what they need
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(turns):
        ours.append(_timed(race.ours))
        bare.append(_timed(race.bare))
    size, own, other = len(race.data) / _MB, median(ours), median(bare)
    return Row(
        race.label,
        (race.library, 1000 * size, size / own, chars / own / 1000, size / other, own / other),
    )


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return max(time.perf_counter() - started, 1e-9)


# -- the whole of reading -------------------------------------------------------------------------


def articles(path: Path, count: int) -> Iterator[str]:
    """The articles' texts."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for _, line in zip(range(count), lines, strict=False):
            yield json.loads(line)["text"]


def write_articles(texts: Iterator[str], folder: Path, ending: str) -> None:
    """Each as a file of its own; a page gets what pages have around their text."""
    for number, text in enumerate(texts):
        place = folder / f"{number // 1000:03d}"
        place.mkdir(parents=True, exist_ok=True)
        path = place / f"{number:06d}{ending}"
        path.write_text(text if ending == ".txt" else _page(text), encoding="utf-8")


def _page(text: str) -> str:
    first, *others = [line for line in text.split("\n") if line.strip()] or ["无题"]
    body = "".join(f"<p>{escape(line)}</p>" for line in (first, *others))
    title = escape(first[:30])
    menu = "".join(
        f'<a href="/{name}">{name}</a> ' for name in ("首页", "新闻", "专题", "联系我们")
    )
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}_某新闻网</title></head>'
        f'<body><div class="nav">{menu}</div><h1>{title}</h1><div class="article">{body}</div>'
        f'<div class="footer">版权所有 某新闻网 {menu}</div></body></html>'
    )


_READING = ("walk", "read", "sites", "chunk")


def whole(news: Path, ending: str, count: int) -> Row:
    """One build over the articles, and which share of it went into reading."""
    from indexer.embed.load import load_embedder
    from indexer.pipeline import build

    with tempfile.TemporaryDirectory(prefix="wenju-speed-") as kept:
        folder = Path(kept, "articles")
        write_articles(articles(news, count), folder, ending)
        size = sum(path.stat().st_size for path in folder.rglob(f"*{ending}")) / _MB
        embedder = load_embedder("builtin")
        embedder.embed_passages(["一"])
        read("a.html", b"<p>what is loaded once")
        started = time.perf_counter()
        report = build([folder], Path(kept, "index"), embedder)
        total = time.perf_counter() - started
    stages = {name: report.seconds.get(name, 0.0) for name in _READING}
    reading = sum(stages.values())
    values = (size, report.passages, stages["read"], stages["chunk"], reading, total)
    return Row(f"{count:,} articles as {ending}", (*values, reading / total, size / reading))


def measure(places: Places, count: int = ARTICLES) -> tuple[Table, ...]:
    sample = long_sample()
    readers = Table(
        "Readers and normalisation beside the bare library",
        (
            Column("library", Unit.TEXT),
            Column("file, KB", Unit.COUNT),
            Column("ours", Unit.MB_PER_S),
            Column("ours, 1000 characters/s", Unit.COUNT),
            Column("library alone", Unit.MB_PER_S),
            Column("our time to its", Unit.TIMES),
        ),
        tuple(run(race) for race in races(sample)),
        "The file is our document forty times over, or its table eight hundred times. Ours finds "
        "encoding, headings, furniture, tables, date and author as well. Medians of five turns.",
    )
    news = places.data / NEWS
    rows = tuple(whole(news, ending, count) for ending in (".txt", ".html"))
    reading = Table(
        "The whole of reading beside the whole of indexing",
        (
            Column("MB", Unit.COUNT),
            Column("passages", Unit.COUNT),
            Column("reading files", Unit.SECONDS),
            Column("cutting passages", Unit.SECONDS),
            Column("all of reading", Unit.SECONDS),
            Column("indexing, reading included", Unit.SECONDS),
            Column("share of reading"),
            Column("speed of reading", Unit.MB_PER_S),
        ),
        rows,
        "Reading is from the folder to passages: files found, text, structure, what repeats across "
        "a site, passages. Indexing adds vectors, terms and what is kept.",
    )
    return readers, reading
