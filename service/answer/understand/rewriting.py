"""A question made whole from the one that was asked before it. Knows no index and no model.

Three ways to lean on what was said: a word that points back (它, 该县, they), a question that
names only what changes (那2019年呢?), and one that leaves its subject out (多少钱?).
"""

import re
from collections.abc import Sequence

from service.answer.understand.entities import NOUN_TAGS, Entity, EntityKind
from service.answer.understand.kinds import AnswerType, kind_of
from service.answer.understand.measure import counted_of, unit_of
from service.answer.understand.periods import find_periods
from service.answer.understand.question_word import first_asking, is_yes_or_no
from service.answer.understand.references import pointed_back
from service.answer.understand.utterance import Said, joined, statement, topic

LONGEST_LEANING = 60  # characters; a longer question names its subject


_ABOUT = re.compile(
    r"^(?:那么?|还有|以及|而|至于|关于|另外|and|then)?[,:\s]*(?P<what>[^,?]{1,30}?)(?:方面|的情况)?"
    r"(?:呢|又?(?:怎么样|如何|怎样)呢?)\s*[,?。]+\s*(?P<rest>.*)$|"
    r"^(?:and |so )?(?:what|how) about (?:in |for |the one in )?(?P<english>[^?]+)\??$|"
    r"^and (?:in |for )?(?P<other>(?!how|what|when|why|who|where|which)[^?]{1,40})\?$"
)
_MORE = re.compile(
    r"^(?:那么?)?(?:还有|其他|其它|别的|另外)(?:的|哪些|什么|的呢)?[呢吗么]?\s*\??$|"
    r"^(?:and|anything|what) else\??$"
)
_SAME_YEAR = re.compile(r"同一年|同年|当年|那一?年|\bthat year\b|\bthe same year\b")
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+")


def complete(question: Said, previous: Said, answer: Said | None = None) -> str:
    """`question` with what it leaves to `previous` and its answer; itself where it needs nothing.

    `previous` is whole. The result is in the words of both, never of a third.
    """
    if len(question.folded) > LONGEST_LEANING:
        return question.text
    question = _with_its_year(question, previous)
    if _MORE.search(question.folded):
        return _more(previous)
    if (about := _ABOUT.search(question.folded)) is not None:
        return _with_the_change(question, about, previous)
    pointing = pointed_back(question, previous, answer)
    if pointing is not None:
        return pointing
    if leans(question):
        return joined(statement(previous), question.text)
    return question.text


def with_subject(part: Said, first: Said) -> str:
    """The second question of a message with the subject and the time of the first, if it has none.

    A noun at its beginning is a property of the same thing (面积多大，人口多少), so that it takes
    the owner; a verb is done by all that the first one speaks of.
    """
    if part.entities:
        return joined(statement(first), part.text) if leans(part) else part.text
    pointing = pointed_back(part, first, None)
    if pointing is not None:
        return pointing
    asking = first_asking(part.spelled)
    if asking is not None and not asking.start() and first.asked.start >= 0 and asking["number"]:
        return first.text[: first.asked.start] + part.text
    if _RELATIVE_WORDS.search(part.folded):
        return joined(statement(first), part.text)
    if not re.search(r"[㐀-鿿]", part.folded):
        return part.text
    subject = topic(first)
    head = next((word for word in part.words if word.tag != "x"), None)
    if head is not None and head.tag in NOUN_TAGS and "的" in subject:
        subject = subject[: subject.rindex("的")] + "的"
    if not subject:
        subject = "、".join(first.slice(e.start, e.end) for e in first.entities)
    if not subject or part.text.startswith(subject.rstrip("的")):
        return part.text
    return subject + part.text


def _with_its_year(question: Said, previous: Said) -> Said:
    """同一年 and 当年 as the year that was asked about."""
    same = _SAME_YEAR.search(question.folded)
    years = [p.said for p in find_periods(previous.folded) if not p.relative]
    if same is None or not years or any(not p.relative for p in find_periods(question.folded)):
        return question
    return Said.of(question.text[: same.start()] + years[0] + question.text[same.end() :])


