"""SECURITY.md names a test for each threat: the files are there, and hold tests."""

import re

from tests.source import ROOT


def test_every_threat_names_tests_that_are_there() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|")][2:]
    assert len(rows) >= 12
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)`", row)
        assert named, row
        for path in named:
            assert re.search(
                r"^(async )?def test_", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE
            ), path


def test_it_is_a_page() -> None:
    assert len((ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines()) < 90
