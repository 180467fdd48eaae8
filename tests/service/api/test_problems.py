"""Every error leaves as a problem, in the reader's language, without internals."""

import logging
from typing import Any

import pytest

from indexer import errors
from indexer.errors import DocumentNotFound, EmbedderFailed, LLMUnavailable, WenjuError
from service.api.problems import KINDS, kind_of, prefers_chinese, problem
from service.settings import Settings
from tests.service.api.conftest import client_of
from tests.service.api.fakes import FakeArchive

MEMBERS = {"type", "title", "status", "detail", "code", "hint"}
JSON = {"content-type": "application/json"}


def test_every_error_of_the_tree_has_a_row_of_its_own() -> None:
    tree = {
        found
        for found in vars(errors).values()
        if isinstance(found, type) and issubclass(found, WenjuError)
    }
    assert len(tree) > 12
    assert tree <= set(KINDS)
    assert len({error.code for error in KINDS}) == len(KINDS)
    assert kind_of(DocumentNotFound("a", hint="b")).status == 404


@pytest.mark.parametrize(
    ("header", "chinese"),
    [
        ("", False),
        ("zh-CN,zh;q=0.9,en;q=0.8", True),
        ("en-US,en;q=0.9,zh;q=0.8", False),
        ("zh", True),
        ("en;q=0.1, zh;q=0.2", True),
        ("en, zh", False),
        ("fr, zh;q=0", False),
        ("zh;q=abc", False),
        (",;;,zh-TW", True),
    ],
)
def test_the_language_is_the_readers(header: str, chinese: bool) -> None:
    assert prefers_chinese(header) is chinese


def test_a_chinese_reader_gets_chinese_and_others_the_raisers_hint() -> None:
    error = LLMUnavailable("gone", hint="start it")
    assert problem(error, chinese=False)["hint"] == "start it"
    assert problem(error, chinese=True)["title"] == "语言模型不可用"
    assert "--llm" in problem(error, chinese=True)["hint"]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("no document '通知.md' in the index", "索引中没有文档 '通知.md'"),
        ("there is nothing at /v2/ask", "没有这个地址：/v2/ask"),
        ("PUT does not work at /v1/ask", "地址 /v1/ask 不支持 PUT 方法"),
        ("the question is empty", "问题是空的"),
        ("question: 缺少该字段", "question: 缺少该字段"),
        ("no answer from 10.0.0.8", "语言模型不可用：no answer from 10.0.0.8"),
    ],
)
def test_a_chinese_reader_is_told_in_chinese_what_went_wrong(message: str, said: str) -> None:
    error = LLMUnavailable(message, hint="mend it")
    assert problem(error, chinese=True)["detail"] == said
    assert problem(error, chinese=False)["detail"] == message


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed_body"),
        (b"{", 400, "malformed_body"),
        (b'{"question": "a"', 400, "malformed_body"),
        (b'"a"', 400, "malformed_body"),
        (b"[]", 400, "malformed_body"),
        (b"null", 400, "malformed_body"),
        (b"\xff\xfe", 400, "malformed_body"),
        (b"[" * 100_000, 400, "malformed_body"),
        (b'{"question": ' + b"9" * 5000 + b"}", 400, "malformed_body"),
        (b"{}", 422, "invalid_request"),
        (b'{"question": ""}', 422, "invalid_request"),
        (b'{"question": " \\u3000\\n"}', 422, "invalid_request"),
        (b'{"question": "?!"}', 422, "invalid_request"),
        (b'{"question": 7}', 422, "invalid_request"),
        (b'{"question": "a\\ud800"}', 422, "invalid_request"),
        (b'{"question": "a", "k": "8"}', 422, "invalid_request"),
        (b'{"question": "a", "k": true}', 422, "invalid_request"),
        (b'{"question": "a", "k": 0}', 422, "invalid_request"),
        (b'{"question": "a", "k": 51}', 422, "invalid_request"),
        (b'{"question": "a", "k": NaN}', 422, "invalid_request"),
        (b'{"question": "a", "k": null}', 422, "invalid_request"),
        (b'{"question": "a", "stream": 1}', 422, "invalid_request"),
        (b'{"question": "a", "filters": []}', 422, "invalid_request"),
        (b'{"question": "a", "filters": {"source": ""}}', 422, "invalid_request"),
        (b'{"question": "a", "filters": {"date_from": "2020-2-1"}}', 422, "invalid_request"),
        (b'{"question": "a", "filters": {"date_from": "20200201"}}', 422, "invalid_request"),
        (b'{"question": "a", "filters": {"date_to": "2020-13-01"}}', 422, "invalid_request"),
        (
            b'{"question": "a", "filters": {"date_from": "2021-01-01", "date_to": "2020-01-01"}}',
            422,
            "invalid_request",
        ),
        (b'{"question": "a", "history": "b"}', 422, "invalid_request"),
        (
            b'{"question": "a", "history": [{"role": "system", "content": ""}]}',
            422,
            "invalid_request",
        ),
        (b'{"question": "a", "history": [{"role": "user"}]}', 422, "invalid_request"),
        (b'{"question": "a", "collection": "other"}', 404, "collection_not_found"),
        (b'{"question": "a", "collection": 1}', 422, "invalid_request"),
    ],
)  # fmt: skip
def test_bad_bodies(body: bytes, status: int, code: str) -> None:
    fake = FakeArchive()
    with client_of(fake) as client:
        answer = client.post("/v1/ask", content=body, headers=JSON)
    is_problem(answer, status, code)
    assert fake.asked == []


