"""Lines of a table or of records, gathered to a text in which each knows where it stands.

Knows no format. The bounds are those of every reader that makes a line of a row.
"""

from dataclasses import dataclass, field

from indexer.errors import UnreadableFile
from indexer.records import Heading, Place

MAX_TEXT_CHARS = 50_000_000
"""A row repeats its headings, so that a wide table grows as it is read: 100 MB of memory."""


@dataclass(slots=True)
class Lines:
    """The text so far, one line after the other, with headings and places."""

    name: str  # of the file, for messages
    lines: list[str] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    length: int = 0  # of the text with the line end behind its last line

    def add(self, line: str, level: int = 0) -> tuple[int, int]:
        """One more line, or several; where it stands. Raises: UnreadableFile, `too_large`."""
        start, end = self.length, self.length + len(line)
        self.lines.append(line)
        self.length = end + 1
        if self.length > MAX_TEXT_CHARS:
            raise too_large(f"{self.name} comes to over {MAX_TEXT_CHARS:,} characters as text")
        if level:
            self.headings.append(Heading(start, end, level))
        return start, end

    def place(self, start: int, name: str) -> None:
        """What was added from `start` on stands at the spot of this name."""
        if self.length - 1 > start:
            self.places.append(Place(start, self.length - 1, name=name))

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def too_large(message: str) -> UnreadableFile:
    return UnreadableFile(message, reason="too_large", hint="split it into several files")
