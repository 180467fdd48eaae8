"""A question made whole from those that were asked before it. Knows no index and no model.

Four ways to lean on what was said: an operation over all of it (加起来呢?), words that name only
what changes (那2019年呢?), one that points back (它, 该县, they), and no subject (多少钱?).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.answer.understand.changes import change_of, with_change
from service.answer.understand.entities import NOUN_TAGS, EntityKind, TaggedWord
from service.answer.understand.kinds import AnswerType, kind_of
from service.answer.understand.measure import unit_of
from service.answer.understand.periods import find_periods
from service.answer.understand.question_word import first_asking
from service.answer.understand.references import pointed_back
from service.answer.understand.sets import asks_for_more, for_more, over_all
from service.answer.understand.slots import Alike, asked_property, is_group, is_property, owner
from service.answer.understand.times import without_time
from service.answer.understand.utterance import Said, joined, statement, topic

LONGEST_LEANING = 60  # characters; a longer question names its subject

_SAME_YEAR = re.compile(r"同一年|同年|当年|那一?年|\bthat year\b|\bthe same year\b")


@dataclass(frozen=True, slots=True)
class Before:
    """What a follow-up may lean on: the last question, whole, the answer to it, and the questions
    since the subject last changed, whole, oldest first, the last one included.
    """

    previous: Said
    answer: Said | None = None
    chain: Sequence[str] = ()
    subject: Said | None = None  # the last question that named one, where `previous` did not


def nothing_known(_one: str, _other: str) -> float:
    """How alike two terms are, where no archive can tell."""
    return 0.0


def complete(question: Said, before: Before, alike: Alike = nothing_known) -> str:
    """`question` with what it leaves to those before it; itself where it needs nothing.

    `before.previous` is whole. The result is in the words of both and of the answer.
    """
    previous, answer = before.previous, before.answer
    if len(question.folded) > LONGEST_LEANING:
        return question.text
    question = _with_its_year(question, previous)
    if asks_for_more(question):
        return for_more(previous)
    if (whole := over_all(question, before.chain or (previous.text,), answer)) is not None:
        return whole
    if (change := change_of(question)) is not None:
        resolved = pointed_back(Said.of(change.what), previous, None)
        if resolved is not None and change.is_marked:  # 前者的面积呢?
            return _asked_as(resolved, previous)
        if (whole := with_change(change, previous, alike)) is not None:
            return whole
    pointing = pointed_back(question, previous, answer)
    if pointing is not None:
        return pointing
    if leans(question):
        return _with_subject_of(before.subject or previous, question)
    return question.text


def after(question: Said, whole: str, answer: Said | None, before: Before | None) -> Before:
    """What the next question may lean on, once `question` was understood as `whole`."""
    if before is None or whole == question.text:
        return Before(Said.of(whole), answer, (whole,))
    chain = before.chain
    if over_all(question, before.chain, before.answer) is None and whole not in chain:
        chain = (*chain, whole)
    is_joined = whole.endswith(("，" + question.text, ", " + question.text))
    subject = before.subject or before.previous if is_joined else None
    return Before(Said.of(whole), answer, chain, subject)


def _asked_as(noun: str, previous: Said) -> str:
    if re.search(r"[㐀-鿿]", noun) and kind_of(noun) is AnswerType.PERSON:
        return noun + "是谁？"
    asking = "是多少？" if previous.asked.asks is AnswerType.NUMBER else "？"
    return noun + (asking if re.search(r"[㐀-鿿]", noun) else "?")


def _with_subject_of(previous: Said, question: Said) -> str:
    """A question without a subject, with that of the last one: its owner, its person, or all that
    it states.
    """
    if not re.search(r"[㐀-鿿]", previous.folded):
        return joined(statement(previous), question.text)
    first = next((word for word in question.words if word.tag != "x"), None)
    begins_with_property = first is not None and _begins_with_property(question)
    of = "的" if begins_with_property else ""
    subject, about = owner(previous), topic(previous)
    if find_periods(question.folded):  # the time of the question alone
        subject, about = (without_time(text, Said.of(text).folded)[1] for text in (subject, about))
    if asked_property(previous) is not None and subject and not _points(question):
        return f"{subject}{of}{question.text}"
    if begins_with_property and about and not _points(question):
        return f"{about}的{question.text}"
    is_reason = question.asked.asks is AnswerType.REASON  # of all that was said
    if _does_one_thing(previous) and not (is_reason or _points(question)):
        return about + question.text
    if _is_of_one_person(previous) and not _points(question) and _has_its_own_verb(question):
        return about + question.text
    return joined(statement(previous), question.text)


def _points(question: Said) -> bool:
    return _RELATIVE_WORDS.search(question.folded) is not None


def _begins_with_property(question: Said) -> bool:
    end = 0
    for word in question.words:
        if word.tag not in NOUN_TAGS and word.tag != "vn":
            break
        end = word.end
    noun = question.folded[:end]
    return bool(noun) and (is_property(noun) or is_group(noun))


def _does_one_thing(previous: Said) -> bool:
    """Whether a question says nothing but a verb of what it is about: 大桥哪年建成的."""
    subject = topic(previous)
    if any(word.tag == "p" and word.end <= len(subject) for word in previous.words):
        return False  # 甲县给乙院捐了: of both
    rest = [word for word in previous.words if word.start >= len(subject) and word.tag != "x"]
    asked = previous.asked
    at = max(asked.end, unit_of(previous.spelled, previous.words)[1])
    said = [word for word in rest if not asked.start <= word.start < at]
    return (
        bool(subject)
        and previous.text.startswith(subject)
        and not any(word.tag in NOUN_TAGS and word.text not in _LIGHT for word in said)
    )


def _is_of_one_person(previous: Said) -> bool:
    subject = topic(previous)
    persons = {entity.text for entity in previous.entities if entity.kind is EntityKind.PERSON}
    return Said.of(subject).folded in persons


def _has_its_own_verb(question: Said) -> bool:
    verbs = [word for word in question.words if word.tag == "v" and word.text not in _LIGHT]
    return bool(verbs)


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


# -- without a subject ----------------------------------------------------------------------------

_RELATIVE_WORDS = re.compile(
    r"^(?:那么?|所以|然后)?(?:当天|当日|当时|当晚|以前|之前|此前|后来|之后|此后|其余|其他|另外|还|又|再|其中|"
    r"两边|双方|两者|两地|分别|各自|一共|总共|除此|除了.{1,12}[,]?还|同一年|同年|同期|上述|第[二三][个项家位名所种条]|"
    r"具体|主要|总计|合计|最后|结果|目前|现在)|"
    r"^[^,]{1,8}的(?:有|是|占|达)?(?:多少|几|哪|谁|什么)|别的|以外|^[^,]{0,2}(?:这些|那些)(?![年天])"
)
_CONTENT = "n nr ns nt nz nrt v vn a an l j i b eng z"
_CONTENT_TAGS = frozenset(_CONTENT.split())
_LIGHT_WORDS = (
    "是 有 在 到 为 来 去 做 能 会 要 占 值 叫 用 花 钱 花了 得 等 时候 人 事 东西 可以 没有"
    " 开始 负责 包括 属于 知道"
)
_LIGHT = frozenset(_LIGHT_WORDS.split())
_MOST_CONTENT = 2
_INTENDS = ("计划", "打算", "准备", "预计", "预期", "需要")
_QUOTED_LAST = re.compile(r"[”\"」』》]\W*$")


def leans(question: Said) -> bool:
    """Whether it leaves out what it is about; a question with a name of its own mostly does not."""
    asked = question.asked
    content = [
        word
        for word in question.words
        if word.tag in _CONTENT_TAGS or (word.tag == "t" and not find_periods(word.text))
        if word.text not in _LIGHT and not _ASKS.search(word.text)
        if not asked.start <= word.start < asked.end
    ]
    if not re.search(r"[㐀-鿿]", question.folded):
        return not question.entities and len(question.folded.split()) <= 4
    quoted = _QUOTED_LAST.search(question.folded) is not None
    if question.entities and not (quoted and _lacks_its_subject(question)):
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
    if _names_an_owner(question):
        return False
    if _RELATIVE_WORDS.search(question.folded):
        return True
    if _names_its_subject(question, content):
        return False
    if _lacks_its_subject(question):
        return True
    long_enough = sum(len(word.text) for word in content) >= 4
    first = next((word for word in question.words if word.tag != "x"), None)
    if first is not None and first.tag in ("n", "nz", "l", "j", "b", "vn", "an", "a", "t", "m"):
        return len(content) < _MOST_CONTENT or not long_enough or _asks_of_properties_alone(content)
    return len(content) <= _MOST_CONTENT


def _asks_of_properties_alone(content: Sequence[TaggedWord]) -> bool:
    """联系人电话是多少: of whom?"""
    return all(is_property(word.text) for word in content if word.tag.startswith("n"))


def _names_an_owner(question: Said) -> bool:
    """何皇后的谥号是什么 and 植物释放的是什么气体: it begins with a thing."""
    before, of, behind = question.folded.partition("的")
    words = [word for word in question.words if word.end <= len(before)]
    if not of or not words or "," in before or first_asking(before) is not None:
        return False
    is_noun = [word.tag.startswith(("n", "l", "z", "g")) for word in words]
    if re.match(r"(?:是|有|占)?(?:多少|[几哪谁]|什么)", behind):
        return is_noun[0] and words[-1].tag.startswith("v") and not is_property(words[0].text)
    return any(is_noun) and not is_property(before) and not any(w.tag == "r" for w in words)


def _names_its_subject(question: Said, content: Sequence[TaggedWord]) -> bool:
    """怎样给电脑重装系统 and 家里的猫一天到晚叫是怎么回事 tell two things without a name."""
    nouns = [word for word in content if word.tag.startswith(("n", "l", "i"))]
    things = [word for word in nouns if not is_property(word.text)]
    return (
        question.asked.asks in (AnswerType.MANNER, AnswerType.REASON, AnswerType.OTHER)
        and len(nouns) >= 2
        and bool(things)
    )


def _lacks_its_subject(question: Said) -> bool:
    """计划减少多少贫困人口: no noun stands before the words that ask, and a verb does."""
    before = [
        word for word in question.words if word.end <= question.asked.start and word.tag != "x"
    ]
    before = before[1:] if before and before[0].text in _INTENDS else before
    is_number = question.asked.asks is AnswerType.NUMBER
    is_had = all(word.text == "有" for word in before)
    return (
        is_number
        and bool(before)
        and not is_had
        and all(word.tag in ("v", "ul", "uz", "d", "vn") for word in before)
    )


_ASKS = re.compile(r"多少|[几哪谁何]|什么|怎")
