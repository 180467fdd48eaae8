"""Which language a text is in."""

import re

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN_WORD = re.compile(r"[A-Za-z]+")


def is_chinese(text: str) -> bool:
    """Whether a text is Chinese rather than English: more Han characters than Latin words."""
    return len(_HAN.findall(text)) > len(_LATIN_WORD.findall(text))
