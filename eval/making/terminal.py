"""Review on the command line: one draft after the other, a letter for each decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from eval.gold import Evidence, Kind
from eval.making.answers import Groups, read_answers, show_answers
from eval.making.desk import Desk, Edit
from eval.making.drafts import Draft, Status
from eval.matching import holds
from indexer.errors import InvalidGold, InvalidRequest

_KEYS = "a accept · e edit the question · d edit details · r reject · s skip · q quit"


def review(desk: Desk, ask: Callable[[str, str], str], say: Callable[[str], None]) -> None:
    """Go through what waits for a decision. `ask(label, default)` reads a line; `say` shows one.

    Raises: InvalidGold, InvalidRequest, StorageFull, and what `ask` raises at the input's end.
    """
    waiting = [draft for draft in desk.drafts() if draft.status is Status.PROPOSED]
    for number, draft in enumerate(waiting, start=1):
        say(f"\n[{number}/{len(waiting)}]")
        if not _decide(desk, draft, ask, say):
            break
    else:
        say("\nthat was the last one")


def _decide(
    desk: Desk, draft: Draft, ask: Callable[[str, str], str], say: Callable[[str], None]
) -> bool:
    """One decision, however many edits it takes. Whether to go on."""
    edit = Edit.of(draft.question)
    say(shown(draft, edit))
    while True:
        key = ask(_KEYS, "").strip().lower()[:1]
        try:
            if key == "a":
                say(f"accepted as {desk.accept(draft.id, edit)}")
                return True
            if key == "r":
                desk.reject(draft.id)
                say("rejected")
                return True
            if key in ("s", "q"):
                return key == "s"
            if key == "e":
                edit = replace(edit, question=ask("question", edit.question))
                say(shown(draft, edit))
            elif key == "d":
                edit = _details(edit, ask)
                say(shown(draft, edit))
        except (InvalidGold, InvalidRequest) as error:
            say(f"not possible: {error.message} ({error.hint})")


def _details(edit: Edit, ask: Callable[[str, str], str]) -> Edit:
    """Raises: InvalidRequest for a kind that is none."""
    kind = ask(f"kind ({', '.join(Kind)})", edit.kind)
    if kind not in list(Kind):
        raise InvalidRequest(f"{kind!r} is not a kind", hint="write one of those that are listed")
    answers = read_answers(
        ask("answers: | between alternatives, || between groups", show_answers(edit.answers))
    )
    present = edit.evidence or (Evidence("", ""),)
    evidence = [
        Evidence(ask("document", item.document), ask("quote", item.quote)) for item in present
    ]
    proven = tuple(item for item in evidence if item.document.strip() and item.quote.strip())
    return replace(edit, kind=Kind(kind), answers=answers, evidence=proven)


def shown(draft: Draft, edit: Edit) -> str:
    """A draft as lines, the values marked in their quotes with 【】."""
    lines = [
        f"question  {edit.question}",
        f"kind      {edit.kind}   (proposed by {draft.proposed_by})",
        f"answers   {show_answers(edit.answers)}",
    ]
    lines += [f"said      {turn.role}: {turn.content}" for turn in draft.question.history]
    for item in edit.evidence:
        lines += [f"quote     {marked(item.quote, edit.answers)}", f"document  {item.document}"]
    if draft.title:
        lines.append(f"title     {draft.title}")
    if not edit.evidence and edit.kind is not Kind.NO_ANSWER:
        lines.append("evidence  none yet: name document and quote with d")
    if draft.note:
        lines.append(f"note      {draft.note}")
    return "\n".join(lines)


def marked(quote: str, answers: Groups) -> str:
    """The quote with each group's value between 【 and 】."""
    for start, end in reversed(value_spans(quote, answers)):
        quote = f"{quote[:start]}【{quote[start:end]}】{quote[end:]}"
    return quote


def value_spans(quote: str, answers: Groups) -> list[tuple[int, int]]:
    """Where the values of the groups stand in a quote, in order, none within another."""
    spans: list[tuple[int, int]] = []
    for group in answers:
        spans += [span for answer in group if (span := value_span(quote, answer))][:1]
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def value_span(quote: str, answer: str) -> tuple[int, int] | None:
    """Where a value stands in a quote, however it is spelled there; None if it does not."""
    if not holds(quote, answer):
        return None
    end = next(end for end in range(1, len(quote) + 1) if holds(quote[:end], answer))
    start = max(start for start in range(end) if holds(quote[start:end], answer))
    return start, end
