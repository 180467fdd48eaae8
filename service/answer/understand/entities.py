"""The names in a question: organisations, places, persons, works, quoted and Latin terms.

Found by the parts of speech of a segmenter and by patterns, without a list of names. Knows no
index. What is found is a name as it is written, never what it stands for.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from indexer.text.segment import tagged
from service.answer.understand.kinds import AnswerType, ending_of, is_common, kind_of


class EntityKind(StrEnum):
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    WORK = "work"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Entity:
    """A name in folded text: `text` stands at `start` to `end`."""

    start: int
    end: int
    text: str
    kind: EntityKind


@dataclass(frozen=True, slots=True)
class TaggedWord:
    """A word with its part of speech (ns a place, v a verb); offsets into the tagged text."""

    start: int
    end: int
    text: str
    tag: str


_WORK = re.compile(r"《([^《》]{1,60})》")
_QUOTED = re.compile(r"[“\"「『‘]([^“”\"「」『』‘’]{2,40})[”\"」』’]")
_DOTTED = re.compile(r"[㐀-鿿]{1,8}(?:·[㐀-鿿a-z]{1,10})+")
_LETTER = "a-z\u00df-\u024f"
# What the segmenter now and then takes for the end of a foreign name: 潘尼|是 as one word.
_NO_NAME = re.compile(r"[是的被在曾]|[于为和与出]$")
# Common words that it takes for names.
_COMMON = frozenset(("东西", "本命", "祖先", "二战", "一战"))
_LATIN_WORD = rf"[{_LETTER}][{_LETTER}\d.+#&'_/-]*"
_LATIN = re.compile(
    rf"{_LATIN_WORD}(?: (?:{_LATIN_WORD}|\d[{_LETTER}\d.]*(?![\d年月日])))*"
    rf"|\d+[{_LETTER}][{_LETTER}\d-]+"
)
_CAPITALISED = r"[A-Z\u00c0-\u00de][\w.&'’-]*"
_CAPITAL = re.compile(
    rf"\b{_CAPITALISED}(?: (?:(?:of|the|and|de|la|for|van|von) )*(?:{_CAPITALISED}|\d+\b))*"
)
_ENGLISH_WORDS = (
    "what when where which who whom whose why how is are was were do does did can could will"
    " would has have had should may might please tell in on at of for from to by with about and"
    " or the a an if since after before during i we you he she it they this that there these"
    " those his her its their not ok many much give list name compare between than"
)
_ENGLISH_ASKING = frozenset(_ENGLISH_WORDS.split())

# What may be a part of a name, and what alone makes it one.
_NOUN_TAGS = "n nr nrt ns nt nz ng j l b an vn zg eng nrfg s g vg"
NOUN_TAGS = frozenset(_NOUN_TAGS.split())
_NAMES = frozenset(["nr", "nrt", "ns", "nt", "nz", "nrfg"])
_ADMINISTRATIVE = "省市县区州乡镇村旗寨屯岛"
_PLACE_END = re.compile(r"(?:省|市|县|区|州|乡|镇|村|旗|自治[州县区]|街道|社区)$")
_NUMBERED = re.compile(r"第[一二三四五六七八九十百\d]+")
_TITLE_WORDS = (
    "先生 女士 老师 教授 主任 院长 校长 书记 主席 总统 总理 县长 市长 镇长 乡长 村长 部长 局长"
    " 处长 科长 所长 队长 博士 医生 同志 将军 皇帝 国王 董事长 经理 总经理"
)
_TITLES = tuple(_TITLE_WORDS.split())
_LONGEST_NAME = 30


def tag(folded: str) -> list[TaggedWord]:
    """The words of a folded text with their parts of speech, in order, white space included."""
    words: list[TaggedWord] = []
    at = 0
    for text, part in tagged(folded):
        words.append(TaggedWord(at, at + len(text), text, part))
        at += len(text)
    return words


def find_entities(
    folded: str, words: Sequence[TaggedWord] | None = None, written: str = ""
) -> list[Entity]:
    """The names of a folded text in the order of their places; they do not overlap.

    `written` is the text before folding: of an English one only what begins with a capital letter
    is a name. `words` are `tag(folded)`, where the caller has them already.
    """
    found: list[Entity] = []
    taken: set[int] = set()
    for pattern, kind in ((_WORK, EntityKind.WORK), (_QUOTED, EntityKind.TERM)):
        for match in pattern.finditer(folded):
            _add(found, Entity(match.start(1), match.end(1), match[1], kind), taken)
    for entity in _latin(folded, written):
        _add(found, entity, taken)
    for entity in _chinese(folded, tag(folded) if words is None else words):
        _add(found, _without_date(entity, folded), taken)
    return sorted(found, key=lambda entity: entity.start)


def _without_date(entity: Entity, folded: str) -> Entity:
    """2018年松州 is cut as 2018|年松州 where the name is unknown to the segmenter."""
    is_of_date = entity.text[:1] in ("年", "月", "日") and folded[: entity.start][-1:].isdigit()
    if not is_of_date:
        return entity
    return replace(entity, start=entity.start + 1, text=entity.text[1:])


def _add(found: list[Entity], new: Entity, taken: set[int]) -> None:
    if new.text.strip() and taken.isdisjoint(range(new.start, new.end)):
        found.append(new)
        taken.update(range(new.start, new.end))


def _latin(folded: str, written: str) -> list[Entity]:
    """Latin names: each run in Chinese text; in a text without Chinese the capitalised ones."""
    if re.search(r"[㐀-鿿]", folded):
        return [
            Entity(m.start(), m.start() + len(name), name, EntityKind.TERM)
            for m in _LATIN.finditer(folded)
            if (name := m.group().rstrip(" .'-/")) not in _ENGLISH_ASKING and len(name) > 1
        ]
    found: list[Entity] = []
    for match in _CAPITAL.finditer(written):
        name = match.group().rstrip(".,'’-")
        if name.endswith(("'s", "’s")):
            name = name[:-2]
        words = name.split()
        start = match.start()
        while words and words[0].lower() in _ENGLISH_ASKING:
            start += len(words[0]) + 1
            words = words[1:]
        if words and not all(word.replace(".", "").isdigit() for word in words):
            text = " ".join(words).lower()
            at = folded.find(text, max(0, start - 8))
            if at >= 0:
                found.append(Entity(at, at + len(text), text, _english_kind(text)))
    return found


def _english_kind(name: str) -> EntityKind:
    last = name.split()[-1]
    if last in ("county", "city", "province", "village", "town", "river", "island", "district"):
        return EntityKind.PLACE
    if last in (
        "university",
        "college",
        "school",
        "hospital",
        "company",
        "bank",
        "inc",
        "corporation",
    ):
        return EntityKind.ORGANISATION
    return EntityKind.TERM


def _chinese(folded: str, words: Sequence[TaggedWord]) -> list[Entity]:
    found = [
        Entity(m.start(), m.end(), m.group(), EntityKind.PERSON)
        for m in (_trimmed(match, folded, words) for match in _DOTTED.finditer(folded))
        if m is not None
    ]
    for run in _noun_runs(words):
        found += _names_in(folded, run)
    return found


def _trimmed(
    match: re.Match[str], folded: str, words: Sequence[TaggedWord]
) -> re.Match[str] | None:
    """A name with dots from the beginning of its first word to the end of its last one."""
    first = bisect_right(words, match.start(), key=lambda word: word.end)
    last = bisect_left(words, match.end(), key=lambda word: word.start)
    inside = words[first:last]
    dots = [word for word in inside if "·" in word.text]
    if not dots:
        return match
    start = max([w.start for w in inside if w.end <= dots[0].start] or [match.start()])
    after = [w for w in inside if w.start >= dots[-1].end]
    end = match.end()
    for at, word in enumerate(after):
        if at and word.tag not in _NAMES and word.tag not in ("zg", "g", "ng"):
            end = word.start
            break
    for at in range(len(dots)):  # 在|沃尔特|·: from the word right before the first dot
        if dots[at].start == start:
            start = match.start()
    end = max(end, dots[-1].end + 1)
    if (cut := _NO_NAME.search(folded, dots[-1].end + 1, end)) is not None:
        end = cut.start()
    return _DOTTED.match(folded, max(start, match.start()), end)


def _noun_runs(words: Sequence[TaggedWord]) -> list[list[TaggedWord]]:
    """Nouns that follow one another: where names stand."""
    runs: list[list[TaggedWord]] = []
    run: list[TaggedWord] = []
    for at, word in enumerate(words):
        before = run[-1] if run else None
        if _may_be_in_a_name(words, at, before):
            run.append(word)
            continue
        if before is not None and _begins_with_its_end(before, word):
            # 九股|村帮 is 九股村|帮: the segmenter does not know the village
            run.append(TaggedWord(word.start, word.start + 1, word.text[0], "ns"))
        if run:
            runs.append(run)
        run = []
    return [*runs, run] if run else runs


def _may_be_in_a_name(words: Sequence[TaggedWord], at: int, before: TaggedWord | None) -> bool:
    word = words[at]
    if word.tag in NOUN_TAGS or (word.tag == "m" and _NUMBERED.fullmatch(word.text)):
        return True
    following = words[at + 1] if at + 1 < len(words) else None
    if following is None:
        return False
    if word.tag in ("m", "a", "f", "t", "v", "d") and word.text[0] not in "几多哪何":
        # 九股|村, 永定|区: one word before 村 is its name whatever the segmenter takes it for
        is_named = following.text[0] in _ADMINISTRATIVE and following.tag in (
            "n",
            "ns",
            "v",
            "j",
            "zg",
        )
        if is_named and len(word.text) == 2 and word.text[-1] not in "个条座全各一两三四五六":
            return len(following.text) == 1 or following.tag == "v"
    # 卫生|健康|系统, 人民|解放|军: an adjective or verb within, never at the beginning
    return (
        before is not None
        and word.tag == "a"
        and following.tag in NOUN_TAGS
        and (kind_of(following.text) is AnswerType.ORGANISATION)
    )


def _begins_with_its_end(before: TaggedWord, word: TaggedWord) -> bool:
    return (
        word.tag == "v"
        and len(word.text) == 2
        and word.text[0] in _ADMINISTRATIVE
        and 2 <= len(before.text) <= 4
    )


def _names_in(folded: str, run: Sequence[TaggedWord]) -> list[Entity]:
    """The names in a run of nouns: organisations whole, else each place, person and other name."""
    found: list[Entity] = []
    rest = list(run)
    ends = [at for at, word in enumerate(run) if _ends_an_organisation(run, at)]
    if ends:
        head = run[: ends[-1] + 1]
        start = _organisation_start(head)
        name = folded[head[start].start : head[-1].end]
        if len(name) <= _LONGEST_NAME:
            found.append(Entity(head[start].start, head[-1].end, name, EntityKind.ORGANISATION))
            rest = [*run[:start], *run[ends[-1] + 1 :]]
    at = 0
    while at < len(rest):
        end = at + 1
        while end < len(rest) and rest[end].start == rest[end - 1].end and _goes_on(rest, at, end):
            end += 1
        found += _one(folded, rest[at:end])
        at = end
    return found


def _ends_an_organisation(run: Sequence[TaggedWord], at: int) -> bool:
    """Whether the words up to here are an organisation's name, not just a word for one."""
    head = run[: at + 1]
    name = "".join(word.text for word in head)
    if kind_of(name) is not AnswerType.ORGANISATION or _PLACE_END.search(name) or is_common(name):
        return False
    proper = any(word.tag in _NAMES or word.tag == "eng" or word.text[0] == "第" for word in head)
    # 省卫生健康系统 and 县教育局 name one by its rank; 政府单位 names none
    by_rank = head[0].text[0] in _ADMINISTRATIVE and len(head) > 1
    return len(name) >= 3 and (proper or by_rank)


