"""A multipart body, cut anywhere, becomes the same files; what is refused is on no disk."""

import hashlib
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import InvalidRequest, UnreadableFile
from indexer.incoming import source_of
from service.uploads.keeping import incoming_file
from service.uploads.receiving import Receiver

TYPE = "multipart/form-data; boundary=x"


def body(*files: tuple[bytes, bytes], collection: bytes = b"") -> bytes:
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n%s\r\n' % each
        for each in files
    ]
    if collection:
        head = b'--x\r\nContent-Disposition: form-data; name="collection"\r\n\r\n'
        parts.append(head + collection + b"\r\n")
    return b"".join(parts) + b"--x--\r\n"


def received(base: Path, *chunks: bytes, most: int = 10_000) -> Receiver:
    receiver = Receiver(TYPE, lambda: incoming_file(base), most)
    for chunk in chunks:
        receiver.feed(chunk)
    receiver.end()
    return receiver


@given(
    data=st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=4),
    cuts=st.lists(st.integers(0, 2000), max_size=8),
)
def test_wherever_it_is_cut_the_same_bytes_come_out(data: list[bytes], cuts: list[int]) -> None:
    whole = body(*((b"%d.txt" % n, each) for n, each in enumerate(data)), collection=b"hr")
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    chunks = [whole[a:b] for a, b in pairwise(places)]
    with tempfile.TemporaryDirectory() as base:
        receiver = received(Path(base), *chunks)
        assert receiver.fields == {"collection": ["hr"]}
        assert [each.path.read_bytes() for each in receiver.files if each.path] == data
        assert [(each.source, each.size, each.digest) for each in receiver.files] == [
            (f"{n}.txt", len(each), hashlib.sha256(each).hexdigest()) for n, each in enumerate(data)
        ]
        receiver.discard()
        assert not list((Path(base) / "incoming").iterdir())


def test_what_is_too_large_is_on_no_disk_and_the_next_is_taken(tmp_path: Path) -> None:
    receiver = received(tmp_path, body((b"a.txt", b"a" * 101), (b"b.txt", b"b" * 100)), most=100)
    first, second = receiver.files
    assert (first.reason, first.path, first.size) == ("too_large", None, 101)
    assert second.path is not None
    assert list((tmp_path / "incoming").iterdir()) == [second.path]


@pytest.mark.parametrize("broken", [b"", b"--x\r\n\r\n", body((b"a.txt", b"a"))[:-6], b"--y--\r\n"])
def test_a_broken_body_is_an_error_that_is_told(tmp_path: Path, broken: bytes) -> None:
    with pytest.raises(InvalidRequest):
        received(tmp_path, broken)


def test_no_part_has_a_long_head_and_no_body_parts_without_end(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="header"):
        received(tmp_path, body((b"a" * 70_000 + b".txt", b"a")))
    headers = b"".join(b"X-%d: y\r\n" % n for n in range(10_000))
    with pytest.raises(InvalidRequest, match="header"):
        received(tmp_path, b"--x\r\n" + headers + b"\r\nv\r\n--x--\r\n")
    field = b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\nv\r\n'
    with pytest.raises(InvalidRequest, match="more than 1100 parts"):
        received(tmp_path, field * 1101 + b"--x--\r\n")
    assert len(received(tmp_path, field * 1100 + b"--x--\r\n").fields["f"]) == 1100


def test_an_empty_choice_is_no_file(tmp_path: Path) -> None:
    assert received(tmp_path, body((b"", b""))).files == []


@given(name=st.binary(min_size=1, max_size=300))
def test_no_name_leads_out_of_the_folder(name: bytes) -> None:
    try:
        source = source_of(name)
    except UnreadableFile:
        return
    parts = source.split("/")
    assert all(part and not part.startswith(".") and len(part.encode()) <= 240 for part in parts)
    root = Path("/uploads")
    assert (root / source).is_relative_to(root)
    assert source.isprintable()


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("通知.txt".encode(), "通知.txt"),
        ("2020\\五月\\通知.txt".encode(), "2020/五月/通知.txt"),
        ("會議紀錄.docx".encode("big5"), "會議紀錄.docx"),
        ("情况说明.PDF".encode("gbk"), "情况说明.PDF"),
        ("Cafe\u0301.md".encode(), "Caf\u00e9.md"),
        ("ｆｕｌｌ　ｗｉｄｔｈ.txt".encode(), "ｆｕｌｌ　ｗｉｄｔｈ.txt"),
        (b"a b/c.zip", "a b/c.zip"),
    ],
)
def test_names_become_sources(name: bytes, source: str) -> None:
    assert source_of(name) == source


@pytest.mark.parametrize(
    "name",
    [
        *("../a.txt", "a/../b.txt", "/a.txt", "a//b.txt", ".a.txt", "a/.b/c.txt", "./a.txt"),
        *("C:/a.txt", "C:\\a.txt", "\\\\host\\a.txt", "a\n.txt", "a\0.txt", "a\u202etxt.txt"),
        *("a/", " a.txt", "a /b.txt", "a./b.txt", "...", "a" * 241 + ".txt", "a/" * 21 + "b.txt"),
    ],
)
def test_unsafe_names_are_refused(name: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        source_of(name.encode())
    assert caught.value.reason == "unsafe_name"
