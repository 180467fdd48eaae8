"""Whether a text tells a name, in short or in full. Pure folded text."""

import re
from collections import Counter
from collections.abc import Sequence

from indexer.text.segment import tagged
from service.answer.understand.kinds import ending_of

_ADDED = "大老小新"  # 大凉山 is 凉山
_GLUED = "比坐到去在给按从和跟与找问"  # 比桐川, which the segmenter cuts as one name
_SHORTEST_PART = 2  # letters of a thing's name, and of its owner's
_SHORTEST_BODY = 4  # letters of 西南医大, which does not end like a body
_LEAST_LETTERS = 6  # of a name, for its parts to change places
_WIDEST = 12  # characters more than an abbreviation's in which these stand in the full name
_SIGNS_APART, _WORDS_APART = 4, 8  # characters of the full name between two of the abbreviation


def is_named(name: str, folded: str) -> bool:
    """Whether a text tells a name: whole, without its 县 or 公司, or in short or in full.

    西南医大 and 西南医科大学 are one: the characters of the short one stand in the other in order.
    """
    if name in folded:
        return True
    if name[0] in _ADDED + _GLUED and len(name) > 2 and name[1:] in folded:
        return True
    core = name.removesuffix(ending_of(name))
    if len(core) >= 2 and core != name and core in folded:
        return True
    if len(name) < 3 or "·" in name:
        parts = [part for part in name.split("·") if len(part) > 1]
        return any(part in folded for part in parts) if "·" in name else False
    if not ending_of(name) and len(name) < _SHORTEST_BODY:
        return False
    if _is_short_of(name, _SIGNS_APART, folded) or _is_long_of(name, core, folded):
        return True
    if len(name) < _LEAST_LETTERS:
        return False
    words = [word for word, _ in tagged(name)]
    return _is_short_of(words, _WORDS_APART, folded) or _is_in_other_order(name, folded)


def is_told(name: str, whose: Sequence[str], folded: str) -> bool:
    """Whether a text tells a name, or the thing in a name that tells its owner too, which stands
    above: 云岭理工外国语学院 is 外国语学院 under 云岭理工学院. `whose` are the titles above.
    """
    if is_named(name, folded):
        return True
    words = [word for word, _ in tagged(name)]
    for n in range(1, len(words)):
        owner, thing = "".join(words[:n]), "".join(words[n:])
        is_told = min(len(owner), len(thing)) >= _SHORTEST_PART and _is_written(thing, folded)
        if is_told and any(_is_written(owner, each) for each in whose):
            return True
    return False


def _is_written(name: str, folded: str) -> bool:
    """Whole or, if it is no mere word, in short: without any of what names leave out."""
    is_short = len(name) > _SHORTEST_PART and _is_short_of(name, _SIGNS_APART, folded)
    return name in folded or is_short


def _is_short_of(parts: Sequence[str], apart: int, folded: str) -> bool:
    """县医院 is told by 雷波县人民医院, and 洪都大学桥梁团队 by 洪都大学土木工程学院桥梁监测团队:
    the `parts` of the short one, characters or words, in order and at most `apart` characters.
    """
    gap = f"[^,。;:!?|\\s]{{0,{apart}}}?"
    found = re.search(gap.join(map(re.escape, parts)), folded)
    return found is not None and len(found.group()) <= sum(map(len, parts)) + _WIDEST


def _is_in_other_order(name: str, folded: str) -> bool:
    """第二附属医院 is told by 附属第二医院."""
    signs = Counter(name)
    for run in re.findall("[㐀-鿿]+", folded):
        for at in range(max(1, len(run) - len(name) + 1)):
            if signs <= Counter(run[at : at + len(name) + 1]):
                return True
    return False


def _is_long_of(name: str, core: str, folded: str) -> bool:
    """洪都大学 is told by 洪大: its first character and that of its end, side by side."""
    end = ending_of(name)
    if not end:
        return False
    shorts = {name[:2] + end[0], name[0] + end[0], name[:2] + end[-1], name[0] + end}
    return len(core) >= 2 and any(
        len(each) > 1 and each in folded for each in shorts if each != end
    )
