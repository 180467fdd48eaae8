"""Which questions of a training set no model of ours has seen. Knows the rules of the split alone.

`training/` split DRCD twice: the embedding model by a digest of the article's title, the sentence
reader by every second paragraph.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from eval.sets.records import SetQuestion
from indexer.text.normalise import fold


def not_embedded(questions: Sequence[SetQuestion]) -> tuple[SetQuestion, ...]:
    """The half of DRCD's questions that the embedding model did not learn from."""
    return tuple(question for question in questions if _digest(question.title) % 2 == 1)


def unseen(questions: Sequence[SetQuestion]) -> tuple[SetQuestion, ...]:
    """Those of them whose paragraph the sentence reader did not learn from either: a quarter."""
    return tuple(question for question in not_embedded(questions) if question.paragraph % 2 == 1)


def _digest(title: str) -> int:
    return hashlib.sha256(fold(title).encode()).digest()[0]
