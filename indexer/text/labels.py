"""The numbers that name things and count nothing: 3号楼, 第3组, B栋, KX-2031. Knows no index.

Two labels of one sort that differ name two things; a label is no value.
"""

import re
from dataclasses import dataclass

from indexer.text.numerals import NUMERALS, value_of

# 号 behind these is a day; a numeral in front of 号角 or 号召 is no label.
_NUMBERED = re.compile(
    rf"(?<![\d.月{NUMERALS}])第?(?P<n>\d{{1,5}}|[{NUMERALS}]{{1,5}})\s?#?"
    r"(?P<sort>号楼|号(?![称召码令角子外])|楼(?![上下])|单元(?!格))"
)
_ORDERED = re.compile(
    rf"第(?P<n>\d{{1,5}}|[{NUMERALS}]{{1,6}})(?P<sort>[^\s\d,。;:、的一{NUMERALS}])"
)
_UNITS = re.compile(  # 一班, 2组: where it counts (共2组), it is the value of the sentence itself
    rf"(?<![\d.月第{NUMERALS}])(?P<n>\d{{1,3}}|[{NUMERALS}]{{1,3}})(?P<sort>[班组队期]|车间|标段|工段)"
)
_LETTERED = re.compile(
    r"(?<![a-z\d])(?P<n>[a-z]\d{0,3}|[甲乙丙丁戊])(?P<sort>[区栋座楼班组线馆厅库])"
)
# wi-fi 6, wifi 6, wi-fi6 and wifi-6 are one; no such name begins with a preposition (in 2020).
_CODE = re.compile(
    r"(?<![a-z\d.])(?P<name>[a-z]+(?:-[a-z]+)*)[ -]?(?P<n>\d++(?![.,]\d)[a-z\d]*(?:-[a-z\d]+)*)"
)
_NO_NAME_WORDS = (
    "a an and as at before by for from in is of on only or over since some than the to until "
    "was were with about after all are between during no page"
)
_NO_NAME = frozenset(_NO_NAME_WORDS.split())
# c, c++ and c# are three, net and .net two.
_SIGNED = re.compile(
    r"(?<![a-z\d.-])(?P<name>[a-z])(?:\+\+?|#)?(?![a-z\d+#-])"
    r"|(?<![a-z\d])\.?(?P<dotted>net)(?![a-z\d.])"
)
# Each with what is in all that it finds, and is sooner looked for: it begins with few characters.
_PATTERNS = tuple(
    (pattern, re.compile(core))
    for pattern, core in (
        (_NUMBERED, rf"[号楼单](?<=[\d{NUMERALS}\s#].)"),
        (_ORDERED, rf"第(?=[\d{NUMERALS}])"),
        (_UNITS, rf"[班组队期车标工](?<=[\d{NUMERALS}].)"),
        (_LETTERED, r"[区栋座楼班组线馆厅库](?<=[a-z\d甲乙丙丁戊].)"),
    )
)
_LETTER = re.compile("[a-z]")
_SPELLED = {"号楼": "号"}
CODE = "code "  # how the sort of a code begins; the letters that it begins with follow


@dataclass(frozen=True, slots=True)
class Label:
    """A label at [start, end) of folded text; `sort` is what it numbers by: 号, 组.

    `name` is one for all spellings: 3号 for 三号楼, 3号楼 and 3 号.
    """

    start: int
    end: int
    sort: str
    name: str


def find_labels(folded: str) -> list[Label]:
    """The labels of a folded text in order."""
    found: list[Label] = []
    has_letters = _LETTER.search(folded) is not None
    for pattern, core in _PATTERNS:
        if not core.search(folded):
            continue
        for match in pattern.finditer(folded):
            is_figure = match["n"][0].isdigit() or match["n"][0] in NUMERALS
            value = value_of(match["n"]) if is_figure else None
            sort = _SPELLED.get(match["sort"], match["sort"])
            told = str(value) if value is not None else match["n"]
            found.append(Label(*match.span(), sort, told + sort))
    if not has_letters:
        return sorted(found, key=_place)
    for match in _CODE.finditer(folded):
        if match["name"] not in _NO_NAME:
            name = match["name"].replace("-", "")
            told = name + match["n"].replace("-", "")
            found.append(Label(*match.span(), CODE + name, told))
    for match in _SIGNED.finditer(folded):
        base = match["name"] or match["dotted"]
        found.append(Label(*match.span(), f"letter {base}", match.group()))
    return sorted(found, key=_place)


def _place(label: Label) -> tuple[int, int]:
    return label.start, label.end


def name_other_things(one: str, other: str) -> bool:
    """Whether two folded texts have labels of one sort, and none of them in common."""
    ours, theirs = _by_sort(one), _by_sort(other)
    return any(not ours[sort] & theirs[sort] for sort in ours.keys() & theirs.keys())


def shares_label(one: str, other: str) -> bool:
    """Whether two folded texts have a label in common."""
    ours, theirs = _by_sort(one), _by_sort(other)
    return any(ours[sort] & theirs[sort] for sort in ours.keys() & theirs.keys())


def _by_sort(folded: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for label in find_labels(folded):
        found.setdefault(label.sort, set()).add(label.name)
    return found


def without_labels(folded: str) -> str:
    for label in reversed(find_labels(folded)):
        folded = folded[: label.start] + " " + folded[label.end :]
    return folded
