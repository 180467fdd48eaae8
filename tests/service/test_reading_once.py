"""A question with a time is read once more only where a rule may have been amended."""

from collections.abc import Sequence
from pathlib import Path

from indexer.embed.builtin import BuiltinEmbedder
from indexer.index.store import open_index
from service.answer.read.passage_reader import OnnxPassageReader, PassageRead
from service.archive import Archive
from service.llm.extractive import Extractive
from tests.archives import archive_of

RULE = """宿舍管理办法

第一条 为了管理宿舍，制定本办法。
第二条 入住时交押金三百元。
第三条 宿舍晚上十一点关门。

2020年3月1日
"""
CHANGE = """关于修改《宿舍管理办法》的决定

将《宿舍管理办法》第二条中的“三百元”修改为“五百元”。

本决定自2023年4月1日起施行。

2023年3月20日
"""
LETTER = "2021年春天，合唱团去了青溪镇，演出四场，观众九百人。\n"


class Counting:
    """The built-in reader, which tells how often it was asked."""

    def __init__(self) -> None:
        self.times = 0
        self._reader = OnnxPassageReader()

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[PassageRead]:
        self.times += 1
        return self._reader.read(question, passages)


def asked(files: dict[str, str], question: str, folder: Path) -> tuple[str | None, int]:
    """The value that is shown, and how often passages were read for it."""
    folder.mkdir()
    archive_of(files, folder).reader.close()
    near, counting = BuiltinEmbedder(), Counting()
    archive = Archive(
        open_index(folder / "index"),
        near,
        Extractive(),
        near=near,
        max_question_chars=200,
        passages=counting,
    )
    answer = archive.ask(question)
    archive.reader.close()
    return answer.short_answer, counting.times


def test_an_amended_rule_is_read_for_its_time_and_a_letter_is_not(tmp_path: Path) -> None:
    rules = {"办法.txt": RULE, "决定.txt": CHANGE, "信.txt": LETTER}
    value, times = asked(rules, "2021年宿舍入住交多少押金", tmp_path / "rules")
    assert (value, times) == ("三百元", 2)
    _, times = asked({"信.txt": LETTER}, "2021年合唱团演出多少场", tmp_path / "letter")
    assert times == 1