# -- only what changes ----------------------------------------------------------------------------


def _more(previous: Said) -> str:
    """还有呢? asks for the rest of what was asked: the same question, for a list."""
    if previous.asked.asks in (AnswerType.OTHER, AnswerType.ORGANISATION):
        asking = first_asking(previous.spelled)
        if asking is not None and (asking["what"] or asking["which"]):
            return previous.text[: asking.start()] + "哪些" + previous.text[asking.end() :]
    return previous.text


def _with_the_change(question: Said, about: re.Match[str], previous: Said) -> str:
    group = next(name for name in ("what", "english", "other") if about[name])
    what = question.text[about.start(group) : about.end(group)].strip()
    change = Said.of(what)
    rest = question.text[about.start("rest") :].strip() if about["rest"] else ""
    if (first_asking(change.spelled) or is_yes_or_no(change.spelled)) and not change.entities:
        return joined(statement(previous), question.text)
    resolved = pointed_back(change, previous, None)
    if resolved is not None:  # 前者的面积呢?
        asking = "是多少？" if previous.asked.asks is AnswerType.NUMBER else "？"
        return resolved + (asking if re.search(r"[㐀-鿿]", resolved) else "?")
    whole = _replaced(change, previous)
    return joined(statement(Said.of(whole)), rest) if rest else whole


def _replaced(change: Said, previous: Said) -> str:
    """The last question with one thing in it changed: its year, a name, or what it counts."""
    periods = find_periods(change.folded)
    if periods and len(change.folded) <= max(len(p.said) for p in periods) + 3:
        return _swapped(change.text, [p.said for p in find_periods(previous.folded)][:1], previous)
    if _ORDINAL.search(change.folded) and (told := _ORDINAL.search(previous.folded)):
        return _swapped(_ORDINAL.search(change.folded)[0], [told[0]], previous)  # type: ignore[index]
    if change.entities and (target := _alike(change.entities[0], change.folded, previous)):
        return _in_place_of(target, change.text, previous)
    kind = kind_of(change.folded)
    unit, at = unit_of(previous.spelled, previous.words)
    counted = counted_of(previous.spelled, unit, at, previous.words)
    if counted and counted != "人" and not change.entities:
        return _swapped(change.text, [counted], previous)
    if kind in _ENTITY_KINDS and not change.entities:
        entity = Entity(0, len(change.folded), change.folded, _ENTITY_KINDS[kind])
        if (target := _alike(entity, change.folded, previous)) is not None:
            return _in_place_of(target, change.text, previous)
    if not change.entities and (noun := _asked_property(previous)):
        return _swapped(change.text, [noun], previous)
    return joined(change.text, previous.text)


_ENTITY_KINDS = {
    AnswerType.PLACE: EntityKind.PLACE,
    AnswerType.ORGANISATION: EntityKind.ORGANISATION,
    None: EntityKind.TERM,
}


def _swapped(new: str, old: Sequence[str], previous: Said) -> str:
    for text in old:
        at = previous.folded.find(text)
        if at >= 0:
            return previous.text[:at] + new + previous.text[at + len(text) :]
    separator = "" if re.search(r"[㐀-鿿]", new + previous.text) else ": "
    return new + separator + previous.text


def _in_place_of(target: Entity, new: str, previous: Said) -> str:
    """乡卫生院 in place of 龙沟乡中心学校 is 龙沟乡卫生院: a part that both begin with stays."""
    old = previous.slice(target.start, target.end)
    at = old.find(new[0]) if new[0] in "省市州县区乡镇村" else -1
    kept = old[:at] if at > 0 else ""
    return previous.text[: target.start] + kept + new + previous.text[target.end :]


