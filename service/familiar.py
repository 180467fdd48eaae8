"""How alike an index takes two terms for: what a follow-up needs to tell a product from a measure.

Two values of one column are of one kind, whatever the words look like; else word vectors tell.
Knows no question.
"""

from dataclasses import dataclass, field

from indexer.index.records import Selection
from indexer.index.store import IndexReader
from indexer.text.normalise import fold
from indexer.text.segment import TermMix, terms
from service.answer.read.tables import cells_of
from service.retrieve.likeness import Nearness

_PASSAGES = 12  # a value of a column stands in few passages, or in many of the same columns
_SAME_COLUMN = 1.0
_MOST_BY_VECTORS = 0.5  # vectors alone never outweigh the kinds of two names


@dataclass(frozen=True, slots=True)
class Familiar:
    """Looks each term up once, so one object serves one question."""

    reader: IndexReader
    near: Nearness
    selection: Selection
    _columns: dict[str, frozenset[str]] = field(default_factory=dict)

    def alike(self, one: str, other: str) -> float:
        """0 to 1: 1 where both are values of one column of the selected documents."""
        if self.columns(one) & self.columns(other):
            return _SAME_COLUMN
        left, right = self.near.embed_tokens(self.near.tokens([fold(one), fold(other)]))
        return _MOST_BY_VECTORS * max(0.0, float(left @ right))

    def columns(self, term: str) -> frozenset[str]:
        """The headings of the columns of which `term` is a value, in the passages likeliest to
        hold it.
        """
        folded = fold(term)
        if folded not in self._columns:
            asked = terms(folded, TermMix(self.reader.manifest.terms.mix))
            hits = self.reader.lexical(asked, _PASSAGES, self.selection)
            found = self.reader.passages([hit.key for hit in hits])
            lines = (line for each in found for line in each.passage.text.split("\n"))
            self._columns[folded] = frozenset(
                fold(name)
                for line in lines
                for name, value in cells_of(line) or ()
                if fold(value) == folded
            )
        return self._columns[folded]
