"""Hits to sentences by how likely they answer. Knows no model, no index and no HTTP."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from indexer.text.labels import name_other_things, shares_label
from indexer.text.normalise import fold
from service.answer.evidence import Evidence, Reading, Value
from service.answer.read.bind import Bindings, DocumentText, bind
from service.answer.read.calibration import (
    Calibration,
    Scored,
    features,
    sentence_features,
)
from service.answer.read.candidates import answers_to, candidates
from service.answer.read.lacking import DOUBTFUL, lacking, lacks_value
from service.answer.read.parallel import Listed, listed
from service.answer.read.passage_reader import PassageRead, PassageReader
from service.answer.read.sentence import bigrams
from service.answer.read.sentence import sentence as known
from service.answer.understand.question import Question
from service.records import Hit, Missing
from service.retrieve.likeness import Nearness

# Passages are read in the order in which search found them, up to so many characters in all (about
# 0.05 ms each on one thread): of the questions over corpus/ and the founding documents whose answer
# is in eight hits, it is in those in 97 of 100.
_MOST_CHARS = 1_500
_FEWEST, _MOST = 3, 8
_BEST = 3
_LEAST_TELLING = 0.05  # as a further sentence is given (`choose.py`)


def read(
    question: Question,
    hits: Sequence[Hit],
    reader: PassageReader,
    near: Nearness,
    calibration: Calibration,
    document_text: DocumentText,
    second: PassageReader | None = None,
) -> Reading:
    """Rank the sentences of `hits` that are of what the question names.

    `second` reads the best one's passage again. Without any there is no evidence, and confidence
    is 0.
    """
    found, reads = sentences(question, hits, reader)
    if not found:
        return Reading((), 0.0)
    bound = bind(question, [evidence for evidence, _ in found], document_text)
    left_out = [each for at, (each, _) in enumerate(found) if at not in bound.kept]
    kept = [found[at] for at in bound.kept]
    chances = calibration.sentences(
        sentence_features(question, [scored for _, scored in kept], near)
    )
    ranked = rank([evidence for evidence, _ in kept], chances)
    likeliest = ranked[0]
    ranked = _in_order([evidence for evidence, _ in kept], chances, bound) or ranked
    among = Listed() if bound.is_exact else listed(question, ranked, near, left_out)
    ranked = tuple(evidence for evidence in ranked if evidence not in among.others)
    ranked = _of_the_asked(question, ranked)
    ranked = _telling_first(question, ranked)
    told = features(question, ranked, reads, near)
    missing = bound.missing or ((among.missing,) if among.missing is not None else ())
    confidence, value_confidence = calibration.answer(told), calibration.value(told)
    likely = [e.quote for e in ranked[:_BEST] if e.probability >= _LEAST_TELLING]
    lacks = lacking(question, ranked[0], likely or [ranked[0].quote])
    # However likely a sentence is, it is of another code, name or time than the asked one, or tells
    # nothing of the asked sort.
    is_apart = bool(missing) or among.is_elsewhere or not bound.first or lacks.value
    if second is not None and not is_apart:
        passage = ranked[0].hit.passage
        (again,) = second.read(question.folded, [(passage.context, passage.text)])
        confidence, value_confidence, best = calibration.again(
            told, ranked[0], again, (*lacks.row, float(bound.is_exact))
        )
        ranked = (best, *ranked[1:])
    is_contested = all(_place(likeliest) != _place(each) for each in ranked)
    is_doubtful = (is_contested or lacks.kind) and confidence < DOUBTFUL
    return Reading(
        ranked,
        confidence=0.0 if is_apart or is_doubtful else confidence,
        value_confidence=value_confidence,
        treated=_treated(question, ranked[:_BEST]),
        missing=missing,
        marked=bound.marked,
    )


def _in_order(
    kept: Sequence[Evidence], chances: NDArray[np.float64], bound: Bindings
) -> tuple[Evidence, ...]:
    """The sentences that are of every mark, likeliest first behind the one that has to lead."""
    places = [n for n, at in enumerate(bound.kept) if at in bound.together]
    ranked = rank([kept[n] for n in places], chances[places]) if places else ()
    firsts = {_place(kept[n]) for n, at in enumerate(bound.kept) if at in bound.first}
    lead = next((each for each in ranked if _place(each) in firsts), None)
    return ranked if lead is None else (lead, *(each for each in ranked if each is not lead))


def _telling_first(question: Question, ranked: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """The likeliest sentence that tells a value of the wanted sort, where it may answer, first."""
    found = (e for e in ranked if not lacks_value(question, e.quote))
    lead = next(found, ranked[0])
    if lead is ranked[0] or lead.probability < _LEAST_TELLING:
        return ranked
    return (lead, *(each for each in ranked if each is not lead))


def _place(evidence: Evidence) -> tuple[str, int, int]:
    return evidence.hit.passage.document_id, evidence.start, evidence.end


def _of_the_asked(question: Question, ranked: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Without the sentences on 3号仓库 or C++, where 2号仓库 or C# is asked about and told of."""
    folded = question.folded
    if not any(shares_label(folded, known(each.quote).normalised) for each in ranked):
        return ranked
    return tuple(e for e in ranked if not name_other_things(folded, known(e.quote).normalised))


