"""The stages between question and answer that a measurement may leave out. Users get all of them.

What each is worth is told by `python -m eval ablate`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from service.answer.compose.proof import CheckSentence
from service.answer.guard.verify import verify
from service.answer.read.calibration import Calibration, load_calibration
from service.answer.read.passage_reader import OnnxPassageReader, PassageReader, second_reader


@dataclass(frozen=True, slots=True)
class Parts:
    """`reader`, `second_reader` and `calibration` are loaded with the archive; `refuse_at` stands
    in for the setting; `check` is the figure guard.
    """

    lexical: bool = True
    dense: bool = True
    second_round: bool = True
    reader: Callable[[], PassageReader] = OnnxPassageReader
    second_reader: Callable[[], PassageReader | None] = second_reader
    calibration: Callable[[], Calibration] = load_calibration
    refuse_at: float | None = None
    check: CheckSentence = verify
