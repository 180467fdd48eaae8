"""Is what an answer says what its sources say? Compares sentences with quotes, nothing else.

Written apart from the service's own figure guard, so that the guard does not judge itself.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from eval.matching import holds
from indexer.text.normalise import fold
from indexer.text.numbers import Number, NumberKind, find_numbers, uniform_figures

_LEAST_SHARED = 0.5
_ROWS = re.compile(r"\([^()]*共\d+行[^()]*\)")  # how many rows it is of, beside a result
_WORTHS = (Decimal(1), Decimal(10**4), Decimal(10**8))  # 365万度 of cells in 万度


def is_supported(sentence: str, quotes: Sequence[str]) -> bool:
    """Whether a sentence says what its own citations say.

    Yes if its letters stand in a quote in a row. Else, for a sentence in other words: each figure
    in it must stand in the quotes, and half of its character pairs (ROUGE-2 precision, Lin 2004,
    over characters). A sum or difference that is written out with its parts, 30元 = 150元 - 120元,
    is supported where the parts stand in the quotes and it is right. No citation, no support. The
    share of supported sentences is what ALCE (Gao et al. 2023) calls citation recall, judged there
    by a language model.

    >>> is_supported("每户1500元", ["分红时每户一千五百元。"])
    True
    >>> is_supported("每户1600元", ["分红时每户一千五百元。"])
    False
    """
    own = _letters(sentence)
    plain = [_letters(quote) for quote in quotes]
    if not own or not quotes:
        return False
    if any(own in quote for quote in plain):
        return True
    exact, stated = figures_exact(sentence, quotes)
    if _result(_ROWS.sub("", fold(sentence)), quotes) is not None:
        return exact == stated
    pairs = _pairs(own)
    shared = pairs & set().union(*(_pairs(quote) for quote in plain))
    return exact == stated and bool(pairs) and len(shared) / len(pairs) >= _LEAST_SHARED


def figures_exact(sentence: str, quotes: Sequence[str]) -> tuple[int, int]:
    """(how many of them stand in the quotes, how many figures a sentence states).

    A figure is a number, share or date with its unit; it is compared by value and unit, and
    5月28日 stands in 2020年5月28日. What follows from figures written out beside it counts as well.

    Two of three are there, for 60 is not 160:
    >>> figures_exact("5月28日，44户分到60元", ["2020年5月28日", "四十四户分到160元"])
    (2, 3)
    """
    folded = fold(sentence)
    without = _ROWS.sub("", folded)
    result = _result(without, quotes)
    if result is not None:
        folded = without[: result.start] + without[result.end :]
    stated = [folded[number.start : number.end] for number in find_numbers(folded)]
    exact = sum(any(holds(quote, figure) for quote in quotes) for figure in stated)
    worked_out = result is not None
    return exact + worked_out, len(stated) + worked_out


def _result(folded: str, quotes: Sequence[str]) -> Number | None:
    """The first figure of 30元 = 150元 - 120元, where it is right and its parts are quoted."""
    said, sign, parts = folded.partition("=")
    if not sign or "=" in parts or not re.search(r"[+-]", parts):
        return None
    told, added = _counts(said), _counts(parts)
    if not told or len(added) < 2:
        return None
    figures = [parts[number.start : number.end] for number in added]
    if not all(any(holds(quote, figure) for quote in quotes) for figure in figures):
        return None
    minus = parts.find(" - ")
    value = sum(
        (-n.value if 0 <= minus < n.start else n.value for n in added),
        Decimal(0),
    )
    worths = _WORTHS[:1] if any(number.unit for number in added) else _WORTHS
    return told[-1] if told[-1].value in [value * worth for worth in worths] else None


def _counts(text: str) -> list[Number]:
    return [number for number in find_numbers(text) if number.kind is not NumberKind.DATE]


def _letters(text: str) -> str:
    """Letters and digits alone, figures in one spelling."""
    return "".join(letter for letter in uniform_figures(fold(text)) if letter.isalnum())


def _pairs(letters: str) -> set[str]:
    return {letters[at : at + 2] for at in range(len(letters) - 1)}
