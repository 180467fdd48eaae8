"""A day is told however a text writes it; another day is not."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answer.read.days import days_told, tells_day

DAYS = st.dates(date(2001, 1, 1), date(2030, 12, 31))


@given(DAYS)
def test_the_day_itself_is_told_and_the_next_is_not(day: date) -> None:
    key, following = (f"{d:%m-%d}" for d in (day, day + timedelta(days=1)))
    for text in (f"{day.year}年{day.month}月{day.day}日开会", f"{day.month}月{day.day}日,开会"):
        assert tells_day(key, text)
        assert not tells_day(following, text)


@pytest.mark.parametrize(
    ("key", "text", "told"),
    [
        ("07-27", "7月26日至28日", True),
        ("07-29", "7月26日至28日", False),
        ("08-10", "记者今天(10日)获悉", True),
        ("07-15", "7月1日至31日", True),
        ("07-15", "2023年7月1日至7月31日", True),
        ("07-15", "2023年二季度", False),
        ("08-10", "8月", False),
        ("08-10", "2023年8月", False),
        ("08-10", "第10号令", False),
    ],
)
def test_spans_and_bare_days(key: str, text: str, told: bool) -> None:
    assert tells_day(key, text) is told


def test_a_month_is_no_day() -> None:
    assert days_told("2023年8月和9月") == []
