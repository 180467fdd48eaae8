"""OpenAI's chat endpoint over the archive: `POST /v1/chat/completions` and `GET /v1/models`.

Each collection is a model: `wenju` is the default one, `wenju/NAME` any other. The last message is
the question, those before it the conversation. Settings of a language model that have no meaning
here, such as `temperature` or a system message, are taken and left aside.
"""

import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from indexer.errors import CollectionNotFound
from service.answer.compose.drafts import joined
from service.api.ask import answer_events, problem_of, whole_answer
from service.api.footnotes import marks, with_footnotes
from service.api.openapi import ANSWERING, EVENT_STREAM, problems
from service.api.problems import ModelNotFound
from service.api.running import Running
from service.api.state import DEFAULT, collections_of, principal_of
from service.api.stream import HEARTBEAT, EventStream, beating
from service.api.wire import MAX_HISTORY_CHARS, AskRequest, TurnIn, Whole, answer_json
from service.records import Answer, Done, SentencePassed, StreamEvent

router = APIRouter(tags=["openai"])

MODEL = "wenju"
_MAX_MESSAGES = 100
_STARTED = int(time.time())  # what OpenAI calls a model's `created`


class TextPart(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)

    type: Literal["text"]
    text: Whole


class Message(BaseModel):
    """A message; `content` is a text or a list of text parts."""

    model_config = ConfigDict(strict=True, frozen=True)

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Whole | list[TextPart] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)

    include_usage: bool = False


class ChatRequest(BaseModel):
    """What of OpenAI's request is looked at; its other fields are allowed."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "model": MODEL,
                    "messages": [
                        {"role": "user", "content": "金野以匹村的集体经济分红每户多少钱？"}
                    ],
                }
            ]
        },
    )

    model: Whole = Field(default=MODEL, max_length=300)
    messages: list[Message] = Field(min_length=1, max_length=_MAX_MESSAGES)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = Field(default=1, ge=1, le=1, description="one answer, no more")

    @model_validator(mode="after")
    def _ends_with_a_question(self) -> "ChatRequest":
        if self.messages[-1].role != "user" or not self.messages[-1].text.strip():
            raise PydanticCustomError("no_question", "The last message must be a user's question")
        return self


@router.get("/v1/models", summary="List the collections as models")
def list_models(request: Request) -> Response:
    """`wenju` is the default collection, `wenju/NAME` another; those that the caller may see."""
    names = collections_of(request).visible(principal_of(request))
    return JSONResponse({"object": "list", "data": [_model_json(name) for name in names]})


@router.get("/v1/models/{model:path}", responses=problems(ModelNotFound), summary="Read one model")
def read_model(request: Request, model: str) -> Response:
    name = _collection(model)
    if name not in collections_of(request).visible(principal_of(request)):
        raise _unknown(model)
    return JSONResponse(_model_json(name))


@router.post(
    "/v1/chat/completions",
    summary="Chat, as OpenAI's API does",
    responses=problems(ModelNotFound, *ANSWERING)
    | {
        200: {
            "description": (
                "A chat completion; with `stream` its chunks as Server-Sent Events. Citations are "
                "footnotes in the text and `annotations` of the message; `wenju` is the whole "
                "answer as `POST /v1/ask` gives it. `usage` counts characters."
            ),
            "content": EVENT_STREAM,
        }
    },
)
async def chat(request: Request, asked: Annotated[ChatRequest, Body()]) -> Response:
    """Answer the last message from the archive; no sentence that isn't proven is sent."""
    question = _question(asked)
    try:
        if not asked.stream:
            answer = await whole_answer(request, question)
            return JSONResponse(
                _completion(request, asked, answer), headers={"Cache-Control": "no-store"}
            )
        first, running = await answer_events(request, question)
    except CollectionNotFound:
        raise _unknown(asked.model) from None
    return EventStream(_chunks(request, asked, first, running, problem_of(request)), running)


