"""The figures that a computed sentence is made of, each with the citation that tells it.

    合计1200元 = 700元 + 500元   →   700元 [1], 500元 [2]

Read from the sentence and its sources, so that whatever computes need not tell them twice: a figure
is a part where the formula and one source have it, and all are, or none. Knows no index.
"""

import re
from collections import Counter
from collections.abc import Iterator

from indexer.text.normalise import normalise
from indexer.text.numbers import NumberKind, find_numbers
from service.answer.compose.citations import Citations
from service.answer.compute.sums import Computed
from service.records import CitedValue

# The result stands before "="; of a comparison the winner stands before the last stop.
_FORMULA = re.compile(r"^(?P<result>[^=<>]*) = (?P<sum>.+)$|(?P<order>[^。：:]+ [<>] .+)$")
_REMARK = re.compile(r"\s?[（(，].*")
_DIGITS = re.compile(r"\d[\d,.]*")


def cited_parts(computed: Computed, citations: Citations) -> tuple[CitedValue, ...]:
    """In the order of the sources; empty where some figure of the formula is in none or in two."""
    formula = _FORMULA.search(computed.text)
    if formula is None or not computed.shows_evidence:
        return ()
    told = _REMARK.sub("", formula["sum"] or formula["order"])
    wanted = Counter(digits for digits, _ in _figures(told))
    result = {digits for digits, _ in _figures(formula["result"] or "")}
    spans = {(e.hit.passage.document_id, e.start): e for e in computed.evidence}
    parts: list[CitedValue] = []
    found: Counter[str] = Counter()
    for evidence in spans.values():
        own = [(digits, value) for digits, value in _figures(evidence.quote) if digits in wanted]
        if not own and not any(digits in result for digits, _ in _figures(evidence.quote)):
            return ()
        found.update(digits for digits, _ in own)
        parts += [CitedValue(value, citations.cite(evidence).n) for _, value in own]
    return tuple(parts) if found == wanted and len(parts) > 1 else ()


def _figures(text: str) -> Iterator[tuple[str, str]]:
    """(digits without separators, the figure as it is written) of each count and share."""
    normalised = normalise(text)
    for number in find_numbers(normalised.text):
        start, end = normalised.original_span(number.start, number.end)
        digits = _DIGITS.search(normalised.text[number.start : number.end])
        if number.kind in (NumberKind.NUMBER, NumberKind.PERCENT) and digits is not None:
            yield digits.group().replace(",", "").rstrip("."), text[start:end]
