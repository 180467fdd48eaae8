"""What a rule makes of a sentence. Knows no rule."""

from dataclasses import dataclass

from eval.gold import Kind

Groups = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """A question without its mark, what answers it, and how sure the rule is (higher is better)."""

    kind: Kind
    text: str
    answers: Groups
    sureness: int
