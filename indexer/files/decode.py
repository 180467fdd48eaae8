"""Bytes to text in whatever encoding they are, or a clear refusal. Knows no file format.

In this order: a byte order mark, strict UTF-8, the encoding that the file declares, then the
candidate whose text looks most like Chinese: the share of frequent characters tells GB18030, Big5
and UTF-16 apart, also where some bytes are damaged. Damaged bytes become U+FFFD.
"""

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from indexer.errors import UnreadableFile

_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (  # PDF, zip and Office, images, archives, programs, databases, sound, fonts
    *(b"%PDF", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff"),
    *(b"GIF8", b"II*\0", b"MM\0*", b"RIFF", b"\x1f\x8b", b"BZh9", b"\xfd7zXZ", b"7z\xbc\xaf"),
    *(b"Rar!", b"\x28\xb5\x2f\xfd", b"\x7fELF", b"SQLite format 3\0", b"OggS", b"ID3", b"wOFF"),
)
_CANDIDATES = ("gb18030", "big5hkscs", "utf-8", "utf-16-le", "utf-16-be")
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
_MOST_CONTROL_SHARE = 0.01
_MOST_DAMAGE_SHARE = 0.1
# Of random crops of 10 characters 99 % score 0.4 to 1.0 in their own encoding, longer ones more.
_LEAST_SCORE = 0.2


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with `\\n` line ends and no byte order mark, and the Python name of its encoding."""

    text: str
    encoding: str


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of a file. `declared` is what its markup says of its encoding.

    Raises: UnreadableFile, reason `not_text` for binary data, `unknown_encoding` for bytes that
    are text in no encoding that is known here.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data.decode(encoding, "replace"), encoding)
    _refuse_binary(data)
    if b"\0" not in data:
        try:
            return _checked(data.decode("utf-8"), "utf-8")
        except UnicodeDecodeError:
            pass  # the common case for an older file; the next steps find out what it is
        found = _as_declared(data, declared)
        if found is not None:
            return found
    return _by_score(data)


def _refuse_binary(data: bytes) -> None:
    if data.startswith(_MAGIC):
        raise _not_text("it starts like a binary format")
    sample = data[:_SAMPLE_BYTES]
    zeros = sample.count(b"\0")
    control = len(_CONTROL.findall(sample))
    # UTF-16 without a mark is full of zeros where it holds line ends and digits: the score decides.
    if control - zeros > max(4, len(sample) * _MOST_CONTROL_SHARE):
        utf16 = max(_score(sample.decode(name, "replace")) for name in ("utf-16-le", "utf-16-be"))
        if utf16 < _LEAST_SCORE:
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
    if _score(text[:_SAMPLE_BYTES]) < _LEAST_SCORE and name in ("gb18030", "big5hkscs", "cp1252"):
        return None
    return _checked(text, name)


def _by_score(data: bytes) -> Decoded:
    first = re.search(rb"[^\x01-\x7f]", data)
    begin = (first.start() if first else 0) & ~1  # an even offset keeps the pairs of UTF-16
    sample = data[begin : begin + _SAMPLE_BYTES]
    names = [name for name in _CANDIDATES if b"\0" not in data or name.startswith("utf-16")]
    scores = {name: _score(sample.decode(name, _DAMAGED)) for name in names}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] < _LEAST_SCORE:
        if b"\0" in data:
            return _with_stray_zeros(data)
        raise UnreadableFile(
            "its bytes are text in no known encoding",
            reason="unknown_encoding",
            hint="save it as UTF-8; read here: UTF-8, UTF-16, GB18030, Big5",
        )
    return _checked(data.decode(best, _DAMAGED), best)


def _resume(error: UnicodeError) -> tuple[str, int]:
    """One U+FFFD for a damaged place, then on at the byte from where the text reads best.

    A lost or spoilt byte in GB18030 or Big5 shifts all pairs behind it up to the next ASCII byte:
    a whole paragraph of wrong characters, which one byte more or less sets right.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.encoding not in ("gb18030", "big5hkscs"):
        return "\ufffd", error.end
    ahead = range(error.start + 1, min(error.start + 3, len(error.object)) + 1)
    return "\ufffd", max(ahead, key=lambda at: (_score_ahead(error, at), -at))


def _score_ahead(error: UnicodeDecodeError, at: int) -> float:
    return _score(error.object[at : at + _AHEAD_BYTES].decode(error.encoding, "replace"))


_AHEAD_BYTES = 40
_DAMAGED = "wenju-damaged"
codecs.register_error(_DAMAGED, _resume)


def _with_stray_zeros(data: bytes) -> Decoded:
    """A text with a few zero bytes in it (a disk's mark); many mean that it is none."""
    if data.count(b"\0") > len(data) * _MOST_CONTROL_SHARE / 10:
        raise _not_text("it holds zero bytes as binary files do")
    decoded = decode(data.replace(b"\0", b"\x1a"))
    return Decoded(decoded.text.replace("\x1a", "\ufffd"), decoded.encoding)


def _checked(text: str, encoding: str) -> Decoded:
    """With plain line ends, unless too much of it is damaged to be a text."""
    sample = text[:_SAMPLE_BYTES]
    broken = sum(count for char, count in Counter(sample).items() if _is_broken(char))
    if broken > max(2, len(sample) * _MOST_DAMAGE_SHARE):
        raise _not_text(f"{broken} of its first {len(sample)} characters are broken")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(text, encoding.removesuffix("-sig"))


def _is_broken(char: str) -> bool:
    """Control and private characters, unassigned ones and the sign of a damaged byte."""
    if char in "\t\n\r\v\f\x1a\x1b":
        return False
    return char == "\ufffd" or unicodedata.category(char) in {"Cc", "Cn", "Co", "Cs"}


def _not_text(why: str) -> UnreadableFile:
    return UnreadableFile(
        f"not a text file: {why}",
        reason="not_text",
        hint="give the file the ending of its real format, or leave it out with .wenjuignore",
    )


# -- how much a text looks like one ---------------------------------------------------------------


# Counted over news in Simplified and an encyclopaedia in Traditional characters: the 300 most
# frequent of each, 63 % of all characters that occur.
_FREQUENT = frozenset(
    "一万三上下不与世业东並个中为主之也了事二于些亞交产人亿今从他代以们件价任企会传但位体作使來供保信個們"
    "傳元克入內全兩公共关其内出分利到制則前力加务动動務包化北区医區十华南卡原及反发受口古可台史司各合同名后"
    "向告员和品員商四回因国國土在地场城基報場增士处外多大天太好如始委子学學安定实客家實对导将將對小少就尼局"
    "居展屬山島州工已巴市布帝帶常平年并广应府度廣建开式强当形影後得從德心性总息情意成我或戰户所手技投报拉持"
    "指据接推提擊支收改政教数數文斯新方於族无日时明星是時更書最會月有服朝期未本机权来東构林果某查标格案條检"
    "業機權次款正此步比民水江決河治法注洲活流海消港源漢濟灣点為然爭爾物特王现現球理生產用由电界當發的皇监目"
    "直相省看研示社科称程種稱立第等管米系紀約組結統經維線縣總级线组经结续编网羅美義者而联聯股能自至臺與英華"
    "营萬著蘭行術表被西要规视解計設認語說警議變计议记设证诈该说调資賽責费资起超路車軍车转辑过运近返还這进這"
    "通造進運過道達選部都里重量金银長长開間关門间门队防阿限院险隊際集電面领项预题风首馬體高黨"
)
_MARKS_OF_TEXT = frozenset("，。、；：？！“”‘’（）《》「」『』【】—…·〇％　")


class _Points(dict[str, float]):
    """How much one character speaks for the encoding that gave it."""

    def __missing__(self, char: str) -> float:
        points = self[char] = _points(char)
        return points


def _points(char: str) -> float:
    if char in _FREQUENT or char in _MARKS_OF_TEXT:
        return 1.0
    if char.isascii():
        return 0.5 if char.isprintable() or char in "\n\r\t\f\v" else -1.0
    if "\u4e00" <= char <= "\u9fff":
        return 0.3 if _is_level_one(char) else -0.4
    if _is_broken(char):
        return -2.0
    if "\uff01" <= char <= "\uff5e" or "\u2010" <= char <= "\u2049":
        return 0.5
    return 0.1 if char.isalpha() and char < "\u0250" else -0.5


def _is_level_one(char: str) -> bool:
    """Both standards sort their characters into a frequent first level and a rare second one."""
    simplified = char.encode("gb2312", "ignore")
    traditional = char.encode("big5", "ignore")
    return b"\xb0" <= simplified[:1] < b"\xd8" or b"\xa4" <= traditional[:1] < b"\xc7"


_POINTS = _Points()


def _score(text: str) -> float:
    """The mean points of the characters that are not ASCII, or of all if there are few of them."""
    special = [char for char in text if not char.isascii()]
    counted = special if len(special) * 50 > len(text) else list(text)
    return sum(map(_POINTS.__getitem__, counted)) / len(counted) if counted else 0.0
