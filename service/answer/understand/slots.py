"""The parts of a question that a follow-up may replace: names, things, what is asked of them.

A part is replaced by one of its kind: a person by a person, a product by a product. Which it is,
tells the kind of the noun, its ending, and what the archive knows (`Alike`). Knows no history.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.answer.understand.entities import NOUN_TAGS, Entity, EntityKind, TaggedWord
from service.answer.understand.kinds import AnswerType, is_common, kind_of
from service.answer.understand.measure import counted_of, unit_of
from service.answer.understand.times import time_parts
from service.answer.understand.utterance import Said, topic

Alike = Callable[[str, str], float]
"""How alike an archive takes two terms for, 0 to 1: 1 where both are values of one column."""

ITS_PLACE = re.compile(r"^[㐀-鿿]{1,6}?[省市县区州乡镇村旗](?=[㐀-鿿]{2})")
_VALUES = (AnswerType.NUMBER, AnswerType.DATE, AnswerType.REASON, AnswerType.MANNER)
_PLACE_WORDS = (
    "地址 位置 地点 方位 总部 籍贯 国籍 祖籍 故乡 家乡 产地 出生地 所在地 发源地 首都 首府 省会"
)
_GROUP_WORDS = (
    "学生 教师 老师 老人 儿童 小孩 孩子 成人 大人 军人 残疾人 会员 职工 员工 居民 村民 农民 家属"
    " 工人 医生 护士 男 女 男生 女生 新生"
)
_GROUPS = tuple(_GROUP_WORDS.split())
_PLACES_OF_THINGS = tuple(_PLACE_WORDS.split())
_MOST_ENDING = 3
_LONGEST_SUBJECT = 16
_SAME_COLUMN = 20.0
_LEAST_COUNTED = 2.0  # 黄瓜 may be counted as 土豆 is, 借期 not as 书


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of a question, `folded[start:end]`; `is_property` where its value is asked for."""

    start: int
    end: int
    text: str
    name: EntityKind | None = None
    is_property: bool = False


def slots(said: Said) -> list[Slot]:
    """The names and nouns of a question, in order; parts of names as well."""
    found: list[Slot] = []
    times = [(part.start, part.end) for part in time_parts(said.folded)]
    entities = said.entities
    asked = asked_property(said)
    for entity in entities:
        is_asked = asked is not None and asked.start <= entity.start and entity.end <= asked.end
        found.append(Slot(entity.start, entity.end, entity.text, entity.kind, is_asked))
        if entity.kind is not EntityKind.PLACE and (place := ITS_PLACE.match(entity.text)):
            end = entity.start + place.end()
            found.append(Slot(entity.start, end, place.group(), EntityKind.PLACE))
    taken = [*times, *((entity.start, entity.end) for entity in entities)]
    if asked is not None:
        taken.append((asked.start, asked.end))
        found.append(asked)
    for run in _nouns(said, taken):
        text = said.folded[run[0].start : run[-1].end]
        found.append(Slot(run[0].start, run[-1].end, text))
    subject = _unknown_subject(said, times, found)
    if subject is not None:
        found.append(subject)
    return sorted(found, key=lambda slot: (slot.start, slot.end))


def _unknown_subject(
    said: Said, times: Sequence[tuple[int, int]], known: Sequence[Slot]
) -> Slot | None:
    """What a question is about, where it is no word that the segmenter knows: 烘干|箱."""
    subject = owner(said)
    start = said.text.find(subject) if subject else -1
    end = start + len(subject)
    if start < 0 or any(start <= slot.start < end for slot in known):
        return None
    begin = max((time_end for s, time_end in times if s == start), default=start)
    text = said.folded[begin:end]
    return Slot(begin, end, text) if 1 < len(text) <= _LONGEST_SUBJECT else None


def _nouns(said: Said, taken: Sequence[tuple[int, int]]) -> list[list[TaggedWord]]:
    """Nouns side by side that no name, time or asking word covers."""
    runs: list[list[TaggedWord]] = []
    unit, at = unit_of(said.spelled, said.words)
    asking = (said.asked.start, max(said.asked.end, at if unit else -1))
    for word in said.words:
        is_free = not any(
            start < word.end and word.start < end for start, end in (*taken, asking) if start >= 0
        )
        is_noun = word.tag in NOUN_TAGS or (word.tag in ("v", "vn") and len(word.text) > 2)
        if not (is_noun and is_free and re.search(r"[㐀-鿿a-z]", word.text)):
            continue
        if runs and runs[-1][-1].end == word.start:
            runs[-1].append(word)
        else:
            runs.append([word])
    return runs


_BEFORE_ASKING = re.compile(
    r"(?:又|分别|各|一共|总共|共|大约|到底|究竟|是|为|有|在|达到|达|叫|[?。\s])+$"
)


