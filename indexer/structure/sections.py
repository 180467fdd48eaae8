"""A document's text by its headings. Knows headings and offsets; no format, no passages."""

from dataclasses import dataclass

from indexer.records import Document, Heading

_LONGEST_HEADING = 100


@dataclass(frozen=True, slots=True)
class Section:
    """What stands between two headings. `own` is the heading right above, `path` all of them."""

    start: int
    end: int
    path: tuple[str, ...]
    own: Heading | None


def find_sections(document: Document) -> list[Section]:
    """In order, without gaps but for the heading lines themselves."""
    text = document.text
    sections: list[Section] = []
    path: list[Heading] = []
    own: Heading | None = None
    begin = 0
    for heading in sorted(document.headings, key=lambda heading: heading.start):
        is_on_last = own is not None and heading.start < begin
        if is_on_last or not _is_heading(text, heading):
            continue
        line_start = max(begin, text.rfind("\n", 0, heading.start) + 1)
        sections.append(Section(begin, line_start, _words(text, path), own))
        grouped = own is not None and _same_group(text, own, heading)
        keep = heading.level + 1 if grouped else heading.level
        path = [above for above in path if above.level < keep]
        path.append(heading)
        own = heading
        line_end = text.find("\n", heading.end)
        begin = len(text) if line_end < 0 else line_end
    sections.append(Section(begin, len(text), _words(text, path), own))
    return sections


def leads_on(text: str, heading: Heading, following: Heading | None) -> bool:
    """Whether the words of a heading without a body live on in the path of the next section."""
    if following is None:
        return False
    return following.level > heading.level or _same_group(text, heading, following)


def _is_heading(text: str, heading: Heading) -> bool:
    """Whole paragraphs are marked up as headings for their looks: those are text."""
    words = text[heading.start : heading.end].rstrip()
    return len(words) <= _LONGEST_HEADING and not words.endswith("。")


def _same_group(text: str, above: Heading, heading: Heading) -> bool:
    """Two headings of one level with nothing between them: a speech's title and its speaker."""
    between = text[above.end : heading.start]
    return above.level == heading.level and not any(char.isalnum() for char in between)


def _words(text: str, path: list[Heading]) -> tuple[str, ...]:
    return tuple(text[heading.start : heading.end] for heading in path)
