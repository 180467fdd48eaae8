"""Documents of one form, such as the bulletins of twelve months, and what they tell together.

Knows no index: documents come from a `Library`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from indexer.errors import DocumentNotFound
from indexer.text.normalise import fold, letters
from service.answer.compute.prose.series import Item, form_of, items_of, said_of, tables_with_items
from service.answer.compute.tabular.programs import Program
from service.answer.compute.tabular.rows import merged_days, timed_by
from service.answer.compute.tabular.sheet import days_of
from service.answer.compute.times import Days
from service.answer.read.library import Library
from service.answer.read.tables import Table
from service.records import Hit

_MOST_BULLETINS = 60
_MOST_CHARACTERS = 60_000  # of one bulletin
_MOST_NAMED = 1000  # documents whose titles share a piece
_MONTHS = 12
# What no time or number is made of: all titles of a form share the longest such piece.
_PIECE = re.compile(r"[^\W\d_一二三四五六七八九十百零〇年月日号期第季度上中下半旬周次]+")


@dataclass(frozen=True, slots=True)
class Bulletin:
    hit: Hit
    text: str
    items: tuple[Item, ...]


def bulletins_of(hits: Sequence[Hit], library: Library) -> Iterator[list[Bulletin]]:
    """The documents of each form that at least two of the archive share and a hit is of."""
    forms = {form_of(hit.passage.title): hit for hit in reversed(hits)}
    for form, hit in forms.items():
        found: dict[str, list[Hit]] = {}
        for its in _of_form(form, hit, library):
            found.setdefault(its.organisation or "", []).append(its)
        for alike in found.values():
            if 1 < len(alike) <= _MOST_BULLETINS:
                read = [_bulletin(each, library) for each in alike]
                yield [each for each in read if each is not None]


def _of_form(form: str, like: Hit, library: Library) -> list[Hit]:
    """All documents of a form; none where too many are named alike to look through."""
    pieces = [each for each in _PIECE.findall(like.passage.title) if letters(fold(each)) in form]
    if not form or not pieces:
        return []
    named = list(islice(library.documents(max(pieces, key=len)), _MOST_NAMED + 1))
    if len(named) > _MOST_NAMED:
        return []
    return [
        replace(
            like, passage=replace(like.passage, document_id=document.document_id),
            source=document.source, url=document.url, date=document.date,
            organisation=document.organisation,
        )
        for document in (each.document for each in named if each.characters <= _MOST_CHARACTERS)
        if form_of(document.title) == form
    ]  # fmt: skip


def _bulletin(hit: Hit, library: Library) -> Bulletin | None:
    document_id = hit.passage.document_id
    try:
        text = library.text(document_id, 0, _MOST_CHARACTERS)
        passages = library.passages(document_id)
    except DocumentNotFound:  # deleted since it was listed
        return None
    if not passages:
        return None
    hit = replace(hit, passage=passages[0])
    items = items_of(text, passages, hit.passage.title, hit.date)
    return Bulletin(hit, text, tuple(item for item in items if item.days is not None))


def joined_tables(bulletins: Sequence[Bulletin]) -> Iterator[tuple[Table, list[Hit]]]:
    """Each table of rows from at least two bulletins, with the document of every row."""
    whose = {id(item): each.hit for each in bulletins for item in each.items}
    items = [item for each in bulletins for item in each.items]
    for table, rows in tables_with_items(items):
        hits = [whose[id(item)] for item in rows]
        if len({hit.passage.document_id for hit in hits}) > 1:
            yield table, hits


def bulletin_lines(bulletins: Sequence[Bulletin]) -> list[str]:
    """What stands above them all: their title without its time, who issued them, their folder."""
    first = bulletins[0].hit
    titles = [fold(each.hit.passage.title) for each in bulletins]
    shared = _common_start(titles) + " " + _common_start([t[::-1] for t in titles])[::-1]
    folders = {each.hit.source.rpartition("/")[0] for each in bulletins}
    return [
        shared,
        fold(first.organisation or ""),
        fold(folders.pop()) if len(folders) == 1 else "",
    ]


def _common_start(texts: Sequence[str]) -> str:
    least = min(texts, key=len)
    return next(
        (
            least[:n]
            for n in range(len(least), 0, -1)
            if all(t.startswith(least[:n]) for t in texts)
        ),
        "",
    )


def months_lacking(program: Program) -> list[str]:
    """The months of the asked time, or between the first and the last of the rows, that no row
    of the sheet tells of.
    """
    sheet = program.sheet
    fields = timed_by(program.linked, sheet)
    result = program.result
    told = [days_of(record, fields) for record in (result.records if result else ())]
    known = [days for days in told if days is not None and days.has_year]
    if not known:
        return []
    year = known[0].start[:4]
    asked = [d if d.has_year else d.of_year(year) for d in merged_days(program.linked.days)]
    spans = asked or [Days(min(d.start for d in known), max(d.end for d in known))]
    months = [month for span in spans for month in _months(span)]
    return [
        said_of(month) for month in dict.fromkeys(months) if not any(d.meets(month) for d in known)
    ]


def _months(days: Days) -> list[Days]:
    first, last = _number(days.start), _number(days.end)
    return [
        Days(f"{n // _MONTHS}-{n % _MONTHS + 1:02d}-01", f"{n // _MONTHS}-{n % _MONTHS + 1:02d}-31")
        for n in range(first, min(last, first + 5 * _MONTHS) + 1)
    ]


def _number(iso: str) -> int:
    return int(iso[:4]) * _MONTHS + int(iso[5:7]) - 1


def lacking_said(months: Sequence[str], chinese: bool) -> str:
    listed = "、".join(months)
    return f"（缺{listed}，未计入）" if chinese else f" (without {', '.join(months)})"
