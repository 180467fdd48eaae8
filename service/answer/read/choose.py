"""From evidence to sentences: which quotes to give."""

from collections.abc import Sequence

from indexer.text.normalise import letters
from service.answer.evidence import Evidence, Reading
from service.answer.read.value import uniform
from service.answer.understand.question import AnswerType, Question

MAX_SENTENCES = 3

# A further sentence is given where the chosen ones leave more doubt than the first, and it is
# likelier than the second: on held-out questions 1.2 sentences an answer, of which 91.4 in 100
# (CMRC) and 82.1 (written) hold the answer; with 0.15 1.1, and 90.8 and 81.3.
_SURE_MISSING = 0.3
_LEAST = 0.05
_SPREAD = (AnswerType.LIST, AnswerType.REASON, AnswerType.MANNER)
_LEAST_SPREAD = 0.4
_LEAST_RIVAL = 0.7  # of the best sentence's probability


def choose(question: Question, reading: Reading, limit: int = MAX_SENTENCES) -> list[Evidence]:
    """The likeliest sentences, no more than needed, best first; at most `limit`.

    A further one is given where what stands there already is not sure to answer, and the newcomer
    may; where it is as likely and gives another value, which a reader must see as well; a list or a
    reason may be spread over sentences, and gets all that are likely.
    """
    chosen: list[Evidence] = []
    missing = 1.0  # how likely none of the chosen answers
    is_spread = question.asks in _SPREAD
    for evidence in reading.evidence:
        if len(chosen) == limit or (chosen and evidence.probability < _LEAST):
            break
        if chosen and not (
            evidence.probability >= _LEAST_SPREAD
            if is_spread
            else missing > _SURE_MISSING or _is_rival(evidence, chosen)
        ):
            continue
        chosen.append(evidence)
        missing *= 1.0 - evidence.probability
    return chosen


def _is_rival(evidence: Evidence, chosen: Sequence[Evidence]) -> bool:
    """Whether a sentence is about as likely as the best one and gives a value that none gives."""
    if evidence.probability < _LEAST_RIVAL * chosen[0].probability or evidence.value is None:
        return False
    given = [_value(each) for each in chosen]
    own = _value(evidence)
    return bool(own) and all(own not in each and each not in own for each in given if each)


def _value(evidence: Evidence) -> str:
    if evidence.value is None:
        return ""
    return letters(uniform(evidence.quote[evidence.value.start : evidence.value.end]))
