"""Every way to read a question over every sheet, scored by what it explains; the best one, if sure.

    readings × sheets → Linked → Reckoned → the heaviest, unless another of its weight differs

Knows no index.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from service.answer.compute.tabular.execute import execute
from service.answer.compute.tabular.link import Linked, link
from service.answer.compute.tabular.measured import Measured, Reckoned
from service.answer.compute.tabular.mention import Kind
from service.answer.compute.tabular.mentions import COUNTED
from service.answer.compute.tabular.order import apart
from service.answer.compute.tabular.rows import Chosen, choose_rows
from service.answer.compute.tabular.sheet import Sheet
from service.answer.compute.tabular.spans import times_in
from service.answer.compute.tabular.words import as_typed
from service.answer.understand.aggregate import Aggregate, Wanted

MOST_COST = 0.52
"""What may stay unexplained of a question whose answer is told: manner and single signs."""
_MOST_COST_ALONE = 0.35  # and of one whose value stands alone
_CLOSE = 0.6  # so much less may another program weigh and still be as good a reading
_CLOSE_OF_FORM = 2.5  # one over another table of the same form, such as another year's
_WORTH_OF_OPERATION = 0.7  # of each character that names an operation
_BEFORE = re.compile(r"上一?年度?|去年|前一年|头年")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Program:
    """One reading of the question over one sheet, with its result; None where it has none."""

    wanted: Wanted
    sheet: Sheet
    linked: Linked
    score: float
    result: Reckoned | None


def best_program(
    readings: Sequence[Wanted], sheets: Sequence[Sheet], chinese: bool
) -> Program | None:
    """The program that explains most; None where several that differ explain as much."""
    found = [each for wanted in readings for each in _programs(wanted, readings, sheets, chinese)]
    return _best(found)


def _best(found: Sequence[Program]) -> Program | None:
    told = [each for each in found if each.result is not None]
    if not told:  # the one sheet that is linked wholly, though nothing can be made of it
        whole = [each for each in found if each.linked.cost == 0]
        is_one = len({id(each.sheet) for each in whole}) == 1
        return max(whole, key=lambda each: each.score) if is_one else None
    best = max(told, key=lambda each: each.score)
    close = [each for each in told if each.score > best.score - _margin(each, best)]
    if any(each.result and best.result and each.result.at for each in close):
        if (first := _first_or_last(close)) is None:
            return None
        best, close = first, [first]
    if any(not _agree(each, best) for each in close):
        return None
    # Another sheet of this form that fits as well, but does not tell: another year's, say.
    rivals = [
        each
        for each in found
        if each.result is None and each.sheet is not best.sheet
        and each.score > best.score - _margin(each, best) and each.wanted is best.wanted
        and _is_of_form(each, best)
    ]  # fmt: skip
    if rivals and best.result is not None and not best.result.at:
        return None
    return best


def _margin(one: Program, best: Program) -> float:
    return _CLOSE_OF_FORM if _is_of_form(one, best) else _CLOSE


def _is_of_form(one: Program, other: Program) -> bool:
    names = [frozenset(field.name for field in each.sheet.fields) for each in (one, other)]
    is_list = one.sheet.is_list() or one.sheet.table.is_log
    return one.sheet is not other.sheet and names[0] == names[1] and not is_list


def _agree(one: Program, other: Program) -> bool:
    if one is other or one.result is None or other.result is None:
        return True
    if one.result.text == other.result.text:
        return True
    spans = [{(r.start, r.end) for r in each.records} for each in (one.result, other.result)]
    is_same = one.sheet is other.sheet or spans[0] == spans[1]
    return is_same and one.result.value == other.result.value is not None


def _first_or_last(close: Sequence[Program]) -> Program | None:
    """Of several sheets, such as those of two seasons, the one whose last is the last of all."""
    timed = [each for each in close if each.result is not None and each.result.at]
    kinds = {each.wanted.aggregate for each in timed}
    first = close[0]
    is_of_form = all(each.sheet is first.sheet or _is_of_form(each, first) for each in close)
    if len(timed) != len(close) or len(kinds) != 1 or not is_of_form:
        return None
    pick = max if kinds == {Aggregate.LATEST} else min
    best = pick(each.result.at for each in timed if each.result is not None)
    found = [each for each in timed if each.result is not None and each.result.at == best]
    return found[0] if len(found) == 1 else None


def _programs(
    wanted: Wanted, readings: Sequence[Wanted], sheets: Sequence[Sheet], chinese: bool
) -> Iterator[Program]:
    plain = readings[-1]
    named = _blanked(plain.rest, wanted.rest)
    operation = _blanked(plain.rest, readings[0].rest) if wanted is plain else []
    if wanted.aggregate is Aggregate.DIFFERENCE and (sides := _sides(wanted)) is not None:
        yield from _differences(wanted, sides, sheets, chinese)
        return
    every = [(sheet, link(wanted, sheet)) for sheet in sheets]
    names = [(m.start, m.end) for _, linked in every for m in linked.of(Kind.SCOPE)]
    for sheet, linked in every:
        if linked.cost > MOST_COST or linked.guesses(names):
            continue
        if operation and not linked.tells(operation):
            continue  # 最高 asks for the highest, but where it is a part of a heading
        chosen = choose_rows(linked, sheet)
        if chosen is None:  # it contradicts what is asked
            continue
        result = execute(wanted, linked, sheet, chosen, chinese)
        if result is not None and not _is_of_number(wanted, chosen):
            continue
        is_unsure = linked.cost > _MOST_COST_ALONE or linked.is_of_folder or linked.is_guessed
        if result is not None and is_unsure:
            result = replace(result, value=None)
        yield Program(
            wanted, sheet, linked, linked.score + _WORTH_OF_OPERATION * len(named), result
        )


def _blanked(before: str, behind: str) -> list[int]:
    """The places that an operation takes of the text."""
    pairs = enumerate(zip(before, behind, strict=True))
    return [n for n, (a, b) in pairs if not a.isspace() and b.isspace()]


def _is_of_number(wanted: Wanted, chosen: Chosen) -> bool:
    """Whether there are as many rows, or sides, as the question says: 外科系统三个科."""
    told = COUNTED.search(wanted.rest)
    if told is None or wanted.each:
        return True
    number = "二三四五六七八九".find(told["n"].replace("两", "二")) + 2
    headings = len({value for row in chosen.rows for value in row.cells})
    return number in (len(chosen.rows), len(chosen.sides)) or (
        len(chosen.rows) == 1 and headings >= number
    )


def _sides(wanted: Wanted) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """(name, text) of each of two times that are compared, without the other; None where there
    are not two."""
    text = as_typed(wanted.rest)
    days = [(start, end, days) for start, end, days in times_in(text) if days.has_year]
    relative = _BEFORE.search(text)
    if relative is not None and len(days) == 1:
        year = _YEAR.search(text)
        if year is None:
            return None
        bare = text[: relative.start()] + " " * len(relative.group()) + text[relative.end() :]
        before = str(int(year.group()) - 1)
        earlier = bare[: year.start()] + before + bare[year.end() :]
        return (f"{year.group()}年", bare), (f"{before}年", earlier)
    if len(days) != 2:
        return None
    (at, till, one), (behind, end, other) = days
    first = text[:behind] + " " * (end - behind) + text[end:]
    second = text[:at] + " " * (till - at) + text[till:]
    return (one.said, first), (other.said, second)


def _differences(
    wanted: Wanted, sides: Sequence[tuple[str, str]], sheets: Sequence[Sheet], chinese: bool
) -> Iterator[Program]:
    """The same cell or total of two times, be it of two sheets or documents."""
    found: list[Program] = []
    for _, text in sides:
        one = replace(wanted, aggregate=Aggregate.COUNT, rest=text, asked="", counts=True)
        programs = list(_programs(one, [one], sheets, chinese))
        figured = [p for p in programs if p.result is not None and p.result.figure is not None]
        best = _best([*figured, *(p for p in programs if p.result is None)])
        if best is None:
            return
        found.append(best)
    one_, other = (program.result for program in found)
    if one_ is None or other is None or one_.figure is None or other.figure is None:
        return
    column = one_.column
    if column is None or other.column is None or column.name != other.column.name:
        return
    if one_.records == other.records or one_.figure.unit != other.figure.unit:
        return
    records = (*one_.records, *other.records)
    rows = ((records[0], one_.figure), (records[-1], other.figure))
    both = Measured(column, rows, 0)
    values = (one_.figure.value, other.figure.value)
    result = apart(wanted, [name for name, _ in sides], values, both, records, chinese)
    if any(program.linked.is_guessed for program in found):
        result = replace(result, value=None)
    first = found[0]
    yield Program(wanted, first.sheet, first.linked, min(p.score for p in found) + 3.0, result)
