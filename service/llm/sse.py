"""Server-Sent Events, read side: bytes to the data of each event. Knows no model."""

from collections.abc import Iterable, Iterator

from indexer.errors import LLMFailed

MAX_EVENT_BYTES = 1_048_576


def event_data(chunks: Iterable[bytes]) -> Iterator[str]:
    """The `data` of every event, its lines joined by line breaks; comments and names are skipped.

    Raises: LLMFailed for an event of more than 1 MiB.
    """
    data: list[str] = []
    size = 0
    for line in _lines(chunks):
        size += len(line)
        if size > MAX_EVENT_BYTES:
            raise _too_long()
        if not line:
            if data:
                yield "\n".join(data)
            data, size = [], 0
        elif line.startswith("data:"):
            data.append(line.removeprefix("data:").removeprefix(" "))
    if data:  # the connection ended without the blank line that ends an event
        yield "\n".join(data)


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    held = b""
    for chunk in chunks:
        held += chunk
        *whole, held = held.split(b"\n")
        for line in whole:
            yield line.removesuffix(b"\r").decode("utf-8", "replace")
        if len(held) > MAX_EVENT_BYTES:
            raise _too_long()
    if held:
        yield held.decode("utf-8", "replace")


def _too_long() -> LLMFailed:
    return LLMFailed(
        "the language model server sent an event of more than 1 MiB",
        hint="check that --llm names an OpenAI-compatible URL",
    )
