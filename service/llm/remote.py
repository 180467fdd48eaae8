"""A language model behind an OpenAI-compatible server, over httpx.

Trusts nothing that comes back: sizes are bounded, and whatever is not what the protocol says is
LLMFailed. Retries only before the first piece of text: after it a second try could contradict.
"""

import json
import math
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from indexer.errors import InvalidRequest, LLMFailed, LLMUnavailable, WenjuError
from service.answer.compose.prompts import Message, fit
from service.llm.base import NumberedEvidence
from service.llm.sse import MAX_EVENT_BYTES, event_data
from service.llm.thinking import without_thinking
from service.records import Turn

if TYPE_CHECKING:
    import httpx

TRIES = 3
BACKOFF_S = 0.5
MAX_BACKOFF_S = 5.0
PAUSE_S = 10.0  # a server that can't be had is not asked: else each answer waits for it in vain
CHARS_PER_TOKEN = 16  # a server that ignores max_tokens is cut off at this many times its number
RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_TOO_LONG = re.compile(
    r"context[ _](?:length|window|size)|maximum (?:context|length)|too (?:long|many tokens)|"
    r"exceeds? .{0,40}(?:tokens|context)|reduce the length",
    re.IGNORECASE,
)
CHECK_SERVER = "check that the server runs and that --llm names its URL"


class RemoteModel:
    """`url` is the base, such as http://127.0.0.1:8000/v1; `model` the name the server knows.

    Raises: InvalidRequest for what is no URL. The server is first spoken to by `write`.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        timeout_s: float,
        max_tokens: int,
        context_tokens: int,
        api_key: str | None = None,
        total_s: float | None = None,
        backoff_s: float = BACKOFF_S,
        pause_s: float = PAUSE_S,
    ) -> None:
        import httpx

        try:
            host = httpx.URL(url).host
        except httpx.InvalidURL:
            host = ""
        if not host:
            raise InvalidRequest(
                f"{url!r} is no URL of a language model server",
                hint="write remote:URL#MODEL, such as remote:http://127.0.0.1:8000/v1#qwen3",
            )
        self._model = model
        self._max_tokens = max_tokens
        self._prompt_tokens = max(context_tokens - max_tokens, context_tokens // 2)
        self._timeout_s = timeout_s
        self._total_s = total_s or math.inf
        self._backoff_s = backoff_s
        self._pause_s = pause_s
        self._asked_again_at = -math.inf
        self._address = f"{url.rstrip('/')}/chat/completions"
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        # No connection is kept: a question an hour apart would find it closed, and nobody closes
        # the last one.
        self._client = httpx.Client(
            timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, 10.0)),
            headers=headers,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    @property
    def name(self) -> str:
        return f"remote:{self._model}"

    def write(
        self, question: str, evidence: Sequence[NumberedEvidence], history: Sequence[Turn]
    ) -> Iterator[str]:
        room = self._prompt_tokens
        for attempt in range(1, TRIES + 1):
            chat = fit(question, evidence, history, count_tokens=estimated_tokens, max_tokens=room)
            if not chat:
                raise LLMFailed(
                    "the question is longer than the language model can read",
                    hint="shorten it, or raise WENJU_LLM_CONTEXT_TOKENS if the model reads more",
                )
            try:
                yield from self._chat(chat)
                return
            except _TooLong as refused:
                # The server counts otherwise, or reads less than it was said to.
                if attempt == TRIES:
                    raise refused.error from None
                room = min(room, estimated_tokens(chat)) * 2 // 3

    def chat(self, messages: list[Message]) -> Iterator[str]:
        """What follows on messages that were made elsewhere; `write` makes its own."""
        try:
            yield from self._chat(messages)
        except _TooLong as refused:  # whoever made them shortens them
            raise refused.error from None

    def _chat(self, messages: list[Message]) -> Iterator[str]:
        """Raises: _TooLong, too."""
        yield from without_thinking(self._bounded(self._with_retries(messages)))

    def _bounded(self, pieces: Iterator[str]) -> Iterator[str]:
        written = 0
        for piece in pieces:
            written += len(piece)
            if written > self._max_tokens * CHARS_PER_TOKEN:
                raise LLMFailed(
                    "the language model does not stop writing",
                    hint="its server ignores max_tokens; use another server or model",
                )
            yield piece
        if not written:
            raise LLMFailed("the language model wrote nothing", hint="try another model")

    def _with_retries(self, chat: list[Message]) -> Iterator[str]:
        if time.monotonic() < self._asked_again_at:
            raise LLMUnavailable(
                f"no language model answered at {self._address} a moment ago", hint=CHECK_SERVER
            )
        for attempt in range(1, TRIES + 1):
            started = False
            try:
                for piece in self._attempt(chat):
                    started = True
                    yield piece
                return
            except _TryAgain as failed:
                if started or attempt == TRIES:
                    if isinstance(failed.error, LLMUnavailable) and not started:
                        self._asked_again_at = time.monotonic() + self._pause_s
                    raise failed.error from failed.__cause__
                time.sleep(
                    min(failed.wait_s or self._backoff_s * 2 ** (attempt - 1), MAX_BACKOFF_S)
                )

    def _attempt(self, chat: list[Message]) -> Iterator[str]:
        """One request. Raises: _TryAgain with the error to show if it was the last; else LLM…."""
        import httpx

        body = {
            "model": self._model,
            "messages": chat,
            "stream": True,
            "max_tokens": self._max_tokens,
            "temperature": 0,
        }
        try:
            with self._client.stream("POST", self._address, json=body) as response:
                came = self._in_time(response.iter_bytes())
                if response.status_code != 200:
                    raise self._refused(response, came)
                if "text/event-stream" in response.headers.get("content-type", ""):
                    yield from _streamed_text(came)
                else:
                    yield _whole_text(_read(came))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _TryAgain(
                LLMUnavailable(f"no language model answers at {self._address}", hint=CHECK_SERVER)
            ) from error
        except httpx.ReadTimeout as error:
            raise LLMFailed(
                f"the language model was silent for {self._timeout_s:g} s",
                hint="raise WENJU_LLM_TIMEOUT_S, or use a smaller model",
            ) from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _TryAgain(
                LLMFailed(
                    f"the connection to the language model broke ({type(error).__name__})",
                    hint="try again; if it stays, look at the language model server's log",
                )
            ) from error

    def _in_time(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Until the time is over: comments, empty events and single bytes are no silence."""
        until = time.monotonic() + self._total_s
        for chunk in chunks:
            yield chunk
            if time.monotonic() > until:
                raise LLMFailed(
                    f"the language model server sent for more than {self._total_s:g} s",
                    hint="raise WENJU_LLM_TOTAL_S, or use a smaller model",
                )

    def _refused(self, response: "httpx.Response", body: Iterator[bytes]) -> Exception:
        status = response.status_code
        said = _error_text(_read(body))
        shown = f"the language model server answers {status}{said}"
        if status in (401, 403):
            return LLMUnavailable(shown, hint="set its API key in WENJU_LLM_API_KEY")
        if status == 404:
            return LLMUnavailable(shown, hint="check URL and model name in --llm")
        if status in RETRIED:
            unavailable = LLMUnavailable(shown, hint="try again later")
            return _TryAgain(unavailable, _retry_after_s(response.headers))
        failed = LLMFailed(shown, hint="look at the language model server's log")
        return _TooLong(failed) if _TOO_LONG.search(said) else failed


