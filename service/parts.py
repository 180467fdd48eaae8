"""The stages between question and answer that a measurement may leave out. Users get all of them.

What each is worth is told by `python -m eval ablate`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from service.answer.proof import CheckSentence
from service.answer.reader import Scorer, load_network
from service.answer.refuse import Limit, nothing_limit
from service.answer.verify import verify


@dataclass(frozen=True, slots=True)
class Parts:
    """`scorer` is the trained network of the first look unless another one stands in; `spans` the
    second look, word by word; `check` the figure guard."""

    lexical: bool = True
    dense: bool = True
    second_round: bool = True
    scorer: Callable[[], Scorer] = load_network
    spans: bool = True
    nothing_limit: Limit = nothing_limit
    check: CheckSentence = verify
