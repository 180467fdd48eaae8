"""The figure guard: what a sentence states must stand in what it cites. Knows no model.

Checked after normalisation: every number, percentage, date and unit, every Latin word, every
quotation, and that the sentence is about what it cites at all.
"""

import re
from collections.abc import Sequence

from indexer.text.normalise import fold
from indexer.text.numbers import canonical, find_numbers
from service.answer.features import bigrams
from service.records import Support

# Half of a generated sentence's character pairs stand in its source; below that it is about
# something else, or its names are not the source's.
_LEAST_SHARED = 0.5

_LATIN = re.compile(r"[a-z][a-z0-9\-]+")
_QUOTATION = re.compile(r"[“「『《]([^”」』》]+)[”」』》]")
_DIRECTIONS = (
    ("增加", "减少"),
    ("上升", "下降"),
    ("提高", "降低"),
    ("超过", "不足"),
    ("高于", "低于"),
)
_NEGATIONS = re.compile(r"没有|并未|未能|尚未|不得|不能|不是|无法|禁止")


def support_of(sentence: str, quotes: Sequence[str]) -> Support:
    """What `sentence` rests on in the quotes that it cites."""
    if not quotes:
        return Support.UNVERIFIED
    own = _words_only(fold(sentence))
    if own and any(own in _words_only(fold(quote)) for quote in quotes):
        return Support.QUOTED
    return Support.UNVERIFIED if _unproven(fold(sentence), quotes) else Support.VERIFIED


def _unproven(sentence: str, quotes: Sequence[str]) -> list[str]:
    """What the quotes do not prove, in words for the log; empty when all is proven."""
    source = "\n".join(fold(quote) for quote in quotes)
    wrong: list[str] = []
    known = {canonical(number) + number.unit for number in find_numbers(source)}
    wrong += [
        f"figure {sentence[number.start : number.end]}"
        for number in find_numbers(sentence)
        if canonical(number) + number.unit not in known
    ]
    wrong += [f"word {word}" for word in _LATIN.findall(sentence) if word not in source]
    plain = _words_only(source)
    wrong += [
        f"quotation {quoted}"
        for quoted in _QUOTATION.findall(sentence)
        if _words_only(quoted) not in plain
    ]
    for up, down in _DIRECTIONS:
        for said, other in ((up, down), (down, up)):
            if said in sentence and said not in source and other in source:
                wrong.append(f"direction {said}")
    if bool(_NEGATIONS.search(sentence)) != bool(_NEGATIONS.search(source)) and _NEGATIONS.search(
        sentence
    ):
        wrong.append("negation")
    pairs = bigrams(_without_figures(sentence))
    if pairs and len(pairs & bigrams(source)) / len(pairs) < _LEAST_SHARED:
        wrong.append("subject")
    return wrong


def _without_figures(folded: str) -> str:
    """Figures are compared by value; 三千四百 and 3400 share no characters."""
    for number in reversed(find_numbers(folded)):
        folded = folded[: number.start] + " " + folded[number.end :]
    return folded


def _words_only(folded: str) -> str:
    return "".join(character for character in folded if character.isalnum() or character in "%.")
