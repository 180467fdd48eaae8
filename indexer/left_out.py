"""What is said of the stretches of a document that are in no passage: where, why, which words.

Knows records; prints nothing.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from indexer.commands import quoted
from indexer.records import Coverage, Document, LeftOutReason

_WHY = {
    LeftOutReason.NAVIGATION: "menus, breadcrumbs, buttons, counters",
    LeftOutReason.RANKING: "titles that lead elsewhere",
    LeftOutReason.FOOTER: "a page's header or footer: copyright, registration, address of the site",
    LeftOutReason.DISCLAIMER: "a disclaimer of the site",
    LeftOutReason.COMMENTS: "what readers wrote below the text",
    LeftOutReason.CREDITS: "editors, without author or source",
    LeftOutReason.CAPTION: "a caption that says only that there is a picture",
    LeftOutReason.REPEATED: "the same line stands at the head or foot of many pages of the site",
    LeftOutReason.MARKUP: "signs of the format",
    LeftOutReason.UNREADABLE: "a broken record",
    LeftOutReason.HIDDEN: "the file's own program does not show it",
    LeftOutReason.NOT_COMPUTED: "a formula whose value is not in the file",
}
_BY_LAYOUT = frozenset(
    (
        *(LeftOutReason.NAVIGATION, LeftOutReason.RANKING, LeftOutReason.FOOTER),
        *(LeftOutReason.DISCLAIMER, LeftOutReason.CREDITS, LeftOutReason.CAPTION),
        *(LeftOutReason.REPEATED, LeftOutReason.COMMENTS),
    )
)
"""What `--keep-boilerplate` brings back."""


def describe_coverage(coverage: Coverage) -> str:
    """How much of a page is in passages: 7 %: 29 of 420 characters that the page holds."""
    kept, held = coverage.kept_chars, coverage.page_chars
    return f"{coverage.share:.0%}: {kept} of {held} characters that the page holds"


def describe_left_out(
    document: Document, dropped: Sequence[str] = (), script_chars: int = 0
) -> Iterator[str]:
    """A line for each line of the text that is left out, in order, and what the reasons mean.

    `dropped` are lines of the file that are not even in the stored text, `script_chars` the
    characters of sentences in its scripts.
    """
    if script_chars:
        yield f"not read     {script_chars} characters of sentences stand in the page's scripts"
        yield "  to have them: save the page from the browser once it is shown"
    if dropped:
        yield f"not stored   {len(dropped)} lines: links, menus, footers by the markup; hidden ones"
        yield from (f"  {line}" for line in dropped)
    if document.left_out:
        yield from _describe_stretches(document)
    if dropped or any(each.reason in _BY_LAYOUT for each in document.left_out):
        yield f"  to keep it all: build with --keep-boilerplate {quoted(document.source)}"


def _describe_stretches(document: Document) -> Iterator[str]:
    characters = sum(each.end - each.start for each in document.left_out)
    yield f"left out     {characters} of {len(document.text)} characters"
    counts: Counter[LeftOutReason] = Counter()
    number, position = 1, 0
    for stretch in sorted(document.left_out, key=lambda each: each.start):
        counts[stretch.reason] += 1
        number += document.text.count("\n", position, stretch.start)
        position = stretch.start
        for at, words in enumerate(document.text[stretch.start : stretch.end].split("\n")):
            if words.strip():
                yield f"  line {number + at:<5} {stretch.reason.value:<11} {words.strip()}"
    for reason, count in sorted(counts.items()):
        yield f"  {count} x {reason.value}: {_WHY[reason]}"
