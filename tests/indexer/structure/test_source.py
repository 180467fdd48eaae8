"""Counting words in a long text gives what a plain search gives, in linear time."""

import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.chunk import chunk
from indexer.records import Document, Heading, LeftOut, LeftOutReason
from indexer.structure.source import Source
from indexer.structure.subjects import names_like

few = st.text("学大校院，\n\U0010ffff", max_size=6)


@given(st.lists(few, max_size=30), few)
def test_a_word_is_counted_as_a_plain_search_counts_it(parts: list[str], word: str) -> None:
    for filling in ("", "一" * 5000):
        text = "".join(parts) + filling
        assert Source(text).times(word) == text.count(word)


@given(st.lists(few, max_size=30))
def test_the_pieces_are_those_in_which_a_pattern_is_found(parts: list[str]) -> None:
    text, pattern = "".join(parts), re.compile("大学|学校|院")
    pieces = [(m.start(), m.group()) for m in re.finditer(r"[^，\n]+", text)]
    assert list(Source(text).pieces_with(pattern)) == [
        (start, piece) for start, piece in pieces if pattern.search(piece)
    ]


def test_a_text_without_marks_is_taken_apart_where_no_name_stands() -> None:
    """In parts of 80 characters at most, none of which ends in a name, and nothing is left out."""
    said = [f"我们去了宏图{chr(0x5200 + n)}公司的仓库并在那里" for n in range(300)]
    text = "".join(said)
    pieces = list(Source(text).pieces_with(re.compile(".")))
    assert "".join(piece for _, piece in pieces) == text
    assert all(text.startswith(piece, start) and len(piece) <= 80 for start, piece in pieces)
    for each in said:
        assert any(each[4:9] in piece for _, piece in pieces), each
    assert names_like("宏图公司", text) == names_like("宏图公司", "，".join(said))


def names(count: int) -> Document:
    lines = [f"我公司与宏图{chr(0x4E00 + n)}公司签约，该村收款{n}元" for n in range(count)]
    return document("\n".join(lines))


def footers(count: int) -> Document:
    lines = [(f"第{n}节", f"页脚{n}", f"每户分到{n}元。")[n % 3] for n in range(count)]
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    spans = list(zip(starts, (start - 1 for start in starts[1:]), strict=False))
    return document(
        "\n".join(lines),
        tuple(Heading(*span, 2) for span in spans[::3]),
        tuple(LeftOut(*span, LeftOutReason.FOOTER) for span in spans[1::3]),
    )


def lists(count: int) -> Document:
    lines = [(f"要求{n}如下：", f"（1）做{n}。", f"（2）完{n}。")[n % 3] for n in range(count)]
    return document("\n".join(lines))


def document(
    text: str, headings: tuple[Heading, ...] = (), left_out: tuple[LeftOut, ...] = ()
) -> Document:
    fields = {"date": None, "author": None, "url": None, "title": "题", "format": "txt"}
    return Document(
        document_id="x",
        source="x.txt",
        digest="",
        size=len(text),
        text=text,
        headings=headings,
        left_out=left_out,
        **fields,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(("make", "lines"), [(names, 3000), (footers, 8000), (lists, 8000)])
def test_a_text_four_times_as_long_takes_about_four_times_as_long(
    make: Callable[[int], Document], lines: int
) -> None:
    def seconds(count: int) -> float:
        given = make(count)
        best = float("inf")
        for _ in range(2):
            started = time.process_time()
            chunk(given)
            best = min(best, time.process_time() - started)
        return best

    chunk(make(100))  # loads what it needs
    assert seconds(4 * lines) < 8 * seconds(lines)
