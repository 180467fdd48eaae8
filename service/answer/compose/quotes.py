"""What a language model gets to write from: the best evidence, each with what makes it understood.

A sentence that points back, or says little by itself, carries its neighbours in the passage. What
tells its reader what to answer is no evidence. Knows no model and no check.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.text.normalise import fold
from service.answer.evidence import Evidence
from service.answer.guard.marks import is_instruction
from service.answer.guard.records import Source
from service.answer.read.candidates import candidates
from service.llm.base import NumberedEvidence

QUOTES_FOR_MODEL = 8

# Sentences shorter than this, or that begin with such a word, are not understood alone.
_SHORT = 30
_MOST_AROUND = 160
_POINTS_BACK = re.compile(
    r"^(?:其|该|这|那|此|他|她|它|前者|后者|上述|同时|另外|还|也|并|而|但|则|随后|之后|当天|当时|"
    r"同年|为此|"
    r"双方|两[者地人校院村县]|学校|医院|公司|"
    r"我[校院县市省州村局们]|it |they |this |these |he |she )"
)
_LEADS = re.compile(r"[:：]\s*$")


@dataclass(frozen=True, slots=True)
class Quote:
    """Evidence under the number that a model knows it by: the sentence, and the same with more."""

    n: int
    core: Evidence
    wide: Evidence

    def numbered(self) -> NumberedEvidence:
        return NumberedEvidence(
            n=self.n,
            title=self.core.hit.passage.context,
            date=self.core.hit.date,
            text=self.wide.quote,
            core=self.core.quote,
        )


def source_of(evidence: Evidence) -> Source:
    """The evidence as the guard gets it."""
    return Source(evidence.quote, evidence.hit.passage.context, evidence.hit.date)


def quotes(evidence: Sequence[Evidence]) -> list[Quote]:
    """The first of the evidence that may be quoted from, numbered from 1."""
    told = [each for each in evidence if not instructs(each)][:QUOTES_FOR_MODEL]
    return [Quote(n, each, _widened(each)) for n, each in enumerate(told, start=1)]


def instructs(evidence: Evidence) -> bool:
    """Whether the evidence, or the line that it stands in, is an instruction to its reader."""
    text = evidence.hit.passage.text
    start = evidence.start - evidence.hit.passage.start
    end = evidence.end - evidence.hit.passage.start
    before = text.rfind("\n", 0, start) + 1
    after = text.find("\n", end)
    return is_instruction(text[before : after if after >= 0 else len(text)])


def _widened(evidence: Evidence) -> Evidence:
    passage = evidence.hit.passage
    start, end = evidence.start - passage.start, evidence.end - passage.start
    folded = fold(evidence.quote)
    spans = candidates(passage.text)
    first, last = start, end
    if len(folded) < _SHORT or _POINTS_BACK.match(folded):
        before = [a for a, b in spans if b <= start]
        if before and end - before[-1] <= end - start + _MOST_AROUND:
            first = before[-1]
    if _LEADS.search(evidence.quote):
        for a, b in spans:
            if a >= end and b - start <= end - start + _MOST_AROUND:
                last = b
    if (first, last) == (start, end) or is_instruction(passage.text[first:last]):
        return evidence
    return replace(
        evidence,
        start=passage.start + first,
        end=passage.start + last,
        quote=passage.text[first:last],
    )
