"""Which quotes prove a sentence: those that it cites, or, where it cites wrongly, the right ones.

A citation that does not hold what the sentence says is not credited. Knows no model and no HTTP.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.answer.compose.quotes import Quote, source_of
from service.answer.evidence import Evidence
from service.answer.guard.records import Check, CheckName, Source, Verdict
from service.records import Support

CheckSentence = Callable[[str, Sequence[Source]], Verdict]
"""What a sentence rests on in the quotes that it cites, taken together."""


@dataclass(frozen=True, slots=True)
class Proof:
    """`evidence` is what is cited in the end; empty where nothing proves the sentence."""

    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()
    recited: bool = False  # the writer cited something else, or nothing


def prove(
    sentence: str, cited: Sequence[int], quotes: Sequence[Quote], check: CheckSentence
) -> Proof:
    """Each cited quote by itself, then all of them together, then each of the others by itself.

    A quote is taken in its narrow form if that proves enough.
    """
    own = [quote for quote in quotes if quote.n in cited]
    alone = [proof for quote in own if (proof := _by_one(sentence, quote, check)) is not None]
    if alone:
        evidence = tuple(proof.evidence[0] for proof in alone)
        return Proof(alone[0].verdict, evidence)
    together = _by_all(sentence, own, check)
    if together.evidence:
        return together
    for quote in quotes:
        if quote not in own and (other := _by_one(sentence, quote, check)) is not None:
            return Proof(other.verdict, other.evidence, recited=True)
    return together


def _by_one(sentence: str, quote: Quote, check: CheckSentence) -> Proof | None:
    forms = [quote.core] if quote.wide is quote.core else [quote.core, quote.wide]
    for evidence in forms:
        verdict = check(sentence, [source_of(evidence)])
        if verdict.proven:
            return Proof(verdict, (evidence,))
    return None


def _by_all(sentence: str, own: Sequence[Quote], check: CheckSentence) -> Proof:
    """All cited quotes taken together, without those that are not needed."""
    if not own:
        missing = Check(CheckName.CITATION, False, "no quote that it cites is there")
        return Proof(Verdict(Support.UNVERIFIED, (missing,)))
    needed = [quote.wide for quote in own]
    verdict = check(sentence, [source_of(evidence) for evidence in needed])
    if not verdict.proven:
        return Proof(verdict)
    for evidence in list(needed):
        fewer = [other for other in needed if other is not evidence]
        without = check(sentence, [source_of(other) for other in fewer])
        if fewer and without.proven:
            needed, verdict = fewer, without
    return Proof(verdict, tuple(needed))
