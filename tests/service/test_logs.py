"""One line an event, whatever is in it."""

import json
import logging
import sys

from hypothesis import given
from hypothesis import strategies as st

from service.logs import REQUEST_ID, JsonLines, TextLines


def record(message: str, fields: dict[str, object] | None = None) -> logging.LogRecord:
    made = logging.LogRecord("service.api", logging.WARNING, "", 0, "%s", (message,), None)
    made.created = 1_700_000_000.5
    if fields is not None:
        made.fields = fields
    return made


def test_the_fields_of_a_line_as_json_and_as_text() -> None:
    token = REQUEST_ID.set("q1")
    try:
        made = record("request", {"route": "/v1/ask", "status": 200, "key_id": None})
        assert json.loads(JsonLines().format(made)) == {
            "time": "2023-11-14T22:13:20.500+00:00",
            "level": "WARNING",
            "logger": "service.api",
            "message": "request",
            "request_id": "q1",
            "route": "/v1/ask",
            "status": 200,
            "key_id": None,
        }
        assert TextLines().format(made) == (
            "2023-11-14T22:13:20.500+00:00 WARNING service.api: request"
            " route=/v1/ask status=200 key_id=None request_id=q1"
        )
    finally:
        REQUEST_ID.reset(token)


@given(st.text(), st.text())
def test_no_text_makes_a_second_line(message: str, value: str) -> None:
    made = record(message, {"name": value})
    as_json = JsonLines().format(made)
    assert json.loads(as_json)["message"] == message
    assert json.loads(as_json)["name"] == value
    for line in (as_json, TextLines().format(made)):
        assert len(line.splitlines()) == 1
        assert all(character.isprintable() or character not in "\n\r\t\x1b" for character in line)


def test_a_traceback_is_set_in_or_a_field() -> None:
    made = record("broke")
    try:
        raise ValueError("two\n2023 INFO forged: lines")
    except ValueError:
        made.exc_info = sys.exc_info()
    first, *rest = TextLines().format(made).split("\n")
    assert first.endswith("broke")
    assert rest
    assert all(line.startswith("    ") for line in rest)
    assert "ValueError: two" in json.loads(JsonLines().format(made))["exception"]
