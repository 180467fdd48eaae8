"""What the service reads for the questions of offices, on which the last calibration is fitted."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from eval.gold import GoldQuestion, Kind, load_gold
from indexer.text.normalise import letters
from service.answer.evidence import Evidence
from service.answer.read.calibration import (
    SECOND_FEATURES,
    Calibration,
    Row,
    second_features,
    with_value,
)
from service.answer.read.passage_reader import PassageRead
from service.answer.read.value import uniform
from service.archive import Archive
from service.parts import Parts
from service.settings import Settings
from training.encoder.judged import Judged, is_right, value_of


class _Recorder(Calibration):
    """Keeps what the last fit is to be made of; the chances that it gives mean nothing yet."""

    asked: ClassVar[list[tuple[Row, Row, Evidence, Evidence]]] = []

    def again(
        self, first: Row, best: Evidence, read: PassageRead, lacking: Row
    ) -> tuple[float, float, Evidence]:
        again = with_value(best, read)
        told = second_features(first, best, again, read, lacking)
        self.asked.append((first, told, best, again))
        return super().again(first, best, read, lacking)


def of_office(
    gold: Path, index: Path, weights: Mapping[str, NDArray[np.float64]]
) -> Iterator[Judged]:
    """What the service reads for gold questions that stand alone and that a sentence may answer;
    none for those that no confidence decides, as a name is missing. `weights` of the first fits.
    """
    sentence, answer, value = (
        tuple(map(float, weights[name])) for name in ("sentence", "answer", "value")
    )
    unknown = (0.0,) * len(SECOND_FEATURES)
    recorder = _Recorder(sentence, answer, value, unknown, unknown)
    parts = Parts(calibration=lambda: recorder)
    archive = Archive.open(index, Settings(index=index), parts=parts)
    for question in load_gold(gold):
        if question.history or question.kind is Kind.COMPUTED:
            continue
        recorder.asked.clear()
        archive.ask(question.question)
        if not recorder.asked:
            continue
        first, told, best, again = recorder.asked[0]  # of the whole; then of what it asks as well
        is_told = _is_told(question, best.quote)
        is_one = is_told and len(question.answers) == 1
        golds = [gold for group in question.answers for gold in group]
        values = [is_one and any(is_right(value_of(e), g) for g in golds) for e in (best, again)]
        yield Judged("office", bool(question.answers), first, told, is_told, *values)


def _is_told(question: GoldQuestion, quote: str) -> bool:
    """Whether a sentence tells all that is asked for, or a part of it where the evidence is."""
    said = letters(uniform(quote))
    told = [any(letters(uniform(gold)) in said for gold in group) for group in question.answers]
    evidence = [letters(uniform(each.quote)) for each in question.evidence]
    is_evidence = any(each in said or said in each for each in evidence)
    return bool(told) and (all(told) or (any(told) and (is_evidence or len(told) > 1)))
