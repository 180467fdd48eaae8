"""A message to its questions: which sentence asks, and which questions it holds. Knows no index."""

import re

from indexer.text.normalise import fold
from service.answer.asked import first_asking, is_english_question, is_yes_or_no, spell
from service.answer.following import with_subject
from service.answer.said import Said

_SENTENCE = re.compile(r"[^。!?;\n]+[。!?;]*")


def asking_sentence(folded: str) -> str:
    """The sentence of a folded message that asks: its last one with a question mark, or else the
    first or last one that asks; all of it where none does."""
    sentences = [found.group().strip() for found in _SENTENCE.finditer(folded)]
    sentences = [sentence for sentence in sentences if re.search(r"\w", sentence)]
    if len(sentences) < 2:
        return folded
    asking = [sentence for sentence in sentences if _asks(sentence)]
    marked = [sentence for sentence in asking or sentences if "?" in sentence]
    if marked:
        return marked[-1]
    for sentence in (sentences[0], sentences[-1]):
        if sentence in asking:
            return sentence
    return asking[0] if asking else folded


def _asks(folded: str) -> bool:
    spelled = spell(folded)
    return first_asking(spelled) is not None or is_yes_or_no(spelled)


_JOINED = (
    r"(?:以及|并且|而且|还有|同时)[^,，。?？]{0,12}(?:多少|[几哪谁]|什么|甚麼|什麼|何时|怎)"
    r"|、(?:多少|几[名个位家所])"
)
_CUT = re.compile(
    rf"(?P<mark>[,，;；。.?？!！\n]+)(?!\d)|(?={_JOINED})|"
    r"\s(?=and (?:how|what|when|where|who|which|why)\b)"
)
_LEADING = re.compile(r"^(?:、|以及|并且|而且|还有|同时|and\s)[,，]?")
_SHORTEST_PART = 4
_MOST_PARTS = 6


def parts(text: str) -> list[str]:
    """The questions inside one that asks two or more things; empty where it asks one.

    Each has the preamble that stands before it, and the subject of the first where it names none.
    """
    asked: list[str] = []
    preamble = ""
    for segment in _segments(text):
        if len(segment.strip()) >= _SHORTEST_PART and _asks_of_something(segment):
            asked.append((preamble + segment).strip())
            preamble = ""
        elif asked and not re.search(r"[。.?？!！\n]", asked[-1][-1:]) and not preamble:
            asked[-1] += segment
        else:
            preamble += segment
    if len(asked) < 2:
        return []
    whole = Said.of(_LEADING.sub("", asked[0]))
    found = [whole.text]
    for part in asked[1:_MOST_PARTS]:
        own = Said.of(_LEADING.sub("", part))
        found.append(with_subject(own, whole))
    return [part.rstrip(",，;；") for part in found]


def _segments(text: str) -> list[str]:
    """Clauses with the marks that end them; a mark within quotation marks ends none."""
    found: list[str] = []
    start = 0
    for cut in _CUT.finditer(text):
        before = text[start : cut.start()]
        if any(before.count(left) > before.count(right) for left, right in ("《》", "“”", "「」")):
            continue
        found.append(text[start : cut.end()])
        start = cut.end()
    return [segment for segment in [*found, text[start:]] if segment.strip()]


def _asks_of_something(segment: str) -> bool:
    """Whether a clause asks, and does not only look as if it did (无论谁去)."""
    folded = fold(segment)
    spelled = spell(folded)
    if re.search(r"[㐀-鿿]", folded):
        return first_asking(spelled) is not None or bool(
            is_yes_or_no(spelled) and re.search(r"\w{3}", spelled)
        )
    # an English clause before a comma is a preamble (When it opened, how many ...)
    return is_english_question(spelled) and not folded.rstrip().endswith(",")
