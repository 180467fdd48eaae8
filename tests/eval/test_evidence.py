"""Quotes to places and passages."""

from collections.abc import Mapping

import pytest

from eval.evidence import Missing, Places, find_quote
from eval.gold import Evidence
from tests.eval.fakes import TEXTS, FakeTarget


def place(document: str, quote: str) -> tuple[str, set[str], Missing | None]:
    placed = Places(FakeTarget({})).place(Evidence(document, quote))
    return placed.document_id, set(placed.passage_ids), placed.missing


def test_a_quote_is_found_wherever_spaces_and_line_ends_fall() -> None:
    assert find_quote("每户 分到\n1500元，每户分到1500元", "每户分到1500元") == [(0, 11), (12, 21)]
    assert find_quote("a.b axb", "a.b") == [(0, 3)]
    assert find_quote("任何", " ") == []


def test_a_quote_has_the_passages_that_it_overlaps() -> None:
    assert place("a/visit.md", "每户分到1,500元") == ("a/visit.md", {"a/visit.md-1"}, None)
    both = {"a/visit.md-0", "a/visit.md-1"}
    assert place("a/visit.md", "贫困户。每户分到") == ("a/visit.md", both, None)


@pytest.mark.parametrize(
    ("document", "quote", "missing"),
    [
        ("c/none.md", "每户", Missing.DOCUMENT),
        ("a/visit.md", "每户分到2000元", Missing.QUOTE),
        ("a/visit.md", "阅读排行", Missing.PASSAGE),
    ],
)
def test_what_is_missing(document: str, quote: str, missing: Missing) -> None:
    _, passages, found = place(document, quote)
    assert (passages, found) == (set(), missing)


class _TwoFolders(FakeTarget):
    def sources(self) -> Mapping[str, str]:
        return {f"{folder}/{source}": source for source in TEXTS for folder in "xy"[: self.folders]}

    folders = 1


def test_a_folder_indexed_beside_others_has_its_name_in_front() -> None:
    library = _TwoFolders({})
    assert Places(library).place(Evidence("a/visit.md", "每户")).document_id == "a/visit.md"
    library.folders = 2
    placed = Places(library).place(Evidence("a/visit.md", "每户"))
    assert (placed.document_id, placed.missing) == ("", Missing.AMBIGUOUS)
