"""The same document in every format comes out with the same sentences, tables and order."""

from dataclasses import replace

import pytest

from eval.reading import formats
from eval.reading.formats import Written, characters_right, compare, sentences, written
from eval.reading.samples import markup, scan
from eval.reading.samples.document import SIMPLIFIED, Sample, traditional
from indexer.files.readers import read

CHEAP = [each for each in written() if "scanned" not in each.label and each.label != ".tif"]


@pytest.mark.parametrize("each", CHEAP, ids=lambda each: each.label)
def test_every_format_says_the_same(each: Written) -> None:
    came = compare(read(each.name, each.make(SIMPLIFIED)), SIMPLIFIED, each)
    wanted = formats.Came(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    for name in came.__slots__:
        assert getattr(came, name) in (getattr(wanted, name), None), name
    assert (came.sentences is None) == (not each.has_text)
    assert (came.cells is None) == (not each.has_table)


def test_the_document_has_what_is_asked_for() -> None:
    assert len(sentences(SIMPLIFIED)) > 20
    assert len("".join((*SIMPLIFIED.lines, *traditional().lines))) > 2_000
    assert traditional().title != SIMPLIFIED.title
    assert all(sentence not in "".join(traditional().lines) for sentence in sentences(SIMPLIFIED))


def test_a_loss_is_seen() -> None:
    """Each figure falls when what it stands for is missing."""
    whole = Written(".txt", "a.txt", markup.txt)

    def figures(text: str) -> formats.Came:
        content = read("a.txt", text.encode())
        return compare(content, SIMPLIFIED, whole)

    text = markup.html(SIMPLIFIED).decode()
    good = compare(read("a.html", text.encode()), SIMPLIFIED, whole)
    assert (good.sentences, good.in_order, good.cells, good.numbers) == (1.0, 1.0, 1.0, 1.0)
    lost = read("a.html", text.replace("一旦捐款减少", "一旦捐款").encode())
    assert (compare(lost, SIMPLIFIED, whole).sentences or 1) < 1
    lost = read("a.html", text.replace("<ol>", "<ul>").replace("</ol>", "</ul>").encode())
    assert compare(lost, SIMPLIFIED, whole).numbers == 0.0
    lost = read("a.html", text.replace("21400", "2140").encode())
    assert compare(lost, SIMPLIFIED, whole).cells == 24 / 25
    first, *rest = SIMPLIFIED.sections
    turned = replace(SIMPLIFIED, sections=(*rest, first))
    assert (figures(markup.txt(turned).decode()).in_order or 1) < 1


def test_the_zip_and_the_share_of_characters() -> None:
    row = formats._zip_row()
    assert set(row.values) == {1.0}
    assert characters_right(b"no pdf", SIMPLIFIED)[0] == 0.0
    small = Sample("标题", "来源", "某人", "2020-01-01", ())
    assert small.lines == ("标题", "来源")


def test_scans_are_pages_of_a4() -> None:
    try:
        scan.font_file()
    except RuntimeError:
        pytest.skip("no Chinese font: apt-get install fontconfig fonts-noto-cjk")
    pages = scan.pages(SIMPLIFIED, dpi=30)
    assert {page.size for page in pages} == {(248, 351)}
    assert scan.askew(pages[0], 2.0).size == pages[0].size
    assert scan.tiff(pages)[:2] == b"II"
    assert scan.scanned_pdf(pages, 30).startswith(b"%PDF-")
    assert scan.dirty(pages[0]).getpixel((2, 2)) < 255 == pages[0].getpixel((2, 2))