def _organisation_start(head: Sequence[TaggedWord]) -> int:
    """Past a person's name and title that stand before: the organisation begins behind them."""
    for at in range(len(head) - 1, 0, -1):
        if head[at - 1].text in _TITLES:
            return at
    return 0


def _goes_on(words: Sequence[TaggedWord], first: int, at: int) -> bool:
    """Whether `words[at]` belongs to the name that `words[first:at]` begins."""
    so_far = "".join(word.text for word in words[first:at])
    word = words[at]
    if word.text in _TITLES or (_PLACE_END.search(so_far) and len(so_far) > 2):
        return False
    if len(word.text) == 1 and word.text in _ADMINISTRATIVE:
        return True
    if word.tag == "ns" and _PLACE_END.search(word.text):  # 金野|以匹村
        return words[at - 1].tag in ("n", "nz", "nr", "zg", "ng") and len(so_far) <= 3
    return word.tag in ("zg", "g", "ng") and len(word.text) == 1 and words[at - 1].tag in _NAMES


_KINDS: dict[AnswerType | None, EntityKind] = {
    AnswerType.PLACE: EntityKind.PLACE,
    AnswerType.ORGANISATION: EntityKind.ORGANISATION,
}


def _one(folded: str, words: Sequence[TaggedWord]) -> list[Entity]:
    start, end = words[0].start, words[-1].end
    name = folded[start:end]
    tags = {word.tag for word in words}
    if len(name) < 2 or name in _COMMON or name.endswith("文名"):
        return []
    if name in _TITLES or is_common(name) or _NUMBERED.match(name):
        return []
    if _PLACE_END.search(name) and len(name) > 2 and (len(words) > 1 or "ns" in tags):
        return [Entity(start, end, name, EntityKind.PLACE)]
    if not tags & _NAMES:
        return []
    if tags & {"ns"}:
        return [Entity(start, end, name, EntityKind.PLACE)]
    if name.endswith("人") and len(name) > 2:  # 柳溪人: of a place, and nobody's name
        return [Entity(start, end - 1, name[:-1], EntityKind.PLACE)] if tags & _NAMES else []
    if tags & {"nr", "nrt", "nrfg"}:
        # 王建国 and 李大海 are persons: one character tells a place only where no name ends so
        told = len(ending_of(name)) > 1 or name[-1] in "县市省州镇乡村区局"
        kind = _KINDS.get(kind_of(name) if told else None, EntityKind.PERSON)
        return [Entity(start, end, name, kind)]
    if "nt" in tags:
        return [Entity(start, end, name, EntityKind.ORGANISATION)]
    return [Entity(start, end, name, EntityKind.TERM)]
