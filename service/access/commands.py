"""The commands that make, list and revoke API keys, and print the audit log.

Loads nothing heavy before it knows what to do.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from indexer.commands import one_line, told
from indexer.errors import InvalidRequest, WenjuError
from service.access.principal import Role

if TYPE_CHECKING:
    from service.access.audit import Entry
    from service.access.keys import Key
    from service.settings import Settings

keys = typer.Typer(help="API keys: who may use the service, and for what.", no_args_is_help=True)

State = Annotated[
    Path | None,
    typer.Option("--state", help="The service's state folder.", show_default=".wenju"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@keys.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Whose key it is: a person or a program.")],
    role: Annotated[
        Role,
        typer.Option(
            "--role",
            help="reader asks and reads; editor also uploads and deletes; admin also sees metrics "
            "and the audit log.",
        ),
    ],
    collection: Annotated[
        list[str] | None,
        typer.Option("--collection", help="One that it may see, and no other; may be repeated."),
    ] = None,
    expires: Annotated[
        str | None, typer.Option("--expires", help="The last day that it is good: 2027-01-31.")
    ] = None,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and show it, this once. Once there is one, the service asks everybody for one."""
    with _errors_told():
        settings = _settings(context, state)
        unknown = sorted(set(collection or ()) - settings.all_collections.keys())
        if unknown:
            typer.echo(
                one_line(
                    f"note: no collection is named {', '.join(unknown)} in these settings; "
                    f"there are: {', '.join(settings.all_collections)}"
                ),
                err=True,
            )
        key, text = _store(settings).add(
            name,
            role,
            now=datetime.now(UTC),
            collections=frozenset(collection) if collection else None,
            expires_at=None if expires is None else _end_of(expires),
        )
    if as_json:
        typer.echo(json.dumps(_shown(key) | {"key": text}, ensure_ascii=False))
        return
    typer.echo(text)
    typer.echo(
        one_line(f"key {key.key_id} of {key.name} ({key.role}): it is not shown again"), err=True
    )


@keys.command("list")
def list_keys(context: typer.Context, state: State = None, as_json: AsJson = False) -> None:
    """List every key ever made, without what would let anybody in."""
    with _errors_told():
        found = [_shown(key) for key in _store(_settings(context, state)).all()]
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for each in found:
        seen = ", ".join(each["collections"]) if each["collections"] is not None else "all"
        until = f", until {each['expires_at']}" if each["expires_at"] else ""
        typer.echo(
            one_line(
                f"{each['key_id']}  {each['state']:<7}  {each['role']:<6}  {each['name']}  "
                f"(collections: {seen}; made {each['created_at']}{until})"
            )
        )
    if not found:
        typer.echo("no keys: the service is open to this machine, and to no other", err=True)


@keys.command()
def revoke(
    context: typer.Context,
    id_or_name: Annotated[str, typer.Argument(help="The key's id, or its name.")],
    state: State = None,
) -> None:
    """Refuse a key from the next request on, in a running service too."""
    with _errors_told():
        key = _store(_settings(context, state)).revoke(id_or_name, now=datetime.now(UTC))
    typer.echo(one_line(f"revoked: key {key.key_id} of {key.name}"), err=True)


def audit(
    context: typer.Context,
    since: Annotated[
        str | None, typer.Option("--since", help="2026-11-27, 2026-11-27T08:30, or 24h, 7d ago.")
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", help="Only what the key of this id or name did.")
    ] = None,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Print the audit log: who did what, when, from where."""
    with _errors_told():
        from service.access.audit import moment_text, read_audit

        begin = "" if since is None else moment_text(since, datetime.now(UTC))
        damaged = 0
        try:
            for entry in read_audit(_settings(context, state).state):
                if entry is None:
                    damaged += 1
                elif entry.at >= begin and (key is None or key in (entry.key, entry.name)):
                    typer.echo(_line(entry, as_json))
        except OSError as error:
            raise InvalidRequest(
                f"the audit log can't be read: {error.strerror}",
                hint="check --state and its rights",
            ) from error
    if damaged:
        typer.echo(f"note: {damaged} damaged lines were left out", err=True)


@contextmanager
def _errors_told() -> Iterator[None]:
    """An error leaves as one line on standard error and the status 1."""
    try:
        yield
    except WenjuError as error:
        typer.echo(told(error), err=True)
        raise typer.Exit(1) from None


def _settings(context: typer.Context, state: Path | None) -> "Settings":
    from service.__main__ import load_settings

    return load_settings((context.obj or {}) | ({} if state is None else {"state": state}))


def _store(settings: "Settings") -> Any:
    from service.access.keys import KeyStore

    return KeyStore(settings.state)


def _end_of(day: str) -> datetime:
    """The end of an ISO day, here. Raises: InvalidRequest."""
    try:
        last = date.fromisoformat(day)
        return datetime.combine(last + timedelta(days=1), time.min).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidRequest(
            f"{day!r} is no date", hint="write a date such as 2027-01-31"
        ) from None


def _shown(key: "Key") -> dict[str, Any]:
    def moment(at: datetime | None) -> str | None:
        return None if at is None else at.astimezone().isoformat(timespec="seconds")

    return {
        "key_id": key.key_id,
        "name": key.name,
        "role": key.role.value,
        "collections": None if key.collections is None else sorted(key.collections),
        "state": key.state(datetime.now(UTC)),
        "created_at": moment(key.created_at),
        "expires_at": moment(key.expires_at),
        "revoked_at": moment(key.revoked_at),
    }


def _line(entry: "Entry", as_json: bool) -> str:
    from dataclasses import asdict

    if as_json:
        return json.dumps(asdict(entry))
    who = f"{entry.name} ({entry.key})" if entry.key else "-"
    when = datetime.fromisoformat(entry.at).astimezone().isoformat(timespec="seconds")
    documents = f" [{', '.join(entry.documents)}]" if entry.documents else ""
    asked = f" “{entry.question}”" if entry.question is not None else ""
    return one_line(
        f"{when}  {entry.peer or '-'}  {who}  {entry.method} {entry.route}  "
        f"{entry.collection or '-'}  {entry.status or 'left'}{documents}{asked}"
    )
