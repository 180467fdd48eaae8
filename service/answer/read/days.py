"""Whether a text tells a single day, month and day, of whatever year."""

import re

from service.answer.understand.periods import find_periods

_KEY = len("07-26")


def tells_day(key: str, folded: str) -> bool:
    """Whether a folded text tells the day `key`, such as 07-26, a span that holds it, or the day
    without its month, as 记者今天(26日)获悉.
    """
    if any(start <= key <= end for start, end in days_told(folded)):
        return True
    return re.search(rf"(?<![\d月第-]){int(key[-2:])}[日号](?!\d)", folded) is not None


def days_told(folded: str) -> list[tuple[str, str]]:
    """The first and the last day, without their year, of each time that is told to the day."""
    periods = find_periods(folded)
    told = [(p.start, p.end) for p in periods if p.start[:4] == p.end[:4] or p.start[:1] == "-"]
    days = [(start.lstrip("-")[-_KEY:], end.lstrip("-")[-_KEY:]) for start, end in told]
    return [(start, end) for start, end in days if "-" in start and not _is_of_months(start, end)]


def _is_of_months(start: str, end: str) -> bool:
    """Whether it is a month or several, told without a day: 2023年8月, 三季度."""
    return start.endswith("-01") and end[-2:] in ("28", "29", "30", "31")
