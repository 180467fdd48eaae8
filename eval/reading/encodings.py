"""How texts come back from each encoding: whole, cut and damaged; and what is taken for mojibake.

The texts are paragraphs of two encyclopaedia sets, one in Simplified and one in Traditional
characters. Beside our reader stand the two published guessers of encodings.
"""

from __future__ import annotations

import codecs
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from eval.reading.catalogue import CMRC, DRCD
from eval.reading.damaging import Outcome, State, judge, spoil
from eval.reading.spoiling import MISTAKES
from eval.reading.tables import Column, Row, Table, Unit
from eval.standing.catalogue import NEWS, Places

SEED = 20261122
PARAGRAPHS = 150  # of each set
JOINED = 4  # paragraphs in a text of "all" characters
LENGTHS: tuple[int | None, ...] = (20, 300, None)
_PEERS_EVERY = 15  # th text: one of them takes 50 ms a text
_JOINED_EVERY = 4
_NEWS_EVERY = 60
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
_DAMAGED = (State.LOST, State.FLIPPED, State.INSERTED)
_CUT = (State.CUT_FRONT, State.CUT_END)


@dataclass(frozen=True, slots=True)
class _Encoding:
    label: str
    codec: str
    mark: bytes = b""


ENCODINGS = (
    _Encoding("UTF-8", "utf-8"),
    _Encoding("UTF-8 with a mark", "utf-8", codecs.BOM_UTF8),
    _Encoding("GB18030", "gb18030"),
    _Encoding("GBK", "gbk"),
    _Encoding("Big5", "big5"),
    _Encoding("Big5-HKSCS", "big5hkscs"),
    _Encoding("UTF-16 LE", "utf-16-le"),
    _Encoding("UTF-16 BE", "utf-16-be"),
    _Encoding("UTF-16 LE with a mark", "utf-16-le", codecs.BOM_UTF16_LE),
    _Encoding("UTF-16 BE with a mark", "utf-16-be", codecs.BOM_UTF16_BE),
    _Encoding("HZ", "hz"),
)

Reader = Callable[[bytes], str | None]
"""Bytes to text; None for a refusal."""


def measure(places: Places) -> tuple[Table, ...]:
    paragraphs = [
        text for name in (CMRC, DRCD) for text in _some(list(_paragraphs(places, name)), PARAGRAPHS)
    ]
    return (
        came_back(paragraphs, ours),
        beside_peers(paragraphs, {"ours": ours, **peers()}),
        mojibake(paragraphs),
        good_texts(paragraphs + list(_news(places))),
    )


def _paragraphs(places: Places, name: str) -> Iterator[str]:
    from eval.sets.squad import load_squad

    yield from map(_plain, load_squad(places.data / name).documents.values())


