"""The command line: `python -m service` serves an index, `python -m service ask` asks it once.

Loads nothing heavy before it knows what to do.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from indexer.commands import one_line
from indexer.errors import InvalidRequest, WenjuError
from service.access import commands

if TYPE_CHECKING:
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
    str | None, typer.Option("--host", help="Where to listen.", show_default="127.0.0.1")
]
Port = Annotated[
    int | None, typer.Option("--port", help="0 takes a free one.", show_default="8080")
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
Online = Annotated[bool | None, typer.Option("--online", help="Let models be looked up on a hub.")]


@app.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    index: Index = None,
    host: Annotated[
        str | None,
        typer.Option("--host", help="The address to listen at.", show_default="127.0.0.1"),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", help="The port; 0 takes a free one.", show_default="8080"),
    ] = None,
    llm: Llm = None,
    rerank: Rerank = None,
    refuse_at: RefuseAt = None,
    embedder_url: EmbedderUrl = None,
    online: Online = None,
) -> None:
    """Serve the index over HTTP, with the page at `/`. Every option is also a WENJU_… variable."""
    given = {
        "index": index,
        "host": host,
        "port": port,
        "llm": llm,
        "rerank": rerank,
        "refuse_at": refuse_at,
        "embedder_url": embedder_url,
        "online": online,
    }
    context.obj = given
    if context.invoked_subcommand is not None:
        return
    try:
        from service.serve import run

        run(load_settings(given))
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
    as_json: Annotated[bool, typer.Option("--json", help="Print as POST /v1/ask does.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how the answer came about as well.")
    ] = False,
) -> None:
    """Ask one question; print the answer, its quotes and where they stand."""
    own = {
        "index": index,
        "llm": llm,
        "rerank": rerank,
        "refuse_at": refuse_at,
        "embedder_url": embedder_url,
        "online": online,
    }
    given = context.obj | {name: value for name, value in own.items() if value is not None}
    try:
        from service.ask import answer_text
        from service.records import Filters

        typer.echo(
            answer_text(
                load_settings(given),
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


def load_settings(given: dict[str, Any]) -> "Settings":
    """Settings from the command line, then WENJU_…. Raises: InvalidRequest naming a wrong one."""
    from pydantic import ValidationError

    from service.settings import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        raise InvalidRequest(
            f"setting {name}: {first['msg']}",
            hint=f"correct --{name.replace('_', '-')} or WENJU_{name.upper()}",
        ) from None


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
    typer.echo(one_line(f"error: {error.message} (hint: {error.hint})"), err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app(prog_name="python -m service")
