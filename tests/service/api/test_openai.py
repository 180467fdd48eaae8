"""OpenAI's endpoint, asked by OpenAI's own client over a real socket."""

import threading
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import httpx
import openai
import pytest
from openai import OpenAI
from starlette.testclient import TestClient

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.api.app import create_app
from service.archive import Archive
from service.settings import Settings
from tests.service.api.conftest import serving
from tests.service.api.fakes import FakeArchive
from tests.service.api.test_problems import is_problem

QUESTION = "金野以匹村每户分到多少钱？"


@pytest.fixture(scope="module")
def base(archive: Archive) -> Iterator[str]:
    with serving(archive) as address:
        yield address


@pytest.fixture
def client(base: str) -> OpenAI:
    return OpenAI(base_url=f"{base}v1", api_key="none", max_retries=0)


def user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def test_the_models_are_the_collections(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["wenju"]
    assert client.models.retrieve("wenju").object == "model"
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve("gpt-5")
    assert caught.value.body["code"] == "model_not_found"


def test_an_answer_with_footnotes_and_annotations(client: OpenAI) -> None:
    found = client.chat.completions.create(model="wenju", messages=[user(QUESTION)], temperature=0)
    (choice,) = found.choices
    text = choice.message.content
    assert text is not None
    assert "每户分到1500元" in text
    answer, _, notes = text.partition("\n\n")
    assert notes.startswith("[1] 金野以匹村的分红 (2020/分红.md, 2020-05-28")
    (first, *_) = choice.message.annotations
    cited = first.url_citation
    assert answer[cited.start_index : cited.end_index] == "[1]"
    assert cited.title == "金野以匹村的分红"
    assert "/v1/documents/" in cited.url
    assert choice.finish_reason == "stop"
    assert found.usage.completion_tokens == len(text)
    assert found.usage.prompt_tokens == len(QUESTION)
    assert found.model_extra["wenju"]["citations"][0]["source"] == "2020/分红.md"


def test_a_stream_says_the_same(client: OpenAI) -> None:
    whole = client.chat.completions.create(model="wenju", messages=[user(QUESTION)])
    chunks = list(
        client.chat.completions.create(
            model="wenju",
            messages=[user(QUESTION)],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == whole.choices[0].message.content
    assert deltas[0].role == "assistant"
    (annotated,) = [delta for delta in deltas if (delta.model_extra or {}).get("annotations")]
    assert annotated.model_extra["annotations"][0]["type"] == "url_citation"
    reasons = [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices]
    assert reasons == [None] * (len(reasons) - 1) + ["stop"]
    assert chunks[-1].choices == []
    assert chunks[-1].usage == whole.usage


def test_silence_is_filled_and_openais_client_bears_it() -> None:
    fake = FakeArchive(gate=threading.Event())
    assert fake.gate is not None
    body = {"model": "wenju", "messages": [user(QUESTION)], "stream": True}
    with serving(fake, Settings(heartbeat_s=0.02)) as address:
        url = f"{address}v1/chat/completions"
        with httpx.stream("POST", url, json=body, timeout=10) as answer:
            lines = [line for line in islice(answer.iter_lines(), 8) if line]
            assert lines[0].startswith("data: ")
            assert lines[1:] == [": still at work"] * (len(lines) - 1)
            fake.gate.set()
        fake.gate.clear()
        client = OpenAI(base_url=f"{address}v1", api_key="none", max_retries=0)
        with client.chat.completions.create(**body) as stream:
            chunks = iter(stream)
            first = next(chunks)
            threading.Timer(0.2, fake.gate.set).start()  # ten comments later
            deltas = [chunk.choices[0].delta.content or "" for chunk in (first, *chunks)]
    assert "".join(deltas).startswith("每户分到1500元。[1]")


def test_history_makes_a_follow_up_whole(client: OpenAI) -> None:
    found = client.chat.completions.create(
        model="wenju",
        messages=[
            {"role": "system", "content": "You are a pirate."},
            user("昭觉县有多少人到县医院就诊？"),
            {"role": "assistant", "content": "3428人。"},
            {"role": "user", "content": [{"type": "text", "text": "那是哪个县？"}]},
        ],
    )
    assert "昭觉县" in (found.choices[0].message.content or "")


def test_what_is_not_there_is_refused_without_footnotes(client: OpenAI) -> None:
    found = client.chat.completions.create(model="wenju", messages=[user("火星上有几座医院？")])
    message = found.choices[0].message
    assert found.model_extra["wenju"]["abstained"] is True
    assert message.content == found.model_extra["wenju"]["answer"]
    assert message.annotations == []


@pytest.mark.parametrize(
    "broken",
    [
        '{"messages": [{"role": "user", "content": "几户HALF？"}]}',
        '{"messages": [{"role": "user", "content": [{"type": "text", "text": "HALF几户"}]}]}',
        '{"messages": [{"role": "assistant", "content": "HALF"},'
        ' {"role": "user", "content": "几户"}]}',
        '{"model": "wenju/HALF", "messages": [{"role": "user", "content": "几户？"}]}',
    ],
)
def test_half_a_character_is_refused_wherever_it_stands(base: str, broken: str) -> None:
    answer = httpx.post(
        f"{base}v1/chat/completions",
        content=broken.replace("HALF", "\\ud800"),
        headers={"content-type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "assistant", "content": "好"}]}, "body"),
        ({"messages": [{"role": "user", "content": "？！"}]}, "messages.0.content"),
        ({"messages": [{"role": "user", "content": "问" * 2001}]}, "question"),
        ({"messages": [{"role": "user", "content": "几户？"}], "n": 2}, "n"),
    ],
)
def test_bad_requests_name_the_field(base: str, body: dict[str, object], field: str) -> None:
    answer = httpx.post(f"{base}v1/chat/completions", json={"model": "wenju"} | body)
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] in ("invalid_request", "malformed_body")
    if field != "body":
        assert answer.json()["errors"][0]["field"] == field


def test_an_unknown_model_is_one_clear_error(client: OpenAI) -> None:
    for stream in (False, True):
        with pytest.raises(openai.NotFoundError) as caught:
            client.chat.completions.create(
                model="wenju/nowhere", messages=[user(QUESTION)], stream=stream
            )
        assert caught.value.body["code"] == "model_not_found"
        assert "wenju/nowhere" in caught.value.body["detail"]


def test_another_collection_is_another_model(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "泵站.md").write_text("# 东渠泵站\n\n东渠泵站装机四台，功率共320千瓦。\n")
    build([tmp_path], tmp_path / ".index", load_embedder("builtin"))
    loaded = threading.Event()
    loaders = {
        "default": lambda: archive,
        "water": partial(Archive.open, tmp_path / ".index", Settings()),
    }
    with TestClient(create_app(loaders, Settings(), lambda _: loaded.set())) as client:
        assert loaded.wait(30)
        listed = client.get("/v1/models").json()["data"]
        assert [each["id"] for each in listed] == ["wenju", "wenju/water"]
        asked = {"model": "wenju/water", "messages": [user("东渠泵站功率共多少？")]}
        answer = client.post("/v1/chat/completions", json=asked).json()
        assert "320千瓦" in answer["choices"][0]["message"]["content"]
        is_problem(client.get("/v1/models/wenju/fire"), 404, "model_not_found")
