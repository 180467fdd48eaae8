"""One question from the command line: the answer, its quotes and where they stand, as text."""

import json

from indexer.index.store import IndexReader
from service.answer.understand.language import is_chinese
from service.api.wire import answer_json
from service.archive import Archive
from service.explained import explanation_text
from service.records import Answer, Citation, Filters
from service.settings import Settings


def answer_text(
    settings: Settings,
    question: str,
    *,
    k: int,
    filters: Filters,
    as_json: bool,
    explain: bool = False,
) -> str:
    """Open the archive, ask, and lay the answer out. Raises: what the archive raises."""
    archive = Archive.open(settings.index, settings)
    answer = archive.ask(question, k=k, filters=filters, explained=explain)
    if as_json:
        return json.dumps(answer_json(answer), ensure_ascii=False, indent=2)
    laid_out = lay_out(answer, archive.reader)
    if answer.explanation is not None:
        laid_out += "\n\n" + explanation_text(answer.explanation, is_chinese(question))
    return laid_out


def lay_out(answer: Answer, reader: IndexReader) -> str:
    """The answer, then a block for each citation; for an abstention, the nearest quotes."""
    chinese = is_chinese(answer.question)
    blocks = [answer.answer]
    if answer.understood is not None:
        blocks.insert(0, ("理解为：" if chinese else "Taken as: ") + answer.understood)
    if answer.note:
        blocks.append(answer.note)
    citations = answer.citations
    if answer.abstention is not None and answer.abstention.nearest:
        blocks.append("最接近的原文：" if chinese else "Nearest:")
        citations = answer.abstention.nearest
    blocks.extend(citation_block(citation, reader, chinese) for citation in citations)
    return "\n\n".join(blocks)


def citation_block(citation: Citation, reader: IndexReader, chinese: bool) -> str:
    text = reader.document(citation.document_id).document.text
    line = text.count("\n", 0, citation.start) + 1
    quoted = " ".join(citation.quote.split("\n"))
    facts = [each for each in (citation.organisation, citation.date) if each]
    told = f" ({('，' if chinese else ', ').join(facts)})" if facts else ""
    spot = [citation.source]
    if citation.page is not None:
        spot.append(f"第{citation.page}页" if chinese else f"page {citation.page}")
    if citation.place is not None:
        spot.append(citation.place)
    spot += (
        [f"第{line}行", f"第{citation.start}至{citation.end}字"]
        if chinese
        else [f"line {line}", f"characters {citation.start} to {citation.end}"]
    )
    place = ("，" if chinese else ", ").join(spot)
    lines = [f"[{citation.n}] {citation.title}{told}", f"    “{quoted}”", f"    {place}"]
    lines += [
        ("    另见：" if chinese else "    also in: ") + further.source
        for further in citation.further_sources
    ]
    return "\n".join(lines)
