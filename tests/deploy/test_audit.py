"""What an audit says: nothing known, something known, nothing looked up."""

from deploy.audit import judge

WELL = {"name": "a", "version": "1", "vulns": []}
SKIPPED = {"name": "b", "skip_reason": "not found"}
ILL = {"name": "c", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
OPEN = {"name": "d", "version": "4", "vulns": [{"id": "PYSEC-2", "fix_versions": []}]}


def test_an_audit_that_could_ask_nobody_is_none() -> None:
    assert judge([SKIPPED, SKIPPED])[0] == 2
    assert judge([])[0] == 2


def test_what_is_known_is_told_with_what_mends_it() -> None:
    status, said = judge([WELL, ILL, OPEN, SKIPPED])
    assert status == 1
    assert said == [
        "c 2: PYSEC-1, mended in 3",
        "d 4: PYSEC-2, mended in no version yet",
        "not looked up: b",
        "3 packages looked up",
    ]


def test_nothing_known_is_well_and_what_was_not_looked_up_is_said() -> None:
    assert judge([WELL, SKIPPED]) == (0, ["not looked up: b", "1 packages looked up"])