def _alike(entity: Entity, folded: str, previous: Said) -> Entity | None:
    """The name in the last question that a new one stands for: of its kind, likest, last."""
    best: tuple[float, int, Entity] | None = None
    for other in previous.entities:
        same_kind = other.kind is entity.kind
        shared = len(set(other.text) & set(folded))
        ending = 0
        while ending < min(len(other.text), len(folded)) and (
            other.text[-1 - ending] == folded[-1 - ending]
        ):
            ending += 1
        if not same_kind and not ending and EntityKind.TERM not in (other.kind, entity.kind):
            continue
        score = 3 * same_kind + 2 * ending + 0.5 * shared
        if best is None or (score, other.start) >= (best[0], best[1]):
            best = (score, other.start, other)
    return best[2] if best else None


_BEFORE_ASKING = re.compile(r"(?:又|分别|各|一共|总共|共|大约|是|为|有|达到|达|叫|[?。\s])+$")


def _asked_property(said: Said) -> str:
    """The noun whose value is asked for: 面积 of 永平县的面积是多少."""
    start = said.asked.start if said.asked.start >= 0 else len(said.folded)
    head = _BEFORE_ASKING.sub("", said.folded[:start])
    noun = ""
    for word in reversed([word for word in said.words if word.end <= len(head)]):
        if word.tag not in NOUN_TAGS or any(
            e.start < word.end and word.start < e.end for e in said.entities
        ):
            break
        noun = word.text + noun
    return noun if head.endswith(noun) else ""


# -- without a subject ----------------------------------------------------------------------------

_RELATIVE_WORDS = re.compile(
    r"^(?:那么?|所以|然后)?(?:当天|当日|当时|当晚|以前|之前|此前|后来|之后|此后|其余|其他|另外|还|又|再|其中|"
    r"两边|双方|两者|两地|分别|各自|一共|总共|除此|除了.{1,12}[,]?还|同一年|同年|同期|上述|第[二三]|"
    r"具体|主要|总计|合计|最后|结果|目前|现在)|"
    r"^[^,]{1,8}的(?:有|是|占|达)?(?:多少|几|哪|谁|什么)|别的|这些|那些|以外"
)
_CONTENT = "n nr ns nt nz nrt v vn a an l j i b eng z"
_CONTENT_TAGS = frozenset(_CONTENT.split())
_LIGHT_WORDS = (
    "是 有 在 到 为 来 去 做 能 会 要 占 值 叫 用 花 钱 花了 得 等 时候 人 事 东西 可以 没有"
    " 开始 负责 包括 属于 知道"
)
_LIGHT = frozenset(_LIGHT_WORDS.split())
_MOST_CONTENT = 2


def leans(question: Said) -> bool:
    """Whether it leaves out what it is about; a question with a name of its own mostly does not."""
    content = [
        word
        for word in question.words
        if word.tag in _CONTENT_TAGS and word.text not in _LIGHT and not _ASKS.search(word.text)
    ]
    asked = question.asked
    if not re.search(r"[㐀-鿿]", question.folded):
        return not question.entities and len(question.folded.split()) <= 4
    if question.entities:
        named = sum(len(entity.text) for entity in question.entities)
        names = [(entity.start, entity.end) for entity in question.entities]
        rest = [w for w in content if not any(start <= w.start < end for start, end in names)]
        return (
            asked.asks is AnswerType.NUMBER
            and not rest
            and named >= 2
            and bool(re.search(r"(?:多少|几)[个项家所次处名户]?[?。]*$", question.folded))
        )
    if asked.asks is AnswerType.DEFINITION:
        return not content
    if _RELATIVE_WORDS.search(question.folded):
        return True
    long_enough = sum(len(word.text) for word in content) >= 4
    first = next((word for word in question.words if word.tag != "x"), None)
    if first is not None and first.tag in ("n", "nz", "l", "j", "b", "vn", "an", "a", "t", "m"):
        return len(content) < _MOST_CONTENT or not long_enough
    return len(content) <= _MOST_CONTENT


_ASKS = re.compile(r"多少|[几哪谁何]|什么|怎")
