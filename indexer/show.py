"""What the command line prints: a progress bar, tables, one document. Knows no index internals."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from indexer.index.manifest import VectorsStamp
from indexer.index.store import IndexReader
from indexer.left_out import describe_coverage, describe_left_out
from indexer.pipeline import Progress as ProgressFunction
from indexer.records import Coverage, Document, Skipped, coverage_of
from indexer.report import BuildReport

if TYPE_CHECKING:
    from indexer.files.readers.html import Dropped

_SHOWN_FILES = 20
_REFRESH_S = 0.1
_SHOWN_FIELDS = (
    *("source", "document_id", "title", "date", "organisation", "author", "url", "format"),
    "encoding",
)


@contextmanager
def progress_bar(title: str) -> Iterator[ProgressFunction]:
    """A bar on stderr; nothing where stderr is no terminal."""
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        auto_refresh=False,  # by a thread, with which no process may be forked
    ) as bar:
        task = bar.add_task(title, total=None, rate="")
        started = shown = time.monotonic()

        def show(done: int, total: int, source: str) -> None:
            nonlocal shown
            del source
            now = time.monotonic()
            if now - shown > _REFRESH_S or done == total:
                rate = f"{done / (now - started):.0f}/s"
                bar.update(task, completed=done, total=total, rate=rate, refresh=True)
                shown = now

        yield show


def build_report(report: BuildReport) -> None:
    console = Console()
    table = Table(show_header=False, box=None, pad_edge=False)
    rows: list[tuple[str, str]] = [
        ("generation", report.generation),
        ("documents", f"{report.documents:,}"),
        ("passages", f"{report.passages:,}"),
        ("characters", f"{report.characters:,}"),
        (
            "files",
            f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, "
            f"{report.removed} removed, {len(report.skipped)} skipped",
        ),
        (
            "seconds",
            ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in report.seconds.items())
            + f"; {report.elapsed_s:.1f} have gone by",
        ),
    ]
    if report.taken_up:
        files = report.added + report.changed + report.unchanged + len(report.skipped)
        done = f"{report.taken_up:,} of {files:,} documents were done"
        rows.insert(1, ("taken up again", done))
    for name, value in rows:
        table.add_row(name, value)
    console.print(table)
    _skipped_table(console, report.unreadable, "could not be read")
    _little_read_table(console, report.little_read)
    by_rule = [each for each in report.skipped if each not in set(report.unreadable)]
    for reason, count in sorted(Counter(each.reason for each in by_rule).items()):
        console.print(f"left out: {count} {reason.replace('_', ' ')}")
    for note in report.notes:
        console.print(escape(f"note: {note}"), highlight=False)


def _little_read_table(console: Console, pages: Mapping[str, Coverage]) -> None:
    if not pages:
        return
    title = f"{len(pages)} pages of which little was read: look at them with inspect"
    table = Table(title=title, title_justify="left")
    table.add_column("file", overflow="fold")
    table.add_column("in passages", overflow="fold")
    for source, coverage in list(pages.items())[:_SHOWN_FILES]:
        table.add_row(escape(source), describe_coverage(coverage))
    console.print(table)
    if len(pages) > _SHOWN_FILES:
        console.print(f"and {len(pages) - _SHOWN_FILES} more: see inspect")


def _skipped_table(console: Console, skipped: tuple[Skipped, ...], title: str) -> None:
    if not skipped:
        return
    table = Table(title=f"{len(skipped)} files {title}", title_justify="left")
    table.add_column("file", overflow="fold")
    table.add_column("reason")
    table.add_column("detail", overflow="fold")
    for each in skipped[:_SHOWN_FILES]:
        table.add_row(escape(each.source), each.reason, escape(each.detail))
    console.print(table)
    if len(skipped) > _SHOWN_FILES:
        console.print(f"and {len(skipped) - _SHOWN_FILES} more: see inspect")


def index_summary(reader: IndexReader) -> None:
    """What the index was made of and with, every document, and every skipped file."""
    manifest = reader.manifest
    console = Console(soft_wrap=True)
    rows = [
        ("generation", f"{manifest.generation} of {manifest.created_at}"),
        ("documents", f"{manifest.counts.documents:,}"),
        ("passages", f"{manifest.counts.passages:,}, {reader.passage_count:,} may answer"),
        ("characters", f"{manifest.counts.characters:,}"),
        (
            "embedder",
            f"{manifest.embedder.name} ({manifest.embedder.fingerprint}, "
            f"{manifest.embedder.dim} dimensions)",
        ),
        ("normalisation", f"version {manifest.normalisation}"),
        ("terms", f"version {manifest.terms.version}, {manifest.terms.mix}"),
        (
            "chunking",
            f"version {manifest.chunking.version}, up to {manifest.chunking.max_chars} characters, "
            f"{manifest.chunking.overlap_chars} of them again",
        ),
        *(("vectors", _searched(stamp)) for stamp in manifest.searched),
        *(("indexed", root.path) for root in manifest.roots),
    ]
    for name, value in rows:
        console.print(f"{name:<14}{escape(value)}", highlight=False)
    cursor: str | None = None
    while True:
        page = reader.documents(500, cursor, reader.select())
        for stored in page.documents:
            document = stored.document
            console.print(
                escape(
                    f"{document.document_id}  {document.date or '-':<10}  {stored.passages:>4}  "
                    f"{document.source}  {document.title}"
                ),
                highlight=False,
            )
            if stored.coverage and stored.coverage.is_low:
                told = f"  little of it was read: {describe_coverage(stored.coverage)}"
                console.print(told, highlight=False)
        cursor = page.next_cursor
        if cursor is None:
            break
    for each in reader.skipped():
        console.print(
            escape(f"skipped  {each.source}: {each.reason}: {each.detail}"), highlight=False
        )


def _searched(stamp: VectorsStamp) -> str:
    kind = stamp.kind
    if stamp.probes:
        kind += f" with {stamp.probes} probes, recall@10 {stamp.recall_at_10:.3f} of exact search"
    return f"{kind}, {stamp.bytes_a_passage:,.0f} bytes a passage in memory"


def document_details(reader: IndexReader, document_id: str) -> None:
    """One document: metadata, headings, passages, and what is in no passage and why."""
    stored = reader.document(document_id)
    document = stored.document
    console = Console(soft_wrap=True, highlight=False)
    for name in _SHOWN_FIELDS:
        console.print(f"{name:<13}{escape(str(getattr(document, name) or '-'))}")
    if document.given:
        console.print("given        some of this beside the file, in a sidecar or a manifest")
    for at, other in enumerate(reader.family(document_id).values()):
        if other.document.document_id != document_id:
            relation = "reprint of" if at == 0 else "reprint"
            console.print(f"{relation:<13}{escape(other.document.source)}")
    console.print(f"size         {document.size} bytes, {stored.characters} characters")
    console.print(f"indexed_at   {stored.indexed_at}")
    console.print(f"digest       {document.digest}")
    coverage = coverage_of(document)
    if coverage:
        told = "little read" if coverage.is_low else "in passages"
        console.print(f"{told:<13}{describe_coverage(coverage)}")
    for heading in document.headings:
        words = document.text[heading.start : heading.end]
        console.print(
            f"heading {heading.level}  [{heading.start}:{heading.end}]  ".replace("[", r"\[")
            + escape(words)
        )
    for passage in reader.document_passages(document_id):
        console.print(
            escape(f"passage {passage.passage_id}  ({passage.start}:{passage.end})")
            + ("  " + escape(" > ".join(passage.headings)) if passage.headings else "")
        )
        console.print(escape(passage.text))
    dropped = _dropped(reader, document)
    for line in describe_left_out(document, dropped.lines, dropped.script_chars):
        console.print(escape(line))


def _dropped(reader: IndexReader, document: Document) -> "Dropped":
    """What the index does not even store of a page, but for what its text says elsewhere."""
    from indexer.files.readers import html

    if document.format != "html":
        return html.Dropped()
    dropped = html.find_dropped(reader.original(document.document_id).data)
    lines = tuple(line for line in dropped.lines if line not in document.text)
    return replace(dropped, lines=lines)
