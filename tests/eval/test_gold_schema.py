"""The schema and `load_gold` are two writings of one rule: both take and refuse the same rows."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from eval.gold import Kind, load_gold
from indexer.errors import InvalidGold

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "eval/gold/schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)

EVIDENCE = {"document": "a/b.md", "quote": "每户分到1500元"}
USER = {"role": "user", "content": "每户分到多少钱？"}
ASSISTANT = {"role": "assistant", "content": "1500元。"}
ROW: dict[str, Any] = {
    "id": "q1",
    "kind": "figure",
    "question": "每户分到多少钱？",
    "answers": [["1500元", "一千五百元"]],
    "evidence": [EVIDENCE],
}
NO_ANSWER = ROW | {"kind": "no_answer", "answers": [], "evidence": []}
FOLLOW_UP = ROW | {"kind": "follow_up", "history": [USER, ASSISTANT]}


def loads(row: Any) -> bool:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "gold.jsonl"
        path.write_text(json.dumps(row), encoding="utf-8")
        try:
            load_gold(path)
        except InvalidGold:
            return False
        return True


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["kind"]["enum"] == [kind.value for kind in Kind]


@pytest.mark.parametrize(
    "row",
    [
        ROW,
        ROW | {"history": []},
        ROW | {"answers": [["a"], ["b", "c"]]},
        NO_ANSWER,
        FOLLOW_UP,
        FOLLOW_UP | {"history": [USER]},
        FOLLOW_UP | {"history": [USER, USER, ASSISTANT, USER]},
        FOLLOW_UP | {"kind": "computed"},
        *(ROW | {"kind": kind.value} for kind in Kind if kind not in ("no_answer", "follow_up")),
    ],
)
def test_both_take(row: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(row)
    assert loads(row)


@pytest.mark.parametrize(
    "row",
    [
        [],
        "q1",
        *({name: ROW[name] for name in ROW if name != missing} for missing in ROW),
        ROW | {"status": "proposed", "proposed_by": "rules"},
        ROW | {"id": 1},
        ROW | {"id": " \u3000"},
        ROW | {"kind": "Figure"},
        ROW | {"kind": None},
        ROW | {"question": ""},
        ROW | {"answers": []},
        ROW | {"answers": [[]]},
        ROW | {"answers": ["1500元"]},
        ROW | {"answers": [["1500元", "\n"]]},
        ROW | {"answers": {"0": ["1500元"]}},
        ROW | {"evidence": []},
        ROW | {"evidence": [EVIDENCE | {"page": 3}]},
        ROW | {"evidence": [{"document": "a/b.md"}]},
        ROW | {"evidence": [["a/b.md", "每户"]]},
        ROW | {"history": [USER]},
        ROW | {"history": None},
        FOLLOW_UP | {"kind": "computed", "history": [ASSISTANT]},
        NO_ANSWER | {"history": [USER]},
        NO_ANSWER | {"answers": [["1500元"]]},
        NO_ANSWER | {"evidence": [EVIDENCE]},
        ROW | {"kind": "follow_up"},
        FOLLOW_UP | {"history": []},
        FOLLOW_UP | {"history": [ASSISTANT]},
        FOLLOW_UP | {"history": [USER, ASSISTANT | {"role": "system"}]},
        FOLLOW_UP | {"history": [USER | {"content": ""}]},
        FOLLOW_UP | {"history": [USER | {"at": 0}]},
        FOLLOW_UP | {"answers": [], "evidence": []},
    ],
)
def test_both_refuse(row: Any) -> None:
    assert not VALIDATOR.is_valid(row)
    assert not loads(row)


TEXT = st.sampled_from(["a", "每户", "", " ", "\u3000\t", " a "])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
TURN = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant", "system"]), "content": TEXT}
)
QUOTE = st.fixed_dictionaries({"document": TEXT, "quote": TEXT})
NEAR_ROWS = st.fixed_dictionaries(
    {
        "id": TEXT | ANYTHING,
        "kind": st.sampled_from([*Kind, "other"]).map(str) | ANYTHING,
        "question": TEXT,
        "answers": st.lists(st.lists(TEXT, max_size=2), max_size=2) | ANYTHING,
        "evidence": st.lists(QUOTE | ANYTHING, max_size=2),
    },
    optional={"history": st.lists(TURN | ANYTHING, max_size=2), "comment": ANYTHING},
)
# Mostly sound rows, of which some fields were replaced: else nothing would ever be taken.
SPOILT = st.tuples(
    st.sampled_from([ROW, NO_ANSWER, FOLLOW_UP, ROW | {"kind": "computed"}]),
    st.sets(st.sampled_from([*FOLLOW_UP, "comment"]), max_size=2),
    NEAR_ROWS,
).map(lambda made: made[0] | {name: made[2][name] for name in made[1] if name in made[2]})


@given(NEAR_ROWS | SPOILT)
def test_both_judge_alike(row: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(row) == loads(row)


@pytest.mark.parametrize("path", sorted((ROOT / "eval/gold").glob("*.jsonl")), ids=lambda p: p.name)
def test_the_committed_questions_fit(path: Path) -> None:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        errors = [error.message for error in VALIDATOR.iter_errors(json.loads(line))]
        assert errors == [], f"{path}:{number}"
