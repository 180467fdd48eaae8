"""Why a question failed: the first thing that went wrong on its way. Knows verdicts alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from eval.gold import Evidence, Kind
from eval.matching import holds
from eval.metrics.answers import holds_any
from eval.runs.verdict import DEPTH, Verdict

NOT_ASKED = "not asked: the run was stopped before"


class Why(StrEnum):
    """The causes, in the order in which a question comes by them."""

    NOT_ASKED = "not_asked"
    CRASHED = "crashed"
    ANSWERED_ANYWAY = "answered_anyway"
    NOT_INDEXED = "not_indexed"
    OTHER_DOCUMENT = "other_document"
    TOO_LATE = "too_late"
    NOT_FOUND = "not_found"
    BELOW_CUT = "below_cut"
    REFUSED = "refused"
    ONE_SIDE = "one_side"
    ONLY_SOME = "only_some"
    FOLLOW_UP = "follow_up"
    OTHER_SENTENCES = "other_sentences"


TITLES: dict[Why, tuple[str, str]] = {
    Why.NOT_ASKED: ("还没有问", "Not asked"),
    Why.CRASHED: ("没有得到回答", "No answer came back"),
    Why.ANSWERED_ANYWAY: (
        "档案里没有答案，却作答了",
        "Answered although the archive does not tell",
    ),
    Why.NOT_INDEXED: ("索引里没有证据", "The index lacks the evidence"),
    Why.OTHER_DOCUMENT: ("值对，引用的文档不对", "Right value, another document cited"),
    Why.TOO_LATE: ("答案出现得太晚", "The value comes after the third sentence"),
    Why.NOT_FOUND: ("没有检索到", f"Not found among the {DEPTH} passages of the search"),
    Why.BELOW_CUT: (
        "检索到了，但排得太后",
        "Found, but below the passages that the answer is given",
    ),
    Why.REFUSED: ("有答案，却没有作答", "Refused although there is an answer"),
    Why.ONE_SIDE: ("说法不一，只说了一部分", "The documents disagree, and only one side was given"),
    Why.ONLY_SOME: ("答案不全", "Only some of the required values"),
    Why.FOLLOW_UP: ("追问落空", "A follow-up question that went astray"),
    Why.OTHER_SENTENCES: ("检索到了，但取了别的句子", "Found, but the answer took other sentences"),
}


def why(verdict: Verdict, k: int = DEPTH) -> Why:
    """The first cause of a failure; `k` is how many passages the answer was given.

    Raises: ValueError for a question that is right.
    """
    if verdict.right:
        raise ValueError(f"{verdict.id} is right")
    if verdict.crashed is not None:
        return Why.NOT_ASKED if verdict.crashed == NOT_ASKED else Why.CRASHED
    if not verdict.answerable:
        return Why.ANSWERED_ANYWAY
    if lacks_evidence(verdict):
        return Why.NOT_INDEXED
    if verdict.answer_hit:
        return Why.OTHER_DOCUMENT
    if verdict.hit_later:
        return Why.TOO_LATE
    if verdict.retrieval is not None:
        if not verdict.retrieval.found_at[DEPTH]:
            return Why.NOT_FOUND
        if first_rank(verdict) > k:
            return Why.BELOW_CUT
    if verdict.abstained:
        return Why.REFUSED
    if any(given(verdict)):
        return Why.ONE_SIDE if verdict.kind is Kind.CONFLICT else Why.ONLY_SOME
    if verdict.retrieval is None and not verdict.document_cited:
        return Why.FOLLOW_UP
    return Why.OTHER_SENTENCES


def told(verdict: Verdict, k: int = DEPTH) -> tuple[str, str]:
    """The cause with its particulars, a sentence in Chinese and one in English."""
    cause = why(verdict, k)
    if cause is Why.CRASHED:
        return f"没有得到回答：{verdict.crashed}", f"No answer came back: {verdict.crashed}"
    if cause is Why.ANSWERED_ANYWAY:
        return (
            f"档案里没有这个问题的答案，服务却作答了，把握 {verdict.confidence:.0%}。",
            f"The archive does not tell, yet the service answered, {verdict.confidence:.0%} sure.",
        )
    if cause is Why.NOT_INDEXED:
        missing = ", ".join(verdict.evidence_missing)
        return f"索引里没有证据：{missing}", f"The index lacks the evidence: {missing}"
    if cause in (Why.ONLY_SOME, Why.ONE_SIDE):
        return _of_several(verdict, cause)
    if cause in (Why.BELOW_CUT, Why.REFUSED, Why.OTHER_SENTENCES):
        return _after_the_search(verdict, cause, k)
    if verdict.kind.needs_every_group and cause in _OF_SEVERAL:
        return _OF_SEVERAL[cause]
    return _PLAIN[cause]


_PLAIN: dict[Why, tuple[str, str]] = {
    Why.NOT_ASKED: (
        "运行在这一题之前就停了，按答错计。",
        "The run was stopped before this question; it counts as wrong.",
    ),
    Why.OTHER_DOCUMENT: (
        "值是对的，但引用的不是证据所在的文档。",
        "The value is right, but no document of the evidence is cited.",
    ),
    Why.TOO_LATE: (
        "要求的值都有，但不全在前三句里。",
        "Every required value is there, but not within the first three sentences.",
    ),
    Why.NOT_FOUND: (
        f"检索的前{DEPTH}段里没有一段是证据。",
        f"None of the {DEPTH} passages of the search is of the evidence.",
    ),
    Why.FOLLOW_UP: (
        "没有给出要求的值，也没有引用证据所在的文档。追问不单独测检索，"
        "分不清是没有接上前文，还是没有检索到。",
        "Neither a required value nor a document of the evidence. Follow-ups are not searched for "
        "by themselves, so this may be a lost thread or a poor search.",
    ),
}

# The same where each value needs proof of its own.
_OF_SEVERAL: dict[Why, tuple[str, str]] = {
    Why.OTHER_DOCUMENT: (
        "值都对，但没有给每个值引用证据所在的文档。",
        "The values are right, but not each has a document of its evidence cited.",
    ),
    Why.NOT_FOUND: (
        f"每个值各要一段证据，检索的前{DEPTH}段里不全。",
        f"Each value needs a passage of its own; the {DEPTH} of the search lack at least one.",
    ),
}


def _of_several(verdict: Verdict, cause: Why) -> tuple[str, str]:
    found = given(verdict)
    lacking = [group[0] for group, there in zip(verdict.expected, found, strict=True) if not there]
    if cause is Why.ONE_SIDE:
        return (
            f"各文档说法不一：{len(found)}种说法，回答给出{sum(found)}种，缺{'、'.join(lacking)}。",
            f"The documents give {len(found)} values, the answer {sum(found)}; "
            f"it lacks {', '.join(lacking)}.",
        )
    return (
        f"要求{len(found)}个值，回答给出{sum(found)}个，缺{'、'.join(lacking)}。",
        f"{sum(found)} of {len(found)} required values; it lacks {', '.join(lacking)}.",
    )


def _after_the_search(verdict: Verdict, cause: Why, k: int) -> tuple[str, str]:
    rank = first_rank(verdict)
    if cause is Why.BELOW_CUT:
        return (
            f"证据排在检索的第{rank}段，而作答只用前{k}段。",
            f"Its evidence is passage {rank} of the search; an answer is given the first {k}.",
        )
    where = (
        (f"证据排在检索的第{rank}段", f"Its evidence is passage {rank} of the search")
        if rank
        else ("引用了证据所在的文档", "A document of the evidence is cited")
        if verdict.document_cited
        else ("档案里有答案", "The archive tells")
    )
    if cause is Why.REFUSED:
        sure = f"{verdict.answer_confidence:.0%}"
        return (
            f"{where[0]}，服务却没有作答：对答案的把握只有 {sure}。",
            f"{where[1]}, yet the service refused: it held its answer {sure} sure.",
        )
    return (
        f"{where[0]}，回答取的却是别的句子，没有一句含有要求的值。",
        f"{where[1]}, yet the answer took other sentences: none holds a required value.",
    )


def first_rank(verdict: Verdict) -> int:
    """The rank of the first passage of the evidence in the search, from 1; 0 if there is none."""
    if verdict.retrieval is None:
        return 0
    relevant = set(verdict.retrieval.relevant)
    ranks = (rank for rank, id_ in enumerate(verdict.retrieval.ranking, 1) if id_ in relevant)
    return next(ranks, 0)


def given(verdict: Verdict) -> list[bool]:
    """For each required group: does one of its values stand anywhere in the answer?"""
    answer = "\n".join(verdict.answer)
    return [any(holds(answer, value) for value in group) for group in verdict.expected]


def lacks_evidence(verdict: Verdict) -> bool:
    """Whether what the answer needs can't be found, for it is not in the index.

    Of two quotes in one document of which one is missing, the verdict does not tell which: the
    other one is taken to do.
    """
    missing = Counter(said.rpartition(": ")[0] for said in verdict.evidence_missing)
    rows = Counter(evidence.document for evidence in verdict.evidence)
    there = [e for e in verdict.evidence if missing[e.document] < rows[e.document]]
    if not verdict.kind.needs_every_group:
        return bool(verdict.evidence) and not there
    return any(
        bool(_proofs(verdict.evidence, group)) and not _proofs(there, group)
        for group in verdict.expected
    )


def _proofs(evidence: Iterable[Evidence], group: tuple[str, ...]) -> list[Evidence]:
    return [each for each in evidence if holds_any(each.quote, [group])]


def failures(verdicts: Iterable[Verdict], k: int = DEPTH) -> dict[Why, list[Verdict]]:
    """The failed questions by cause, the most frequent cause first."""
    groups: dict[Why, list[Verdict]] = {}
    for verdict in verdicts:
        if not verdict.right:
            groups.setdefault(why(verdict, k), []).append(verdict)
    order = list(Why)
    return dict(sorted(groups.items(), key=lambda item: (-len(item[1]), order.index(item[0]))))
