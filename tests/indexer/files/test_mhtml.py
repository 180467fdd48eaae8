"""Saved pages in one file: the part that is the page, its encoding, where it came from."""

import base64
import quopri

import pytest

from indexer.files.readers import read
from tests.indexer.files.broken import broken_copies, heading_words, read_anyhow, refusal

BODY = (
    "医疗队一行十二人在山里住了九天，为四百多名村民量血压、查血糖，"
    "留下常用药品三箱，临走时又约好了秋天再来的日子。"
)


def page(charset: str = "utf-8", title: str = "山村义诊", body: str = BODY) -> bytes:
    return (
        f'<html><head><meta charset="{charset}"><title>{title}</title></head>'
        f"<body><h1>{title}</h1><p>{body}</p></body></html>"
    ).encode(charset)


def part(payload: bytes, kind: str, location: str, *, transfer: str = "base64") -> bytes:
    coded = base64.encodebytes(payload) if transfer == "base64" else quopri.encodestring(payload)
    head = f"Content-Type: {kind}\nContent-Transfer-Encoding: {transfer}\n"
    return f"{head}Content-Location: {location}\n\n".encode() + coded


def saved(*parts: bytes, head: str = "", kind: str = "") -> bytes:
    lines = (
        f"From: <Saved by Blink>\n{head}MIME-Version: 1.0\n"
        f'Content-Type: multipart/related;{kind} boundary="--XX"\n\n'
    ).encode()
    return lines + b"".join(b"----XX\n" + each + b"\n" for each in parts) + b"----XX--\n"


@pytest.mark.parametrize("transfer", ["base64", "quoted-printable"])
@pytest.mark.parametrize(
    ("charset", "declared"),
    [("utf-8", '; charset="utf-8"'), ("gb18030", "; charset=gb2312"), ("gb18030", ""),
     ("big5", "; charset=big5"), ("utf-16", "; charset=unicode")],
)  # fmt: skip
def test_the_page_in_its_encoding(charset: str, declared: str, transfer: str) -> None:
    title, body = ("山村義診", BODY.replace("医疗队", "醫療隊")) if charset == "big5" else (
        "山村义诊", BODY)  # fmt: skip
    if charset == "big5":
        body = "醫療隊一行十二人在山裡住了九天，留下常用藥品三箱，臨走時又約好了秋天再來的日子。"
    data = saved(
        part(b"\x89PNG", "image/png", "http://a.example/1.png"),
        part(page(charset, title, body), "text/html" + declared, "http://a.example/2020/x.html",
             transfer=transfer),
        head="Snapshot-Content-Location: http://a.example/2020/x.html\nSubject: x\n",
    )  # fmt: skip
    content = read("存.mht", data)
    assert content.text == f"{title}\n{body}"
    assert heading_words(content) == [(1, title)]
    assert content.url == "http://a.example/2020/x.html"


def test_the_main_page_is_that_of_the_snapshot() -> None:
    advert = part(
        page(title="广告", body="买一送一，今天就来。" * 5), "text/html", "http://ad.example/"
    )
    main = part(page(), "text/html; charset=utf-8", "http://a.example/")
    data = saved(advert, main, head="Snapshot-Content-Location: http://a.example/\n")
    assert read("a.mhtml", data).title == "山村义诊"
    by_id = saved(advert, b"Content-ID: <m@x>\n" + main, kind=' start="<m@x>";')
    assert read("a.mhtml", by_id).title == "山村义诊"
    frames = part(b"<html><frameset></frameset></html>", "text/html", "http://a.example/")
    data = saved(frames, main, head="Snapshot-Content-Location: http://a.example/\n")
    assert read("a.mhtml", data).title == "山村义诊", "of a page of frames, the frame with text"


def test_the_subject_is_a_title_where_the_page_has_none() -> None:
    bare = f"<html><body><p>{BODY}</p></body></html>".encode()
    subject = f"Subject: =?utf-8?B?{base64.b64encode('义诊记'.encode()).decode()}?=\n"
    data = saved(part(bare, "text/html", "cid:1"), head=subject)
    content = read("a.mht", data)
    assert (content.title, content.url) == ("义诊记", None)


def test_refusals() -> None:
    assert refusal("a.mht", saved(part(b"x", "image/png", "http://a/"))) == "damaged"
    assert refusal("a.mht", "只是一行字。".encode()) == "damaged"
    assert refusal("a.mht", saved(part(b"<script>x</script>", "text/html", "h"))) == "no_text"
    nested = b"".join(
        f'Content-Type: multipart/mixed; boundary="b{at}"\n\n--b{at}\n'.encode()
        for at in range(3000)
    )
    assert refusal("a.mht", nested) == "damaged"
    assert refusal("a.mht", saved(*[b"\n\nx"] * 20_000)) == "too_large"
    assert read("a.mht", page()).title == "山村义诊", "a page under the wrong name"


def test_broken_files() -> None:
    for transfer in ("base64", "quoted-printable"):
        data = saved(part(page(), "text/html; charset=utf-8", "http://a/", transfer=transfer))
        for copy in broken_copies(data):
            read_anyhow("a.mht", copy)
