"""The example worked by hand in the docstring of every metric."""

import doctest
import inspect
from types import ModuleType

import pytest

from eval.metrics import answers, numbers, proof, ranking, refusal

MODULES = (ranking, answers, proof, refusal, numbers)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_the_examples_hold(module: ModuleType) -> None:
    found = doctest.testmod(module)
    assert found.failed == 0
    assert found.attempted > 0


def test_every_metric_has_an_example() -> None:
    bare = [
        f"{module.__name__}.{name}"
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and ">>>" not in (function.__doc__ or "")
    ]
    assert bare == []
