"""The settings as the command shows them, and what it says of a name that is none."""

import json
import re
from pathlib import Path

import pytest

from service.settings import Settings
from tests.service.test_cli import ROOT, is_one_line_error, run


def shown(*arguments: str | Path, **environment: str) -> dict[str, dict[str, object]]:
    done = run(*arguments, **environment)
    assert done.returncode == 0, done.stderr
    return {row["name"]: row for row in json.loads(done.stdout)["settings"]}


def test_every_setting_is_shown_with_its_default_and_its_origin(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('rerank = "builtin"\nport = 1\n[collections]\nhr = "/srv/hr"\n', "utf-8")
    rows = shown(
        "--port", "9000", "settings", "--config", file, "--json",
        WENJU_ALLOWED_HOSTS="archive.example, 档案", WENJU_PORT="2",
    )  # fmt: skip
    assert list(rows) == list(Settings.model_fields)
    assert rows["port"] == {"name": "port", "value": 9000, "default": 8080, "from": "--port"}
    assert rows["rerank"] == {
        "name": "rerank", "value": "builtin", "default": "none", "from": str(file),
    }  # fmt: skip
    assert rows["collections"]["value"] == {"hr": "/srv/hr"}
    assert rows["allowed_hosts"]["value"] == ["archive.example", "档案"]
    assert rows["allowed_hosts"]["from"] == "WENJU_ALLOWED_HOSTS"
    assert rows["llm"]["from"] == "default"


@pytest.mark.parametrize("arguments", [("settings",), ("settings", "--json")])
def test_secrets_are_masked(arguments: tuple[str, ...]) -> None:
    done = run(
        *arguments,
        WENJU_LLM_API_KEY="sk-hidden",
        WENJU_EMBEDDER_API_KEY="sk-hidden",
        WENJU_EMBEDDER_URL="http://user:hidden@10.0.0.8:80/v1",
    )
    assert done.returncode == 0
    assert "hidden" not in done.stdout
    assert "WENJU_LLM_API_KEY" in done.stdout
    assert "http://**********@10.0.0.8:80/v1" in done.stdout


def test_a_line_each(tmp_path: Path) -> None:
    lines = run("settings", WENJU_REFUSE_AT="0.5").stdout.splitlines()
    assert len(lines) == len(Settings.model_fields)
    (line,) = (line for line in lines if line.startswith("refuse_at "))
    default = Settings.model_fields["refuse_at"].default
    assert line.split() == ["refuse_at", "0.5", "WENJU_REFUSE_AT", "(default:", f"{default})"]


def test_a_misspelt_variable_keeps_it_from_starting(tmp_path: Path) -> None:
    is_one_line_error(run("--port", "0", WENJU_PROT="1"), "WENJU_PROT", "WENJU_PORT")
    is_one_line_error(run("ask", "谁？", WENJU_REFUSE="1"), "WENJU_REFUSE", "WENJU_REFUSE_AT")
    file = tmp_path / "own.toml"
    file.write_text("chunk_chars = 100\nrefuse-at = 0.5", "utf-8")  # the first is the indexer's
    is_one_line_error(run("--config", file), "refuse-at", str(file), "refuse_at")


def test_the_example_of_the_documentation_holds(tmp_path: Path) -> None:
    (example,) = re.findall(
        r"```toml\n(.*?)```", (ROOT / "docs/settings.md").read_text("utf-8"), re.S
    )
    file = tmp_path / "wenju.toml"
    file.write_text(example, "utf-8")
    rows = shown("settings", "--config", file, "--json")
    assert rows["index"]["value"] == "/srv/wenju/index"
    assert rows["collections"]["value"] == {"personnel": "/srv/wenju/personnel"}
    assert [name for name, row in rows.items() if row["from"] == str(file)] == [
        "index", "collections", "port", "allowed_hosts", "llm",
    ]  # fmt: skip
