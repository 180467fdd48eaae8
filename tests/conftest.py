"""What every test shares: a plain environment, a browser, and the rule about skipped tests.

Under CI=true a test may be skipped for the material in ../shared or for a GPU, and for nothing
else: whatever else is missing there is a fault of the set-up, and counts as a failure.
"""

import os
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
    from eval.bench.browser import find_chromium
    from eval.bench.processes import BenchFailed

    try:
        return find_chromium()
    except BenchFailed as absent:
        pytest.skip(f"{absent}: {absent.hint}")


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Any]:
    """A headless browser that asks nothing of the network by itself."""
    from eval.bench.browser import chromium as running

    with running(chromium) as browser:
        yield browser


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
