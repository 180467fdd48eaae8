"""Is what an answer says what its sources say? Compares sentences with quotes, nothing else.

Written apart from the service's own figure guard, so that the guard does not judge itself.
"""

from collections.abc import Sequence

from eval.matching import holds
from indexer.text.normalise import fold
from indexer.text.numbers import find_numbers, uniform_figures

_LEAST_SHARED = 0.5


def is_supported(sentence: str, quotes: Sequence[str]) -> bool:
    """Whether a sentence says what its own citations say.

    Yes if its letters stand in a quote in a row. Else, for a sentence in other words: each figure
    in it must stand in the quotes, and half of its character pairs (ROUGE-2 precision, Lin 2004,
    over characters). No citation, no support. The share of supported sentences is what ALCE (Gao
    et al. 2023) calls citation recall, judged there by a language model.

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
    pairs = _pairs(own)
    shared = pairs & set().union(*(_pairs(quote) for quote in plain))
    return exact == stated and bool(pairs) and len(shared) / len(pairs) >= _LEAST_SHARED


def figures_exact(sentence: str, quotes: Sequence[str]) -> tuple[int, int]:
    """(how many of them stand in the quotes, how many figures a sentence states).

    A figure is a number, share or date with its unit; it is compared by value and unit, and
    5月28日 stands in 2020年5月28日.

    Two of three are there, for 60 is not 160:
    >>> figures_exact("5月28日，44户分到60元", ["2020年5月28日", "四十四户分到160元"])
    (2, 3)
    """
    folded = fold(sentence)
    stated = [folded[number.start : number.end] for number in find_numbers(folded)]
    return sum(any(holds(quote, figure) for quote in quotes) for figure in stated), len(stated)


def _letters(text: str) -> str:
    """Letters and digits alone, figures in one spelling."""
    return "".join(letter for letter in uniform_figures(fold(text)) if letter.isalnum())


def _pairs(letters: str) -> set[str]:
    return {letters[at : at + 2] for at in range(len(letters) - 1)}
