"""What is left to say where the rest is asked for (还有别的吗?): nothing that was said before.

Knows no model and no HTTP.
"""

from collections.abc import Sequence
from dataclasses import replace

from indexer.text.normalise import fold
from service.answer.evidence import Evidence, Reading
from service.answer.read.sentence import bigrams, sentence
from service.answer.read.tables import names_told
from service.answer.understand.question import Question

# From this share of a sentence's character pairs in an answer on, the answer has said it: one that
# joins several sentences leaves some words of each out.
_SAID = 0.8


def unsaid(question: Question, reading: Reading, told: Sequence[str]) -> Reading:
    """The sentences that answer `question` and that no answer in `told` gave; each tells the names
    and the years of the question, as what is further from it is no more of the same.
    """
    said = "\n".join(fold(text) for text in told)
    left = [
        evidence
        for evidence in reading.evidence
        if not _is_said(evidence, said) and _is_of(question, evidence)
    ]
    best = max((evidence.probability for evidence in left), default=0.0)
    return replace(
        reading,
        evidence=tuple(left),
        confidence=min(reading.confidence, best),
        value_confidence=0.0,
    )


def _is_said(evidence: Evidence, said: str) -> bool:
    letters = sentence(evidence.quote).letters
    if letters in "".join(character for character in said if character.isalnum()):
        return True
    own = bigrams(fold(evidence.quote))
    return bool(own) and len(own & bigrams(said)) >= _SAID * len(own)


def _is_of(question: Question, evidence: Evidence) -> bool:
    if not names_told(question, evidence):
        return False
    told = fold(f"{evidence.hit.passage.context}\n{evidence.quote}")
    years = {period.start[:4] for period in question.periods if period.start[:1].isdigit()}
    date = (evidence.hit.date or "")[:4]
    return all(year in told or year == date for year in years)