def is_problem(answer: Any, status: int, code: str) -> None:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert set(found) >= MEMBERS
    assert (found["status"], found["code"]) == (status, code)
    assert found["type"] == f"/docs#problem-{code}"
    assert found["detail"]
    assert found["hint"]


def test_the_fields_that_are_wrong_are_named_in_the_readers_language() -> None:
    body = {"question": "？", "k": 51, "filters": {"date_from": "gestern"}}
    with client_of(FakeArchive()) as client:
        english = client.post("/v1/ask", json=body).json()
        chinese = client.post("/v1/ask", json=body, headers={"accept-language": "zh"}).json()
    assert [error["field"] for error in english["errors"]] == [
        "question", "k", "filters.date_from",
    ]  # fmt: skip
    assert "less than or equal to 50" in english["detail"]
    assert [error["message"] for error in chinese["errors"]] == [
        "内容为空", "不能大于 50", "不是 2020-05-28 这样的日期",
    ]  # fmt: skip
    assert "gestern" not in str(english)


def test_a_question_of_a_hundred_thousand_characters() -> None:
    with client_of(FakeArchive()) as client:
        for path, field in (("/v1/ask", "question"), ("/v1/search", "query")):
            answer = client.post(path, json={field: "多" * 100_000})
            is_problem(answer, 422, "invalid_request")
            assert "2000" in answer.json()["detail"]
        assert client.post("/v1/ask", json={"question": "多" * 2000}).status_code == 200


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_that_is_too_large(declared: bool) -> None:
    body = b'{"question": "a", "x": "' + b"x" * 5000 + b'"}'
    content = body if declared else iter([body[:100], body[100:]])
    with client_of(FakeArchive(), Settings(max_body_bytes=4096)) as client:
        answer = client.post("/v1/ask", content=content, headers=JSON)
        is_problem(answer, 413, "body_too_large")
        assert "4096" in answer.json()["detail"]
        assert client.post("/v1/ask", json={"question": "每户？"}).status_code == 200


def test_a_body_that_is_not_declared_as_json() -> None:
    with client_of(FakeArchive()) as client:
        answer = client.post(
            "/v1/ask", content=b'{"question": "a"}', headers={"content-type": "text/plain"}
        )
    is_problem(answer, 400, "malformed_body")
    assert "Content-Type: application/json" in answer.json()["hint"]


def test_addresses_and_methods_that_are_not_there() -> None:
    with client_of(FakeArchive()) as client:
        is_problem(client.get("/v2/ask"), 404, "not_found")
        is_problem(client.get("/v1/documents/"), 404, "not_found")
        is_problem(client.get("/page/none.js"), 404, "not_found")
        is_problem(client.get("/page/..%2f..%2fsettings.py"), 404, "not_found")
        answer = client.get("/v1/ask")
        is_problem(answer, 405, "method_not_allowed")
        assert answer.headers["allow"] == "POST"
        assert (
            client.get("/v2", headers={"accept-language": "zh"}).json()["title"] == "没有这个地址"
        )


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (EmbedderFailed("no vectors", hint="look"), 502),
        (LLMUnavailable("gone", hint="start it"), 503),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_known_failure_has_its_status_even_before_a_stream(
    failure: WenjuError, status: int, stream: bool
) -> None:
    with client_of(FakeArchive(failure=failure)) as client:
        answer = client.post("/v1/ask", json={"question": "每户？", "stream": stream})
    is_problem(answer, status, failure.code)
    assert (answer.json()["detail"], answer.json()["hint"]) == (failure.message, failure.hint)
    assert ("retry-after" in answer.headers) is (status == 503)


@pytest.mark.parametrize(("path", "field"), [("/v1/ask", "question"), ("/v1/search", "query")])
def test_an_unforeseen_failure_is_logged_and_its_insides_are_not_told(
    path: str, field: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = {field: "每户？"}
    fake = FakeArchive(failure=ZeroDivisionError("secret /etc/key"))
    with client_of(fake) as client, caplog.at_level(logging.ERROR, "service.api"):
        answer = client.post(path, json=body)
    is_problem(answer, 500, "internal_error")
    assert "secret" not in answer.text
    (record,) = caplog.records
    assert record.getMessage().removeprefix("unexpected error ") in answer.json()["detail"]
    assert "ZeroDivisionError: secret /etc/key" in caplog.text
