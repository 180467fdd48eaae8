"""Texts spoilt as programs spoil them: read in a wrong encoding and saved so. Knows no reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

_LEAST_CHINESE = 0.5


@dataclass(frozen=True, slots=True)
class Mistake:
    label: str
    spoil: Callable[[str], str]

    def make(self, text: str) -> str | None:
        """None for a text that is hardly Chinese, or that the first encoding can't hold."""
        if sum("\u4e00" <= char <= "\u9fff" for char in text) < len(text) * _LEAST_CHINESE:
            return None
        try:
            return self.spoil(text)
        except UnicodeEncodeError:
            return None


def _read(data: bytes, encoding: str) -> str:
    """As a program reads that puts U+FFFD for what does not fit."""
    return data.decode(encoding, "replace")


def _western(data: bytes) -> str:
    """As a browser reads Windows-1252: any byte is a character."""
    return "".join(
        chr(byte) if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes((byte,)).decode("cp1252")
        for byte in data
    )


def _lost(text: str) -> str:
    return _read(_read(text.encode("gb18030"), "utf-8").encode(), "gbk")


MISTAKES = (
    Mistake("UTF-8 read as GBK", lambda text: _read(text.encode(), "gbk")),
    Mistake("so, with ? for what does not fit", lambda text: _asked(text.encode(), "gbk")),
    Mistake("UTF-8 read as Windows-1252", lambda text: _western(text.encode())),
    Mistake("twice so", lambda text: _western(_western(text.encode()).encode())),
    Mistake("UTF-8 read as Latin-1", lambda text: text.encode().decode("latin-1")),
    Mistake("UTF-8 read as Big5", lambda text: _read(text.encode(), "big5")),
    Mistake("UTF-8 read as Shift_JIS", lambda text: _read(text.encode(), "cp932")),
    Mistake("GBK read as Windows-1252", lambda text: _western(text.encode("gb18030"))),
    Mistake("GBK read as Big5", lambda text: _read(text.encode("gbk"), "big5")),
    Mistake("GBK read as Shift_JIS", lambda text: _read(text.encode("gbk"), "cp932")),
    Mistake("GBK read as EUC-KR", lambda text: _read(text.encode("gbk"), "cp949")),
    Mistake("GBK read as UTF-8", lambda text: _read(text.encode("gb18030"), "utf-8")),
    Mistake("so, and then as GBK (锟斤拷)", _lost),
    Mistake("Big5 read as GBK", lambda text: _read(text.encode("big5"), "gbk")),
    Mistake("Big5 read as Windows-1252", lambda text: _western(text.encode("big5"))),
    Mistake(
        "UTF-16 with its bytes swapped", lambda text: _read(text.encode("utf-16-le"), "utf-16-be")
    ),
    Mistake(
        "question marks for all Chinese", lambda text: text.encode("ascii", "replace").decode()
    ),
)


def _asked(data: bytes, encoding: str) -> str:
    return _read(data, encoding).replace("\ufffd", "?")
