"""What kind a question is, told by its answer alone. Knows no document."""

from eval.gold import Kind
from indexer.text.normalise import fold
from indexer.text.numbers import NumberKind, find_numbers


def kind_of(answer: str) -> Kind:
    """A date or a figure when the answer is nothing else, a fact otherwise."""
    text = fold(answer).strip()
    numbers = find_numbers(text)
    if len(numbers) != 1 or (numbers[0].start, numbers[0].end) != (0, len(text)):
        return Kind.FACT
    return Kind.DATE if numbers[0].kind is NumberKind.DATE else Kind.FIGURE
