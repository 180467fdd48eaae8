"""Commands that are shown can be pasted: what a shell makes of them is what was meant."""

import subprocess
from pathlib import Path

import pytest

from indexer.commands import as_typed, build_hint, one_line, quoted

NAMES = [
    *("docs", "档案/2020年", "two words", "it's", 'a "b"', "$(touch x)", "a;b", "a\nb", "a\tb'c"),
    *("-n", "back\\slash", "行\u2028分", "*", "~", "!x", "", "é\x00".strip("\x00"), "a\\\nb"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_shell_reads_back_what_was_quoted(name: str) -> None:
    shown = quoted(name)
    assert "\n" not in shown
    done = subprocess.run(
        ["bash", "-c", f"printf '%s' {shown}"], capture_output=True, check=True, timeout=10
    )
    assert done.stdout.decode() == name


def test_what_needs_no_quotes_has_none() -> None:
    assert build_hint(Path("/data/索引"), ["/data/档案 A", "/b"]) == (
        "run: python -m indexer build '/data/档案 A' /b --index /data/索引"
    )


def test_a_message_stays_on_its_line() -> None:
    assert one_line("no index at a\nb\x1b[31m 档案") == "no index at a\\nb\\x1b[31m 档案"


@pytest.mark.parametrize(
    ("message", "typed"),
    [
        ("run: python -m indexer build docs --index a", "run: wenju index build docs --index a"),
        ("请建立索引：python -m indexer build 文件夹", "请建立索引：wenju index build 文件夹"),
        ("start it: python -m service --index a", "start it: wenju serve --index a"),
        ("python -m service ask 谁？", "wenju ask 谁？"),
        ("`python -m eval run --out`", "`wenju eval run --out`"),
        ("python -m indexer", "wenju index"),
        ("python -m eval.bench scale", "python -m eval.bench scale"),
        ("python -m pip install rapidocr", "python -m pip install rapidocr"),
    ],
)
def test_a_command_is_told_as_it_was_typed(
    monkeypatch: pytest.MonkeyPatch, message: str, typed: str
) -> None:
    assert as_typed(message) == message
    monkeypatch.setattr("sys.argv", ["/opt/wenju/bin/wenju", "index"])
    assert as_typed(message) == typed
