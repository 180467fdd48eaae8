"""Names of files as text, whatever bytes they are on disk. Opens nothing.

A name from an older Windows machine or a careless unpacker is GBK or Big5. Python hands such bytes
over as half characters, which no index and no page can hold. The reading of a name depends on its
own bytes alone, so that it stays the same whatever comes to lie beside it.
"""

import os

from indexer.files.encoding.choice import read_by_score

_ESCAPED = "%{:02X}"


def readable_name(name: str) -> str:
    """The name as text: itself if it is that, else what its bytes read as."""
    if is_text_name(name):
        return name
    raw = os.fsencode(name)
    found = read_by_score(raw)
    if found is not None:
        text, encoding = found
        try:
            if text.isprintable() and "/" not in text and text.encode(encoding) == raw:
                return text
        except UnicodeEncodeError:
            pass  # it was mended on the way, and might be another name by now
    return _escaped(raw)


def is_text_name(name: str) -> bool:
    """Whether its bytes on disk are UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _escaped(raw: bytes) -> str:
    """Valid text for bytes that are none in any encoding that is known here."""
    name = raw.decode("utf-8", "surrogateescape")
    return "".join(
        char if is_text_name(char) else _ESCAPED.format(ord(char) - 0xDC00) for char in name
    )
