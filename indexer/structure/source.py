"""A text that is asked again and again where a word stands and how often: in linear time.

Knows pieces between punctuation and counts; no names, no document.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property

PIECE = re.compile(r"[^，。！？；：、\n“”（）()《》,;:!?\s]+")
"""What stands between two marks of punctuation."""

# Where nobody has set a mark, a word that is in no name ends a piece: taken apart at once, a text
# without marks would be taken apart as a whole for every kind of name.
_LONG = 80
_PART = re.compile(r".{1,79}[的了在和与及是由到对为向从把被将给让使以其这那该]|.{1,80}")
_LONGEST = 20  # characters of a word that is counted by the order of its ends
_SHORT_TEXT = 4000  # characters, up to which the text itself is searched: sorting costs more


class Source:
    """One text, with what was found out about it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._ordered: dict[str, list[str]] = {}

    @cached_property
    def _pieces(self) -> tuple[list[int], list[str]]:
        found: list[tuple[int, str]] = []
        for match in PIECE.finditer(self.text):
            start, piece = match.start(), match.group()
            if len(piece) <= _LONG:
                found.append((start, piece))
            else:
                parts = _PART.finditer(piece)
                found += ((start + part.start(), part.group()) for part in parts)
        return [start for start, _ in found], [piece for _, piece in found]

    def pieces_with(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
        """The pieces that hold a pattern without punctuation, in order, with their starts."""
        starts, pieces = self._pieces
        last = -1
        for match in pattern.finditer(self.text):
            at = bisect_right(starts, match.start()) - 1
            if at > last:
                yield starts[at], pieces[at]
                last = at

    def times(self, word: str) -> int:
        """How often a word stands in the text, as `text.count` has it.

        The places at which its last character stands are ordered by what stands before them, once
        for each character: all that end in the same word follow each other.
        """
        if len(self.text) <= _SHORT_TEXT or len(word) > _LONGEST or _may_overlap(word):
            return self.text.count(word)
        last = word[-1:]
        if last not in self._ordered:
            self._ordered[last] = sorted(self._before(last))
        ordered, key = self._ordered[last], word[::-1]
        after = bisect_right(ordered, key, key=lambda before: before[: len(key)])
        return after - bisect_left(ordered, key)

    def _before(self, last: str) -> Iterator[str]:
        """For each place of a character, the text that ends with it, backwards."""
        at = self.text.find(last)
        while at >= 0:
            yield self.text[max(0, at + 1 - _LONGEST) : at + 1][::-1]
            at = self.text.find(last, at + 1)


def _may_overlap(word: str) -> bool:
    """Whether a word begins as it ends: 学学 stands twice in 学学学, and counts once."""
    return any(word.startswith(word[at:]) for at in range(1, len(word))) or not word
