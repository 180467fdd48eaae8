"""One document of our own words in every format: what comes back of it, in which order.

Sentences are looked for without regard to spaces, which formats keep or don't; everything else is
compared exactly. Formats whose writer is not on this machine are left out and named.
"""

from __future__ import annotations

import re
import shutil
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from eval.reading.samples import markup, office, printed, scan
from eval.reading.samples.document import SIMPLIFIED, Sample, traditional
from eval.reading.tables import Column, Row, Table, Unit
from eval.standing.catalogue import Places
from indexer.errors import UnreadableFile, WenjuError
from indexer.files.ocr import is_installed
from indexer.files.readers import read
from indexer.files.readers.office97 import find_program
from indexer.records import Content

_SENTENCE = re.compile(r"[^。；]+[。；]?")
_SPACE = re.compile(r"\s")
_TOLD = re.compile(r"(\d+)\. (.*)")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_SCANS = (
    ("300 dpi, clean", 300, 0.0, False),
    ("150 dpi, clean", 150, 0.0, False),
    ("300 dpi, 1.5° askew", 300, 1.5, False),
    ("200 dpi, grey, grain and specks, JPEG 45", 200, 0.0, True),
    ("200 dpi, the same and 1° askew", 200, -1.0, True),
)


@dataclass(frozen=True, slots=True)
class Written:
    """A file to read. `has_text` and `has_table`: what of the document the format holds."""

    label: str
    name: str
    make: Callable[[Sample], bytes]
    has_text: bool = True
    has_table: bool = True


def written() -> tuple[Written, ...]:
    """The formats that can be written on this machine."""
    found = [
        Written(".txt", "a.txt", markup.txt, has_table=False),
        Written(".md", "a.md", markup.markdown),
        Written(".html", "a.html", markup.html),
        Written(".mhtml", "a.mhtml", markup.mhtml),
        Written(".epub", "a.epub", markup.epub),
        Written(".json, sections", "a.json", markup.json_array, has_table=False),
        Written(".jsonl, sections", "a.jsonl", markup.json_lines, has_table=False),
        Written(".json, rows", "b.json", markup.json_rows, has_text=False),
        Written(".csv", "a.csv", lambda each: markup.delimited(each, ","), has_text=False),
        Written(".tsv", "a.tsv", lambda each: markup.delimited(each, "\t"), has_text=False),
        Written(".docx", "a.docx", office.docx),
        Written(".pptx", "a.pptx", office.pptx),
        Written(".xlsx", "a.xlsx", office.xlsx, has_text=False),
        Written(".pdf, one column", "a.pdf", printed.pdf),
        Written(".pdf, two columns", "a.pdf", lambda each: printed.pdf(each, columns=2)),
    ]
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is not None:
        program = browser
        found.append(
            Written(".pdf, Chromium", "a.pdf", lambda each: printed.by_chromium(each, program))
        )
    return (*found, *_scanned(), *_old())


def _scanned() -> Iterator[Written]:
    try:
        scan.font_file()
    except RuntimeError:
        return
    if is_installed():
        yield Written(".pdf, scanned", "a.pdf", lambda each: scan.scanned_pdf(scan.pages(each)))
        yield Written(
            ".pdf, scanned in two columns",
            "a.pdf",
            lambda each: scan.scanned_pdf(scan.pages(each, columns=2)),
        )
        yield Written(".tif", "a.tif", lambda each: scan.tiff(scan.pages(each)))


def _old() -> Iterator[Written]:
    found = find_program()
    if found is None:
        return
    program = found
    for kind, modern, make, has_text in (
        ("doc", "docx", office.docx, True),
        ("xls", "xlsx", office.xlsx, False),
        ("ppt", "pptx", office.pptx, True),
    ):

        def converted(
            sample: Sample,
            kind: str = kind,
            modern: str = modern,
            make: Callable[[Sample], bytes] = make,
        ) -> bytes:
            return office.old(make(sample), modern, kind, program)

        yield Written(f".{kind}", f"a.{kind}", converted, has_text)


# -- what came back -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Came:
    """Shares from 0 to 1; None where the format does not hold such a thing."""

    sentences: float | None
    in_order: float | None
    numbers: float | None
    headings: float | None
    cells: float | None
    title: float | None
    date: float | None


def compare(content: Content, sample: Sample, written: Written) -> Came:
    kept = _kept(content)
    text = _SPACE.sub("", kept)
    if not written.has_text:
        return Came(None, None, None, None, _cells(kept, sample), None, None)
    wanted = [_SPACE.sub("", each) for each in sentences(sample)]
    places = [text.find(each) for each in wanted]
    found = [at for at in places if at >= 0]
    items = [item for section in sample.sections for item in section.items]
    names = [section.heading for section in sample.sections]
    seen = {content.text[each.start : each.end] for each in content.headings}
    is_records = written.label.startswith(".json")
    return Came(
        sentences=len(found) / len(wanted),
        in_order=_longest_rising(found) / max(1, len(found)),
        numbers=sum(_has_number(text, item) for item in items) / len(items),
        headings=sum(name in seen for name in names) / len(names),
        cells=_cells(kept, sample) if written.has_table else None,
        title=None if is_records else float(content.title == sample.title),
        date=None if is_records else float(content.date == sample.date),
    )


