"""Metrics of an answer's text against accepted values. Values are compared as values: see
`eval/matching.py`, by which 三千四百二十八 is 3,428.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from eval.matching import holds, same
from indexer.text.normalise import fold
from indexer.text.sentences import split_sentences

MAX_SENTENCES = 3  # an answer must come to the point: what stands later does not count


def first_sentences(texts: Iterable[str], limit: int = MAX_SENTENCES) -> str:
    """The first `limit` sentences of an answer, one a line.

    They are counted again here: an answer can't pass by handing over a paragraph as one sentence.
    A semicolon does not end one.

    >>> first_sentences(["一。二。", "三；四。五。"])
    '一。二。\\n三；四。'
    """
    joined = "\n".join(texts)
    ends = [
        end
        for _, end in split_sentences(joined)
        if joined[end - 1] not in "；;" or joined[end : end + 1] in ("", "\n")
    ]
    return joined[: ends[limit - 1]] if len(ends) >= limit else joined


def answer_hit(
    texts: Iterable[str], groups: Sequence[Sequence[str]], limit: int = MAX_SENTENCES
) -> bool:
    """Whether each group has an alternative within the first `limit` sentences.

    The figure that outside measurements of question answering call "answer recall".

    Both groups are there, one by another spelling; then the second one is missing:
    >>> answer_hit(["有四十四户，", "每户1,500元。"], [["44户"], ["1500元", "一千五百元"]])
    True
    >>> answer_hit(["有44户。"], [["44户"], ["1500元"]])
    False
    """
    answer = first_sentences(texts, limit)
    return all(any(holds(answer, alternative) for alternative in group) for group in groups)


def holds_any(text: str, groups: Sequence[Sequence[str]]) -> bool:
    """Whether a quote holds at least one group's value, and so proves a part of the answer.

    >>> holds_any("每户1,500元", [["44户"], ["1500元"]])
    True
    """
    return any(holds(text, alternative) for group in groups for alternative in group)


def exact_match(answer: str | None, alternatives: Sequence[str]) -> float:
    """1 if the short answer is one of the accepted ones (SQuAD's exact match, Rajpurkar 2016).

    SQuAD drops articles and punctuation before it compares; here width, case, script, spaces and
    punctuation are dropped and numbers compared by value. No answer is 0.

    >>> exact_match("三千四百二十八人", ["3428人"]), exact_match("3428名学生", ["3428人"])
    (1.0, 0.0)
    """
    return float(answer is not None and any(same(answer, accepted) for accepted in alternatives))


def character_f1(answer: str | None, alternatives: Sequence[str]) -> float:
    """The best F1 of characters shared with an accepted answer; no answer is 0.

    SQuAD's token F1 with characters as tokens, as is usual where words have no spaces between
    them (DRCD, Shao et al. 2018): precision and recall over the two bags of letters and digits.
    An exact match by value (三千 for 3000) counts 1.

    永平县医院 against 县人民医院: 县, 医 and 院 are shared, precision 3/5, recall 3/5:
    >>> round(character_f1("永平县医院", ["县人民医院"]), 3)
    0.6
    """
    if answer is None:
        return 0.0
    if exact_match(answer, alternatives):
        return 1.0
    return max((_f1(_letters(answer), _letters(accepted)) for accepted in alternatives), default=0)


def _f1(given: Counter[str], wanted: Counter[str]) -> float:
    shared = (given & wanted).total()
    return 2 * shared / (given.total() + wanted.total()) if shared else 0.0


def _letters(text: str) -> Counter[str]:
    return Counter(letter for letter in fold(text) if letter.isalnum())
