"""Words that point back (它, 该县, they), and the names that they stand for. Knows no index."""

import re
from collections.abc import Sequence

from service.answer.understand.entities import Entity, EntityKind
from service.answer.understand.kinds import AnswerType, kind_of
from service.answer.understand.slots import asked_property, owner
from service.answer.understand.utterance import Said, joined, statement

_PERSONS = (EntityKind.PERSON,)
_PLACES = (EntityKind.PLACE, EntityKind.ORGANISATION)
_THINGS = (EntityKind.ORGANISATION, EntityKind.PLACE, EntityKind.WORK, EntityKind.TERM)
_ANY = (*_PERSONS, *_THINGS)

_MEASURE = "个所座家位名本部支项次届篇条款种场份件间台"
_BEHIND_NOUN = (
    r"(?=[的在是有由于和与为从给对被把将,?一总共现目多几哪何谁什怎成建位开派叫以之又也还都]|$)"
)
_POINTING = re.compile(
    rf"(?P<several>[这那](?:些(?!年|天|日子)|几?[两二三四五六七八九十几](?![年天月周日])[{_MEASURE}]?)[人事县校村市州省家]?|[他她它]们|"
    r"两人|二人|两者|双方|两边|两地|两校|两县|上述|以上(?:这些)?)"
    r"|(?P<there>[那这](?:里|儿|边)(?!程)|当地|此地)"
    rf"|(?:该(?![怎如何不由去交找多几谁什哪有是用缴填带办做])|此(?=[县市州省村镇乡校院馆书人])|[这那](?![几些])一?[{_MEASURE}]?)"
    rf"(?P<noun>[㐀-鿿]{{1,4}}?){_BEHIND_NOUN}"
    r"|(?P<person>(?<![其吉维利排由])[他她](?!们|国|人|乡|山))"
    r"|(?P<it>它(?!们))"
    r"|(?P<its>(?<![尤极与及其使任])其(?![中他余实它次间所一二三乐妙])(?=[㐀-鿿]))"
    r"|(?P<former>前者)|(?P<latter>后者)"
    r"|(?P<he>\b(?:he|she|him|his|her)\b)|(?P<they>\b(?:it|its|they|them|their|that one)\b)"
    r"|(?P<where>(?<!is )(?<!are )\bthere\b(?! (?:is|are|was|were|be|been)\b))"
)
# Nouns of no name: what they point at is the whole of what was said.
_KINDS = {
    "县": ("县",),
    "市": ("市",),
    "州": ("州",),
    "省": ("省",),
    "村": ("村",),
    "镇": ("镇",),
    "乡": ("乡",),
    "区": ("区",),
    "校": ("大学", "学院", "学校", "中学", "小学", "职院", "校"),
    "院": ("医院", "学院", "研究院", "法院", "院"),
    "馆": ("馆",),
    "所": ("所",),
    "局": ("局",),
    "社": ("社",),
    "厂": ("厂",),
    "站": ("站",),
    "岛": ("岛",),
    "河": ("河", "江"),
    "山": ("山",),
}


def pointed_back(question: Said, previous: Said, answer: Said | None) -> str | None:
    """The question with the name that its pointing word stands for; None where it has none.

    Where no name fits, or several do, what was asked before stands in front of it.
    """
    pointing = _POINTING.search(question.folded)
    if pointing is None or _is_own(question, pointing):
        return None
    context = statement(previous)
    group = pointing.lastgroup or ""
    if group == "there" and asked_property(previous) is not None and owner(previous):
        return _put(question, pointing, [owner(previous) + "的"])  # 那边地址是什么
    if group == "several":
        return joined(context, question.text)
    found = _antecedents(group, pointing, previous, answer)
    if not found and group in ("person", "it") and 2 <= len(owner(previous)) <= _LONGEST_NAME:
        return _put(question, pointing, [owner(previous)])
    if not found:
        return joined(context, question.text)
    if group in ("former", "latter"):
        chosen = found[:1] if group == "former" else found[-1:]
        return _put(question, pointing, [_written(e, previous, answer) for e in chosen])
    names = [_written(entity, previous, answer) for entity in _choose(group, found)]
    whole = _put(question, pointing, names)
    if previous.asked.asks is AnswerType.PERSON and _is_of_one_event(question, previous):
        return f"{_told(previous, names[0])}，{whole}"
    is_of_answer = answer is not None and found[0] in answer.entities
    is_sure = len(found) == 1 and not (is_of_answer and group != "person")
    return whole if is_sure or group in ("person", "he", "noun") else joined(context, whole)


def _is_of_one_event(question: Said, previous: Said) -> bool:
    """谁去西藏支教了? and 他是哪年去的? share a verb."""
    verbs = {
        word.text[0]
        for word in question.words
        if word.tag.startswith("v") and word.text[0] not in "是有在叫为"
    }
    return any(word.tag.startswith("v") and word.text[0] in verbs for word in previous.words)


def _told(previous: Said, name: str) -> str:
    """What was asked, with the answer in it: 李明去西藏支教了."""
    asked = previous.asked
    return re.sub(
        r"[?？。\s]+$", "", previous.text[: asked.start] + name + previous.text[asked.end :]
    )


