"""The stages between question and answer that a measurement may leave out. Users get all of them.

What each is worth is told by `python -m eval ablate`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from service.answer.proof import CheckSentence
from service.answer.reader import Scorer, load_network
from service.answer.refuse import NOTHING_LIMIT
from service.answer.verify import verify


@dataclass(frozen=True, slots=True)
class Parts:
    """`scorer` is the trained network unless another one stands in; `check` is the figure guard."""

    lexical: bool = True
    dense: bool = True
    second_round: bool = True
    scorer: Callable[[], Scorer] = load_network
    nothing_limit: float = NOTHING_LIMIT
    check: CheckSentence = verify
