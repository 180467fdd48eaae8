"""A plain formula's value from the cells that it names. Knows the grammar of formulas, no files.

Numbers, cells, + - * / and brackets; SUM, AVERAGE, MIN, MAX and COUNT of cells and ranges, of other
sheets too. What goes beyond that, or rests on a text, a date, an error, a blank, a truth value or
on itself, has no value here: no number is better than a wrong one.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException, localcontext
from enum import Enum

_MOST_CELLS = 200_000  # that one formula may add up
_DEEPEST = 100  # formulas that rest on one another; brackets too
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_LONGEST = 2_000  # characters of a formula
_DIGITS = 15  # as many as a sheet reckons with

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)(?![A-Za-z\d.%])"
    r"|(?P<name>SUM|AVERAGE|MIN|MAX|COUNT)\s*\("
    r"|(?P<sheet>'(?:[^']|'')+'!|[^\W\d][\w.]*!)?(?P<cell>\$?[A-Za-z]{1,3}\$?\d{1,7})(?![\w.(!])"
    r"(?P<to>:\$?[A-Za-z]{1,3}\$?\d{1,7}(?![\w.(!]))?"
    r"|(?P<sign>[-+*/(),]))"
)
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})$")


class _NotComputed(Exception):
    """The formula is not plain, or what it rests on is no number."""


class Kind(Enum):
    """What a cell holds other than a number."""

    TEXT = "text"
    OTHER = "other"  # a date, an error, a truth value


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without a stored value: its text without an equals sign, and its cell's style."""

    text: str
    style: int = 0


Held = Decimal | Kind | Formula
Cells = Mapping[tuple[int, int], Held]  # by row and column; blank cells are not in it
Spot = tuple[str, int, int]  # sheet, row and column, counted from 1


@dataclass(slots=True)
class Computing:
    """Computes over the cells of all sheets. `cells_of`: a sheet by its name, none if unknown."""

    cells_of: Callable[[str], Cells]
    known: dict[Spot, Decimal | None] = field(default_factory=dict)
    open: set[Spot] = field(default_factory=set)

    def value(self, sheet: str, row: int, column: int) -> Decimal | None:
        """The number in a cell, computed where it holds a formula; None where it has none."""
        try:
            return self.number(sheet, row, column)
        except _NotComputed:
            return None

    def number(self, sheet: str, row: int, column: int) -> Decimal:
        held = self.cells_of(sheet).get((row, column))
        if isinstance(held, Decimal):
            return held
        if not isinstance(held, Formula):
            raise _NotComputed
        spot = (sheet, row, column)
        if spot not in self.known:
            self.known[spot] = self._computed(spot, held)
        found = self.known[spot]
        if found is None:
            raise _NotComputed
        return found

    def _computed(self, spot: Spot, formula: Formula) -> Decimal | None:
        if spot in self.open or len(self.open) >= _DEEPEST:
            return None
        self.open.add(spot)
        try:
            with localcontext(prec=40):
                found = _Reading(self, spot[0], _tokens(formula.text)).whole()
            with localcontext(prec=_DIGITS):
                return +found
        except (_NotComputed, DecimalException):
            return None
        finally:
            self.open.remove(spot)

    def numbers(self, sheet: str, corners: tuple[int, int, int, int]) -> Iterator[Decimal]:
        """The numbers of a range; blank cells are passed over, as a sheet does."""
        top, left, bottom, right = corners
        held = self.cells_of(sheet)
        if not held or (bottom - top + 1) * (right - left + 1) > _MOST_CELLS:
            raise _NotComputed
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) in held:
                    yield self.number(sheet, row, column)


def _tokens(text: str) -> list[re.Match[str]]:
    tokens, at = [], 0
    text = text.strip()
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None or len(text) > _LONGEST:
            raise _NotComputed
        tokens.append(token)
        at = token.end()
    return tokens


@dataclass(slots=True)
class _Reading:
    """One formula, read from left to right."""

    computing: Computing
    sheet: str
    tokens: Sequence[re.Match[str]]
    at: int = 0
    depth: int = 0

    def whole(self) -> Decimal:
        found = self._sum()
        if self.at < len(self.tokens):
            raise _NotComputed
        return found

    def _sign(self) -> str:
        return (self.tokens[self.at]["sign"] or "") if self.at < len(self.tokens) else ""

    def _take(self, sign: str) -> bool:
        taken = self._sign() == sign
        self.at += taken
        return taken

    def _sum(self) -> Decimal:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _NotComputed
        found = self._product()
        while self._sign() in ("+", "-"):
            found = found + self._product() if self._take("+") else found - self._next()
        self.depth -= 1
        return found

    def _next(self) -> Decimal:
        self.at += 1  # a minus
        return self._product()

    def _product(self) -> Decimal:
        found = self._factor()
        while self._sign() in ("*", "/"):
            if self._take("*"):
                found *= self._factor()
            else:
                self.at += 1
                found /= self._factor()  # by nothing is a DecimalException
        return found

    def _factor(self) -> Decimal:
        negative = False
        while self._sign() in ("+", "-"):
            negative ^= self._sign() == "-"
            self.at += 1
        found = self._one()
        return -found if negative else found

    def _one(self) -> Decimal:
        if self._take("("):
            found = self._sum()
            if not self._take(")"):
                raise _NotComputed
            return found
        if self.at == len(self.tokens):
            raise _NotComputed
        token = self.tokens[self.at]
        self.at += 1
        if token["number"]:
            return Decimal(token["number"])
        if token["name"]:
            return self._function(token["name"].upper())
        if token["cell"] and not token["to"]:
            return self.computing.number(self._sheet(token), *_spot(token["cell"]))
        raise _NotComputed

    def _function(self, name: str) -> Decimal:
        numbers: list[Decimal] = []
        while True:
            numbers += self._argument()
            if self._take(")"):
                break
            if not self._take(","):
                raise _NotComputed
        if name == "COUNT":
            return Decimal(len(numbers))
        if not numbers:
            raise _NotComputed
        if name == "AVERAGE":
            return sum(numbers, Decimal(0)) / len(numbers)
        if name == "SUM":
            return sum(numbers, Decimal(0))
        return min(numbers) if name == "MIN" else max(numbers)

    def _argument(self) -> list[Decimal]:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        if token is None or not token["to"]:
            return [self._sum()]
        self.at += 1
        top, left = _spot(token["cell"])
        bottom, right = _spot(token["to"][1:])
        corners = (min(top, bottom), min(left, right), max(top, bottom), max(left, right))
        return list(self.computing.numbers(self._sheet(token), corners))

    def _sheet(self, token: re.Match[str]) -> str:
        named = token["sheet"]
        if not named:
            return self.sheet
        return named[1:-2].replace("''", "'") if named[0] == "'" else named[:-1]


def _spot(reference: str) -> tuple[int, int]:
    """Row and column of a reference: (3, 2) of $B$3."""
    found = _CELL.match(reference.upper())
    if found is None:
        raise _NotComputed
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(found[2])
    if not (1 <= row <= _LAST_ROW and 1 <= column <= _LAST_COLUMN):
        raise _NotComputed
    return row, column
