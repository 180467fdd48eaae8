"""What a question names in the place where parallel sentences or rows each name something else.

    发生触电事故，应联系彭程。发生火灾事故，应联系消防队。    asked: 发生燃气泄漏事故应联系谁

The sentences differ in that place alone, so each fits the question as well as its neighbours: what
tells the likeliest from them is not in the question, and what the question names in none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from indexer.text.normalise import fold
from indexer.text.segment import tagged
from service.answer.evidence import Evidence
from service.answer.read.candidates import candidates
from service.answer.read.sentence import sentence as known
from service.answer.read.tables import cells_of
from service.answer.understand.kinds import is_common, kind_of
from service.answer.understand.question import AnswerType, Operation, Question
from service.records import Missing
from service.retrieve.likeness import Nearness

_LEAST_FRAME = 0.5  # of the words of two parallel sentences, those they share in order
_LEAST_SHARED = 2  # words
_NEAR = 0.75  # near words have 0.8; words with a character in common about 0.6
_MOST_SIMILAR = 3
_NOUNS = ("n", "j", "l", "i", "x", "eng")
_WORDS = (*_NOUNS, "v", "a", "t", "s", "b")
# What is asked for, and how one turns to somebody: these name none of the things of a list.
_ASKING_WORDS = (
    "联系 拨打 打电话 电话 号码 座机 手机 分机 负责 管理 咨询 办理 地方 位置 时候 时间 名字 情况"
    " 问题 标准 内容 规定 东西 哪里 什么 多少 怎么 事情 工作 需要 应该 应当 可以 请问 告诉 知道"
    " 查询 发生 出现 每月 每年"
)
_ASKING = frozenset(_ASKING_WORDS.split())
_GRAMMAR = frozenset("时应的了在是有要该能会可得把被给和与者")  # 时应 is no word, but cut as one
_WHOLES = ("最", "总", "共", "哪些", "哪几", "哪个", "哪种", "各", "所有", "全部", "平均", "列")


@dataclass(frozen=True, slots=True)
class _Words:
    text: str
    words: tuple[str, ...]
    telling: frozenset[str]  # those that are more than grammar

    @classmethod
    def of(cls, folded: str) -> "_Words":
        found = [(word, tag) for word, tag in tagged(folded) if word.strip()]
        telling = {word for word, tag in found if tag.startswith(_WORDS) and word.isalnum()}
        return cls(folded, tuple(word for word, _ in found), frozenset(telling))


@dataclass(frozen=True, slots=True)
class Listed:
    """`missing` is what none of the listed sentences names, `others` those of other things."""

    missing: Missing | None = None
    others: tuple[Evidence, ...] = ()
    is_elsewhere: bool = False  # the sentence on it was left out, as it is of another time or place


def listed(
    question: Question,
    ranked: Sequence[Evidence],
    near: Nearness,
    left_out: Sequence[Evidence] = (),
) -> Listed:
    """What is asked about where the likeliest sentence is one of a list of several things.

    `left_out` are sentences that are of another year, place or code than the asked one.
    """
    if not ranked or question.asks in (AnswerType.LIST, AnswerType.REASON, AnswerType.YES_NO):
        return Listed()
    if question.operation is not Operation.NONE or any(w in question.folded for w in _WHOLES):
        return Listed()
    best = ranked[0]
    own = _Words.of(known(best.quote).normalised)
    siblings = _siblings(best, own)
    if not siblings:
        return Listed()
    asked = _asked(question, best, own, near)
    members = {own.text: _telling(own, siblings)}
    members |= {each.text: _telling(each, [own]) for each in siblings}
    words = [word for word in _words(question) if not all(word in text for text in members)]
    said = [text for text, told in members.items() if _mentions(words, asked, told, near)]
    if said:
        if not any(known(e.quote).normalised in said for e in ranked):
            gone = any(known(e.quote).normalised in said and _is_in(e, best) for e in left_out)
            return Listed(is_elsewhere=gone)
        unsaid = set(members) - set(said)
        others = [e for e in ranked if _is_in(e, best) and known(e.quote).normalised in unsaid]
        return Listed(others=tuple(others))
    if not asked or not members[own.text]:
        return Listed()
    if any(word in known(e.quote).normalised for e in ranked for word in asked):
        return Listed()
    named = (_first(each, members[each.text]) for each in (own, *siblings))
    similar = tuple(dict.fromkeys(name for name in named if name))[:_MOST_SIMILAR]
    return Listed(missing=Missing(_phrase(question.folded, asked, own), similar))


def _is_in(evidence: Evidence, other: Evidence) -> bool:
    return evidence.hit.passage.document_id == other.hit.passage.document_id


def _siblings(best: Evidence, own: _Words) -> list[_Words]:
    """The other sentences of its passage that are worded as it is."""
    text = best.hit.passage.text
    folded = dict.fromkeys(known(text[a:b]).normalised for a, b in candidates(text))
    columns = _columns(own.text)
    found = []
    for each in folded:
        if each == own.text or _columns(each) != columns:
            continue
        other = _Words.of(each)
        matcher = SequenceMatcher(None, own.words, other.words, autojunk=False)
        blocks = matcher.get_matching_blocks()
        same = {word for block in blocks for word in own.words[block.a : block.a + block.size]}
        is_worded_so = sum(word.isalnum() for word in same) >= _LEAST_SHARED or bool(columns)
        if matcher.ratio() >= _LEAST_FRAME and is_worded_so:
            found.append(other)
    return found


def _columns(folded: str) -> tuple[str, ...]:
    line = folded.replace(": ", ":").replace(":", "：")
    return tuple(name for name, _ in cells_of(line) or ())


def _telling(own: _Words, siblings: Sequence[_Words]) -> frozenset[str]:
    """What tells a sentence from most of those that are worded alike."""
    return frozenset(
        word
        for word in own.telling
        if 2 * sum(word not in other.text for other in siblings) >= len(siblings)
    )


def _asked(question: Question, best: Evidence, own: _Words, near: Nearness) -> list[str]:
    """The nouns of the question that neither the sentence nor what stands above it tells."""
    told = f"{own.text}\n{fold(best.hit.passage.context)}"
    found = [
        word
        for word, tag in tagged(question.content)
        if tag.startswith(_NOUNS) and len(word) > 1 and not _has_digit(word)
        if word not in told
        and word not in _ASKING
        and not is_common(word)
        and not set(word) <= _GRAMMAR
        and kind_of(word) is not AnswerType.NUMBER
    ]
    return [word for word in found if not _is_near(word, own.words, near)]


def _words(question: Question) -> list[str]:
    return [
        word
        for word, tag in tagged(question.content)
        if tag.startswith(_WORDS) and word not in _ASKING
    ]


def _mentions(
    words: Sequence[str], asked: Sequence[str], telling: frozenset[str], near: Nearness
) -> bool:
    """Whether words of the question tell what is a sentence's own, be it otherwise."""
    return any(
        any(_share(word, other) for other in words) or _is_near(word, asked, near)
        for word in telling
    )


def _share(one: str, other: str) -> bool:
    """着火 and 火灾 share what they are about; 停水 and 停电, 东区 and 西区 what they are not."""
    if one in other or other in one:
        return True
    return any(
        sign in other
        and one.index(sign) != other.index(sign)
        and one[::-1].index(sign) != other[::-1].index(sign)
        for sign in one
    )


def _is_near(word: str, others: Sequence[str], near: Nearness) -> bool:
    wanted, *rows = near.tokens([word, *others])
    return bool(rows) and float(near.meets_tokens(wanted, rows).max()) >= _NEAR


def _first(sentence: _Words, telling: frozenset[str]) -> str:
    return next((word for word in sentence.words if word in telling and not _has_digit(word)), "")


def _has_digit(word: str) -> bool:
    return any(sign.isdigit() for sign in word)


def _phrase(folded: str, asked: Sequence[str], own: _Words) -> str:
    """The asked words with a verb of theirs right behind the first of them: 燃气泄漏."""
    start = end = folded.find(asked[0])
    for word, tag in tagged(folded[start:]):
        is_verb = end > start and tag.startswith("v") and len(word) > 1 and word not in own.text
        if word not in asked and not is_verb:
            break
        end += len(word)
    return folded[start:end] or asked[0]