def asked_property(said: Said) -> Slot | None:
    """The noun whose value is asked for: 面积 of 永平县的面积是多少; None where there is none."""
    start = said.asked.start if said.asked.start >= 0 else len(said.folded)
    head = _BEFORE_ASKING.sub("", said.folded[:start])
    begin = len(head)
    names = [entity for entity in said.entities if not is_common(entity.text)]
    for word in reversed([word for word in said.words if word.end <= len(head)]):
        is_named = any(e.start < word.end and word.start < e.end for e in names)
        of = said.folded[: word.start].endswith("的")
        is_noun = word.tag in NOUN_TAGS or (
            word.tag in ("v", "vn") and (of or (word.tag == "vn" and begin < len(head)))
        )
        if word.end != begin or is_named or not is_noun:
            break
        begin = word.start
    if not begin and begin < len(head):  # 显微镜价格多少: the thing itself is no property
        words = [word for word in said.words if word.end <= len(head)]
        begin = next((w.start for w in words[1:] if is_property(head[w.start :])), len(head))
    noun = head[begin:]
    behind_of = said.folded[:begin].endswith("的")
    is_told = is_property(noun) or behind_of or any(e.end == begin for e in names)
    if len(noun) < 2 or not is_told or _is_subject_of_verb(said, head, noun):
        return None
    return Slot(begin, len(head), noun, is_property=True)


def _is_subject_of_verb(said: Said, head: str, noun: str) -> bool:
    """离心机在哪里: what is somewhere is a thing, unless its own kind is a value."""
    between = said.folded[len(head) : max(said.asked.start, 0)]
    return between.endswith(("在", "有")) and not is_property(noun)


def is_property(noun: str) -> bool:
    """Whether a noun names something that a thing has, such as 面积, 地址 or 负责人."""
    kind = kind_of(noun)
    if is_group(noun):
        return False
    if kind is AnswerType.PLACE:
        return noun.endswith(_PLACES_OF_THINGS)
    is_role = is_common(noun) or noun.endswith(("人", "长", "员"))
    return kind in _VALUES or (kind is AnswerType.PERSON and is_role)


def owner(said: Said) -> str:
    """What a question is about, without the property that it asks of it: 永平县 of 永平县的面积."""
    asked = asked_property(said)
    if asked is not None and asked.start:
        return said.text[: asked.start].removesuffix("的").strip()
    return topic(said)


def question_of(property_: str, like: AnswerType) -> str:
    """The words that ask for a property's value; one of an unknown kind is asked as `like` is."""
    kind = kind_of(property_)
    if kind is None and like is AnswerType.NUMBER:
        kind = like
    asking = {
        AnswerType.NUMBER: "是多少？",
        AnswerType.PERSON: "是谁？",
        AnswerType.DATE: "是什么时候？",
        AnswerType.PLACE: "是哪里？",
    }
    return asking.get(kind, "是什么？") if kind else "是什么？"


def is_group(noun: str) -> bool:
    """Whether it names people of one sort, for whom something holds, and no role: 学生, 老人."""
    return noun.endswith(_GROUPS)


def likest(
    new: str, entity: Entity | None, previous: Said, alike: Alike
) -> tuple[float, Slot] | None:
    """The part of the last question that a new term stands for, and how well; None without one."""
    best: tuple[float, int, Slot] | None = None
    for slot in slots(previous):
        score = _likeness(new, entity, slot, previous, alike)
        if score > 0 and (best is None or (score, slot.start) >= best[:2]):
            best = (score, slot.start, slot)
    return None if best is None else (best[0], best[2])


def _likeness(new: str, entity: Entity | None, slot: Slot, previous: Said, alike: Alike) -> float:
    old = slot.text
    kind, old_kind = kind_of(new), kind_of(old)
    known = alike(new, old)
    if known == 1.0:  # both are values of one column: more than what the words look like
        return _SAME_COLUMN + _common_ending(new, old)
    score = 6 * known
    score += 2 * min(_common_ending(new, old), _MOST_ENDING) + 0.5 * len(set(new) & set(old))
    if kind is old_kind:
        score += 3 if kind is not None else 1
    elif kind in _VALUES or old_kind in _VALUES:
        score -= 4
    if entity is not None and slot.name is not None:
        score += 3 if entity.kind is slot.name else 0
        both = EntityKind.TERM not in (entity.kind, slot.name)
        score -= 3 if both and entity.kind is not slot.name else 0
    elif entity is not None or slot.name is not None:
        score -= 4 if is_property(new) else 1
    if slot.is_property:
        score += 2 if is_property(new) and entity is None else -1
    elif is_counted(slot, previous):
        score = score + 1 if score >= _LEAST_COUNTED else 0.0
    return score


def is_counted(slot: Slot, previous: Said) -> bool:
    """Whether it is what a number counts: 教师 of 多少名教师."""
    unit, at = unit_of(previous.spelled, previous.words)
    counted = counted_of(previous.spelled, unit, at, previous.words)
    first = previous.folded.find(counted, max(at, 0))
    return bool(counted) and slot.start == (first if first >= 0 else previous.folded.rfind(counted))


def _common_ending(one: str, other: str) -> int:
    n = 0
    while n < min(len(one), len(other)) and one[-1 - n] == other[-1 - n]:
        n += 1
    return n
