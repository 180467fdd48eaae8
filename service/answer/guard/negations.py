"""Whether a sentence denies what its source denies, and nothing else: 未, 不, 没有, 禁止, not.

A negation is told by what follows it: 未通过验收 denies 通过. Knows no figures.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.answer.guard.directions import alike
from service.answer.guard.reading import ReadText

# 不断, 未来, 无线, 非常, 特别 deny nothing; 不足, 不超过 and their like are bounds of figures.
_NEGATION = re.compile(
    r"没有|没能|没(?![收落顶入])|并未|并非|并不|从未|从不|尚未|尚无|未能|未曾|未予|未经|未(?![来满必婚免央]|成年)|"
    r"毫无|无法|无需|无须|无人(?![机区])|无权|无力|无(?![人线锡偿私论疑缝障花机烟纸形限数穷尽量锰锡污公害比]|一例外)|"
    r"不(?:得|能|会|是|准|许|予|曾|再|可|应|宜|用|必|该|要|愿|肯|敢|允许|存在|具备|属于|支持|同意|包括|含)|"
    r"不(?!断|同|仅|但|少|过|久|足|到|超过|低于|高于|少于|多于|等|管|论|愧|禁|锈|动产|止|只|乏|错|得不|惜|懈|忘|光|"
    r"单|妨|如|免|料|时|日|法|良|利|满|安|幸|顾|甘|屈|朽|已|下|及|期|定|易|小心|大|小|外乎|失|负|辞|约而同|遗余力|折不扣)|"
    r"非(?!常|洲|遗|凡|典|法|但|营利|公|物质)|勿|切忌|严禁|禁止|杜绝|拒绝|否认|取消|谢绝|免于|除外|"
    r"\b(?:not|no|never|without|neither|nor|cannot|denied|refused|failed to)\b|n't\b"
)
_DOUBLE = re.compile(
    r"不得不|不能不|不会不|无不|未必不|没有不|不可不|非不|不无|并非没有|不是没有|没有理由不"
)
_HEAD = 4
_SHORT_HEAD = 2
_MOST = 0.7


@dataclass(frozen=True, slots=True)
class _Denial:
    word: str
    head: str  # what is denied: the characters that follow


def wrong_denials(read: ReadText, sources: Sequence[ReadText]) -> list[str]:
    """Negations that the sources do not have, and those of the sources that were left out."""
    wrong: list[str] = []
    for clause in read.clauses:
        words = read.of(clause)
        near = [source.of(part) for source, part in alike(read, clause, sources)][:2]
        own = _denials(words)
        there = [denial for text in near for denial in _denials(text)]
        best = _denials(near[0]) if near else []
        if len(own) > len(there) > 0:
            wrong.append(f"{own[-1].word}{own[-1].head} is denied once more than in the source")
        for denial in own:
            same = any(set(denial.head) & set(other.head) for other in there)
            if not same and not best:
                wrong.append(f"{denial.word}{denial.head} is not denied in the source")
        wrong += [
            f"the source says {denial.word}{denial.head}"
            for denial in best
            if _is_affirmed(denial.head, words, own)
        ]
        if best and not own and _is_behind_a_denial(words, near[0]):
            wrong.append(f"the source denies it: {best[0].word}{best[0].head}")
    return wrong


def _is_behind_a_denial(words: str, region: str) -> bool:
    """Whether most of the words stand in the source behind a negation: 没有证据表明…"""
    match = _NEGATION.search(region)
    own = _pairs(words)
    if match is None or not own:
        return False
    return len(own & _pairs(region[match.end() :])) >= _MOST * len(own)


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1) if text[at : at + 2].isalnum()}


def denies(text: str) -> bool:
    """Whether a text denies something: 没有证据表明."""
    return bool(_denials(text))


def _denials(text: str) -> list[_Denial]:
    doubled = [match.span() for match in _DOUBLE.finditer(text)]
    found = []
    for match in _NEGATION.finditer(text):
        if any(start <= match.start() < end for start, end in doubled):
            continue
        head = "".join(c for c in text[match.end() : match.end() + _HEAD + 2] if c.isalnum())
        found.append(_Denial(match.group(), head[:_HEAD]))
    return found


def _is_affirmed(head: str, words: str, own: Sequence[_Denial]) -> bool:
    """Whether the sentence says what the source denies, and denies nothing alike itself."""
    short = head[:_SHORT_HEAD]
    if len(short) < _SHORT_HEAD:
        return False
    if any(set(head) & set(denial.head) for denial in own):
        return False
    return short in words
