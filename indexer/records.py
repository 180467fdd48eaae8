"""What flows from files to the index. Offsets are code points of `Document.text`, end exclusive."""

from dataclasses import dataclass
from enum import StrEnum

BLANK_CELL = "（空）"
"""What the text says where a form's label has no value beside it."""

_LOW_SHARE = 1 / 3


class LeftOutReason(StrEnum):
    """Why a stretch of a document's text is in no passage."""

    NAVIGATION = "navigation"
    RANKING = "ranking"
    FOOTER = "footer"
    DISCLAIMER = "disclaimer"
    COMMENTS = "comments"  # of readers, below the text
    CREDITS = "credits"
    CAPTION = "caption"
    REPEATED = "repeated"  # it stands at the head or foot of many pages of the site
    MARKUP = "markup"
    UNREADABLE = "unreadable"  # a record that is broken, in a file that is not
    HIDDEN = "hidden"  # the file's own program does not show it
    NOT_COMPUTED = "not_computed"  # a formula whose value is not in the file


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading line of a document: where its words stand, and its level (1 is the highest)."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stretch of the text that is kept and shown, but never retrieved."""

    start: int
    end: int
    reason: LeftOutReason


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stretch of the text stands in its file: a page or slide, counted from 1, and what
    the format itself calls the spot, such as a sheet's cells (`人员!A5:F5`).
    """

    start: int
    end: int
    page: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a reader makes of one file: the stored text and what structure it saw in it."""

    text: str
    title: str | None = None
    date: str | None = None  # ISO 8601, day precision
    author: str | None = None
    organisation: str | None = None  # the body that published it
    url: str | None = None
    headings: tuple[Heading, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    places: tuple[Place, ...] = ()  # in order, not overlapping; none where a format has none
    encoding: str | None = None
    page_chars: int | None = None  # letters and figures that a page of HTML holds in all


@dataclass(frozen=True, slots=True)
class Document:
    """One file as it is stored. `source` is its path below the folder that was given, with `/`.

    `document_id` depends on `source` alone, so that it survives a change of content; `digest` is
    the SHA-256 of the file's bytes in hex, `given` that of what the user says of it beside it, or
    empty. `fingerprint` tells reprints of one text from other texts. `page_chars` are the letters
    and figures of a page of HTML: all that it shows, and sentences that it hides or has in scripts.
    """

    document_id: str
    source: str
    digest: str
    format: str
    size: int
    title: str
    date: str | None
    author: str | None
    url: str | None
    text: str
    headings: tuple[Heading, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    places: tuple[Place, ...] = ()
    encoding: str | None = None
    organisation: str | None = None
    given: str = ""
    fingerprint: bytes = b""
    page_chars: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that is retrieved as one: `document.text[start:end] == text`.

    `headings` are the headings above it, outermost first; `subject` is the body or place that
    words such as 学校 and 该村 stand for in it, where the text names it elsewhere. They and the
    document's title, organisation and date are context for retrieval, and never part of the text.
    """

    passage_id: str
    document_id: str
    start: int
    end: int
    text: str
    title: str
    headings: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()  # those that overlap it, with the document's offsets
    subject: str | None = None
    organisation: str | None = None  # the document's
    date: str | None = None

    @property
    def page(self) -> int | None:
        """The page that it begins on."""
        return self.places[0].page if self.places else None

    def place_at(self, start: int) -> Place | None:
        """The place that holds this offset of the document."""
        return next((place for place in self.places if place.start <= start < place.end), None)

    @property
    def context(self) -> str:
        """The title, the headings above, the subject, who published it and when, one a line.

        Nothing is repeated.
        """
        above = "\n".join(dict.fromkeys(part for part in (self.title, *self.headings) if part))
        for part in (self.subject, self.organisation, _spelled(self.date)):
            if part and part not in above:
                above += f"\n{part}"
        return above


def _spelled(day: str | None) -> str | None:
    """An ISO day as questions write it: 2020年5月28日."""
    if day is None:
        return None
    year, month, day_of_month = day.split("-")
    return f"{year}年{int(month)}月{int(day_of_month)}日"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not in the index, and why. `reason` is a stable word, `detail` a sentence."""

    source: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of a page's letters and figures are in passages."""

    kept_chars: int
    page_chars: int

    @property
    def share(self) -> float:
        return min(1.0, self.kept_chars / max(1, self.page_chars))

    @property
    def is_low(self) -> bool:
        """Whether it is so little that the page's text may be among what was left out."""
        return self.share < _LOW_SHARE


def coverage_of(document: Document) -> Coverage | None:
    """None for a file that is no page: of those nothing is lost without a word."""
    if document.page_chars is None:
        return None
    kept, position = 0, 0
    for out in sorted(document.left_out, key=lambda each: each.start):
        kept += count_chars(document.text[position : out.start])
        position = max(position, out.end)
    return Coverage(kept + count_chars(document.text[position:]), document.page_chars)


def count_chars(text: str) -> int:
    """Letters and figures."""
    return sum(map(str.isalnum, text))
