"""Whether a sentence says which way as its source does: 增加 or 减少, 之前 or 之后, 最多 or 最少.

Compared clause by clause, and at a figure with the word that stands at it. Knows no negation.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from indexer.text.numbers import Number
from service.answer.guard.reading import Part, ReadText

_UP = (
    r"增加|增长|增至|增到|增幅|新增|净增|递增|激增|上升|升至|升到|回升|上涨|涨至|涨幅|上调|提高|提升|升高|扩大|"
    r"攀升|高于|多于|大于|优于|快于|多出|高出|翻番|加快|加大|增强|改善|好转|盈利|(?<=[了又])[增涨升]|"
    r"\b(?:increas|rose|rise|grew|grow|higher|more than|gain)\w*"
)
_DOWN = (
    r"减少|减至|减到|减幅|锐减|递减|下降|降至|降到|降低|降幅|降为|下跌|跌至|跌幅|下滑|下调|回落|缩小|缩减|压减|"
    r"低于|少于|小于|慢于|差于|少了|低了|减缓|放缓|减弱|恶化|亏损|(?<=[了又])[减跌降]|"
    r"\b(?:decreas|fell|fall|drop|declin|lower|less than|fewer|loss)\w*"
)
_WAY = re.compile(f"(?P<up>{_UP})|(?P<down>{_DOWN})")
# 提高到 tells where it ended, 提高了 by how much.
_TO = re.compile(r"了?(?:至|到|为|成)")
_BY = re.compile(r"(?:了)?\s*[约近超逾过不足达]{0,3}\s*$")
_AT_FIGURE = 8

_TABLE = Path(__file__).with_name("opposites.txt")


def wrong_way(read: ReadText, sources: Sequence[ReadText]) -> list[str]:
    """The words of direction that the clauses of the sources contradict, or that they lack."""
    wrong: list[str] = []
    for clause in read.clauses:
        words = read.of(clause)
        regions = [source.of(part) for source, part in alike(read, clause, sources)]
        if not regions:
            continue
        wrong += [
            f"{said}, the source has {other}" for said, other in _contradicted(words, regions[0])
        ]
        there = _ways(" ".join(regions[:2]))
        wrong += [
            f"{match.group()} against the source"
            for match in _WAY.finditer(words)
            if there and match.lastgroup not in there
        ]
    return wrong


def _contradicted(words: str, region: str) -> Iterator[tuple[str, str]]:
    for said, other in opposites():
        if (
            said in words
            and other in region
            and (
                _says(said, words)
                and _says(other, region)
                and not _says(said, region)
                and not _says(other, words)
            )
        ):
            yield said, other


@cache
def opposites() -> tuple[tuple[str, str], ...]:
    """The pairs of the table, both ways round; normalised Simplified."""
    pairs = []
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            one, other = line.split()
            pairs += [(one, other), (other, one)]
    return tuple(pairs)


def _says(word: str, text: str) -> bool:
    if len(word) == 1 and word in "将总负输赢胜真假":
        pattern = {
            "将": r"将(?!军|近|来)",
            "总": r"总(?:额|量|数|共|计)",
            "负": r"负(?!责|担)",
            "输": r"(?<!运)输(?!送|血|液|电|出|入)",
            "胜": r"胜(?!利[村乡镇路]|任)",
            "真": r"真(?!正|诚|情|抓)",
        }.get(word, word)
        return re.search(pattern, text) is not None
    if word == "已":
        return re.search(r"已(?!知)", text) is not None
    if word in ("男", "女"):
        return re.search(f"(?<![子])[{word}](?!婿|儿)", text) is not None
    return word in text


def _ways(text: str) -> set[str]:
    return {match.lastgroup or "" for match in _WAY.finditer(text)}


def first_way(text: str, start: int, end: int) -> int:
    """Where the first word of direction stands in [start, end); -1 for none."""
    match = _WAY.search(text, start, end)
    return match.start() if match else -1


def way_at(read: ReadText, number: Number) -> tuple[str, str]:
    """Which way the word just before a figure tells, and whether `to` or `by` it; "" for none."""
    clause = read.clause_at(number.start)
    nearest: re.Match[str] | None = None
    for match in _WAY.finditer(read.text, clause.start, number.start):
        nearest = match
    if nearest is None or number.start - nearest.end() > _AT_FIGURE:
        return "", ""
    between = read.text[nearest.end() : number.start]
    if nearest.group()[-1] in "至到为" or _TO.match(between):
        return nearest.lastgroup or "", "to"
    if nearest.group()[-1] == "于":
        return nearest.lastgroup or "", "than"
    return nearest.lastgroup or "", "by" if _BY.fullmatch(between) else ""


def way_agrees(own: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether both figures are told to rise or to fall, and to or by; 达到 may stand for 升到."""
    way, how = own
    its_way, its_how = other
    if way and its_way and way != its_way:
        return False
    if way and not its_way:
        return False  # made up
    if its_way and not way:
        return its_how != "by"  # 增加300人 is not 300人
    return {how, its_how} != {"to", "by"}


def alike(read: ReadText, clause: Part, sources: Sequence[ReadText]) -> list[tuple[ReadText, Part]]:
    """The clauses of the sources that share most with this one, best first; none without any."""
    words = _pairs(read.of(clause))
    own = {(n.value, n.unit, n.date) for n in read.numbers_in(clause)}
    found: list[tuple[int, int, ReadText, Part]] = []
    for source in sources:
        for part in source.clauses:
            shared = len(words & _pairs(source.of(part)))
            figures = sum((n.value, n.unit, n.date) in own for n in source.numbers_in(part))
            if shared or figures:
                found.append((-(shared + 3 * figures), len(found), source, part))
    return [(source, part) for _, _, source, part in sorted(found, key=lambda each: each[:2])]


def _pairs(text: str) -> set[str]:
    letters = [character for character in text if character.isalnum()]
    return {"".join(letters[at : at + 2]) for at in range(len(letters) - 1)}
