"""When not to answer, and why. Knows no model and no HTTP."""

from indexer.text.normalise import fold
from service.answer.features import bigrams
from service.answer.prompts import is_chinese
from service.answer.question import Question
from service.answer.reader import Reading
from service.records import AbstentionReason

# On questions that the reader was not trained on, 0.7 refuses 3 % of the answerable ones
# (training/reader.py prints the curve). Everyday questions over an office's papers look far
# less sure, so the limit was set with the gold questions of corpus/ in view (docs/log.md).
NOTHING_LIMIT = 0.98

# Under this share of the question's character pairs in the best passage and its headings, the
# passage is about something else; above it the subject is there, but not the asked fact.
_ON_TOPIC = 0.5

_SAID = {
    AbstentionReason.NO_RELEVANT_DOCUMENT: (
        "文档中没有与这个问题相关的内容。",
        "No document here is about this question.",
    ),
    AbstentionReason.FACT_NOT_FOUND: (
        "文档中有相关内容，但没有找到所问的事实。",
        "There are documents on this subject, but none states what was asked.",
    ),
    AbstentionReason.SOURCES_DISAGREE: (
        "各文档的说法不一致，请看所列出处。",
        "The documents disagree; see the sources listed.",
    ),
}


def judge(
    question: Question, reading: Reading, nothing_limit: float = NOTHING_LIMIT
) -> AbstentionReason | None:
    """Why not to answer from `reading`, or None when there is an answer in it."""
    if reading.evidence and reading.nothing < nothing_limit:
        return None
    asked = bigrams(question.content)
    on_topic = any(
        asked
        and len(asked & bigrams(fold(f"{e.hit.passage.context}\n{e.hit.passage.text}")))
        / len(asked)
        >= _ON_TOPIC
        for e in reading.evidence[:3]
    )
    return AbstentionReason.FACT_NOT_FOUND if on_topic else AbstentionReason.NO_RELEVANT_DOCUMENT


def said(reason: AbstentionReason, question: str) -> str:
    """The sentence that says so, in the question's language."""
    chinese, english = _SAID[reason]
    return chinese if is_chinese(question) else english
