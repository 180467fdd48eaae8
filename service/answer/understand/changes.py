"""A follow-up that names only what changes (那四月呢?, 荞麦饼的), put into the question before it.

Knows no history but that question.
"""

import re
from dataclasses import dataclass, replace

from service.answer.understand.entities import NOUN_TAGS
from service.answer.understand.kinds import AnswerType
from service.answer.understand.question_word import (
    first_asking,
    is_english_question,
    is_yes_or_no,
)
from service.answer.understand.slots import (
    ITS_PLACE,
    Alike,
    Slot,
    is_counted,
    is_group,
    is_property,
    likest,
    owner,
    question_of,
)
from service.answer.understand.times import time_parts, with_time, without_time
from service.answer.understand.utterance import Said, joined, statement

_LEAD = (
    r"(?P<lead>那么?|还有|以及|而|至于|关于|另外|再?(?:看看?|查查?|说说?)|"
    r"(?:那么?)?(?:要是|如果是?|假如是?|(?:换|改)[成作为到]?)|then |and |so )"
)
_ABOUT = re.compile(
    rf"^{_LEAD}?[,:\s]*(?P<what>[^,?]{{1,30}}?)(?P<about>方面|的情况)?"
    r"(?P<end>的?呢|又?(?:怎么样|如何|怎样)呢?)\s*(?:[,?。!]+\s*(?P<rest>.*))?$|"
    r"^(?:and |so )?(?:what|how) about (?:in |for |the one in )?(?P<english>[^?]+)\??$|"
    r"^and (?:in |for )?(?P<other>(?!how|what|when|why|who|where|which)[^?]{1,40})\?$"
)
_BARE = re.compile(rf"^{_LEAD}?[,:\s]*(?P<what>[^,?。!]{{1,16}}?)(?P<of>的)?[?。!\s]*$")
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+")
_RANK = re.compile(r"最[大小高低多少早晚长短好差贵重轻快慢新]|第[二三四五](?=[大高多长])[大高多长]")
_CODE = re.compile(r"(?<![a-z0-9])(?:[a-z]{1,2}\d{0,3}|\d{1,3})(?![a-z0-9年月日号%.])")
_OWN_VERBS = frozenset(("v", "vn", "d", "r", "y", "ul", "e", "zg"))
_BEFORE_NOUN = NOUN_TAGS | {"m", "q", "a", "f"}
_ENGLISH_SMALL_WORDS = "did does do is was were are has had the a an of in for by to"
_ENGLISH_SMALL = frozenset(_ENGLISH_SMALL_WORDS.split())
_LEAST_BARE = 3.0  # how well a term without 呢 must fit what it stands for
_LEAST = 0.5


@dataclass(frozen=True, slots=True)
class Change:
    """The words that change, as written, and a question that follows them (医疗单位呢，有几家)."""

    what: str
    rest: str
    is_marked: bool  # by 呢, 那 and the like; bare words may be anything


def change_of(question: Said) -> Change | None:
    """What a follow-up changes, where it names nothing else."""
    if (about := _ABOUT.search(question.folded)) is not None:
        group = next(name for name in ("what", "english", "other") if about[name])
        what = question.text[about.start(group) : about.end(group)].strip()
        rest = question.text[about.start("rest") :].strip() if about["rest"] else ""
        is_how = bool(about["end"]) and "呢" not in about["end"]
        if is_how and not about["lead"] and _says_more_than_a_name(what):
            return None
        return Change(what, rest, is_marked=True)
    bare = _BARE.search(question.folded)
    if bare is None or _asks(question):
        return None
    what = question.text[bare.start("what") : bare.end("what")].strip()
    return Change(what, "", is_marked=bool(bare["lead"] or bare["of"])) if what else None


def _asks(said: Said) -> bool:
    is_asking = first_asking(said.spelled) is not None or is_yes_or_no(said.spelled)
    return is_asking or is_english_question(said.spelled)


def _says_more_than_a_name(what: str) -> bool:
    """明天成都天气怎么样? asks by itself; 成都怎么样? may be about what was asked of another."""
    said = Said.of(what)
    names = [(entity.start, entity.end) for entity in said.entities]
    beside = [
        word
        for word in said.words
        if word.tag in (*NOUN_TAGS, "v", "t")
        and not any(start <= word.start < end for start, end in names)
    ]
    return bool(beside) and (bool(names) or len(beside) > 1)


def with_change(change: Change, previous: Said, alike: Alike) -> str | None:
    """The last question with what is named put in; None where bare words fit nowhere."""
    said = Said.of(change.what)
    if _asks(said) and not said.entities:
        return None
    time, what = without_time(said.text, said.folded)
    pieces = _pieces(what)
    if not time and not pieces:
        return None
    if said.words and said.words[0].tag == "p":  # 在西昌的座谈会呢
        return joined(change.what, previous.text)
    whole = previous
    for piece in pieces:
        made = _put(piece, whole, alike, _LEAST if change.is_marked or time else _LEAST_BARE)
        if made is None:
            return None
        whole = Said.of(made)
    if time:
        whole = Said.of(with_time(time, Said.of(time).folded, whole.text, whole.folded))
    return joined(statement(whole), change.rest) if change.rest else whole.text


