"""Names in a sentence: of persons, places and organisations, and Latin words. Knows no source.

A tagger finds the names that it knows; what ends like a place or an office is one as well.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from indexer.text.segment import tagged
from service.answer.guard.reading import ReadText

_NAME_TAGS = ("nr", "ns", "nt", "nz")
_HAN_NAME = re.compile(r"[㐀-鿿·]{2,}")
_SUFFIX = (
    "自治区|自治州|自治县|省|市|县|区|州|乡|镇|村|大学|学院|医院|小学|中学|公司|集团|银行|委员会|基金会|协会|"
    "研究院|研究所|办事处|局|厅|署|院|部|社|厂"
)
_PLACE = re.compile(rf"(?P<name>[㐀-鿿]{{2,4}}?)(?P<suffix>{_SUFFIX})")
# 全县, 各村, 贫困村: no name stands before the suffix.
_GENERAL = frozenset(
    "全各本该此两几多个每某哪这那在到向给为和与及的了是有由对从于等些座所家等级贫困定点重深度山农城乡地社"
)
_LATIN = re.compile(r"(?<![a-z0-9])[a-z][a-z0-9\-]*")
_ENGLISH_IDLE = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "by",
        "with",
        "from",
        "and",
        "or",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "has",
        "have",
        "had",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "which",
        "who",
        "as",
        "each",
        "every",
        "per",
        "received",
        "got",
        "were",
        "gave",
        "given",
    ]
)
_MOSTLY_LATIN = 0.5
_QUOTATION = re.compile(r"[“「『《‘]([^”」』》’]+)[”」』》’]|\"([^\"]+)\"")


@lru_cache(maxsize=512)
def names(text: str) -> tuple[str, ...]:
    """The names of a normalised text, in order, each once."""
    found: list[str] = []
    for word, tag in tagged(text):
        if tag.startswith(_NAME_TAGS) and _HAN_NAME.fullmatch(word):
            found.append(word)
    for match in _PLACE.finditer(text):
        name = match["name"][-2:]
        if not set(name) & _GENERAL:
            found.append(name + match["suffix"])
    return tuple(dict.fromkeys(found))


def unknown_names(read: ReadText, source: str) -> list[str]:
    """The names that the source does not have, not even without their 县 or 大学."""
    text = read.text
    for number in reversed(read.numbers):  # 三批大学生 is no university
        text = f"{text[: number.start]},{text[number.end :]}"
    return [name for name in names(text) if not has_name(source, name)]


def has_name(source: str, name: str) -> bool:
    if name in source:
        return True
    match = re.fullmatch(rf"(.{{2,}})(?:{_SUFFIX})", name)
    return match is not None and match[1] in source


def unknown_words(read: ReadText, source: str) -> list[str]:
    """The Latin words that the source does not have; of an English text its own small words may."""
    words = _LATIN.findall(read.text)
    known = set(_LATIN.findall(source))
    letters = sum(character.isalpha() for character in read.text)
    latin = sum(len(word) for word in words)
    if letters and latin / letters > _MOSTLY_LATIN:
        return [w for w in words if w not in known and w not in _ENGLISH_IDLE]
    return [word for word in words if word not in known]


def quotations(text: str) -> list[str]:
    """What stands in quotation marks, and titles in 《》."""
    return [first or second for first, second in _QUOTATION.findall(text)]


def swapped(text: str, sources: Sequence[str]) -> str:
    """The preposition on whose two sides the names have changed places: 甲向乙 for 乙向甲."""
    for match in re.finditer(r"[向给对比由被把将从]", text):
        before, after = _sides(text, match.start())
        if not before or not after:
            continue
        for source in sources:
            for there in re.finditer(match.group(), source):
                its_before, its_after = _sides(source, there.start())
                if (
                    before & its_after
                    and after & its_before
                    and not before & its_before
                    and not after & its_after
                ):
                    return match.group()
    return ""


def displaced(text: str, sentence: str) -> list[str]:
    """Names of a text for which the source's sentence has others of their kind: 柳溪村, 桃源村."""
    there = [name for name in names(sentence) if not has_name(text, name)]
    return [
        f"{name}, the source has {other}"
        for name in names(text)
        if not has_name(sentence, name)
        for other in there
        if other[-1] == name[-1] and name not in other
    ]


def _sides(text: str, place: int) -> tuple[set[str], set[str]]:
    """The names in the clause before a place, and those behind it."""
    clause = re.compile(r"[,;。!?|\n]")
    start = max((m.end() for m in clause.finditer(text, 0, place)), default=0)
    end = next((m.start() for m in clause.finditer(text, place)), len(text))
    return set(names(text[start:place])), set(names(text[place + 1 : end]))
