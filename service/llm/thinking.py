"""Takes a reasoning model's thoughts out of its text. Knows no model."""

from collections.abc import Iterable, Iterator

OPEN = "<think>"
CLOSE = "</think>"


def without_thinking(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces without what stands between <think> and </think>, however the pieces are cut.

    A text that starts inside its thoughts, because the prompt opened them, can't be told from an
    answer until they close: such models need their template's own switch.
    """
    held = ""
    thinking = False
    for piece in pieces:
        held += piece
        while True:
            mark = CLOSE if thinking else OPEN
            before, found, after = held.partition(mark)
            if found:
                if before and not thinking:
                    yield before
                held, thinking = after, not thinking
                continue
            keep = _overlap(held, mark)
            ready, held = held[: len(held) - keep], held[len(held) - keep :]
            if ready and not thinking:
                yield ready
            break
    if held and not thinking:
        yield held


def _overlap(text: str, mark: str) -> int:
    """How many characters at the end of `text` may be the beginning of `mark`."""
    return next((size for size in range(len(mark) - 1, 0, -1) if text.endswith(mark[:size])), 0)
