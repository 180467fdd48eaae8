"""When not to answer, and why. Knows no model and no HTTP."""

from collections.abc import Sequence

from service.answer.evidence import Reading
from service.answer.understand.language import is_chinese
from service.records import AbstentionReason, Missing

REFUSE_AT = 0.2
"""Below this confidence a question is refused, unless the operator names another price. Of 819
questions over six archives that nothing was fitted to it refuses 9 of 337 that are answered right.
"""

# From this share of the question's words in a passage on, the subject is there, but not the fact.
_TREATED = 0.5

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
    AbstentionReason.NOTHING_MORE: (
        "没有更多：文档中找到的，前面的回答已经列出。",
        "Nothing more was found than the answers before have given.",
    ),
}


def judge(reading: Reading, refuse_at: float = REFUSE_AT) -> AbstentionReason | None:
    """Why not to answer from `reading`, or None when there is an answer in it."""
    if reading.missing:
        return AbstentionReason.FACT_NOT_FOUND
    if reading.evidence and reading.confidence >= refuse_at:
        return None
    is_treated = reading.treated >= _TREATED
    return AbstentionReason.FACT_NOT_FOUND if is_treated else AbstentionReason.NO_RELEVANT_DOCUMENT


def said(reason: AbstentionReason, question: str, missing: Sequence[Missing] = ()) -> str:
    """The sentence that says so, in the question's language; it names what is missing."""
    chinese = is_chinese(question)
    if missing:
        return " ".join(_not_found(each, chinese) for each in missing)
    in_chinese, in_english = _SAID[reason]
    return in_chinese if chinese else in_english


def _not_found(missing: Missing, chinese: bool) -> str:
    if chinese:
        like = "、".join(f"“{each}”" for each in missing.similar)
        return f"没有找到“{missing.name}”" + (f"；相近的有{like}。" if like else "。")
    like = ", ".join(f"“{each}”" for each in missing.similar)
    return f"“{missing.name}” was not found" + (f"; similar: {like}." if like else ".")
