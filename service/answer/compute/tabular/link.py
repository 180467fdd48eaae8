"""Which mentions explain a question best, and what stays unexplained. Knows no operation.

text → mentions (several may overlap) → the heaviest that do not → Linked, with what is left over
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.text.segment import tagged
from service.answer.compute.tabular.mention import Kind, Mention
from service.answer.compute.tabular.mentions import mentions_in
from service.answer.compute.tabular.sheet import Sheet
from service.answer.compute.tabular.words import (
    ALONE,
    CHOOSING_VERBS,
    LIGHT,
    LIGHT_VERBS,
    MEASURES,
    alike,
    as_typed,
    cut,
)
from service.answer.compute.times import Days
from service.answer.understand.aggregate import Wanted

# What a word that nothing explains costs. One that may choose rows, such as a name, a code, a noun
# or a verb of two characters, forbids the sheet.
FORBIDS = 100.0
_COST_OF_SIGN = 0.15
_COST_OF_MANNER = 0.3
_COST_OF_VERB = 0.36  # too much for a value to stand alone
_WEIGHT_OF_COST = 3.0
_DENIES = re.compile(r"[未没不非除无最第]")
_NOT = re.compile(r"还没有?|尚未|没有?|还未")
_MANNER = ("a", "d", "u", "y", "e", "o", "r", "p", "c", "m", "q")
_NAME = "nz"
_LONGEST_SHORT = 6


@dataclass(frozen=True, slots=True)
class Linked:
    """The chosen mentions in order, and what they leave: `cost`, 0 where all is explained.

    `weight` is what the mentions explain, `lacks` the fields whose cell is asked to be empty,
    `left` the words that nothing explains.
    """

    mentions: tuple[Mention, ...]
    weight: float
    cost: float
    left: tuple[str, ...]
    lacks: frozenset[str]

    def of(self, kind: Kind) -> list[Mention]:
        return [mention for mention in self.mentions if mention.kind is kind]

    def tells(self, places: Sequence[int]) -> bool:
        """Whether a heading, a cell or a line above tells what stands at these places."""
        telling = [m for m in self.mentions if m.kind is not Kind.LIGHT and m.is_literal]
        return all(any(m.start <= n < m.end for m in telling) for n in places)

    def guesses(self, names: Sequence[tuple[int, int]]) -> bool:
        """Whether parts of cells explain what, elsewhere, is a longer name of a whole table."""
        parts = [m for m in self.of(Kind.CELL) if not m.is_whole]
        return any(
            start <= m.start and m.end <= end and end - start > m.end - m.start
            for m in parts
            for start, end in names
        )

    @property
    def is_guessed(self) -> bool:
        """Whether a word is taken for a column because it shares a sign with its heading, or a
        cell may be one of several columns: from where a train goes or where it goes to."""
        named = {h for m in self.of(Kind.FIELD) for h in m.fields}
        several = [{h for h, _ in m.cells} for m in self.of(Kind.CELL)]
        return any(m.is_guess for m in self.mentions) or any(
            len(headings) > 1 and len(headings & named) != 1 for headings in several
        )

    @property
    def is_of_folder(self) -> bool:
        """Whether another document of the folder must tell whose table it is."""
        return bool(self.of(Kind.NEARBY))

    @property
    def days(self) -> list[Days]:
        return [m.days for m in self.mentions if m.days is not None]

    @property
    def score(self) -> float:
        return self.weight - _WEIGHT_OF_COST * self.cost


def link(wanted: Wanted, sheet: Sheet) -> Linked:
    """The best explanation of a question's words by a sheet. Never fails: see `cost`."""
    text = _denied_alike(as_typed(wanted.rest))
    nouns = [as_typed(wanted.asked), re.sub(rf"^[{ALONE}]", "", as_typed(wanted.behind))[:4]]
    chosen = _heaviest(text, mentions_in(text, sheet, [noun for noun in nouns if noun]))
    lacks, covered = _lacks(text, chosen)
    for mention in chosen:
        covered.update(range(mention.start, mention.end))
    left = _left(text, covered, chosen)
    costs = [
        (word, 0.0 if _is_short_for(_name_to(text, end, word, chosen), sheet)
         else _cost(word, tag, sheet, chosen))
        for word, tag, end in left
    ]  # fmt: skip
    asked = as_typed(wanted.asked)
    if (
        asked
        and not asked.startswith("#")
        and asked != "谁"
        and asked not in MEASURES
        and not _is_had(asked, sheet)
    ):
        costs.append((asked, FORBIDS))
    return Linked(
        tuple(chosen),
        sum(m.weight for m in chosen),
        sum(cost for _, cost in costs),
        tuple(word for word, cost in costs if cost >= FORBIDS),
        lacks,
    )


def _denied_alike(text: str) -> str:
    """还没验收 as 未验收, as long as it was."""
    return _NOT.sub(lambda match: "未".rjust(len(match.group())), text)


