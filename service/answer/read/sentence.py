"""What can be told of a sentence by itself, worked out when first asked for. Knows no question.

The same sentences come back with every question on a subject, and with every part of a question
that asks several things: normalising one and finding its figures takes 0.1 ms.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from indexer.text import normalise
from indexer.text.labels import find_labels
from indexer.text.numbers import Number, NumberKind, canonical, find_numbers, uniform_figures

RUN = re.compile(
    r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]+|(?:(?<![a-z0-9])\.(?=[a-z]))?[a-z0-9][a-z0-9.\-+#]*"
)
HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
_TOKEN = re.compile(r"(?:(?<![a-z0-9])\.(?=[a-z]))?[a-z0-9][a-z0-9.\-+#]*")

_MOST_KNOWN = 4096  # sentences of about 2 kB each


@dataclass(frozen=True)
class Sentence:
    """A sentence as it is stored; `sentence` knows the last few thousand."""

    text: str

    @cached_property
    def normalised(self) -> str:
        return normalise.fold(self.text)

    @cached_property
    def whole(self) -> normalise.Normalised:
        """`normalised` with where each character stood."""
        return normalise.normalise(self.text)

    @cached_property
    def letters(self) -> str:
        return normalise.letters(self.normalised)

    @cached_property
    def stated(self) -> list[Number]:
        """The figures of `normalised`."""
        return find_numbers(self.normalised)

    @cached_property
    def values_stated(self) -> list[Number]:
        """`stated` without the figures that only name a thing: 3号楼."""
        named = [label for label in find_labels(self.normalised) if label.sort in ("号", "楼")]
        return [
            number
            for number in self.stated
            if number.kind is not NumberKind.NUMBER
            or not any(at.start <= number.start and number.end <= at.end for at in named)
        ]

    @cached_property
    def folded(self) -> str:
        """Normalised, with every figure in digits: 三千四百 and 3400 share no characters."""
        return uniform_figures(self.normalised, self.stated)

    @cached_property
    def numbers(self) -> list[Number]:
        """The figures of `folded`."""
        return self.stated if self.folded == self.normalised else find_numbers(self.folded)

    @cached_property
    def values(self) -> list[str]:
        """The value of each of `numbers`, in one spelling."""
        return [canonical(number) for number in self.numbers]

    @cached_property
    def tokens(self) -> set[str]:
        """Whole Latin words and rows of digits of `folded`."""
        return set(_TOKEN.findall(self.folded))

    @cached_property
    def character_count(self) -> int:
        """Different Han characters of `folded`."""
        return len(set(HAN.findall(self.folded)))


@lru_cache(maxsize=_MOST_KNOWN)
def sentence(text: str) -> Sentence:
    return Sentence(text)


def bigrams(folded: str) -> set[str]:
    """Character pairs inside runs of Han characters, and whole Latin or digit tokens."""
    found: set[str] = set()
    for run in RUN.findall(folded):
        if HAN.match(run):
            found.update(run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.add(run)
    return found
