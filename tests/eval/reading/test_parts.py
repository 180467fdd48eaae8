"""What a part of reading is worth, over two small documents that need one of them."""

import json
from pathlib import Path

from eval.reading.parts import PARTS, worths

_PROMISES = (
    "双方商定了四项内容，写进了协议，由对口办公室督办，进展按月通报，年底由两家一起考核。" * 16
)


def test_a_part_that_the_questions_need_is_worth_points(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    rows = []
    for name, university, count in (("甲", "洪都大学", 17), ("乙", "章江大学", 23)):
        proof = f"去年学校选派教师{count}人驻点，任期一年。"
        text = f"支教工作情况\n{university}结对三年，{university}党委研究两次。{_PROMISES}\n{proof}"
        (tmp_path / "docs" / f"{name}.txt").write_text(text, encoding="utf-8")
        rows.append(
            {
                "id": name,
                "kind": "figure",
                "question": f"{university}去年选派了多少名教师驻点？",
                "answers": [[f"{count}人"]],
                "evidence": [{"document": f"{name}.txt", "quote": proof}],
            }
        )
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8"
    )
    table = worths("Two", gold, tmp_path / "docs", ("subjects",))
    whole, without = table.rows
    assert (table.title, whole.label) == ("Two, 2 questions", "everything")
    assert whole.values[:2] == (1.0, 1.0)
    assert table.value(without.label, "found @1") == 0.5
    assert whole.values[-2:] == (None, None)
    assert str(without.values[-1]).startswith("-25.0 (")


def test_every_part_is_one_that_can_be_left_out() -> None:
    from eval.ablation.parts import BY_NAME

    assert set(PARTS) <= set(BY_NAME)
