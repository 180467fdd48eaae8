"""Where a person decides on drafts. Every decision is on disk before the next one is asked for.

Two files change when a draft is accepted, and a process can be killed between them. So the drafts
file is told first under which id the row is about to stand (`gold_id`, while it is still proposed);
then the row is added to the gold file; then the draft becomes accepted. Whoever opens the desk
again finishes what was begun: no accepted row is lost, and none is added twice.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from eval.check import unproven, words_asked
from eval.evidence import Library, Missing, Places
from eval.gold import Evidence, GoldQuestion, Kind, as_row, load_gold
from eval.making.drafts import Draft, Status, load_drafts, save_drafts
from eval.writing import write_whole
from indexer.errors import InvalidGold, InvalidRequest

_NUMBERED = re.compile(r"(.*?)(\d+)")
_FIRST_ID = "q001"


@dataclass(frozen=True, slots=True)
class Edit:
    """What the person made of a draft: the gold fields without the id."""

    kind: Kind
    question: str
    answers: tuple[tuple[str, ...], ...]
    evidence: tuple[Evidence, ...]

    @classmethod
    def of(cls, question: GoldQuestion) -> Edit:
        return cls(question.kind, question.question, question.answers, question.evidence)


class Desk:
    """The drafts of one file and the gold file that takes what is accepted.

    Each call reads both files anew under a lock: several reviewers may work at once.
    `library` looks quotes up; without one they are taken as they are.
    """

    def __init__(self, drafts: Path, gold: Path, library: Library | None = None) -> None:
        """Finishes what was begun. Raises: InvalidGold, InvalidRequest, StorageFull."""
        if drafts.resolve() == gold.resolve():
            raise InvalidRequest(
                f"{gold} is the file of drafts itself", hint="give --gold another file"
            )
        self._drafts, self._gold = drafts, gold
        self._places = Places(library) if library is not None else None
        load_drafts(drafts)
        with self._locked():
            for draft in load_drafts(drafts):
                if draft.status is Status.PROPOSED and draft.gold_id:
                    self._finish(draft)

    def drafts(self) -> list[Draft]:
        """All of them, in the file's order. Raises: InvalidGold."""
        return load_drafts(self._drafts)

    def counts(self) -> dict[Status, int]:
        """How many drafts have each status. Raises: InvalidGold."""
        found = self.drafts()
        return {status: sum(draft.status is status for draft in found) for status in Status}

    def accept(self, draft_id: str, edit: Edit) -> str:
        """Add the row to the gold file, and return its id there.

        Raises: InvalidGold for what a gold file would not hold, InvalidRequest for a draft that is
        decided or unknown, StorageFull.
        """
        with self._locked():
            draft = self._open(draft_id)
            gold = self._gold_questions()
            question = replace(
                draft.question,
                kind=edit.kind,
                question=edit.question.strip(),
                answers=edit.answers,
                evidence=edit.evidence,
            )
            self._refuse_unsound(question, gold)
            begun = replace(draft, question=question, gold_id=fresh_id(gold))
            self._replace(begun)
            return self._finish(begun)

    def reject(self, draft_id: str) -> None:
        """Raises: InvalidGold, InvalidRequest, StorageFull."""
        with self._locked():
            self._replace(replace(self._open(draft_id), status=Status.REJECTED))

    def _finish(self, draft: Draft) -> str:
        """The row into the gold file unless it is there, then the draft as accepted."""
        gold = self._gold_questions()
        theirs = next((question for question in gold if question.id == draft.gold_id), None)
        if theirs is None or words_asked(theirs) != words_asked(draft.question):
            if theirs is not None:  # somebody else took the id in between
                draft = replace(draft, gold_id=fresh_id(gold))
                self._replace(draft)
            self._append(replace(draft.question, id=draft.gold_id))
        self._replace(replace(draft, status=Status.ACCEPTED))
        return draft.gold_id

    def _append(self, question: GoldQuestion) -> None:
        """One line more; the lines before it stay as they are, to the byte."""
        before = self._gold.read_bytes().decode("utf-8") if self._gold.exists() else ""
        if before and not before.endswith("\n"):
            before += "\n"
        row = json.dumps(as_row(question), ensure_ascii=False)
        write_whole(self._gold, f"{before}{row}\n")

    def _replace(self, draft: Draft) -> None:
        drafts = [draft if other.id == draft.id else other for other in self.drafts()]
        save_drafts(self._drafts, drafts)

    def _open(self, draft_id: str) -> Draft:
        """The draft, if it still waits for a decision."""
        draft = next((other for other in self.drafts() if other.id == draft_id), None)
        if draft is None:
            raise InvalidRequest(f"there is no draft {draft_id!r}", hint="open the drafts again")
        if draft.status is not Status.PROPOSED:
            raise InvalidRequest(
                f"draft {draft_id} is {draft.status} already", hint="go on to the next one"
            )
        return draft

    def _gold_questions(self) -> list[GoldQuestion]:
        empty = not self._gold.exists() or not self._gold.stat().st_size
        return [] if empty else load_gold(self._gold)

    def _refuse_unsound(self, question: GoldQuestion, gold: Sequence[GoldQuestion]) -> None:
        """Raises: InvalidGold, naming the field."""
        for field, what in self._faults(question, gold):
            raise InvalidGold(f"{field}: {what}", hint="edit it, or reject the draft")

    def _faults(
        self, question: GoldQuestion, gold: Sequence[GoldQuestion]
    ) -> Iterator[tuple[str, str]]:
        yield from _incomplete(question)
        for position in unproven(question):
            shown = " | ".join(question.answers[position])
            yield f"answers[{position}]", f"no quote holds {shown}"
        words = words_asked(question)
        for other in gold:
            if words_asked(other) == words:
                yield "question", f"is asked in {self._gold}:{other.line} ({other.id}) already"
        if self._places is not None:
            for position, evidence in enumerate(question.evidence):
                missing = self._places.place(evidence).missing
                if missing is not None:
                    field = "quote" if missing in (Missing.QUOTE, Missing.PASSAGE) else "document"
                    yield f"evidence[{position}].{field}", f"{missing.replace('_', ' ')}"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One decision at a time in these folders. A lock ends with the process that holds it."""
        self._gold.parent.mkdir(parents=True, exist_ok=True)
        folders = {path.resolve().parent for path in (self._drafts, self._gold)}
        with ExitStack() as held:
            for folder in sorted(folders):  # in one order, or two desks might wait for each other
                handle = os.open(folder, os.O_RDONLY)
                held.callback(os.close, handle)
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _incomplete(question: GoldQuestion) -> Iterator[tuple[str, str]]:
    """What `load_gold` would refuse, told by field."""
    if not question.question.strip():
        yield "question", "must be a text that is not empty"
    answerable = question.kind is not Kind.NO_ANSWER
    for field, given in (("answers", question.answers), ("evidence", question.evidence)):
        if answerable and not given:
            yield field, f"is empty, but kind {question.kind} has an answer"
        if not answerable and given:
            yield field, f"must be empty for kind {question.kind}"
    stands_alone = not question.kind.may_follow
    if stands_alone if question.history else question.kind is Kind.FOLLOW_UP:
        yield "kind", f"{question.kind} does not go with the draft's history"
    for group in question.answers:
        if not group or not all(answer.strip() for answer in group):
            yield "answers", "must be texts that are not empty"
    for item in question.evidence:
        if not item.document.strip() or not item.quote.strip():
            yield "evidence", "must name a document and quote its words"


def fresh_id(questions: Sequence[GoldQuestion]) -> str:
    """An id that no question has: the last numbered one, counted on."""
    taken = {question.id for question in questions}
    numbered = [found for q in questions if (found := _NUMBERED.fullmatch(q.id))]
    if not numbered:
        prefix, number, width = _FIRST_ID[0], 1, len(_FIRST_ID) - 1
    else:
        prefix, digits = numbered[-1].groups()
        number, width = int(digits) + 1, len(digits)
    while f"{prefix}{number:0{width}d}" in taken:
        number += 1
    return f"{prefix}{number:0{width}d}"