def _heaviest(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions of the greatest weight together that do not overlap."""
    ending: dict[int, list[Mention]] = {}
    for mention in mentions:
        ending.setdefault(mention.end, []).append(mention)
    best: list[tuple[float, Mention | None]] = [(0.0, None)]
    for at in range(1, len(text) + 1):
        found: tuple[float, Mention | None] = (best[at - 1][0], None)
        for mention in ending.get(at, ()):
            weight = best[mention.start][0] + mention.weight
            if weight > found[0]:
                found = (weight, mention)
        best.append(found)
    chosen, at = [], len(text)
    while at > 0:
        last = best[at][1]
        if last is None:
            at -= 1
            continue
        chosen.append(last)
        at = last.start
    return chosen[::-1]


def _lacks(text: str, chosen: Sequence[Mention]) -> tuple[frozenset[str], set[int]]:
    """The columns that are to be empty: 未养羊; and the places of the words that say so."""
    found: set[str] = set()
    covered: set[int] = set()
    for mention in chosen:
        if mention.kind is not Kind.FIELD:
            continue
        told = re.search(r"[未无][㐀-鿿]?\s*$", text[: mention.start])
        strong = [m for m in chosen if m.kind is not Kind.LIGHT]
        if told is not None and not any(m.start <= told.start() < m.end for m in strong):
            found |= mention.fields
            covered.update(range(told.start(), mention.start))
    return frozenset(found), covered


def _left(text: str, covered: set[int], chosen: Sequence[Mention]) -> list[tuple[str, str, int]]:
    """The words that are not covered, or what is left of them, with their tags and where they end.

    What goes on behind a heading of one sign makes it another word: 牛奶 is not told by 牛.
    """
    strong = {
        n
        for m in chosen
        if m.kind not in (Kind.LIGHT, Kind.SCOPE, Kind.NEARBY)
        for n in range(m.start, m.end)
    }
    cells = {m.start for m in chosen if m.kind is Kind.CELL}
    single = {m.start for m in chosen if m.kind is Kind.FIELD and m.end - m.start == 1}
    found, at = [], 0
    for word, tag in cut(text):
        places = range(at, at + len(word))
        at += len(word)
        rest = [n for n in places if n not in covered and not text[n].isspace()]
        if not rest:
            continue
        is_other = any(n in single and n + 1 in rest for n in places)
        # 北门分馆 is not told by the end of 西门分馆.
        before = [n for n in rest if n + 1 in cells and text[n] not in ALONE]
        is_other = is_other or any(n + 1 in places for n in before)
        if is_other or _qualifies(word, tag, at, chosen):
            found.append((word, _NAME, at))
        elif any(n in strong for n in places):
            found.append(("".join(text[n] for n in rest), tag, at))
        else:
            found.append((word, tag, at))
    return found


def _name_to(text: str, end: int, word: str, chosen: Sequence[Mention]) -> str:
    """A word with what the lines above tell right before it: 苍岭|站 of 苍岭气象站."""
    start = end - len(word)
    before = [m for m in chosen if m.kind is Kind.SCOPE and m.end == start]
    return text[before[0].start : end] if before else word


def _is_had(asked: str, sheet: Sheet) -> bool:
    """Whether a sheet has what is asked for: as a heading, or as what its rows are."""
    if sheet.field_of(asked)[0] is not None:
        return True
    if len(asked) == 1:
        return False
    told = " ".join((*(field.said for field in sheet.fields), *sheet.scope))
    words = [re.sub(rf"^[{ALONE}]+", "", word) or word for word, _ in tagged(asked)]
    return any(word in told or any(o in told for o in alike(word)) for word in words) or all(
        LIGHT.fullmatch(word) and word != asked for word in words
    )


def _qualifies(word: str, tag: str, end: int, chosen: Sequence[Mention]) -> bool:
    """Whether a sign makes what follows another thing: 高中部 is not told by 中部."""
    kinds = (Kind.SCOPE, Kind.FIELD, Kind.CELL)
    follows = any(m.start == end and m.kind in kinds and not m.is_whole for m in chosen)
    return len(word) == 1 and follows and not tag.startswith(("v", "d", "p", "u", "r", "c"))


def _cost(word: str, tag: str, sheet: Sheet, chosen: Sequence[Mention]) -> float:
    if LIGHT.fullmatch(word):
        return 0.0
    headings = " ".join(field.said for field in sheet.fields)
    told = " ".join((headings, *sheet.scope))
    if any(other in told for other in alike(word)):
        return 0.0
    if _DENIES.search(word) or re.search(r"[\da-z一二三四五六七八九十百千]", word):
        return FORBIDS
    if len(word) == 1:
        named = "".join(f.said for f in sheet.fields if any(f.heading in m.fields for m in chosen))
        if tag.startswith("v") and word not in LIGHT_VERBS and word not in named:
            return FORBIDS if word in CHOOSING_VERBS else _COST_OF_VERB  # 死了几头 chooses
        if tag.startswith(("a", "b", "n")) and word not in told:  # 女, 新
            return FORBIDS
        return _COST_OF_SIGN
    return _COST_OF_MANNER if tag.startswith(_MANNER) else FORBIDS


def _is_short_for(word: str, sheet: Sheet) -> bool:
    """临中 is 临溪中学, 二院 第二医院: signs of one name above, in order, from a part's first."""
    if not 2 <= len(word) <= _LONGEST_SHORT or not re.fullmatch("[㐀-鿿]+", word):
        return False
    pattern = re.compile(word[0] + "".join(f"[㐀-鿿]{{0,3}}{sign}" for sign in word[1:]))
    for line in sheet.scope:
        at = 0
        starts: set[int] = set()
        for part, _ in tagged(line):
            starts.update((at, at + 1) if part.startswith("第") else (at,))
            at += len(part)
        if any(match.start() in starts for match in pattern.finditer(line)):
            return True
    return False
