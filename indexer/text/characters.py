"""The normal spelling of single characters: width, case, sign, radical, variant; nothing unseen.

Knows no neighbours.
"""

import re
import unicodedata

from indexer.text.variants import VARIANTS

_MAX_ROUNDS = 8  # to the fixed point; one or two are taken

_SPACES = frozenset("\v\f\x1c\x1d\x1e\x1f")
_LINE_ENDS = frozenset("\r\x85\u2028\u2029")
# Letters and marks by their category, yet nothing to see: fillers, joiners, vowel inherents.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
# Signs in several shapes that NFKC leaves apart: hyphen, minus, wave, ratio, the dots in names.
_SIGNS = dict(zip("‐‒−〜∶⁄∕・•‧∙⋅﹒", "---~://······", strict=True))
# CJK Radicals Supplement: NFKC leaves all but two of them alone, yet text taken from PDF files has
# them in place of the characters that they look like. Radicals that are no character of their own
# are given as the character that they stand for.
_RADICALS = dict(
    zip(
        "⺁⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺐⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺣⺤⺦⺧⺨⺩⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐"
        "⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
        "厂乚乙人冂几刀刀卜卩小小兀尢巳幺彐彐心心手攴旡日月歹民水火爪丬牛犬玉目示示竹糸纟网网网网网羊羊老聿聿肉臼艹艹艹虎衣西西见角角讠贝足车辶辶辶邑钅"
        "长长长门阜雨青韦页风飞食食饣马骨鬼鱼鸟卤麦黄黾齐齐齿齿龙龙龟龟",
        strict=True,
    )
)


class _Table(dict[int, str]):
    """Character → its normal spelling, worked out when a character is met for the first time.

    A whole table would cost a walk over all of Unicode at start-up; a corpus meets 10,000 at most.
    """

    def __missing__(self, codepoint: int) -> str:
        spelling = _spell(chr(codepoint))
        self[codepoint] = spelling
        return spelling


CHARACTERS = _Table()

# All but most characters that are their own spelling: one search, and few are looked up.
_IDEOGRAPHS = "".join(chr(code) for code in range(0x4E00, 0xA000) if chr(code) not in VARIANTS)
_OTHER_SPELLING = re.compile(f"[^\n\t -@\\[-~\u2014\u2018-\u201d\u3001-\u3011{_IDEOGRAPHS}]")
_FREQUENT = tuple((sign, chr(ord(sign) - 0xFEE0)) for sign in "，：；！？（）％")


def respell(text: str) -> str:
    """`text.translate(CHARACTERS)`, in a quarter of the time."""
    for sign, spelling in _FREQUENT:
        if sign in text:
            text = text.replace(sign, spelling)
    return _OTHER_SPELLING.sub(lambda match: CHARACTERS[ord(match.group())], text)


def _spell(character: str) -> str:
    """The normal spelling of one character: often itself, now and then several, or nothing."""
    if unicodedata.category(character) == "No" and "CIRCLED" in unicodedata.name(character):
        # ① is a mark of a list or a note and no digit of the figure before it
        return f"({int(unicodedata.numeric(character))})"
    spelling = character
    for _ in range(_MAX_ROUNDS):
        before = spelling
        spelling = unicodedata.normalize("NFKC", spelling).lower()
        spelling = "".join(_visible(_same_sign(part)) for part in spelling)
        if spelling == before:
            break
    return spelling


def _same_sign(character: str) -> str:
    character = _RADICALS.get(character, character)
    return VARIANTS.get(character) or _SIGNS.get(character) or character


def _visible(character: str) -> str:
    if character in _SPACES:
        return " "
    if character in _LINE_ENDS:
        return "\n"
    if character in "\n \t":  # a tab parts the cells of a row: no gap within a word
        return character
    # Cc control, Cf format (zero width, direction), Cs half a surrogate pair
    if unicodedata.category(character) in {"Cc", "Cf", "Cs"} or character in _INVISIBLE:
        return ""
    codepoint = ord(character)
    if 0xFE00 <= codepoint <= 0xFE0F or 0x180B <= codepoint <= 0x180F:  # variation selectors
        return ""
    return "" if 0xE0000 <= codepoint <= 0xE0FFF else character