def sentences(sample: Sample) -> list[str]:
    """Of the paragraphs and of the items, these without their numbers."""
    found = []
    for section in sample.sections:
        for text in (*section.paragraphs, *map(markup.bare, section.items)):
            found += _SENTENCE.findall(text)
    return found


def _kept(content: Content) -> str:
    """The text without what is left out."""
    pieces, at = [], 0
    for out in sorted(content.left_out, key=lambda each: each.start):
        pieces.append(content.text[at : out.start])
        at = max(at, out.end)
    return "".join((*pieces, content.text[at:]))


def _has_number(text: str, item: str) -> bool:
    told = _TOLD.fullmatch(item)
    if told is None:
        return False
    start = _SPACE.sub("", told[2])[:12]
    return re.search(rf"(?<!\d){told[1]}[.、．)]?{re.escape(start)}", text) is not None


def _cells(text: str, sample: Sample) -> float:
    """The share of cells that stand in their row's line behind the heading of their column."""
    head, *rows = sample.table
    lines = text.split("\n")
    right = 0
    for row in rows:
        line = next((each for each in lines if row[0] in each and row[-1] in each), "")
        parts = {_SPACE.sub("", part) for part in line.split("|")}
        right += sum(f"{name}：{cell}" in parts for name, cell in zip(head, row, strict=True))
    return right / (len(rows) * len(head))


def _longest_rising(values: Sequence[int]) -> int:
    """How many of the values stay if none may be less than one before it."""
    ends: list[int] = []
    for value in values:
        at = bisect_left(ends, value)
        ends[at : at + 1] = [value]
    return len(ends)


# -- the tables -----------------------------------------------------------------------------------

_COLUMNS = (
    Column("sentences"),
    Column("in order"),
    Column("list numbers"),
    Column("headings"),
    Column("table cells"),
    Column("title"),
    Column("date"),
)


def measure(places: Places) -> tuple[Table, ...]:
    """`places` is not needed: the document is written here."""
    del places
    rows = [_row(each, SIMPLIFIED) for each in written()]
    rows.append(_zip_row())
    table = Table(
        "One document in every format",
        _COLUMNS,
        tuple(rows),
        "Sentences are found whole, spaces aside, and outside of what is left out; a cell counts "
        "behind the heading of its column, in the line of its row. A scan is drawn "
        "at 300 dpi. In .txt a table is lines with tabulators, which stay as they are.",
    )
    return (table, *_ocr_table())


def _row(each: Written, sample: Sample) -> Row:
    came = compare(read(each.name, each.make(sample)), sample, each)
    return Row(
        each.label,
        (
            came.sentences,
            came.in_order,
            came.numbers,
            came.headings,
            came.cells,
            came.title,
            came.date,
        ),
    )


def _zip_row() -> Row:
    """A member of an archive, as a build reads it."""
    import tempfile
    from pathlib import Path

    from indexer.files.reading import FileReader
    from indexer.files.walk import walk
    from indexer.records import Skipped

    inner = Written(".zip of .html", "目录/a.html", markup.html)
    with tempfile.TemporaryDirectory(prefix="wenju-zip-") as folder:
        path = Path(folder, "a.zip")
        path.write_bytes(markup.packed({inner.name: inner.make(SIMPLIFIED)}))
        with FileReader() as files:
            (member,) = walk([path])
            if isinstance(member, Skipped):
                raise UnreadableFile(member.detail, reason=member.reason, hint="see the reason")
            data = files.read(member).data
    return _row(Written(inner.label, inner.name, lambda _: data), SIMPLIFIED)


def _ocr_table() -> tuple[Table, ...]:
    if not list(_scanned()):
        return ()
    rows = []
    for label, dpi, degrees, is_dirty in _SCANS:
        right, seconds, pages, chars = [], 0.0, 0, 0
        for sample in (SIMPLIFIED, traditional()):
            images = scan.pages(sample, dpi)
            images = [scan.askew(image, degrees) for image in images] if degrees else images
            images = [scan.dirty(image) for image in images] if is_dirty else images
            data = scan.scanned_pdf(images, dpi)
            started = time.perf_counter()
            share, wanted = characters_right(data, sample)
            seconds += time.perf_counter() - started
            right.append(share)
            pages += len(images)
            chars += wanted
        rows.append(Row(label, (*right, chars, seconds / pages)))
    return (
        Table(
            "Characters of scanned pages",
            (
                Column("Simplified"),
                Column("Traditional"),
                Column("characters", Unit.COUNT),
                Column("a page", Unit.SECONDS),
            ),
            tuple(rows),
            "The share of the document's characters, table included, that come back in their "
            "order from a PDF of pictures; spaces do not count.",
        ),
    )


def characters_right(data: bytes, sample: Sample) -> tuple[float, int]:
    """The share of the characters that come back, and how many there are."""
    wanted = []
    for section in sample.sections:
        wanted += [section.heading, *section.paragraphs, *section.items]
        if section.table:
            head, *rows = section.table
            wanted += [
                " | ".join(f"{name}：{cell}" for name, cell in zip(head, row, strict=True))
                for row in rows
            ]
    whole = _SPACE.sub("", "".join((sample.title, sample.byline, *wanted)))
    try:
        text = _SPACE.sub("", read("a.pdf", data).text)
    except WenjuError:
        return 0.0, len(whole)
    matched = SequenceMatcher(None, whole, text, autojunk=False)
    return sum(block.size for block in matched.get_matching_blocks()) / len(whole), len(whole)
