"""The filters of a question as conditions on the rows of documents. Knows no rows."""

import json
from collections.abc import Sequence
from datetime import date

from indexer.errors import InvalidRequest

_MAX_GLOB_CHARS = 1000


def conditions(
    source: str | None,
    date_from: str | None,
    date_to: str | None,
    ids: Sequence[str] | None = None,
    organisations: Sequence[str] | None = None,
    titled: str = "",
) -> tuple[str, dict[str, str]]:
    """The filters as SQL (beginning with AND) and its values. Raises: InvalidRequest."""
    clauses, values = [], {}
    if source is not None:
        clauses.append("source GLOB :source")
        # SQLite writes a negated set like a regex.
        values["source"] = short_glob("source", source).replace("[!", "[^")
    for name, operator, day in (("date_from", ">=", date_from), ("date_to", "<=", date_to)):
        if day is not None:
            clauses.append(f"date {operator} :{name}")
            values[name] = _iso_day(name, day)
    if ids is not None:
        # One value, however many there are: SQLite limits the variables of a statement.
        clauses.append("document_id IN (SELECT value FROM json_each(:ids))")
        values["ids"] = json.dumps(list(ids))
    if organisations is not None:
        clauses.append("organisation IN (SELECT value FROM json_each(:organisations))")
        values["organisations"] = json.dumps(list(organisations))
    if titled:
        clauses.append("instr(title, :titled) > 0")
        values["titled"] = titled
    return "".join(f" AND {clause}" for clause in clauses), values


def short_glob(name: str, pattern: str) -> str:
    if len(pattern) > _MAX_GLOB_CHARS:
        raise InvalidRequest(
            f"the {name} filter has {len(pattern)} characters, more than {_MAX_GLOB_CHARS}",
            hint="filter by a shorter pattern such as 2020/*",
        )
    return pattern


def _iso_day(name: str, day: str) -> str:
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise InvalidRequest(
            f"{name} is not a date: {day[:40]}", hint="write it as 2020-05-28"
        ) from error