def _is_own(question: Said, pointing: re.Match[str]) -> bool:
    """Whether the name it stands for is in the question itself: 永平县和它的邻县."""
    group = pointing.lastgroup or ""
    before = question.folded[: pointing.start()]
    named = [e for e in question.entities if e.end <= pointing.start()]
    if group in ("noun", "several", "there"):
        # 毕节那所学院 and 口罩那些东西 are named by the word before; 医院拿到的那笔钱 by a clause
        words = [word for word in question.words if word.end == pointing.start()]
        is_named = any(word.tag.startswith("n") for word in words) or before.endswith(("》", "”"))
        is_then = group == "noun" and pointing["noun"] in ("天", "年", "次", "时", "时候", "晚")
        by_clause = is_then or before.endswith(("的", ","))
        by_clause = by_clause and len(before) >= _SHORTEST_CLAUSE
        # 昭觉这边: a name that the segmenter does not know
        by_place = group == "there" and len(before) > 1 and not re.search(_NO_PLACE, before)
        if is_named or by_clause or by_place or (named and group != "noun"):
            return True
        if group != "noun":
            return False
    return any(_fits(entity, group, pointing) for entity in named)


_LONGEST_NAME = 12
_SHORTEST_CLAUSE = 6
_NO_PLACE = r"(?:[在去到给往对从向于,来为是过了由跟和与]|送往|寄给|多少.*)$"


def _antecedents(
    group: str, pointing: re.Match[str], previous: Said, answer: Said | None
) -> list[Entity]:
    """The names that fit, of the answer where the last question asked for such a one."""
    asked = [e for e in previous.entities if _fits(e, group, pointing)]
    if answer is None:
        return asked
    known = {entity.text for entity in previous.entities}
    told = [e for e in answer.entities if _fits(e, group, pointing) and e.text not in known]
    if group == "person" and not told and previous.asked.asks is AnswerType.PERSON:
        told = _person_told(answer)
    if told and (not asked or _asked_for(group, previous)):
        return told if group == "there" or _asked_for(group, previous) else [*asked, *told]
    return asked


_TOLD = re.compile(
    r"(?:是|为|叫|由)(?P<name>[㐀-鿿]{2,4})(?=[。,;]|$|担任|负责|同志)|^(?P<alone>[㐀-鿿]{2,4})[。]?(?:\[\d+\])*$"
)


def _person_told(answer: Said) -> list[Entity]:
    """The person that a short answer to 谁 names, where the segmenter sees no name."""
    told = _TOLD.search(answer.folded)
    if told is None:
        return []
    name = "name" if told["name"] else "alone"
    return [Entity(told.start(name), told.end(name), told[name], EntityKind.PERSON)]


def _asked_for(group: str, previous: Said) -> bool:
    asks = previous.asked.asks
    if group == "its":
        return False
    if group in ("person", "he"):
        return asks is AnswerType.PERSON
    if group in ("there", "where"):
        return asks in (AnswerType.PLACE, AnswerType.ORGANISATION, AnswerType.LIST)
    if group == "noun":
        return asks in (AnswerType.PLACE, AnswerType.ORGANISATION, AnswerType.PERSON)
    return asks in (AnswerType.PLACE, AnswerType.ORGANISATION)


def _fits(entity: Entity, group: str, pointing: re.Match[str]) -> bool:
    if group in ("person", "he"):
        return entity.kind in _PERSONS or (group == "he" and entity.kind is EntityKind.TERM)
    if group in ("there", "where"):
        return entity.kind in _PLACES or (group == "where" and entity.kind is EntityKind.TERM)
    if group == "noun":
        return _is_such(entity, pointing["noun"])
    if group in ("it", "they"):
        return entity.kind in _THINGS
    return True


def _is_such(entity: Entity, noun: str) -> bool:
    """Whether a name may be called so: 永平县 is a 县, 复旦大学 a 校, 《边城》 a 书."""
    if noun in ("书", "剧", "片", "电影", "小说", "文章", "作品", "电视剧", "歌", "书籍"):
        return entity.kind is EntityKind.WORK
    if noun in ("人", "先生", "女士", "老师"):
        return entity.kind is EntityKind.PERSON
    endings = _KINDS.get(noun, (noun,))
    if entity.text.endswith(tuple(endings)):
        return True
    kind = kind_of(noun)
    return len(noun) > 1 and kind is not None and kind.value == entity.kind.value


def _choose(group: str, found: Sequence[Entity]) -> list[Entity]:
    if group == "there":
        return list(found) if len(found) <= 3 else [found[-1]]
    if group in ("they", "he"):
        return [found[0]]
    return [found[-1]]


def _written(entity: Entity, previous: Said, answer: Said | None) -> str:
    for said in (previous, answer):
        if said is not None and said.folded[entity.start : entity.end] == entity.text:
            name = said.slice(entity.start, entity.end)
            return f"《{name}》" if entity.kind is EntityKind.WORK else name
    return entity.text


def _put(question: Said, pointing: re.Match[str], names: Sequence[str]) -> str:
    name = "、".join(names)
    end = pointing.end("noun") if pointing.lastgroup == "noun" else pointing.end()
    if pointing.lastgroup == "its" or pointing.group() in ("its", "his", "their"):
        name += "的" if pointing.lastgroup == "its" else "'s"
    return question.text[: pointing.start()] + name + question.text[end:]