def _news(places: Places) -> Iterator[str]:
    import json
    import lzma

    if not (places.data / NEWS).exists():
        return
    with lzma.open(places.data / NEWS, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % _NEWS_EVERY == 0:
                yield _plain(json.loads(line)["text"])


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _some(texts: Sequence[str], count: int) -> list[str]:
    return random.Random(SEED).sample(texts, min(count, len(texts)))


# -- readers --------------------------------------------------------------------------------------


def ours(data: bytes) -> str | None:
    from indexer.errors import UnreadableFile
    from indexer.files.decode import decode

    try:
        return decode(data).text
    except UnreadableFile:
        return None


def peers() -> dict[str, Reader]:
    """The published guessers that are installed; each is given the benefit of the larger set."""
    found: dict[str, Reader] = {}
    normalizer, detector = _installed("charset_normalizer"), _installed("chardet")
    if normalizer is not None:
        found["charset-normalizer"] = lambda data: _best(normalizer.from_bytes(data).best())
    if detector is not None:
        found["chardet"] = lambda data: _as_named(data, detector.detect(data)["encoding"])
    return found


def _installed(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


def _best(match: Any) -> str | None:
    return None if match is None else _plain(str(match)).removeprefix("\ufeff")


def _as_named(data: bytes, name: str | None) -> str | None:
    if name is None:
        return None
    try:
        text = data.decode(_WIDER.get(name.lower(), name), "replace")
    except LookupError:
        return None
    return _plain(text).removeprefix("\ufeff")


# -- tables ---------------------------------------------------------------------------------------


def came_back(paragraphs: Sequence[str], reader: Reader) -> Table:
    rows = []
    for encoding in ENCODINGS:
        for length in LENGTHS:
            counts = _outcomes(paragraphs, encoding, length, {"": reader})[""]
            if counts:
                rows.append(_row(encoding, length, counts))
    return Table(
        "What came back",
        (
            Column("texts", Unit.COUNT),
            Column("whole"),
            Column("cut"),
            Column("damaged"),
            Column("damaged, unmarked"),
            Column("garbage", Unit.COUNT),
            Column("garbage, share"),
            Column("wrong, marked"),
            Column("refused"),
        ),
        tuple(rows),
        "whole: byte for byte. cut (the first or the last byte taken off) and damaged (a byte "
        "lost, a bit flipped or a byte inserted, once in 300 characters, three texts each): the "
        "text but for at most three characters in a row at each place. unmarked: so, but another "
        "valid character stands there and no U+FFFD, which nothing in the bytes tells. garbage: "
        "returned as text, wrong beyond that and with no U+FFFD in it; its share is of all "
        f"readings. 'all' is {JOINED} paragraphs joined. HZ: texts that GB 2312 can hold.",
    )


def _row(encoding: _Encoding, length: int | None, counts: Counter[tuple[State, Outcome]]) -> Row:
    def share(states: Sequence[State], *outcomes: Outcome) -> float:
        total = sum(counts[state, outcome] for state in states for outcome in Outcome)
        return sum(counts[state, outcome] for state in states for outcome in outcomes) / total

    right = (Outcome.RIGHT, Outcome.UNMARKED)
    return Row(
        _label(encoding, length),
        (
            sum(counts[State.WHOLE, outcome] for outcome in Outcome),
            share((State.WHOLE,), *right),
            share(_CUT, *right),
            share(_DAMAGED, *right),
            share(_DAMAGED, Outcome.UNMARKED),
            sum(counts[state, Outcome.GARBAGE] for state in State),
            share(list(State), Outcome.GARBAGE),
            share(list(State), Outcome.MARKED),
            share(list(State), Outcome.REFUSED),
        ),
    )


def _label(encoding: _Encoding, length: int | None) -> str:
    return f"{encoding.label}, {'all' if length is None else length} characters"


def beside_peers(paragraphs: Sequence[str], readers: dict[str, Reader]) -> Table:
    rows = []
    for encoding in ENCODINGS:
        for length in LENGTHS:
            found = _outcomes(paragraphs[::_PEERS_EVERY], encoding, length, readers)
            if not any(found.values()):
                continue
            values = []
            for name in readers:
                for states in ((State.WHOLE,), (*_CUT, *_DAMAGED)):
                    every = [found[name][state, outcome] for state in states for outcome in Outcome]
                    right = (Outcome.RIGHT, Outcome.UNMARKED)
                    good = [found[name][state, outcome] for state in states for outcome in right]
                    values.append(sum(good) / sum(every))
            rows.append(Row(_label(encoding, length), tuple(values)))
    columns = [Column(f"{name}, {what}") for name in readers for what in ("whole", "spoilt")]
    return Table(
        "Beside published guessers of encodings",
        tuple(columns),
        tuple(rows),
        f"On every {_PEERS_EVERY}th of the texts, the same for all; spoilt: cut or damaged. What a "
        "guesser calls gb2312, gbk or big5 is read as the larger set for it.",
    )


def _outcomes(
    paragraphs: Sequence[str],
    encoding: _Encoding,
    length: int | None,
    readers: dict[str, Reader],
) -> dict[str, Counter[tuple[State, Outcome]]]:
    chance = random.Random(f"{SEED} {encoding.label} {length}")
    found: dict[str, Counter[tuple[State, Outcome]]] = {name: Counter() for name in readers}
    for text in crops(paragraphs, length):
        for state in State:
            try:
                spoilt = spoil(text, encoding.codec, encoding.mark, state, chance)
            except UnicodeEncodeError:
                break
            for name, reader in readers.items():
                found[name][state, judge(spoilt, reader(spoilt.data))] += 1
    return found


def crops(paragraphs: Sequence[str], length: int | None) -> Iterator[str]:
    """A stretch of each paragraph, or some of them joined."""
    chance = random.Random(SEED)
    if length is None:
        for at in range(0, len(paragraphs), _JOINED_EVERY):
            yield "\n".join(paragraphs[at : at + JOINED])
        return
    for text in paragraphs:
        begin = chance.randrange(max(1, len(text) - length + 1))
        yield text[begin : begin + length]


def mojibake(paragraphs: Sequence[str]) -> Table:
    """How much of what is spoilt in each way is recognised."""
    rows = []
    for mistake in MISTAKES:
        values: list[float | None] = []
        count = 0
        for length in LENGTHS:
            spoilt = [
                text
                for good in crops(paragraphs[::2], length)
                if (text := mistake.make(good)) is not None
            ]
            count = max(count, len(spoilt))
            refused = sum(is_mojibake(text) for text in spoilt)
            values.append(refused / len(spoilt) if spoilt else None)
        rows.append(Row(mistake.label, (count, *values)))
    return Table(
        "Mojibake recognised",
        (Column("texts", Unit.COUNT), *(Column(_name(length)) for length in LENGTHS)),
        tuple(rows),
        "Texts of which at least half the characters are Chinese, spoilt in this way.",
    )


def good_texts(texts: Sequence[str]) -> Table:
    """Good texts that are taken for mojibake: there should be none."""
    rows = []
    for length in (20, 300):
        cut = list(crops(texts, length))
        rows.append(Row(f"{length} characters", (len(cut), sum(is_mojibake(text) for text in cut))))
    rows.append(Row("whole texts", (len(texts), sum(is_mojibake(text) for text in texts))))
    return Table(
        "Good texts taken for mojibake",
        (Column("texts", Unit.COUNT), Column("refused", Unit.COUNT)),
        tuple(rows),
        f"The paragraphs above and every {_NEWS_EVERY}th news article.",
    )


def _name(length: int | None) -> str:
    return "all" if length is None else f"{length} characters"


def is_mojibake(text: str) -> bool:
    from indexer.errors import UnreadableFile
    from indexer.files.encoding.mojibake import refuse_mojibake

    try:
        refuse_mojibake(text)
    except UnreadableFile as error:
        return error.reason == "mojibake"
    return False
