"""Every reader on broken files, in a process whose silence and memory are watched.

More of them by command: `python -m eval.reading.fuzz --seconds 600`.
"""

import pytest

from eval.reading import fuzz
from eval.reading.fuzz import Fault, endings, make, run, samples
from indexer.files.ocr import is_installed
from indexer.files.readers import SUPPORTED, format_of

ENDINGS = [ending for ending in reversed(endings()) if ending != ".zip"]
ONE_OF_EACH = {format_of(f"a{ending}"): ending for ending in ENDINGS}
PICTURES = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"}


def test_every_ending_is_tried() -> None:
    left = set() if is_installed() else PICTURES
    assert set(endings()) == (SUPPORTED - left) | {".zip"}


@pytest.mark.parametrize("ending", [*sorted(ONE_OF_EACH.values()), ".zip"])
def test_broken_files_are_read_or_refused(ending: str) -> None:
    count = 2 if ending in fuzz._SLOW else 30
    outcomes, faults = run(ending, 0, count)
    assert faults == []
    assert outcomes.total() == count
    if ending not in fuzz._SLOW:
        assert len(outcomes) > 1, "all came to the same: nothing was broken, or everything"


def test_a_case_is_made_from_its_number() -> None:
    assert make(3, ".docx") == make(3, ".docx") != make(4, ".docx")
    assert make(9, ".docx") in samples().values()


def test_a_reader_that_hangs_and_one_that_falls_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The watch itself: a kind that there is no sample for ends its process at once."""
    outcomes, faults = run(".nothing", 0, 1)
    assert outcomes.total() == 0
    assert [(each.case, each.name) for each in faults] == [(0, "a.nothing")]
    assert "KeyError" in faults[0].what
    monkeypatch.setattr(fuzz, "LONGEST_S", 0.01)
    assert run(".txt", 0, 1)[1] == [Fault(0, "a.txt", "no word for 0 s")]
