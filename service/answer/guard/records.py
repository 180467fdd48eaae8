"""What the guard is given and what it says. Pure data."""

from dataclasses import dataclass
from enum import StrEnum

from service.records import Support


class CheckName(StrEnum):
    """What is checked, in the order in which it is told."""

    CITATION = "citation"
    QUOTED = "quoted"
    TEXT = "text"
    FIGURES = "figures"
    DATES = "dates"
    SUMS = "sums"
    BOUNDS = "bounds"
    BINDING = "binding"
    NAMES = "names"
    WORDS = "words"
    QUOTATIONS = "quotations"
    DIRECTIONS = "directions"
    NEGATIONS = "negations"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Check:
    """One check of one sentence. `detail` names what is not proven, or how a sum was made."""

    name: CheckName
    passed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A quote that a sentence cites, with its document's title and headings, and ISO date."""

    quote: str
    title: str = ""
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a sentence rests on, and the checks that say so. Failed ones tell why it does not."""

    support: Support
    checks: tuple[Check, ...]

    @property
    def proven(self) -> bool:
        return self.support is not Support.UNVERIFIED

    @property
    def failed(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.passed)

    @property
    def checked(self) -> tuple[str, ...]:
        """What was checked, each name once."""
        return tuple(dict.fromkeys(str(check.name) for check in self.checks))

    @property
    def reason(self) -> str:
        """What failed, for the log and for a model that is to mend it."""
        return "; ".join(
            f"{check.name}: {check.detail}" if check.detail else str(check.name)
            for check in self.failed
        )
