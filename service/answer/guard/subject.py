"""Whether a sentence is about what its source is about: clause by clause, by shared characters.

Knows no figures and no names: these are checked one by one elsewhere.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from service.answer.guard.reading import Part, ReadText

# Half of a generated sentence's character pairs stand in its source, and two fifths of each clause;
# below that it is about something else.
_LEAST_SHARED = 0.5
_LEAST_OF_CLAUSE = 0.4
_LEAST_CHARACTERS = 0.7
_LONGEST_STRANGE = 7
_SHORTEST_CLAUSE = 3
_IDLE = frozenset("的了用于在为是有和与及大约将近共被由把")
_INTRODUCTION = re.compile(
    r"^(?:根据|据|按照|依据|从)?[^,。]{0,8}(?:资料|材料|文件|文档|段落|报道|记载|记录|原文|文中)[^,。]{0,5}"
    r"(?:显示|记载|介绍|所述|来看|提到|可知|指出)?[,:]"
)
_HAN_OR_LETTER = re.compile(r"[㐀-鿿\U00020000-\U0003ffff]|[a-z]+")


def strange_parts(read: ReadText, sources: Sequence[ReadText], titles: Sequence[str]) -> list[str]:
    """The clauses, or the whole sentence, that share too little with the sources."""
    pairs: set[tuple[str, str]] = set()
    single: set[str] = set()
    for text in [*(source.text for source in sources), *titles]:
        tokens = _HAN_OR_LETTER.findall(text)
        pairs |= set(pairwise(tokens))
        single |= set(tokens)
    introduction = _INTRODUCTION.match(read.text)
    start = introduction.end() if introduction else 0
    strange: list[str] = []
    shared = whole = strangers = counted = 0
    for clause in read.clauses:
        if clause.end <= start:
            continue
        tokens = _tokens(read, clause)
        own = list(pairwise(tokens))
        held = sum(pair in pairs for pair in own)
        whole, shared = whole + len(own), shared + held
        if len(own) < _SHORTEST_CLAUSE:
            if tokens and not single & set(tokens):
                strange.append(read.of(clause))
            continue
        telling = [token for token in tokens if token not in _IDLE]
        known = sum(token in single for token in telling) / max(1, len(telling))
        strangers += sum(token not in single for token in telling)
        counted += len(telling)
        if held / len(own) < _LEAST_OF_CLAUSE and known < _LEAST_CHARACTERS:
            strange.append(read.of(clause))
        elif (run := _strange_run(tokens, pairs)) >= _LONGEST_STRANGE:
            strange.append(f"{run} words running of {read.of(clause)}")
    is_known = strangers <= (1 - _LEAST_CHARACTERS) * counted
    if not strange and whole and shared / whole < _LEAST_SHARED and not is_known:
        strange.append(read.text)
    return strange


def _tokens(read: ReadText, clause: Part) -> list[str]:
    """The characters and Latin words of a clause without its figures."""
    text = read.of(clause)
    for number in reversed(read.numbers_in(clause)):
        at = number.start - clause.start
        text = text[:at] + " " + text[at + number.end - number.start :]
    return _HAN_OR_LETTER.findall(text)


def _strange_run(tokens: Sequence[str], known: set[tuple[str, str]]) -> int:
    """The longest run of tokens none of which stands beside its neighbour in the source."""
    longest = run = 0
    for pair in pairwise(tokens):
        run = 0 if pair in known else run + 1
        longest = max(longest, run)
    return longest
