"""Plain text, often a web page saved without its markup. The stored text is the file's own."""

from indexer.files.boilerplate import find_boilerplate
from indexer.files.decode import decode
from indexer.files.lines import Line, find_headings, outside, split_lines
from indexer.files.metadata import find_author, find_date, find_title, title_line
from indexer.records import Content, Heading


def read(name: str, data: bytes) -> Content:
    """Raises: UnreadableFile, as decode does."""
    decoded = decode(data)
    lines = split_lines(decoded.text)
    left_out = find_boilerplate(lines)
    kept = outside(lines, ((out.start, out.end) for out in left_out))
    title = find_title(kept, name)
    return Content(
        text=decoded.text,
        title=title,
        date=find_date(kept, name),
        author=find_author(kept),
        headings=with_title(find_headings(lines, left_out), title_line(kept, title)),
        left_out=left_out,
        encoding=decoded.encoding,
    )


def with_title(headings: list[Heading], title: Line | None) -> tuple[Heading, ...]:
    """The headings, the title line among them as the only one of level 1."""
    if title is None:
        return tuple(headings)
    others = [heading for heading in headings if heading.start != title.start]
    first = Heading(title.start, title.end, 1)
    return tuple(sorted((first, *others), key=lambda heading: heading.start))
