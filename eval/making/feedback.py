"""The feedback log of the service as drafts: what users praised or put right.

One JSON object a line, as `POST /v1/feedback` logs it; eval/gold/README.md describes the form.
Fields that are not read here are left alone: the log is the service's, and may hold more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.check import same_value, words_asked
from eval.gold import Evidence, GoldQuestion, Kind, Line
from eval.making.drafts import Draft, Status
from eval.making.kinds import kind_of
from eval.matching import holds
from indexer.errors import InvalidGold

PROPOSED_BY = "feedback"
_HINT = "mend or take out this line; eval/gold/README.md describes the log"
_CORRECTED = "a user's correction, without proof: find where it stands"


@dataclass(frozen=True, slots=True)
class FeedbackSet:
    """The drafts, how many verdicts proposed nothing, and which torn lines were passed over."""

    drafts: list[Draft]
    verdicts: int
    idle: int
    torn: list[str]


def read_feedback(paths: Sequence[Path]) -> FeedbackSet:
    """All verdicts of these logs; a question that was asked twice is one draft.

    A last line that was broken off while it was written (no line end, no JSON) is passed over and
    told; any other broken line is an error. Raises: InvalidGold, naming file, line and field.
    """
    drafts: dict[str, Draft] = {}
    torn: list[str] = []
    verdicts = idle = 0
    for path in paths:
        for line, text in _lines(path):
            try:
                row = line.parse(_decoded(line, text))
            except InvalidGold as error:
                if text.endswith(b"\n"):
                    raise
                torn.append(error.message)
                continue
            verdicts += 1
            draft = _draft(line, row)
            if draft is None:
                idle += 1
                continue
            words = words_asked(draft.question)
            drafts[words] = _folded(drafts[words], draft) if words in drafts else draft
    if not verdicts:
        raise InvalidGold(f"{paths[0]}: holds no verdict", hint="give the log of the service")
    return FeedbackSet([_numbered(draft) for draft in drafts.values()], verdicts, idle, torn)


def _lines(path: Path) -> list[tuple[Line, bytes]]:
    """Bytes, line ends kept: what was broken off may end in the middle of a character."""
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    except OSError as error:
        raise InvalidGold(
            f"{path}: {error.strerror}", hint="give the log of the service"
        ) from error
    return [
        (Line(path, number, _HINT), text)
        for number, text in enumerate(lines, start=1)
        if text.strip()
    ]


def _decoded(line: Line, text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise line.wrong("line", f"is not UTF-8 ({error.reason})") from error


def _draft(line: Line, row: dict[str, Any]) -> Draft | None:
    """What one verdict proposes; None where it has neither an answer nor a correction."""
    for name in ("answer_id", "verdict"):
        if name not in row:
            raise line.wrong(name, "is missing")
    if row["verdict"] not in ("right", "wrong", "unclear"):
        raise line.wrong("verdict", "must be right, wrong or unclear")
    if row["verdict"] == "unclear" or row.get("question") is None:
        return None  # the question is kept only where its sender put it in
    words = line.text("question", row["question"]).strip()
    short, correction, comment = (
        _optional(line, row, name) for name in ("short_answer", "correction", "comment")
    )
    evidence = _evidence(line, row.get("citations"))
    question = GoldQuestion("", Kind.FACT, words, (), ())
    note = f"the user wrote: {comment}" if comment else ""
    if row["verdict"] == "wrong":
        if not correction:
            return None
        answered = short or _optional(line, row, "answer")
        parts = [_CORRECTED, f"the answer was: {answered}" if answered else "", note]
        question = replace(question, kind=kind_of(correction), answers=((correction,),))
        return _proposal(question, "; ".join(part for part in parts if part))
    if row.get("abstained") is True:
        return _proposal(replace(question, kind=Kind.NO_ANSWER), note)
    if not evidence:
        return None
    if short:
        proof = tuple(item for item in evidence if holds(item.quote, short)) or evidence
        question = replace(question, kind=kind_of(short), answers=((short,),), evidence=proof)
    else:
        question = replace(question, evidence=evidence)
        note = "; ".join(part for part in ("say which words are the answer", note) if part)
    return _proposal(question, note)


def _optional(line: Line, row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise line.wrong(name, "must be a text")
    return (value or "").strip()


def _evidence(line: Line, citations: Any) -> tuple[Evidence, ...]:
    if citations is None:
        return ()
    if not isinstance(citations, list):
        raise line.wrong("citations", "must be a list")
    found: list[Evidence] = []
    for position, item in enumerate(citations):
        name = f"citations[{position}]"
        if not isinstance(item, dict):
            raise line.wrong(name, "must be an object with source and quote")
        found.append(
            Evidence(
                document=line.text(f"{name}.source", item.get("source")),
                quote=line.text(f"{name}.quote", item.get("quote")),
            )
        )
    return tuple(dict.fromkeys(found))


def _proposal(question: GoldQuestion, note: str) -> Draft:
    return Draft(question, Status.PROPOSED, PROPOSED_BY, note=note)


def _folded(first: Draft, second: Draft) -> Draft:
    """Two verdicts on one question: proof adds up, another answer is told to the reviewer.

    An answer with proof goes before a correction without.
    """
    if second.question.evidence and not first.question.evidence:
        first, second = second, first
    ours, theirs = first.question, second.question
    note = first.note
    said = [answer for group in theirs.answers for answer in group]
    known = [answer for group in ours.answers for answer in group]
    for answer in said:
        if not any(same_value(answer, other) for other in known):
            note = "; ".join(part for part in (note, f"another user says: {answer}") if part)
        elif theirs.evidence:
            evidence = tuple(dict.fromkeys((*ours.evidence, *theirs.evidence)))
            ours = replace(ours, evidence=evidence)
    return replace(first, question=ours, note=note)


def _numbered(draft: Draft) -> Draft:
    question = draft.question
    return replace(draft, question=replace(question, id=f"d{question.digest[:10]}"))