def _question(asked: ChatRequest) -> AskRequest:
    spoken = [each for each in asked.messages[:-1] if each.role in ("user", "assistant")]
    turns = [
        TurnIn(role="user" if each.role == "user" else "assistant", content=each.text)
        for each in spoken
        if len(each.text) <= MAX_HISTORY_CHARS
    ]
    if not any(character.isalnum() for character in asked.messages[-1].text):
        complaint = {
            "type": "blank",
            "loc": ("body", "messages", len(asked.messages) - 1, "content"),
            "msg": "The text holds no words",
        }
        raise RequestValidationError([complaint])
    return AskRequest(
        question=asked.messages[-1].text,
        collection=_collection(asked.model),
        history=turns,
        stream=bool(asked.stream),
    )


def _collection(model: str) -> str:
    """The collection that a model's name means. Raises: ModelNotFound."""
    if model == MODEL:
        return DEFAULT
    name = model.removeprefix(f"{MODEL}/")
    if name == model or not name.strip():
        raise _unknown(model)
    return name


def _unknown(model: str) -> ModelNotFound:
    return ModelNotFound(f"there is no model {model!r}", hint="GET /v1/models lists them")


def _model_json(name: str) -> dict[str, Any]:
    model = MODEL if name == DEFAULT else f"{MODEL}/{name}"
    return {"id": model, "object": "model", "created": _STARTED, "owned_by": MODEL}


def _head(asked: ChatRequest, answer_id: str, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{answer_id}",
        "object": kind,
        "created": int(time.time()),
        "model": asked.model,
    }


def _completion(request: Request, asked: ChatRequest, answer: Answer) -> dict[str, Any]:
    text = with_footnotes(answer)
    message = {
        "role": "assistant",
        "content": text,
        "refusal": None,
        "annotations": _annotations(request, asked, answer),
    }
    return _head(asked, answer.answer_id, "chat.completion") | {
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": _usage(asked, text),
        "wenju": answer_json(answer),
    }


async def _chunks(
    request: Request,
    asked: ChatRequest,
    first: StreamEvent | None,
    running: Running[StreamEvent],
    told: Callable[[Exception], dict[str, Any]],
) -> AsyncIterator[bytes]:
    """The completion in pieces: each sentence as it passes the check, then the footnotes."""
    passed: list[tuple[str, tuple[int, ...]]] = []
    sent = ""
    chunk = _head(asked, "stream", "chat.completion.chunk")
    heartbeat_s: float = request.app.state.settings.heartbeat_s
    wants_usage = asked.stream_options is not None and asked.stream_options.include_usage

    def piece(delta: dict[str, Any], **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": None} | more
        return _event(chunk | {"choices": [choice]} | ({"usage": None} if wants_usage else {}))

    try:
        yield piece({"role": "assistant", "content": ""})
        async for event in beating(first, running, heartbeat_s):
            match event:
                case None:
                    yield HEARTBEAT
                case SentencePassed(sentence):
                    passed.append((sentence.text, sentence.citations))
                    text = joined(passed)
                    yield piece({"content": text.removeprefix(sent)})
                    sent = text
                case Done(answer):
                    whole = with_footnotes(answer)
                    annotations = _annotations(request, asked, answer)
                    yield piece({"content": whole.removeprefix(sent), "annotations": annotations})
                    yield piece({}, finish_reason="stop")
                    if wants_usage:
                        yield _event(chunk | {"choices": [], "usage": _usage(asked, whole)})
        yield b"data: [DONE]\n\n"
    except Exception as error:  # the HTTP edge: after the status line only an event can tell
        problem = told(error)
        shown = {"message": problem["detail"], "type": problem["code"], "code": problem["code"]}
        yield _event({"error": shown | {"param": None}})


def _annotations(request: Request, asked: ChatRequest, answer: Answer) -> list[dict[str, Any]]:
    """Each mark as OpenAI's `url_citation`; its address is the document's own, or ours of it."""
    base = str(request.base_url).rstrip("/")
    inside = f"?collection={_collection(asked.model)}"
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": mark.start,
                "end_index": mark.end,
                "title": mark.citation.title,
                "url": mark.citation.url
                or f"{base}/v1/documents/{mark.citation.document_id}{inside}",
            },
        }
        for mark in marks(answer)
    ]


def _usage(asked: ChatRequest, text: str) -> dict[str, int]:
    """In characters: nothing here counts in a language model's tokens."""
    prompt = sum(len(message.text) for message in asked.messages)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": len(text),
        "total_tokens": prompt + len(text),
    }


def _event(data: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(data, ensure_ascii=False, allow_nan=False)}\n\n".encode()
