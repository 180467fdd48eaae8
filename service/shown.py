"""Settings and checks as text and as JSON, for the command line. Decides nothing."""

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from indexer.commands import as_typed, one_line
from indexer.configuration import Configured
from service.settings import Settings

if TYPE_CHECKING:
    from service.doctor import Check

_PASSWORD = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_MASK = "**********"


def settings_text(configured: Configured[Settings]) -> str:
    """A line each: name, value, where it is from, and the default where that is another."""
    rows = [
        (row["name"], _plain(row["value"]), row["from"], row["default"])
        for row in _settings(configured)
    ]
    name_width, value_width = (max(len(row[column]) for row in rows) for column in (0, 1))
    return "\n".join(
        f"{name:<{name_width}}  {value:<{value_width}}  {origin}"
        + ("" if origin == "default" else f" (default: {_plain(default)})")
        for name, value, origin, default in rows
    )


def settings_json(configured: Configured[Settings]) -> str:
    return json.dumps({"settings": _settings(configured)}, ensure_ascii=False, indent=2)


def _settings(configured: Configured[Settings]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "value": _masked(getattr(configured.settings, name)),
            "default": _masked(field.get_default(call_default_factory=True, validated_data={})),
            "from": configured.origins[name],
        }
        for name, field in Settings.model_fields.items()
    ]


def _masked(value: object) -> Any:
    """As JSON holds it, without what is secret: keys, and passwords in addresses."""
    match value:
        case SecretStr():
            return _MASK
        case None | bool() | int() | float():
            return value
        case dict():
            return {key: _masked(each) for key, each in value.items()}
        case tuple() | list():
            return [_masked(each) for each in value]
        case _:
            return _PASSWORD.sub(_MASK, str(value))


def _plain(value: object) -> str:
    if value is None or value in ([], {}):
        return "none"
    return one_line(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def checks_text(checks: Sequence["Check"]) -> str:
    """A line each: ok, warn or fail, what was looked at, what was found; below it the way out."""
    width = max(len(check.name) for check in checks)
    lines = []
    for check in checks:
        lines.append(one_line(f"{check.state:<4}  {check.name:<{width}}  {check.found}"))
        if check.hint:
            lines.append(one_line(f"{'':<{width + 6}}  {as_typed(check.hint)}"))
    return "\n".join(lines)


def checks_json(checks: Sequence["Check"]) -> str:
    rows = [
        {
            "name": check.name,
            "state": check.state,
            "found": check.found,
            "hint": as_typed(check.hint),
        }
        for check in checks
    ]
    return json.dumps({"checks": rows}, ensure_ascii=False, indent=2)
