"""A follow-up question made whole from the history. Knows no index and no model."""

import re
from collections.abc import Sequence

from indexer.text.normalise import fold
from service.records import Turn

# Words that point back at what was asked before. A question without one stands alone.
_POINTS_BACK = re.compile(
    r"^(?:那么?|那|还有|以及|其中|另外|and\b|what about\b)|它|他们|她们|"
    r"其(?=[中他余]|$)|[那这][里个些年次]|该[村县镇乡市州校院局]|上述|前者|后者|\b(?:it|they|there|that)\b"
)
_LONG = 40  # characters; a longer question names its subject


def whole_question(question: str, history: Sequence[Turn]) -> str:
    """The text to search with: the question, behind the user's last one where it points back."""
    asked = [turn.content for turn in history if turn.role == "user" and turn.content.strip()]
    folded = fold(question).strip()
    if asked and len(folded) <= _LONG and _POINTS_BACK.search(folded):
        return f"{asked[-1]}\n{question}"
    return question