class _TooLong(Exception):
    """The server refuses a prompt for its length; nothing was written."""

    def __init__(self, error: WenjuError) -> None:
        super().__init__(error.message)
        self.error = error


class _TryAgain(Exception):
    """A failure that a second try may mend."""

    def __init__(self, error: WenjuError, wait_s: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.wait_s = wait_s


def estimated_tokens(chat: Sequence[Message]) -> int:
    """A cautious guess without the tokenizer: one a character beyond ASCII, else a third."""
    total = 0
    for message in chat:
        text = message["content"]
        ascii_count = sum(character.isascii() for character in text)
        total += len(text) - ascii_count + -(-ascii_count // 3) + 8
    return total


def _streamed_text(chunks: Iterator[bytes]) -> Iterator[str]:
    for data in event_data(chunks):
        if data.strip() == "[DONE]":
            return
        chunk = _json_object(data)
        if chunk.get("error"):
            raise LLMFailed(
                f"the language model server reports an error{_error_text(data.encode())}",
                hint="look at the language model server's log",
            )
        text = _content(chunk, "delta")
        if text:
            yield text


def _whole_text(body: bytes) -> str:
    """The text of an answer that came in one piece, from a server that does not stream."""
    answer = _json_object(body.decode("utf-8", "replace"))
    if answer.get("error") or not answer.get("choices"):
        raise LLMFailed(
            f"the language model server sent no answer{_error_text(body)}",
            hint="check that --llm names an OpenAI-compatible URL, such as http://127.0.0.1:8000/v1",
        )
    return _content(answer, "message")


def _content(chunk: Mapping[str, Any], part: str) -> str:
    """choices[0].delta.content or its like; empty for chunks of role, usage or reasoning."""
    choices = chunk.get("choices")
    if not choices:
        return ""
    try:
        content = (choices[0].get(part) or {}).get("content")
    except (AttributeError, KeyError, IndexError, TypeError):
        raise _not_the_protocol(json.dumps(chunk, ensure_ascii=False)) from None
    if content is None:
        return ""
    if not isinstance(content, str):
        raise _not_the_protocol(json.dumps(chunk, ensure_ascii=False))
    return content


def _json_object(data: str) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise _not_the_protocol(data) from None
    if not isinstance(found, dict):
        raise _not_the_protocol(data)
    return found


def _not_the_protocol(data: str) -> LLMFailed:
    return LLMFailed(
        f"the language model server sent something unusable: {data[:80]!r}",
        hint="check that --llm names an OpenAI-compatible URL, such as http://127.0.0.1:8000/v1",
    )


def _read(pieces: Iterator[bytes]) -> bytes:
    """The body, cut at the size of one event."""
    body = b""
    for piece in pieces:
        body += piece
        if len(body) > MAX_EVENT_BYTES:
            break
    return body[:MAX_EVENT_BYTES]


def _error_text(body: bytes) -> str:
    """`: what the server says`, from {"error": {"message": …}} or its cousins; empty if unclear."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    error = found.get("error", found) if isinstance(found, dict) else found
    said = error.get("message") or error.get("detail") if isinstance(error, dict) else error
    return f": {said[:200]}" if isinstance(said, str) and said else ""


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    value = headers.get("retry-after", "")
    return float(value) if value.isdecimal() else None
