"""Lines put together to a stored text, with what stands at which offset. Knows no format."""

from dataclasses import dataclass, field

from indexer.files.lines import Line
from indexer.files.readers.rows import MAX_TEXT_CHARS, too_large
from indexer.records import Heading, LeftOut, LeftOutReason, Place


@dataclass(slots=True)
class Assembly:
    """The text grows line by line; a line's own line breaks stay in it."""

    parts: list[str] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    prose: list[Line] = field(default_factory=list)  # lines that are no rows and not left out
    length: int = 0

    def add(
        self,
        text: str,
        *,
        level: int = 0,
        reason: LeftOutReason | None = None,
        is_row: bool = False,
        page: int | None = None,
        place: str | None = None,
    ) -> None:
        """A line, if there is something in it; the white space around it goes.

        Raises: UnreadableFile, reason `too_large`.
        """
        text = text.strip()
        if not text:
            return
        start, end = self.length, self.length + len(text)
        if end > MAX_TEXT_CHARS:
            raise too_large(f"it comes to over {MAX_TEXT_CHARS:,} characters as text")
        self.parts.append(text)
        self.length = end + 1
        if level:
            self.headings.append(Heading(start, end, level))
        if reason:
            self.left_out.append(LeftOut(start, end, reason))
        elif not is_row:
            self.prose.append(Line(start, end, text))
        if page is not None or place is not None:
            self.places.append(Place(start, end, page, place))

    @property
    def text(self) -> str:
        return "\n".join(self.parts)
