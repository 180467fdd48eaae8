"""A session stands for its key for twelve hours, or until it is ended."""

from service.access.sessions import LIFETIME_S, MAX_PER_KEY, Sessions
from tests.service.access.test_attempts import Clock


def test_a_session_stands_for_its_key_until_it_ends() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    first, second = sessions.begin("k1"), sessions.begin("k2")
    assert (sessions.key_id(first), sessions.key_id(second)) == ("k1", "k2")
    assert [sessions.key_id(wrong) for wrong in ("", first[:-1], "k1")] == [None] * 3
    sessions.end(first)
    sessions.end("unknown")
    assert (sessions.key_id(first), sessions.key_id(second)) == (None, "k2")
    clock.now += LIFETIME_S
    assert sessions.key_id(second) is None


def test_a_key_that_signs_in_again_and_again_fills_no_memory_and_ends_no_other_session() -> None:
    sessions = Sessions(Clock())
    other = sessions.begin("other")
    tokens = [sessions.begin("busy") for _ in range(MAX_PER_KEY + 5)]
    assert [sessions.key_id(token) for token in tokens[:5]] == [None] * 5
    assert {sessions.key_id(token) for token in tokens[5:]} == {"busy"}
    assert sessions.key_id(other) == "other"


def test_what_is_kept_opens_nothing() -> None:
    sessions = Sessions(Clock())
    token = sessions.begin("k1")
    assert token not in str(vars(sessions))
