"""By how much two figures of one sentence differ, or which of them is more: 全护理比半护理贵多少 of
`半护理900元/月，全护理1600元/月`. Knows no index.
"""

from collections.abc import Iterator, Sequence

from indexer.text.normalise import fold
from indexer.text.numbers import NumberKind
from indexer.text.segment import tagged
from service.answer.compute.prose.asked import Asked
from service.answer.compute.prose.binding import is_of_times
from service.answer.compute.prose.changes import statement_of
from service.answer.compute.prose.told import Role, Told
from service.answer.compute.sums import CONFIDENCE, Computed, written
from service.answer.compute.times import Days
from service.answer.evidence import Evidence
from service.answer.understand.sides import LESS, Sides

_LEAST_SHARED = 2  # characters


def of_sides(
    asked: Asked, sides: Sides, folded: str, evidence: Evidence, told: Sequence[Told],
    own: Days | None, chinese: bool,
) -> Iterator[tuple[int, Computed]]:  # fmt: skip
    """The difference of the two figures that the names of the sides begin; often nothing."""
    values = [t for t in told if t.role is Role.VALUE and not t.number.approximate]
    for pair in (sides.names, _as_written(folded, sides.more)):
        names = [_own_name(name, evidence, values) for name in pair]
        one, other = (_of(name, values) for name in names)
        if one is not None and other is not None and one is not other:
            break
    else:
        return
    is_alike = one.number.kind is other.number.kind and one.number.unit == other.number.unit
    if not is_alike or not all(is_of_times(asked, each, own) for each in (one, other)):
        return
    a, b = one.number.value, other.number.value
    if a == b:
        return
    high, low = (one, other) if a > b else (other, one)
    gap = written(abs(a - b), [statement_of(each, evidence) for each in (one, other)])
    if one.number.kind is NumberKind.PERCENT:
        gap = gap.removesuffix("%") + ("个百分点" if chinese else " percentage points")
    wants_less = LESS.search(sides.more) is not None
    parts = f"{high.subject} {high.written} - {low.subject} {low.written}"
    text, value = f"{'相差' if chinese else 'A difference of '}{gap} = {parts}", gap
    if sides.is_which:
        won = names[0] if ((a < b) == wants_less) else names[1]
        text, value = f"{won}{sides.more}，{text}", f"{won}，{gap}"
    is_turned = bool(sides.more) and not sides.is_which and (a < b) != wants_less
    shown = None if is_turned else value
    fit = sum(map(len, names))
    yield fit, Computed(text, shown, (evidence,), CONFIDENCE)


def _as_written(folded: str, more: str) -> tuple[str, str]:
    """What stands on both sides of 比, whole."""
    one, _, other = folded.partition("比")
    return one.removesuffix("的"), other.partition(more)[0].removesuffix("的") if more else ""


def _own_name(name: str, evidence: Evidence, values: Sequence[Told]) -> str:
    """A name without the body before it that its title names and no figure of the sentence."""
    passage = evidence.hit.passage
    above = fold("\n".join((passage.title, *passage.headings, evidence.hit.source)))
    words = [word for word, _ in tagged(name)]
    while len(words) > 1:
        is_of_figure = any(words[0] in each.subject for each in values)
        is_short = any(_is_short_for(words[0], line) for line in above.split("\n"))
        if is_of_figure or not (words[0] in above or is_short or words[0] == "的"):
            break
        words = words[1:]
    return "".join(words)


def _is_short_for(word: str, line: str) -> bool:
    at = 0
    for sign in word:
        at = line.find(sign, at) + 1
        if not at:
            return False
    return len(word) > 1


def _of(name: str, values: Sequence[Told]) -> Told | None:
    """The one figure whose subject begins as the name does, by most characters."""
    lengths = [_shared_start(name, each.subject) for each in values]
    most = max(lengths, default=0)
    found = [each for each, length in zip(values, lengths, strict=True) if length == most]
    return found[0] if most >= _LEAST_SHARED and len(found) == 1 else None


def _shared_start(name: str, subject: str) -> int:
    length = 0
    while length < min(len(name), len(subject)) and name[length] == subject[length]:
        length += 1
    return length
