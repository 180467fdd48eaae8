"""Every package that runs with the service is listed with a licence that allows it."""

import re

import pytest

from deploy.licences import UNKNOWN, installed, is_usable, page, required
from tests.source import ROOT

ROWS = re.findall(
    r"^\| (\S+) \| (\S+) \| (.+) \|$",
    (ROOT / "docs" / "licences.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)[2:]  # below the heads of the columns
LISTED = {name: (version, licence) for name, version, licence in ROWS}


def direct() -> set[str]:
    return {re.split(r"[<>=\[ ;]", each)[0].lower().replace("_", "-") for each in required()}


def test_every_pinned_package_that_is_needed_to_run_is_listed_in_its_version() -> None:
    pins = dict(
        re.findall(
            r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE
        )
    )
    wanted = {name: version for name, version in pins.items() if name in direct()}
    assert len(wanted) > 20
    assert {name: LISTED[name][0] for name in wanted} == wanted
    assert direct() <= LISTED.keys()


def test_no_licence_on_the_page_is_unknown_or_forbids_use() -> None:
    assert len(LISTED) > 50
    assert [name for name, (_, licence) in LISTED.items() if not is_usable(licence)] == []


def test_what_is_installed_here_may_be_used_and_is_found_through_others() -> None:
    packages = installed(required())
    assert {"fastapi", "starlette", "anyio", "h11"} <= {each.name for each in packages}
    assert [each for each in packages if not is_usable(each.licence)] == []
    assert f"| {packages[0].name} | {packages[0].version} | " in page(packages)
    assert installed(["no-such-package-at-all"]) == []


@pytest.mark.parametrize(
    ("licence", "usable"),
    [
        ("MIT", True),
        ("Apache License, Version 2.0", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only AND MIT", False),
        ("MIT AND (GPL-3.0-only OR AGPL-3.0-only)", False),
        ("MIT, GPL-3.0-only", False),
        ("Proprietary", False),
        ("Free for non-commercial use", False),
        (UNKNOWN, False),
    ],
)
def test_what_may_be_used(licence: str, usable: bool) -> None:
    assert is_usable(licence) is usable
