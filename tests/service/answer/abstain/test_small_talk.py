"""Which messages are small talk, and what they get instead of an answer."""

from pathlib import Path

import pytest

from indexer.embed.load import load_embedder
from indexer.pipeline import build
from service.answer.abstain.small_talk import Talk, talk_of
from service.archive import Archive
from service.records import AbstentionReason, Filters
from service.settings import Settings


@pytest.mark.parametrize(
    ("text", "talk"),
    [
        ("你好", Talk.GREETING),
        ("您好！", Talk.GREETING),
        ("Hello there", Talk.GREETING),
        ("謝謝", Talk.THANKS),
        ("好的，谢谢！", Talk.THANKS),
        ("Thank you very much.", Talk.THANKS),
        ("你好，谢谢", Talk.THANKS),
        ("你是谁？", Talk.ABOUT),
        ("你能做什么", Talk.ABOUT),
        ("What can you do?", Talk.ABOUT),
        ("你好，三号库归谁管？", None),
        ("谢谢，那二号库呢", None),
        ("感谢信是谁写的？", None),
        ("hi-fi音箱放在哪里", None),
        ("？！", None),
        ("！" * 5000, None),
    ],
)
def test_only_a_message_that_asks_nothing_is_small_talk(text: str, talk: Talk | None) -> None:
    assert talk_of(text) is talk


def test_it_is_told_what_can_be_asked_about(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "库房.md").write_text("# 库房管理规定\n\n库房由卢宁管理。\n", "utf-8")
    (tmp_path / "docs" / "值班.md").write_text("# 值班安排\n\n周一由白桦值班。\n", "utf-8")
    build([tmp_path / "docs"], tmp_path / "index", load_embedder("builtin"))
    archive = Archive.open(tmp_path / "index", Settings())
    answer = archive.ask("你好")
    assert answer.abstained
    assert answer.abstention is not None
    assert answer.abstention.reason is AbstentionReason.SMALL_TALK
    assert set(answer.abstention.examples) == {"库房管理规定", "值班安排"}
    assert all(title in answer.answer for title in answer.abstention.examples)
    assert archive.ask("thanks").answer.startswith("You are welcome")
    only = archive.ask("你好", filters=Filters(source="值班.md"))
    assert only.abstention is not None
    assert only.abstention.examples == ("值班安排",)
