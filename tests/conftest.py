"""What every test shares: a plain environment, a browser, and the rule about skipped tests.

Under CI=true a test may be skipped for the material in ../shared or for a GPU, and for nothing
else: whatever else is missing there is a fault of the set-up, and counts as a failure.
"""

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings

CI = os.environ.get("CI", "").lower() in {"1", "true"}
SKIPS_ALLOWED_IN_CI = ("../shared", "GPU")

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

# No deadline: the machine is small and shared. The same examples every time in CI.
settings.register_profile("wenju", deadline=None, derandomize=CI)
settings.load_profile("wenju")

# Before a library reads them: no hub is asked, and no thread pool takes both cores.
os.environ |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
for _name in [name for name in os.environ if name.startswith("WENJU_")]:
    del os.environ[_name]  # a developer's own settings are no part of a test
# What a service keeps goes with the tests, unless one names a folder of its own.
_state = tempfile.TemporaryDirectory(prefix="wenju-state-")
os.environ["WENJU_STATE"] = _state.name


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser on this machine, or the one that playwright has fetched for itself."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if (found := shutil.which(name)) is not None:
            return Path(found)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if not own.exists():
        pytest.skip(
            "no browser: apt-get install chromium, or python -m playwright install chromium"
        )
    return own


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Any]:
    """A headless browser that asks nothing of the network by itself."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=[
                "--no-sandbox",  # the tests may run as root; the pages are our own
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip that CI does not allow into a failure."""
    report = yield
    return judge_skip(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file, such as one that `importorskip` leaves out."""
    report = yield
    return judge_skip(report)


def judge_skip(report: Report) -> Report:
    """The report, failed if it tells of a skip that CI does not allow."""
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        if not any(allowed in reason for allowed in SKIPS_ALLOWED_IN_CI):
            report.outcome = "failed"
            report.longrepr = f"not to be skipped in CI: {reason}"
    return report