def _treated(question: Question, best: Sequence[Evidence]) -> float:
    """The largest share of the question's character pairs that a best passage holds."""
    asked = bigrams(question.content)
    passages = [fold(f"{e.hit.passage.context}\n{e.hit.passage.text}") for e in best]
    shares = [len(asked & bigrams(text)) / max(1, len(asked)) for text in passages]
    return max(shares, default=0.0)


def sentences(
    question: Question, hits: Sequence[Hit], reader: PassageReader
) -> tuple[list[tuple[Evidence, Scored]], list[PassageRead]]:
    """Every sentence once, with what is to be weighed of it; and what was read of the passages."""
    chosen = _readable(hits)
    reads = reader.read(
        question.folded, [(hit.passage.context, hit.passage.text) for hit in hits[:chosen]]
    )
    found: list[tuple[Evidence, Scored]] = []
    seen: set[tuple[str, int, int]] = set()
    for at, hit in enumerate(hits):
        for each in _sentences(hit, reads[at] if at < chosen else None):
            place = (hit.passage.document_id, each[0].start, each[0].end)
            if place not in seen:  # passages of a document overlap
                seen.add(place)
                found.append(each)
    return found, reads


def rank(found: Sequence[Evidence], chances: NDArray[np.float64]) -> tuple[Evidence, ...]:
    """Likeliest first, and none twice."""
    likely = [
        replace(evidence, probability=float(chance))
        for evidence, chance in zip(found, chances, strict=True)
    ]
    likely.sort(key=lambda e: (-e.probability, e.hit.rank, e.start))
    return _without_repeats(likely)


def _readable(hits: Sequence[Hit]) -> int:
    """How many of the first hits are read."""
    total = 0
    for at, hit in enumerate(hits[:_MOST]):
        total += len(hit.passage.text)
        if total > _MOST_CHARS and at >= _FEWEST:
            return at
    return min(len(hits), _MOST)


def _sentences(hit: Hit, read: PassageRead | None) -> list[tuple[Evidence, Scored]]:
    passage = hit.passage
    spans, leads = answers_to(passage.text, candidates(passage.text))
    found = []
    for (start, end), lead in zip(spans, leads, strict=True):
        quote, value = passage.text[start:end], None
        inside = read.value(start, end) if read is not None else None
        if inside is not None:
            value = Value(inside.start - start, inside.end - start, inside.probability)
        place = (passage.start + start, passage.start + end)
        evidence = Evidence(hit, *place, quote, probability=0.0, value=value)
        found.append((evidence, Scored(lead + quote, hit.score, read, start, end)))
    return found


def merge(whole: Reading, parts: Sequence[Reading]) -> Reading:
    """One reading of a question that asks several things: the best of each part leads.

    Nothing is missing from it where a part can be answered: see `answering`.
    """
    leading = [part.evidence[0] for part in parts if part.evidence]
    readings = (whole, *parts)
    return Reading(
        _without_repeats([*leading, *whole.evidence]),
        confidence=max(reading.confidence for reading in readings),
        treated=max(reading.treated for reading in readings),
        missing=_missing(whole, parts),
        marked=tuple(dict.fromkeys(mark for reading in readings for mark in reading.marked)),
    )


def _missing(whole: Reading, parts: Sequence[Reading]) -> tuple[Missing, ...]:
    """What the whole question misses, and no part has found with its own search."""
    marked = {mark for part in parts for mark in part.marked}
    return tuple(each for each in whole.missing if fold(each.name) not in marked)


def _without_repeats(ranked: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Overlapping passages and reprints say the same sentence; the first one stands for all."""
    seen: set[str] = set()
    kept: list[Evidence] = []
    for evidence in ranked:
        words = known(evidence.quote).letters
        if words not in seen:
            seen.add(words)
            kept.append(evidence)
    return tuple(kept)
