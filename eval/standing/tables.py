"""Tables in Markdown. Knows text alone."""

from collections.abc import Sequence

NOTHING = "–"


def markdown_table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Figures stand to the right, the first column to the left."""
    marks = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, marks, *lines))
