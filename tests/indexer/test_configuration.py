"""Variables, a TOML file and flags: which of them holds, and what is said of a wrong one."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from indexer.configuration import configure
from indexer.errors import InvalidRequest
from indexer.settings import Settings as IndexerSettings
from service.settings import Settings as ServiceSettings


class Lamp(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="WENJU_", frozen=True, extra="forbid")

    watts: int = Field(default=40, ge=1)
    colour: str = "white"
    wires: dict[str, int] = Field(default_factory=dict)
    secret: SecretStr | None = None


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("WENJU_")]:
        monkeypatch.delenv(name)  # what the tests as a whole are run with


def test_flags_are_stronger_than_a_file_and_a_file_than_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WATTS", "COLOUR", "SECRET"):
        monkeypatch.setenv(f"WENJU_{name}", "7")
    (tmp_path / "wenju.toml").write_text('watts = 8\ncolour = "红"\n[wires]\na = 1\n', "utf-8")
    found = configure(Lamp, flags={"watts": 9, "colour": None}, others=())
    assert (found.settings.watts, found.settings.colour) == (9, "红")
    assert found.settings.wires == {"a": 1}
    assert dict(found.origins) == {
        "watts": "--watts",
        "colour": "wenju.toml",
        "wires": "wenju.toml",
        "secret": "WENJU_SECRET",
    }
    assert configure(Lamp, others=()).settings.watts == 8


@limits(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    given=st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("env", "file", "flag"), st.integers(1, 99))
    )
)
def test_the_strongest_that_is_given_holds(tmp_path: Path, given: dict[str, int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if "env" in given:
            patch.setenv("WENJU_WATTS", str(given["env"]))
        file = tmp_path / "a.toml"
        file.write_text(f"watts = {given['file']}" if "file" in given else "", "utf-8")
        found = configure(Lamp, flags={"watts": given.get("flag")}, config=file, others=())
    expected = next((given[place] for place in ("flag", "file", "env") if place in given), 40)
    assert found.settings.watts == expected
    assert (found.origins["watts"] == "default") is (given == {})


def test_the_file_is_named_by_a_flag_or_a_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wenju.toml").write_text("watts = 1", "utf-8")
    (tmp_path / "b.toml").write_text("\ufeffwatts = 2", "utf-8")
    (tmp_path / "c.toml").write_text("watts = 3", "utf-8")
    monkeypatch.setenv("WENJU_CONFIG", "b.toml")
    assert configure(Lamp, others=()).settings.watts == 2
    assert configure(Lamp, config=Path("c.toml"), others=()).settings.watts == 3
    assert (tmp_path / ".env").write_text("WENJU_COLOUR=red", "utf-8")
    assert configure(Lamp, others=()).settings.colour == "white"


@pytest.mark.parametrize(
    ("toml", "variables", "said", "hint"),
    [
        ("wats = 1", {}, "there is no setting wats in wenju.toml", "did you mean watts?"),
        ("", {"WENJU_WATS": "1"}, "there is no setting WENJU_WATS", "did you mean WENJU_WATTS?"),
        ("", {"wenju_watts": "x"}, "setting watts: ", "correct wenju_watts"),
        ("", {"WENJU_WATTS": "0"}, "setting watts: ", "correct WENJU_WATTS"),
        ("watts = 0", {"WENJU_WATTS": "1"}, "setting watts: ", "correct watts in wenju.toml"),
        ("", {"WENJU_WIRES": "a"}, "setting wires: not JSON", "correct WENJU_WIRES"),
        ("", {"WENJU_ZZZ": ""}, "there is no setting WENJU_ZZZ", "python -m service settings"),
        ("", {"WENJU_CONFIG": "d.toml"}, "d.toml: No such file", "--config"),
        ("config = 'a.toml'", {}, "there is no setting config in wenju.toml", ""),
        ("watts = ", {}, "wenju.toml: Invalid value (at", "port = 8080"),
        ("watts = 1\nwatts = 2", {}, "wenju.toml: Cannot overwrite", "port = 8080"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, toml: str, variables: dict[str, str],
    said: str, hint: str,
) -> None:  # fmt: skip
    (tmp_path / "wenju.toml").write_text(toml, "utf-8")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(InvalidRequest) as caught:
        configure(Lamp, others=())
    assert caught.value.message.startswith(said)
    assert hint in caught.value.hint


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "wenju.toml").write_bytes('colour = "红"'.encode("gb18030"))
    with pytest.raises(InvalidRequest, match=r"wenju\.toml: not UTF-8"):
        configure(Lamp, others=())


def test_what_another_program_reads_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENJU_PORT", "1")
    assert configure(Lamp, others=("port",)).settings.watts == 40
    assert configure(Lamp).settings.watts == 40
    with pytest.raises(InvalidRequest):
        configure(Lamp, others=())
    monkeypatch.setenv("WENJU_COLOURS", "1")
    with pytest.raises(InvalidRequest):
        configure(Lamp)


@pytest.mark.parametrize("name", sorted(ServiceSettings.model_fields))
def test_the_indexer_takes_no_setting_of_the_service_for_a_misspelt_one(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name not in IndexerSettings.model_fields:
        monkeypatch.setenv(f"WENJU_{name.upper()}", "1")
    configure(IndexerSettings)
