"""Settings from variables, a TOML file and flags: what holds, and where it came from.

In order of strength upwards. Knows no setting; a class of settings is handed in. A name that no
program of ours reads is an error wherever it stands: what was meant would silently not hold.
"""

import os
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsError

from indexer.errors import InvalidRequest

PREFIX = "WENJU_"
FILE = Path("wenju.toml")  # read from the working folder where there is one
DEFAULT = "default"
_NAMES_THE_FILE = "config"
_LIKE = 0.8  # difflib's ratio from which a name is taken for a misspelt one

Kind = TypeVar("Kind", bound=BaseSettings)


@dataclass(frozen=True, slots=True)
class Configured(Generic[Kind]):
    """Settings, and for each name where its value came from: a flag, a file, a variable."""

    settings: Kind
    origins: Mapping[str, str]


def configure(
    kind: type[Kind],
    *,
    flags: Mapping[str, Any] | None = None,
    config: Path | None = None,
    others: Collection[str] | None = None,
) -> Configured[Kind]:
    """Make settings of a kind. A flag that is None was not given.

    `others` are the names that other programs read from the same places. Without them only what
    resembles a setting of this kind can be told to be misspelt. Raises: InvalidRequest, naming the
    setting, where it stands, and the nearest known name.
    """
    names = list(kind.model_fields)
    flagged = {name: value for name, value in (flags or {}).items() if value is not None}
    variables = {
        name[len(PREFIX) :].lower(): name for name in os.environ if name.upper().startswith(PREFIX)
    }
    path = config or _named_by(variables)
    filed = _read(path or FILE) if path or FILE.is_file() else {}
    _check_names(variables, PREFIX, "", names, others)
    _check_names(dict.fromkeys(filed), "", f" in {path or FILE}", names, others)
    origins = dict.fromkeys(names, DEFAULT)
    origins |= {name: told for name, told in variables.items() if name in origins}
    origins |= {name: f"{path or FILE}" for name in filed if name in origins}
    origins |= {name: f"--{name.replace('_', '-')}" for name in flagged}
    own = {name: value for name, value in filed.items() if name in origins}
    try:
        return Configured(kind(**(own | flagged)), origins)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        message = f"setting {'.'.join(map(str, first['loc']))}: {first['msg']}"
    except SettingsError as error:  # a variable that should hold JSON
        name = next((name for name in names if f'"{name}"' in str(error)), "settings")
        message = f'setting {name}: not JSON, such as {{"a": "b"}}'
    where = origins.get(name, DEFAULT)
    place = f"{name} in {where}" if name in own and name not in flagged else where
    raise InvalidRequest(message, hint=f"correct {place}")


def _named_by(variables: Mapping[str, str]) -> Path | None:
    value = os.environ.get(variables.get(_NAMES_THE_FILE, ""), "")
    return Path(value) if value else None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        why = error.strerror or str(error)
        hint = "give a file with --config or WENJU_CONFIG"
    except UnicodeDecodeError:
        why, hint = "not UTF-8", "save it as UTF-8"
    except tomllib.TOMLDecodeError as error:
        why, hint = str(error), 'write lines such as port = 8080 or llm = "extractive"'
    raise InvalidRequest(f"{path}: {why}", hint=hint)


def _check_names(
    found: Mapping[str, str | None],
    prefix: str,
    where: str,
    names: Collection[str],
    others: Collection[str] | None,
) -> None:
    """`found`: names, each with how it is spelt where it stands if that differs."""
    known = {*names, *(others or ()), *([_NAMES_THE_FILE] if prefix else [])}
    for name, spelt in found.items():
        if name in known:
            continue
        near = get_close_matches(name, sorted(known), 1, _LIKE if others is None else 0.5)
        if others is None and not near:
            continue  # another program's
        meant = f"{prefix}{near[0].upper() if prefix else near[0]}" if near else ""
        raise InvalidRequest(
            f"there is no setting {spelt or name}{where}",
            hint=f"did you mean {meant}?" if meant else "python -m service settings lists them",
        )
