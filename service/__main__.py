"""The command line: `python -m service` serves an index, `python -m service ask` asks it once.

Loads nothing heavy before it knows what to do.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from indexer.commands import told
from indexer.errors import InvalidRequest, WenjuError
from service.access import commands

if TYPE_CHECKING:
    from indexer.configuration import Configured
    from service.settings import Settings

app = typer.Typer(
    help="Ask an archive, get an answer with its proof. Without a command: serve it over HTTP.",
    add_completion=False,
    rich_markup_mode=None,  # plain help starts in half the time
    pretty_exceptions_enable=False,
)

Index = Annotated[
    Path | None, typer.Option("--index", help="The index folder.", show_default=".index")
]
Host = Annotated[
    str | None,
    typer.Option("--host", help="The address to listen at.", show_default="127.0.0.1"),
]
Port = Annotated[
    int | None, typer.Option("--port", help="The port; 0 takes a free one.", show_default="8080")
]
WithoutKeys = Annotated[
    bool | None,
    typer.Option("--without-keys", help="Let whoever reaches it read everything, at any address."),
]
AllowedHost = Annotated[
    list[str] | None,
    typer.Option(
        "--allowed-host",
        help="A further name that browsers reach it by. May be given several times.",
        metavar="NAME",
        show_default=False,
    ),
]
AllowedOrigin = Annotated[
    list[str] | None,
    typer.Option(
        "--allowed-origin",
        help="A site whose pages may use it, such as https://intranet.example. May be repeated.",
        metavar="ORIGIN",
        show_default=False,
    ),
]
Llm = Annotated[
    str | None,
    typer.Option(
        "--llm",
        help="extractive, local:NAME-OR-PATH or remote:URL#MODEL.",
        show_default="extractive",
    ),
]
Rerank = Annotated[
    str | None,
    typer.Option(
        "--rerank",
        help="Ranks the best passages again: builtin, or a cross-encoder st:NAME-OR-PATH.",
        show_default="none",
    ),
]
RefuseAt = Annotated[
    float | None,
    typer.Option(
        "--refuse-at",
        min=0.0,
        max=1.0,
        help="Refuse what is less likely right than this, from 0 to 1.",
    ),
]
EmbedderUrl = Annotated[
    str | None,
    typer.Option("--embedder-url", help="Where the index's remote embedder is reached now."),
]
LogFormat = Annotated[
    str | None,
    typer.Option(
        "--log-format", help="text or json: log a line a request.", show_default="warnings only"
    ),
]
Online = Annotated[bool | None, typer.Option("--online", help="Let models be looked up on a hub.")]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config", help="A TOML file of settings.", show_default="wenju.toml, if it is here"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    index: Index = None,
    host: Host = None,
    port: Port = None,
    without_keys: WithoutKeys = None,
    allowed_host: AllowedHost = None,
    allowed_origin: AllowedOrigin = None,
    llm: Llm = None,
    rerank: Rerank = None,
    refuse_at: RefuseAt = None,
    embedder_url: EmbedderUrl = None,
    online: Online = None,
    config: Config = None,
    log_format: LogFormat = None,
) -> None:
    """Serve the index over HTTP, with the page at `/`.

    Every option is also a WENJU_… variable and a line of wenju.toml; `settings` lists them all.
    """
    given = {
        "config": config,
        "index": index,
        "host": host,
        "port": port,
        "without_keys": without_keys,
        "allowed_hosts": allowed_host or None,
        "allowed_origins": allowed_origin or None,
        "llm": llm,
        "rerank": rerank,
        "refuse_at": refuse_at,
        "embedder_url": embedder_url,
        "online": online,
        "log_format": log_format,
    }
    context.obj = given
    if context.invoked_subcommand is not None:
        return
    try:
        from service.serve import run

        settings = load_settings(given)
        if config is not None:  # the indexer that the service starts reads it, too
            os.environ["WENJU_CONFIG"] = str(config)
        run(settings, may_be_empty=True)
    except WenjuError as error:
        fail(error)


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question.")],
    index: Index = None,
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="How many passages to use.")] = 8,
    source: Annotated[
        str | None, typer.Option("--source", help="Only documents whose path fits this glob.")
    ] = None,
    date_from: Annotated[
        str | None, typer.Option("--date-from", help="Such as 2020-05-28.")
    ] = None,
    date_to: Annotated[str | None, typer.Option("--date-to", help="Inclusive.")] = None,
    organisation: Annotated[
        str | None, typer.Option("--organisation", help="Only what this body published; a glob.")
    ] = None,
    llm: Llm = None,
    rerank: Rerank = None,
    refuse_at: RefuseAt = None,
    embedder_url: EmbedderUrl = None,
    online: Online = None,
    config: Config = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as POST /v1/ask does.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how the answer came about as well.")
    ] = False,
) -> None:
    """Ask one question; print the answer, its quotes and where they stand."""
    own = {
        "config": config,
        "index": index,
        "llm": llm,
        "rerank": rerank,
        "refuse_at": refuse_at,
        "embedder_url": embedder_url,
        "online": online,
    }
    try:
        from service.ask import answer_text
        from service.records import Filters

        typer.echo(
            answer_text(
                load_settings(context.obj, own),
                whole(question),
                k=k,
                filters=Filters(
                    source=source,
                    date_from=day(date_from),
                    date_to=day(date_to),
                    organisation=organisation,
                ),
                as_json=as_json,
                explain=explain,
            )
        )
    except WenjuError as error:
        fail(error)


app.add_typer(commands.keys, name="keys")
app.command()(commands.audit)


@app.command("settings")
def show_settings(context: typer.Context, config: Config = None, as_json: AsJson = False) -> None:
    """Every setting: its value, its default, and where the value comes from. Secrets are masked."""
    try:
        from service.shown import settings_json, settings_text

        found = configured(context.obj, {"config": config})
        typer.echo(settings_json(found) if as_json else settings_text(found))
    except WenjuError as error:
        fail(error)


@app.command()
def doctor(
    context: typer.Context,
    index: Index = None,
    host: Host = None,
    port: Port = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Check what the service needs, and say what mends it. Exit status 1 if something fails."""
    own = {"config": config, "index": index, "host": host, "port": port}
    try:
        from service.doctor import State, examine
        from service.shown import checks_json, checks_text

        checks = examine(load_settings(context.obj, own))
    except WenjuError as error:
        fail(error)
    typer.echo(checks_json(checks) if as_json else checks_text(checks))
    if any(check.state is State.FAIL for check in checks):
        raise typer.Exit(1)


