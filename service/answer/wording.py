"""A question in the words of the passages that were found for it: 茅厕 becomes their 公厕.

Only words that stand in none of the passages are exchanged, for words of the same thing that do
(`indexer/text/synonyms.txt`). Names stay. Knows no index and no model.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.text.segment import words
from indexer.text.synonyms import synonyms
from service.answer.question import Question, content_of
from service.answer.sentence import sentence as known
from service.records import Hit

_ASKS = re.compile(r"多|几|哪|[什甚]么|谁|何|怎")
_LONGEST = 7  # characters of a word of the table


def in_words_of(question: Question, hits: Sequence[Hit]) -> Question:
    """`question` with `folded` and `content` in the words of `hits`; itself where nothing changes.

    What it asks for, its unit, names and times stay as they were analysed.
    """
    texts = [known(f"{h.passage.context}\n{h.passage.text}").normalised for h in hits]
    folded = question.folded
    for start, end in sorted(_words_of_table(question), reverse=True):
        word = folded[start:end]
        if any(word in text for text in texts):
            continue
        counts = {w: sum(w in text for text in texts) for w in synonyms()[word]}
        best = max(sorted(counts), key=lambda w: (counts[w], len(w)))
        if counts[best]:
            folded = folded[:start] + best + folded[end:]
    if folded == question.folded:
        return question
    return replace(question, folded=folded, content=content_of(folded))


def _words_of_table(question: Question) -> Iterator[tuple[int, int]]:
    """Words of the table in the question, the longest first; each is one or more whole words."""
    cut = words(question.folded)
    names = [span for name in question.entities for span in _places(name, question.folded)]
    at = 0
    while at < len(cut):
        start = cut[at].start
        found = None
        for last in range(at, len(cut)):
            end = cut[last].end
            if end - start > _LONGEST:
                break
            is_name = any(a < end and start < b for a, b in names)
            is_kept = is_name or _ASKS.search(question.folded, start, end)
            if not is_kept and question.folded[start:end] in synonyms():
                found = (last, end)
        if found is None:
            at += 1
        else:
            yield start, found[1]
            at = found[0] + 1


def _places(name: str, text: str) -> Iterator[tuple[int, int]]:
    at = text.find(name)
    while at >= 0:
        yield at, at + len(name)
        at = text.find(name, at + 1)
