"""A message to its questions: which sentence asks, and which questions it holds. Knows no index."""

import re

from indexer.text.normalise import fold
from service.answer.understand.entities import find_entities
from service.answer.understand.question_word import (
    first_asking,
    is_english_question,
    is_yes_or_no,
    spell,
)
from service.answer.understand.rewriting import with_subject
from service.answer.understand.utterance import Said

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


# A longer message is a paste, or a preamble: what it asks is in one sentence or two of it.
_LONGEST_QUESTION = 200
_STOP = r"。.！!？?；;，,：:\n"
_COMMAND = re.compile(
    r"请?(?:你)?(?:忽略|忽視|无视|無視|忘记|忘記|忘掉|不要理会|不要遵守|绕过)[^。！!？?；;\n]{0,16}?"
    rf"(?:指令|指示|提示词?|规则|規則|规定|要求|设定|設定|对话)[^{_STOP}]{{0,8}}(?:[{_STOP}]|$)\s*"
    r"(?:(?:并|只|直接|请|然后)*(?:回答|告诉我|告訴我|说|輸出|输出)[：:，,]?)?|"
    r"\b(?:ignore|disregard|forget)\b[^.;!?\n]{0,40}?\b(?:instructions?|prompts?|rules?|above)\b"
    rf"(?:\s+and(?![a-z])|\s+then(?![a-z])|[^{_STOP}]{{0,20}}[{_STOP}]|$)"
    r"(?:\s*(?:please )?(?:tell me|answer|say)\b)?",
    re.IGNORECASE,
)


def focused(text: str) -> str:
    """What a message asks, without the paste around it and without orders to the machine.

    A question of ordinary length is itself. Of a longer message stays the sentence that asks, with
    the one beside it where it names nothing.
    """
    text = text.strip()  # an order ends where the message does, whatever space is behind it
    without_orders = _COMMAND.sub("", text).strip()
    while _says(without_orders) and without_orders != text:
        text, without_orders = without_orders, _COMMAND.sub("", without_orders).strip()
    if len(text) <= _LONGEST_QUESTION:
        return text
    sentences = [found.group().strip() for found in _WRITTEN_SENTENCE.finditer(text)]
    folded = [fold(sentence) for sentence in sentences]
    asking = asking_sentence("\n".join(folded))
    at = folded.index(asking) if asking in folded else -1
    if at < 0:
        return text
    if find_entities(asking, written=sentences[at]):
        return sentences[at]
    beside = sentences[at - 1] if at else (sentences[1] if len(sentences) > 1 else "")
    if len(beside) > _LONGEST_QUESTION:
        return sentences[at]
    return f"{beside} {sentences[at]}" if at else f"{sentences[at]} {beside}"


_WRITTEN_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*")


def _says(text: str) -> bool:
    return any(character.isalnum() for character in text)


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
    for segment in _segments(focused(text)):
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


# A clause that only leads to the question behind its comma, though it may ask in passing.
_BEFORE_THE_QUESTION = re.compile(
    r"^\s*(?:为了|通过|随着|由于|除了|对于|根据|按照|经过).*,\s*$|(?:以?后|之[后前]|的?时候?|过程中|情况下|[^以之]前),\s*$"
)


def _asks_of_something(segment: str) -> bool:
    """Whether a clause asks, and does not only look as if it did (无论谁去)."""
    folded = fold(segment)
    spelled = spell(folded)
    if _BEFORE_THE_QUESTION.search(folded):
        return False
    if re.search(r"[㐀-鿿]", folded):
        return first_asking(spelled) is not None or bool(
            is_yes_or_no(spelled) and re.search(r"\w{3}", spelled)
        )
    # an English clause before a comma is a preamble (When it opened, how many ...)
    return is_english_question(spelled) and not folded.rstrip().endswith(",")