def _pieces(what: str) -> list[str]:
    """The terms of a fragment without its time: 普洱|销售额 of 普洱的销售额."""
    found: list[str] = []
    for term in re.split(r"的|，|、(?=$)", what.strip(" ,，的之")):
        said = Said.of(term)
        head, last = ([None, None, *said.words])[-2:]
        is_thing = head is not None and head.tag in NOUN_TAGS and not said.entities
        if last is not None and last.start > 1 and is_thing and is_property(last.text):
            found += [said.text[: last.start], said.text[last.start :]]
        elif term.strip():
            found.append(term.strip())
    return found


def _put(new: str, previous: Said, alike: Alike, least: float) -> str | None:
    said = Said.of(new)
    words = [word for word in said.words if word.tag != "x"]
    is_no_name = not said.entities and all(word.tag in _OWN_VERBS for word in words)
    if is_no_name and least > _LEAST:  # 谢谢
        return None
    entity = next((e for e in said.entities if e.start == 0), None)
    for pattern in (_RANK, _ORDINAL, _CODE):
        told, named = pattern.search(previous.folded), pattern.search(said.folded)
        is_alone = named is not None and len(said.folded) <= len(named[0]) + 1
        if told is not None and named is not None and (is_alone or pattern is _ORDINAL):
            new = said.text[slice(*named.span())]
            return previous.text[: told.start()] + new + previous.text[told.end() :]
    found = likest(said.folded, entity, previous, alike)
    if found is not None and found[0] >= least:
        return _in_place_of(found[1], new, previous)
    if least > _LEAST and not is_property(said.folded):
        return None
    if not re.search(r"[㐀-鿿]", previous.text):
        return f"{new}: {previous.text}"
    subject = owner(previous)
    is_asked_for = not (is_group(said.folded) and previous.asked.asks is AnswerType.NUMBER)
    if entity is None and subject and subject != previous.text and is_asked_for:
        return f"{subject}的{new}{question_of(said.folded, previous.asked.asks)}"
    return joined(new, previous.text)


def _in_place_of(slot: Slot, new: str, previous: Said) -> str:
    """乡卫生院 in place of 龙沟乡中心学校 is 龙沟乡卫生院: a part that both begin with stays."""
    if slot.is_property:
        return _asked_instead(slot, new, previous)
    slot = _widened(slot, new, previous)
    if previous.folded[: slot.start].endswith("the "):
        new = re.sub(r"^[Tt]he ", "", new)
    old = previous.slice(slot.start, slot.end)
    at = old.find(new[0]) if new[0] in "省市州县区乡镇村" else -1
    place = ITS_PLACE.match(slot.text) if slot.name is not None else None
    if at > 0:
        kept = old[:at]
    elif place is not None and place[0][-1] != "村" and not Said.of(new).entities:
        kept = old[: place.end()]
    else:
        kept = ""
    return previous.text[: slot.start] + kept + new + previous.text[slot.end :]


def _widened(slot: Slot, new: str, previous: Said) -> Slot:
    """秦皇岛项目 stands for 张家口项目, not for 项目: with what the noun has before it."""
    if not Said.of(new).folded.endswith(slot.text) or len(new) <= len(slot.text):
        return slot
    start = slot.start
    for word in reversed([word for word in previous.words if word.end <= slot.start]):
        is_part = word.tag in _BEFORE_NOUN or (word.tag == "x" and word.text == " ")
        if word.end != start or not is_part or word.text in _ENGLISH_SMALL:
            break
        if any(part.start <= word.start < part.end for part in time_parts(previous.folded)):
            break
        start = word.start
    shift = len(previous.text[start : slot.start]) - len(previous.text[start : slot.start].lstrip())
    return replace(slot, start=start + shift, text=previous.folded[start + shift : slot.end])


def _asked_instead(slot: Slot, new: str, previous: Said) -> str:
    """Another property of the same thing, asked for as its kind is; its time stays."""
    like = previous.asked.asks
    behind = previous.folded[slot.end :]
    is_plain = re.fullmatch(
        r"(?:(?:一共|总共|大约|分别|各)?(?:是|为|有|在|叫)?(?:多少|几|什么|谁|哪里|哪儿|何时|什么时候)"
        r"[㐀-鿿]{0,4})?[?。\s]*",
        behind,
    )
    same = question_of(new, like) == question_of(slot.text, like)
    if same or is_plain is None or is_counted(slot, previous):
        return previous.text[: slot.start] + new + previous.text[slot.end :]
    return previous.text[: slot.start] + new + question_of(Said.of(new).folded, like)
