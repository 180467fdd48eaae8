"""What answers a question besides the likeliest sentences of its hits: what follows from whole
tables or the archive, dated entries that it chooses among, what a document says of itself, and what
amends what is quoted.

Each looks through whole documents, and only where the question or the text calls for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from service.answer.abstain.refuse import judge
from service.answer.compute.amended import changed_articles, held_then
from service.answer.compute.amendments import Amendments, Find, find_amendments
from service.answer.compute.changed import changed
from service.answer.compute.dated import Dated
from service.answer.compute.documents import of_documents, rest_of_list
from service.answer.compute.english import labelled
from service.answer.compute.facts import Fact, find_facts
from service.answer.compute.items import numbered_item
from service.answer.compute.lasted import lasted
from service.answer.compute.operate import operate
from service.answer.compute.prose.answer import told_a_year_later, told_in_prose
from service.answer.compute.sums import Computed
from service.answer.evidence import Reading
from service.answer.read.entries import Stored, as_hit, choose_entries
from service.answer.read.library import Library
from service.answer.understand.facts import fact_asked
from service.answer.understand.order import wanted
from service.answer.understand.question import Question, analyse
from service.records import Hit

_MOST_LOOKED_THROUGH = 32  # passages, whose documents are looked through

Read = Callable[[Question, Sequence[Hit]], Reading]


@dataclass(frozen=True, slots=True)
class Beside:
    """Empty where a question is answered by the likeliest sentences alone."""

    dated: Dated | None = None
    computed: Computed | None = None
    facts: tuple[Fact, ...] = ()
    amendments: Amendments = field(default_factory=Amendments)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to look: search, the reader, whole documents with their passages, and all of them."""

    find: Find
    read: Read
    stored: Stored
    library: Library


def look_beside(
    question: Question,
    whole: str,
    reading: Reading,
    sources: Sources,
    *,
    asks_several: bool,
    told: Sequence[str] = (),
) -> Beside:
    """`whole` is the question as it is searched for, `reading` that of its hits.

    Of a question that asks several things only what follows from all of them is found; of one that
    asks for what the answers in `told` left out only documents, as the whole again is not the rest.
    """
    find, library = sources.find, sources.library
    if told:
        return Beside(computed=rest_of_list(question, library, told))
    fact = None if asks_several else fact_asked(question)
    if fact is not None:
        facts = find_facts(fact, find(whole, _MOST_LOOKED_THROUGH), sources.stored)
        if facts:
            return Beside(facts=tuple(facts))
    first = changed_articles(question, find, sources.stored) or of_documents(
        question, reading, library
    )
    of_tables = None if first is not None else operate(question, reading, library)
    is_sure = of_tables is not None and of_tables.value is not None
    computed = (
        first
        or (of_tables if is_sure else None)
        or numbered_item(question, reading, library)
        or told_in_prose(question, reading)
        or lasted(question, reading)
        or labelled(question, reading, library)
    )
    if computed is not None or asks_several:
        return Beside(computed=computed or of_tables)
    if (held := held_then(question, whole, find, sources.read, sources.stored)) is not None:
        return Beside(computed=held)
    if (chosen := wanted(question)) is not None:
        entries = choose_entries(chosen, find(whole, _MOST_LOOKED_THROUGH), sources.stored)
        if entries:
            own = sources.read(analyse(chosen.rest), [as_hit(entry) for entry in entries])
            return Beside(dated=Dated(chosen, tuple(entries), own))
    if of_tables is not None:
        return Beside(computed=of_tables)
    if judge(reading) is not None and (later := told_a_year_later(question, find)) is not None:
        return Beside(computed=later)
    amendments = find_amendments(reading.evidence, find, sources.stored)
    return Beside(computed=changed(question, reading.evidence, amendments), amendments=amendments)
