"""The short form of `python -m eval.bench uploads`, and that it would tell what it looks for."""

import random
from pathlib import Path

from eval.bench.uploads import Sender, UploadFigures, measure


def test_a_killed_service_loses_nothing(tmp_path: Path) -> None:
    figures = measure(tmp_path, kills=2, seed=3, tell=print)
    assert figures.trouble == []
    assert figures.kills == 2


def test_what_is_wrong_is_counted() -> None:
    figures = UploadFigures()
    sender = Sender(random.Random(0), figures)
    sender.sure = {"夹0/文0.txt": "一", "夹1/文1.txt": None, "夹2/文2.txt": "三"}
    sender.perhaps = {"夹2/文2.txt": {"四", None}}
    sender.judge({"夹0/文0.txt": "一", "夹2/文2.txt": "四"}, 1)
    assert figures.is_clean
    assert sender.sure["夹2/文2.txt"] == "四", "from now on that is what must be there"
    sender.judge({"夹0/文0.txt": "二", "夹1/文1.txt": "旧", "夹2/文2.txt": "四"}, 2)
    assert (figures.lost, figures.ghosts) == (1, 1)
    assert figures.trouble == [
        "after 2 kills: 夹0/文0.txt is lost",
        "after 2 kills: 夹1/文1.txt is a ghost",
    ]
