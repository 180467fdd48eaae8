"""The figure guard: what a sentence states must stand in what it cites. Knows no model.

Checked after normalisation: figures with unit, bound and what they count, dates, sums, names,
Latin words, quotations, direction words, negations, and that each clause is about what it cites.
The checks stand in `service/answer/guard/`; here they are put together.
"""

from collections.abc import Iterator, Sequence

from indexer.text.numbers import uniform_figures
from service.answer.guard.dates import pointing_words
from service.answer.guard.directions import alike, wrong_way
from service.answer.guard.figure_checks import check_figures
from service.answer.guard.figures import loose_digits, loose_numerals, vague_figures, wrong_ones
from service.answer.guard.names import displaced, quotations, swapped, unknown_names, unknown_words
from service.answer.guard.negations import wrong_denials
from service.answer.guard.quoted import is_quoted
from service.answer.guard.reading import ReadText, read_text
from service.answer.guard.records import Check, CheckName, Source, Verdict
from service.answer.guard.subject import strange_parts
from service.records import Support

__all__ = ["Check", "CheckName", "Source", "Verdict", "support_of", "verify"]


def support_of(sentence: str, quotes: Sequence[str]) -> Support:
    """What `sentence` rests on in the quotes that it cites, whose titles and dates are unknown."""
    return verify(sentence, [Source(quote) for quote in quotes]).support


def verify(sentence: str, sources: Sequence[Source]) -> Verdict:
    """Check one sentence against all the quotes that it cites, taken together."""
    if not sources:
        return _failed(CheckName.CITATION, "nothing is cited")
    read = read_text(sentence)
    if not any(character.isalnum() for character in read.text):
        return _failed(CheckName.TEXT, "it says nothing")
    texts = [read_text(source.quote) for source in sources]
    if any(is_quoted(read, text) for text in texts):
        return Verdict(Support.QUOTED, (Check(CheckName.QUOTED, True),))
    checks = tuple(_checks(read, texts, sources))
    proven = all(check.passed for check in checks)
    return Verdict(Support.VERIFIED if proven else Support.UNVERIFIED, checks)


def _failed(name: CheckName, detail: str) -> Verdict:
    return Verdict(Support.UNVERIFIED, (Check(name, False, detail),))


def _checks(
    read: ReadText, texts: Sequence[ReadText], sources: Sequence[Source]
) -> Iterator[Check]:
    titles = [read_text(source.title).text for source in sources if source.title]
    quoted = "\n".join(text.text for text in texts)
    known = "\n".join([quoted, *titles])
    figures = list(check_figures(read, texts, [source.date for source in sources]))
    loose = [digits for digits in loose_digits(read) if not _holds_digits(texts, digits)]
    loose += [*wrong_ones(read, texts), *loose_numerals(read, texts)]
    figures += [Check(CheckName.FIGURES, False, digits) for digits in loose]
    figures += [
        Check(CheckName.FIGURES, False, vague)
        for vague in vague_figures(read)
        if vague not in quoted
    ]
    yield from figures
    for name in (CheckName.FIGURES, CheckName.DATES, CheckName.BOUNDS, CheckName.BINDING):
        if not any(check.name is name for check in figures):
            yield Check(name, True)
    pointing = [word for word in pointing_words(read) if word not in quoted]
    if pointing:
        yield Check(CheckName.DATES, False, ", ".join(pointing))
    for name, wrong in (
        (CheckName.NAMES, unknown_names(read, known)),
        (CheckName.WORDS, unknown_words(read, known)),
        (CheckName.QUOTATIONS, _unknown_quotations(read.text, known)),
        (CheckName.BINDING, [*_swapped(read.text, texts), *_displaced(read, texts)]),
        (CheckName.DIRECTIONS, wrong_way(read, texts)),
        (CheckName.NEGATIONS, wrong_denials(read, texts)),
        (CheckName.SUBJECT, strange_parts(read, texts, titles)),
    ):
        if wrong or name is not CheckName.BINDING:
            yield Check(name, not wrong, ", ".join(wrong))


def _holds_digits(texts: Sequence[ReadText], digits: str) -> bool:
    return any(digits in loose_digits(text) for text in texts)


def _displaced(read: ReadText, texts: Sequence[ReadText]) -> list[str]:
    """Names that stand in a clause for another name of its source's sentence."""
    wrong: list[str] = []
    for clause in read.clauses:
        found = alike(read, clause, texts)
        if found:
            source, part = found[0]
            sentence = source.of(source.sentence_at(part.start))
            wrong += displaced(read.of(clause), sentence)
    return wrong


def _swapped(text: str, texts: Sequence[ReadText]) -> list[str]:
    found = swapped(text, [source.text for source in texts])
    return [f"the two sides of {found} have changed places"] if found else []


def _unknown_quotations(text: str, known: str) -> list[str]:
    plain, spelled = _words_only(known), _words_only(uniform_figures(known))
    return [
        quoted
        for quoted in quotations(text)
        if _words_only(quoted) not in plain and _words_only(uniform_figures(quoted)) not in spelled
    ]


def _words_only(folded: str) -> str:
    return "".join(character for character in folded if character.isalnum() or character in "%.")
