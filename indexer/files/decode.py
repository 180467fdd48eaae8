"""Bytes to text in whatever encoding they are, or a clear refusal. Knows no file format.

In this order: a byte order mark, HZ by its escapes, strict UTF-8, the encoding that the file
declares, then the one in which the text is likeliest: GB18030, Big5, UTF-16 without a mark. Damaged
bytes become U+FFFD and cost no more than the characters beside them. Lines in another encoding than
the rest are read in theirs. Text that was read wrongly before it was saved is refused: what was
lost then can't be found here.
"""

import codecs
import re
from dataclasses import dataclass

from indexer.errors import UnreadableFile
from indexer.files.encoding.choice import read_by_score
from indexer.files.encoding.costs import count_broken, is_text, mean_cost
from indexer.files.encoding.hz import read_hz
from indexer.files.encoding.mojibake import refuse_mojibake
from indexer.files.encoding.pairs import PAIRS, read_pairs

_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (  # PDF, zip and Office, images, archives, programs, databases, sound, fonts
    *(b"%PDF", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff"),
    *(b"GIF8", b"II*\0", b"MM\0*", b"RIFF", b"\x1f\x8b", b"BZh9", b"\xfd7zXZ", b"7z\xbc\xaf"),
    *(b"Rar!", b"\x28\xb5\x2f\xfd", b"\x7fELF", b"SQLite format 3\0", b"OggS", b"ID3", b"wOFF"),
)
# What pages call gb2312 or gbk is often the larger set; Big5 likewise.
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "hz": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
}
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
_SAMPLE_BYTES = 64 * 1024
_FIRST_BYTES = 2048
_MOST_CONTROL_SHARE = 0.01
_MOST_DAMAGE_SHARE = 0.1
_LARGEST_MEAN_AS_DECLARED = 11.0  # a declaration says something, too: a rarer text is believed


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with `\\n` line ends and no byte order mark, and the Python name of its encoding.

    Where lines are in two encodings, it is that of the more.
    """

    text: str
    encoding: str


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of a file. `declared` is what its markup says of its encoding.

    Raises: UnreadableFile, reason `not_text` for binary data, `unknown_encoding` for bytes that
    are text in no encoding that is known here, `mojibake` for text that was spoilt before.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding)
    _refuse_binary(data)
    if b"\0" in data:
        return _by_score(data)
    hz = read_hz(data)
    if hz is not None:
        return _checked(hz, "hz")
    try:
        return _checked(data.decode("utf-8"), "utf-8", is_whole=True)
    except UnicodeDecodeError:
        pass  # the common case for an older file; the next steps find out what it is
    return _as_declared(data, declared) or _by_score(data)


def _marked(data: bytes, encoding: str) -> Decoded:
    if encoding == "utf-8":
        return _checked(data.decode(encoding, "replace"), encoding, is_whole=True)
    if encoding in PAIRS:
        return _checked(read_pairs(data, encoding), encoding[:6])
    return _checked(data.decode(encoding, "replace"), encoding[:6])


def _refuse_binary(data: bytes) -> None:
    if data.startswith(_MAGIC):
        raise _not_text("it starts like a binary format")
    sample = data[:_SAMPLE_BYTES]
    zeros = sample.count(b"\0")
    control = len(_CONTROL.findall(sample))
    # UTF-16 without a mark is full of zeros where it holds line ends and digits: the score decides.
    if control - zeros > max(4, len(sample) * _MOST_CONTROL_SHARE):
        names = ("utf-16-le", "utf-16-be")
        if not any(is_text(read_pairs(sample[:_FIRST_BYTES], name)) for name in names):
            raise _not_text(f"{control} of its first {len(sample)} bytes are control characters")


def _as_declared(data: bytes, declared: str | None) -> Decoded | None:
    """The text in the declared encoding if every byte fits it and the result looks like text."""
    if not declared:
        return None
    try:
        name = codecs.lookup(declared.strip()).name
        name = _WIDER.get(name, name)
        text = data.decode(name)
    except (LookupError, UnicodeDecodeError, ValueError):
        return None
    if name == "cp1252":
        return None  # any byte fits it, and software declares it that knows of no other
    if name in PAIRS:
        if mean_cost(text[:_SAMPLE_BYTES]) > _LARGEST_MEAN_AS_DECLARED:
            return None
        text = read_pairs(data, name)  # every byte may fit, and yet they are shifted
    return _checked(text, name)


def _by_score(data: bytes) -> Decoded:
    found = read_by_score(data)
    if found is not None:
        return _checked(*found)
    if b"\0" in data:
        return _with_stray_zeros(data)
    raise UnreadableFile(
        "its bytes are text in no known encoding",
        reason="unknown_encoding",
        hint="save it as UTF-8; read here: UTF-8, UTF-16, GB18030, Big5, HZ",
    )


def _with_stray_zeros(data: bytes) -> Decoded:
    """A text with a few zero bytes in it (a disk's mark); many mean that it is none."""
    if data.count(b"\0") > len(data) * _MOST_CONTROL_SHARE / 10:
        raise _not_text("it holds zero bytes as binary files do")
    decoded = decode(data.replace(b"\0", b"\x1a"))
    return Decoded(decoded.text.replace("\x1a", "\ufffd"), decoded.encoding)


def _checked(text: str, encoding: str, is_whole: bool = False) -> Decoded:
    """With plain line ends, unless it is no text or not what was once written.

    `is_whole` says that nothing in the file is damaged: what is broken in it was written so.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if is_whole:
        refuse_mojibake(text)
    sample = text[:_SAMPLE_BYTES]
    broken = count_broken(sample)
    if broken > max(5, len(sample) * _MOST_DAMAGE_SHARE):
        raise _not_text(f"{broken} of its first {len(sample)} characters are broken")
    if not is_whole:
        refuse_mojibake(text)
    return Decoded(text, encoding)


def _not_text(why: str) -> UnreadableFile:
    return UnreadableFile(
        f"not a text file: {why}",
        reason="not_text",
        hint="give the file the ending of its real format, or leave it out with .wenjuignore",
    )
