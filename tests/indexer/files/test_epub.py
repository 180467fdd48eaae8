"""Books: chapters in the order of the spine, headings, metadata, locks, bombs."""

import io
import zipfile

import pytest

from indexer.files.readers import epub, read
from tests.indexer.files.broken import broken_copies, heading_words, read_anyhow, refusal

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf"/></rootfiles></container>'
)
PACKAGE = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">
<metadata><dc:title>山村纪事</dc:title><dc:creator>张三</dc:creator><dc:creator>李四</dc:creator>
<dc:date>2020-05-28T00:00:00Z</dc:date></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="two" href="text/%E4%BA%8C.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="text/1.xhtml" media-type="application/xhtml+xml"/>
<item id="gone" href="text/gone.xhtml" media-type="application/xhtml+xml"/>
<item id="css" href="a.css" media-type="text/css"/></manifest>
<spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="gone"/><itemref idref="two"/>
</spine></package>"""
XHTML = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
NAV = (
    f'{XHTML}<body><nav><ol><li><a href="text/1.xhtml">第一章</a></li>'
    '<li><a href="text/%E4%BA%8C.xhtml#x">第二章 分红</a></li></ol></nav></body></html>'
)
ONE = (
    f'{XHTML}<head><title/></head><body><h1>第一章<a id="p1"/> 进山</h1><p>路很<i>难</i>走。</p>'
    "<table><tr><th>县</th><th>村</th></tr><tr><td>雷波</td><td>12</td></tr></table></body></html>"
)
TWO = f"{XHTML}<body><p>每户分到1500元。</p></body></html>"
PARTS = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OEBPS/content.opf": PACKAGE,
    "OEBPS/nav.xhtml": NAV,
    "OEBPS/text/1.xhtml": ONE,
    "OEBPS/text/二.xhtml": TWO,
}


def book(**changed: str | bytes) -> bytes:
    """The book with some of its parts another; a part of nothing is left out."""
    out = io.BytesIO()
    names = {"container": "META-INF/container.xml", "opf": "OEBPS/content.opf",
             "nav": "OEBPS/nav.xhtml", "one": "OEBPS/text/1.xhtml", "two": "OEBPS/text/二.xhtml",
             "encryption": "META-INF/encryption.xml"}  # fmt: skip
    parts: dict[str, str | bytes] = {**PARTS}
    parts.update({names[key]: value for key, value in changed.items()})
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            if data:
                packed.writestr(name, data)
    return out.getvalue()


def test_a_book() -> None:
    content = read("书.epub", book())
    assert content.text == (
        "山村纪事\n第一章 进山\n路很难走。\n县：雷波 | 村：12\n第二章 分红\n每户分到1500元。"
    )
    assert heading_words(content) == [(1, "山村纪事"), (2, "第一章 进山"), (2, "第二章 分红")]
    assert (content.title, content.author, content.date) == ("山村纪事", "张三、李四", "2020-05-28")


def test_labels_of_the_older_table_of_contents() -> None:
    ncx = (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>尾声'
        '</text></navLabel><content src="text/%E4%BA%8C.xhtml"/></navPoint></navMap></ncx>'
    )
    package = PACKAGE.replace(
        'media-type="application/xhtml+xml" properties="nav"',
        'media-type="application/x-dtbncx+xml"',
    )
    content = read("书.epub", book(nav=ncx, opf=package))
    assert content.text.endswith("尾声\n每户分到1500元。")


def test_a_chapter_in_another_encoding() -> None:
    old = TWO.replace("utf-8", "gb2312").encode("gb18030")
    assert read("书.epub", book(two=old)).text.endswith("每户分到1500元。")


LOCK = '<encryption><EncryptedData><EncryptionMethod Algorithm="{}"/></EncryptedData></encryption>'


def test_locks() -> None:
    locked = LOCK.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    assert refusal("书.epub", book(encryption=locked)) == "encrypted"
    fonts = LOCK.format("http://www.idpf.org/2008/embedding")
    assert read("书.epub", book(encryption=fonts)).title == "山村纪事"


def test_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal("书.epub", b"no zip at all, only words") == "damaged"
    assert refusal("书.epub", book(container="")) == "damaged"
    assert refusal("书.epub", book(container="<container/>")) == "damaged"
    assert refusal("书.epub", book(opf="<<<")) in {"damaged", "no_text"}
    pictures = f'{XHTML}<body><img src="1.jpg"/></body></html>'
    assert refusal("书.epub", book(one=pictures, two=pictures)) == "no_text"
    assert refusal("书.epub", book(one=XHTML + " " * 20_000_000)) == "too_large"
    laughs = (
        '<!DOCTYPE p [<!ENTITY a "哈哈哈哈哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY c "&b;&b;&b;&b;&b;&b;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    )
    package = PACKAGE.replace('<?xml version="1.0"?>', laughs).replace("张三", "&c;&f;")
    content = read("书.epub", book(opf=package))
    assert "root" not in (content.author or "")
    assert len(content.author or "") < 10
    monkeypatch.setattr(epub, "MAX_CHAPTERS", 1)
    assert refusal("书.epub", book()) == "too_large"


def test_a_name_that_leads_out_is_no_part_of_the_book() -> None:
    package = PACKAGE.replace("text/1.xhtml", "../../../../etc/passwd")
    assert read("书.epub", book(opf=package)).text == "山村纪事\n第二章 分红\n每户分到1500元。"


def test_broken_files() -> None:
    for data in broken_copies(book()):
        read_anyhow("书.epub", data)
    for part in ("container", "opf", "nav", "one"):
        source = {"container": CONTAINER, "opf": PACKAGE, "nav": NAV, "one": ONE}[part]
        for data in broken_copies(source.encode(), flips=10):
            read_anyhow("书.epub", book(**{part: data}))
