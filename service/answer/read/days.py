"""Whether a text tells a single day, month and day, of whatever year."""

import re

from service.answer.understand.periods import find_periods

_KEY = len("07-26")
_TO_THE_DAY = re.compile(r"[日号]|\d[-/.]\d+[-/.]\d")


def tells_day(key: str, folded: str) -> bool:
    """Whether a folded text tells the day `key`, such as 07-26, a span that holds it, or the day
    without its month, as 记者今天(26日)获悉.
    """
    if any(start <= key <= end for start, end in days_told(folded)):
        return True
    return re.search(rf"(?<![\d月第-]){int(key[-2:])}[日号](?!\d)", folded) is not None


def days_told(folded: str) -> list[tuple[str, str]]:
    """The first and the last day, without their year, of each time that is told to the day."""
    told = [p for p in find_periods(folded) if p.start == p.end or _TO_THE_DAY.search(p.said)]
    days = [(p.start.lstrip("-")[-_KEY:], p.end.lstrip("-")[-_KEY:]) for p in told]
    return [(start, end) for start, end in days if "-" in start and start <= end]