def load_settings(*given: dict[str, Any]) -> "Settings":
    """What `configured` finds, without where it came from."""
    return configured(*given).settings


def configured(*given: dict[str, Any]) -> "Configured[Settings]":
    """Settings from flags, later ones over earlier ones, and from where else they come.

    Raises: InvalidRequest naming a wrong one.
    """
    from indexer.configuration import configure
    from indexer.settings import Settings as IndexerSettings
    from service.settings import Settings

    flags = {name: value for each in given for name, value in each.items() if value is not None}
    config = flags.pop("config", None)
    return configure(Settings, flags=flags, config=config, others=IndexerSettings.model_fields)


def whole(text: str) -> str:
    """Refuse an argument that was not UTF-8."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidRequest("the question is not UTF-8", hint="check the terminal's encoding")
    return text


def day(text: str | None) -> str | None:
    """Check an ISO date, or pass None on."""
    from datetime import date

    try:
        if text is None or date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise InvalidRequest(f"{text!r} is no date", hint="write a date such as 2020-05-28")


def fail(error: WenjuError) -> NoReturn:
    """One line on standard error, and a status that says so."""
    typer.echo(told(error), err=True)
    raise typer.Exit(1)


def main(program: str = "python -m service") -> None:
    app(prog_name=program)


if __name__ == "__main__":
    main()
