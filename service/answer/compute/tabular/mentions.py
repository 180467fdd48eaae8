"""The places of a question's text that a sheet explains: headings, units, lines above, and all.

Each place is a `Mention`; several may overlap, and `link.py` chooses among them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.text.normalise import fold
from indexer.text.numbers import canonical_unit
from service.answer.compute.tabular.cells import cells_told, lines_told
from service.answer.compute.tabular.mention import Kind, Mention, cuts, mention_of
from service.answer.compute.tabular.sheet import Field, Sheet
from service.answer.compute.tabular.spans import times_told
from service.answer.compute.tabular.words import ALONE, GROUPED, LIGHT, alike, as_typed, cut
from service.answer.understand.cues import MONEY

_NEARER = 0.2  # more of each sign that the line right above tells, and not a title far above
_COST_OF_PLACE = 0.3  # of each run in the lines above: one long run says more than two short ones
_ALIKE = 0.8  # of what a word counts that stands for another one
_GUESSED = 0.3  # and one that shares a sign
_LONGEST_GUESSED = 3  # characters
_COMMON_SIGNS = frozenset("数量额号名人日期时间率总类型年月度用途中大小个位单价费的在和无不是有")
_LONGEST_NOUN = 4
_LONGEST_TITLE = 30  # characters of a line that names a table; more of them describe it
_PIECES = re.compile(r"[()（）\s/、:：]+")
_OF_MONEY = re.compile(r"[价费款额]$|工资|price|fee|fare|cost")
COUNTED = re.compile(r"(?<![第\d])(?P<n>[两二三四五六七八九])(?:[个家项样种笔所名位条批台](?!月))")
"""How many things the question says that there are: 三个科."""


def mentions_in(text: str, sheet: Sheet, nouns: Sequence[str] = ()) -> list[Mention]:
    """Every place of a folded text that the sheet explains. `nouns` are what is asked for."""
    edges = _edges(text)
    timed = list(times_told(text))
    told = lines_told if sheet.table.is_log else cells_told
    cells = [m for m in told(text, sheet) if not _is_of_scope(m, text, sheet)]
    apart = text
    for mention in timed:
        apart = _blank(apart, mention.start, mention.end)
    edges_too = edges | {n for m in timed for n in (m.start, m.end)}
    scope = [*_scope(apart, sheet, edges_too), *_nearby(apart, sheet, edges_too)]
    fields = [
        each
        for each in _fields(text, sheet)
        if each.is_whole or each.start in edges or each.end in edges
    ]
    asked = _asked(text, sheet, nouns)
    units = list(_units(text, sheet))
    return [
        *timed,
        *cells,
        *fields,
        *_guessed(text, sheet, units),
        *asked,
        *units,
        *scope,
        *_light(text, edges, cells),
    ]


def _is_of_scope(mention: Mention, text: str, sheet: Sheet) -> bool:
    """Whether the words of a cell tell what the whole table is of: a station's own name in its
    ledger. Not where the lines above name other cells of the column as well."""
    said = text[mention.start : mention.end]
    lines = [line for line in sheet.scope if said in line and _is_title(line)]
    if sheet.table.is_log or not lines:
        return False
    if not mention.is_whole:
        return True
    headings = {heading for heading, _ in mention.cells}
    others = {r.at(h) for h in headings for r in sheet.records} - {v for _, v in mention.cells}
    return not any(as_typed(fold(v)) in line for line in lines for v in others if len(v) > 1)


def _is_title(line: str) -> bool:
    return len(line) <= _LONGEST_TITLE and not re.search("[;:。“]", line)


def _asked(text: str, sheet: Sheet, nouns: Sequence[str]) -> Iterator[Mention]:
    """What is asked for, where it shares a sign with a heading: 哪条线 of 线路."""
    for noun in nouns:
        field, shared = sheet.field_of(noun)
        start = text.find(noun)
        if field is None or not shared or start < 0:
            continue
        for n, sign in enumerate(noun[:_LONGEST_NOUN] if not noun.isascii() else ""):
            if sign in field.name:
                fields = frozenset([field.heading])
                yield mention_of(Kind.FIELD, start + n, start + n + 1, fields=fields)


def _edges(text: str) -> frozenset[int]:
    """Where words begin and end."""
    found, at = {0}, 0
    for word, _ in cut(text):
        at += len(word)
        found.add(at)
    return frozenset(found)


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _fields(text: str, sheet: Sheet) -> Iterator[Mention]:
    """Headings told whole, in part, or in words for the same thing."""
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    other: dict[tuple[int, int], set[str]] = defaultdict(set)
    words = _words(text)
    for field in sheet.fields:
        if field.heading.startswith("#"):
            continue
        unit = field.column.shown_unit if field.column is not None else ""
        units = {"", *_PIECES.split(fold(unit))}
        for piece in {field.name, *_PIECES.split(field.said)} - units:
            for start, end in _common(text, piece):
                found[start, end].add(field.heading)
            for start, word in words:
                if any(synonym in piece for synonym in alike(word)):
                    other[start, start + len(word)].add(field.heading)
    names = {field.name for field in sheet.fields}
    for (start, end), headings in found.items():
        whole = text[start:end] in names
        kept = {h for h in headings if not whole or _is_named(sheet, h, text[start:end])}
        yield mention_of(Kind.FIELD, start, end, whole, fields=frozenset(kept or headings))
    for (start, end), headings in other.items():
        if (start, end) not in found:
            told = mention_of(Kind.FIELD, start, end, share=_ALIKE, fields=frozenset(headings))
            yield replace(told, is_literal=False)


def _guessed(text: str, sheet: Sheet, units: Sequence[Mention]) -> Iterator[Mention]:
    """Words that share a telling sign with one heading alone, which either begins with: 降雨量 of
    降水量, 作废 of 废票. What both have at their ends tells a column only if the unit does as well:
    病假 is no 事假, but 车票 in 元 is 全票（元）.
    """
    sole = {heading for unit in units if len(unit.fields) == 1 for heading in unit.fields}
    lines = " ".join((*(field.said for field in sheet.fields), *sheet.scope))
    told: dict[str, list[Field]] = defaultdict(list)
    for field in sheet.fields:
        for sign in set(re.findall("[㐀-鿿]", field.name)) - _COMMON_SIGNS:
            told[sign].append(field)
    for start, word in [*_words(text), *_verbs(text)]:
        shared = {sign: told[sign][0] for sign in word if len(told.get(sign, ())) == 1}
        own = frozenset(field.heading for field in shared.values())
        begins = any(word[0] == sign or f.name[0] == sign for sign, f in shared.items())
        is_word = len(word) <= _LONGEST_GUESSED and not LIGHT.fullmatch(word)
        is_word = is_word and not any(other in lines for other in alike(word))
        if len(own) != 1 or not is_word or not (begins or len(word) == 1 or own & sole):
            continue
        guess = mention_of(Kind.FIELD, start, start + len(word), share=_GUESSED, fields=own)
        yield replace(guess, is_literal=False, is_guess=True)


def _is_named(sheet: Sheet, heading: str, name: str) -> bool:
    return any(field.heading == heading and field.name == name for field in sheet.fields)


def _words(text: str) -> list[tuple[int, str]]:
    """(start, word) of each word, and of each phrase that has words for the same thing."""
    found, at = [], 0
    for word, _ in cut(text):
        if len(word) > 1 or word in GROUPED:
            found.append((at, word))
            if word.isascii() and word.endswith("s"):
                found.append((at, word[:-1]))
        at += len(word)
    for phrase in GROUPED:
        start = text.find(phrase) if len(phrase) > 1 else -1
        if start >= 0 and not cuts(text, start, start + len(phrase)):
            found.append((start, phrase))
    return list(dict.fromkeys(found))


def _verbs(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for word, tag in cut(text):
        if len(word) == 1 and tag.startswith("v"):
            yield at, word
        at += len(word)


def _common(text: str, piece: str) -> Iterator[tuple[int, int]]:
    """The longest runs that a heading shares with the text: whole words of Latin letters."""
    if piece.isascii():
        for word in re.findall(r"[a-z]+", piece):
            stem = word.removesuffix("s") if len(word) > 3 else word
            for match in re.finditer(rf"\b{stem}(?:s|es)?\b", text):
                yield match.span()
        return
    if len(piece) == 1:
        yield from ((n, n + 1) for n, sign in enumerate(text) if sign == piece)
        return
    at = 0
    while at < len(text) - 1:
        end = at
        while end < len(text) and text[at : end + 1] in piece and text[end] != " ":
            end += 1
        if end - at >= 2:
            yield at, end
            at = end
        else:
            at += 1
    if len(piece) == 2:  # 进了几个球 of 进球
        for match in re.finditer(
            rf"{re.escape(piece[0])}了?[ 个场头只多少]{{1,6}}{piece[1]}", text
        ):
            yield match.span()


def _units(text: str, sheet: Sheet) -> Iterator[Mention]:
    """A unit right behind 多少 or 几, which are blank by now."""
    for match in re.finditer(r"(?<= )(?P<unit>[㐀-鿿]{1,4})", text):
        for length in range(len(match["unit"]), 0, -1):
            unit = match["unit"][:length]
            headings = {f.heading for f in sheet.fields if f.column and tells_unit(f, unit)}
            if headings:
                start = match.start()
                yield mention_of(Kind.UNIT, start, start + length, fields=frozenset(headings))
                break


def tells_unit(field: Field, unit: str) -> bool:
    """Whether the figures of a column are told in a unit as it is asked for: 块钱, 万元 and 元."""
    column = field.column
    if column is None:
        return False
    bare = column.shown_unit.lstrip("百千万亿").split("/")[0]
    asked = unit.lstrip("百千万亿")
    if asked in MONEY or asked in ("元", "块", "块钱", "钱"):
        is_money = not column.unit and _OF_MONEY.search(field.name) is not None
        return bare.startswith("元") or column.unit.startswith("元") or is_money
    return bool(asked) and (
        asked in (bare, column.unit) or canonical_unit(asked) in (canonical_unit(bare), column.unit)
        or (asked == "方" and bare == "立方米")
        or (len(asked) == 2 and field.name.endswith(asked))
    )  # fmt: skip


def _scope(text: str, sheet: Sheet, edges: frozenset[int]) -> Iterator[Mention]:
    """Runs of whole words, of two characters and more, that a line above has as well."""
    for n, line in enumerate(sheet.scope):
        for at, end in _runs(text, line, edges):
            mention = mention_of(Kind.SCOPE, at, end)
            nearer = _NEARER * (end - at) if n == 0 else 0.0
            yield replace(mention, weight=mention.weight + nearer - _COST_OF_PLACE)


def _nearby(text: str, sheet: Sheet, edges: frozenset[int]) -> Iterator[Mention]:
    for line in sheet.nearby:
        for at, end in _runs(text, line, edges):
            yield mention_of(Kind.NEARBY, at, end)


def _runs(text: str, line: str, edges: frozenset[int]) -> Iterator[tuple[int, int]]:
    for at in sorted(edges):
        end = at
        while end < len(text) and text[end] != " " and text[at : end + 1] in line:
            end += 1
        while end > at and (end not in edges or cuts(text, at, end)):
            end -= 1
        if end - at >= 2 and re.search(r"\w", text[at:end]):
            yield at, end


def _light(text: str, edges: frozenset[int], cells: Sequence[Mention]) -> Iterator[Mention]:
    """Words without a meaning of their own; some signs only where they are words by themselves or
    stand behind a cell: 历史类."""
    behind = {mention.end for mention in cells}
    for match in LIGHT.finditer(text):
        start, end = match.span()
        is_alone = start in edges and end in edges
        if (
            match.group() not in ALONE
            or is_alone
            or start in behind
            or text[start - 1 : start] in ("", " ")
        ):
            yield mention_of(Kind.LIGHT, start, end)
    for match in COUNTED.finditer(text):
        yield mention_of(Kind.LIGHT, *match.span())
    for match in re.finditer(r"[\W_]", text):
        yield mention_of(Kind.LIGHT, *match.span())
