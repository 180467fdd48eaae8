"""`python -m indexer build | update | remove | …`. Knows words and exit codes only.

Everything heavy is imported inside the commands: `--help` loads no model and no engine.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from indexer.commands import as_typed, told
from indexer.errors import WenjuError

if TYPE_CHECKING:
    from indexer.report import BuildReport
    from indexer.settings import Settings

_EXIT_ERROR = 1
_EXIT_SOME_UNREADABLE = 3

_HELP = """Make and keep an index of a folder of documents.

Exit status: 0 all well; 1 an error, and the index is as it was before unless the message says
otherwise; 2 wrong usage; 3 done, but some files could not be read (they are listed with the
reason). Files of other formats, hidden files and those named in a .wenjuignore do not change the
status.
"""

app = typer.Typer(help=_HELP, add_completion=False, no_args_is_help=True)

IndexDir = Annotated[Path, typer.Option("--index", help="The index folder.", metavar="DIR")]
MaxFileMb = Annotated[
    int | None,
    typer.Option(help="Leave larger files out.", min=1, show_default="64, or WENJU_MAX_FILE_MB"),
]
Config = Annotated[
    Path | None,
    typer.Option(help="A TOML file of settings.", show_default="wenju.toml, if it is here"),
]
Kept = Annotated[
    list[str] | None,
    typer.Option(
        help="Leave no navigation, footers and the like out of files whose path or name this "
        "matches, such as 'forms/*'. May be given several times; update goes by it too.",
        metavar="GLOB",
        show_default=False,
    ),
]

EmbedderName = Annotated[
    str | None,
    typer.Option(
        help="auto, builtin, e5, st:NAME-OR-PATH or remote:URL#MODEL. auto is e5, which "
        "understands more and takes longer, for a small archive, else builtin.",
        show_default="auto, or WENJU_EMBEDDER",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        help="Processes that read and cut files.",
        min=1,
        max=256,
        show_default="one a core, where there are many files",
    ),
]


@app.command()
def build(
    paths: Annotated[list[Path], typer.Argument(help="Folders and files to index.")],
    index: IndexDir,
    embedder: EmbedderName = None,
    max_file_mb: MaxFileMb = None,
    chunk_chars: Annotated[
        int | None,
        typer.Option(
            help="The longest passage, in characters.",
            min=50,
            max=20_000,
            show_default="320, or WENJU_CHUNK_CHARS",
        ),
    ] = None,
    overlap: Annotated[
        int | None,
        typer.Option(
            help="Characters, in whole sentences, that begin the next passage again.",
            min=0,
            max=5_000,
            show_default="0, or WENJU_CHUNK_OVERLAP",
        ),
    ] = None,
    keep_boilerplate: Kept = None,
    jobs: Jobs = None,
    config: Config = None,
) -> None:
    """Make the index from nothing; one that is there serves until the new one is whole."""
    from indexer import pipeline
    from indexer.chunk import Cutting
    from indexer.embed.load import load_configured

    settings = _settings(config)
    options = pipeline.BuildOptions(
        max_file_bytes=(max_file_mb or settings.max_file_mb) * 2**20,
        cutting=Cutting(
            max_chars=chunk_chars or settings.chunk_chars,
            overlap_chars=settings.chunk_overlap if overlap is None else overlap,
        ),
        kept=tuple(keep_boilerplate or ()),
        jobs=jobs,
    )
    name, remark = _chosen(embedder or settings.embedder, paths, options.max_file_bytes)
    model = load_configured(name, settings)
    from indexer import show

    with show.progress_bar("indexing") as progress:
        report = pipeline.build(paths, index, model, options, progress)
    _end(report, remark)


@app.command()
def update(
    index: IndexDir,
    within: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Look at these files and folders alone, which may be gone by now.",
            metavar="PATH",
        ),
    ] = None,
    max_file_mb: MaxFileMb = None,
    check_content: Annotated[
        bool,
        typer.Option(
            "--check-content",
            help="Read every file and compare its digest, also where size and time are the same.",
        ),
    ] = False,
    jobs: Jobs = None,
    config: Config = None,
) -> None:
    """Look at the indexed folders again and read only what has changed."""
    from indexer import pipeline, show
    from indexer.embed.load import load_configured
    from indexer.index.folder import IndexFolder

    settings = _settings(config)
    folder = IndexFolder(index)
    name = folder.manifest(folder.pointer()).embedder.name
    model = load_configured(name, settings)
    limit = max_file_mb * 2**20 if max_file_mb else None
    with show.progress_bar("updating") as progress:
        report = pipeline.update(
            index,
            model,
            limit,
            progress,
            checks_content=check_content,
            within=within or (),
            jobs=jobs,
        )
    _end(report)


@app.command()
def remove(
    documents: Annotated[list[str], typer.Argument(help="Sources or ids.", metavar="SOURCE_OR_ID")],
    index: IndexDir,
) -> None:
    """Take documents out, from the next question on. `update` does not bring them back.

    `compact` erases their texts from the disk.
    """
    from indexer import pipeline

    for source in pipeline.remove(index, documents):
        typer.echo(f"removed {source}")


@app.command()
def inspect(
    index: IndexDir,
    document: Annotated[
        str | None, typer.Argument(help="A source or id.", metavar="SOURCE_OR_ID")
    ] = None,
) -> None:
    """Show what an index holds, or one document with headings, passages and what is left out."""
    from indexer import show
    from indexer.index.store import open_index

    reader = open_index(index)
    try:
        if document is None:
            show.index_summary(reader)
        else:
            show.document_details(reader, reader.find_id(document))
    finally:
        reader.close()


@app.command()
def verify(index: IndexDir) -> None:
    """Check every file, the database, and that all parts agree on every passage."""
    from indexer.index.verify import verify_index

    report = verify_index(index)
    for problem in report.problems:
        typer.echo(problem)
    counts = report.counts
    typer.echo(
        f"{report.generation}: {counts.documents} documents, {counts.passages} passages, "
        f"{counts.characters} characters: {'damaged' if report.problems else 'all well'}"
    )
    if report.problems:
        typer.echo(as_typed(f"to mend it, {report.hint}"), err=True)
        raise typer.Exit(_EXIT_ERROR)


@app.command()
def rebuild(
    index: IndexDir,
    embedder: Annotated[
        str | None,
        typer.Option(
            help="builtin, st:NAME-OR-PATH or remote:URL#MODEL.", show_default="the one before"
        ),
    ] = None,
    config: Config = None,
) -> None:
    """Make terms and vectors again out of the database, without the files; mends all but it."""
    from indexer import show, upkeep
    from indexer.embed.load import load_configured

    settings = _settings(config)
    with show.progress_bar("rebuilding") as progress:
        report = upkeep.rebuild(
            index, lambda name: load_configured(embedder or name, settings), progress
        )
    _end(report)


@app.command()
def compact(index: IndexDir) -> None:
    """Erase what was removed from the disk for good, and give its room back."""
    from indexer import show, upkeep

    with show.progress_bar("compacting") as progress:
        report = upkeep.compact(index, progress)
    _end(report)


@app.command()
def snapshot(
    target: Annotated[Path, typer.Argument(help="A new folder.")],
    index: IndexDir,
    links: Annotated[
        bool, typer.Option("--links", help="Hard links, on the same disk, instead of copies.")
    ] = False,
) -> None:
    """Back up an index while it is used. The copy is an index that can be opened as it is."""
    from indexer.index.backups import snapshot as take

    manifest = take(index, target, links=links)
    typer.echo(f"{target}: {manifest.generation}, {manifest.counts.documents} documents")


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A snapshot.", metavar="SNAPSHOT")],
    index: IndexDir,
) -> None:
    """Put a snapshot in force again. What was removed since then stays removed."""
    from indexer.index.backups import restore as put_back

    manifest, notes = put_back(source, index)
    typer.echo(f"{index}: {manifest.generation}, {manifest.counts.documents} documents")
    for note in notes:
        typer.echo(f"note: {note}")


def _settings(config: Path | None) -> Settings:
    from indexer.configuration import configure
    from indexer.settings import Settings

    return configure(Settings, config=config).settings


def _chosen(name: str, paths: list[Path], max_file_bytes: int) -> tuple[str, str]:
    """The embedder's name, and where its user left the choice what is to be said of it."""
    from indexer.by_size import AUTO, embedder_for

    if name != AUTO:
        return name, ""
    name = embedder_for(paths, max_file_bytes)
    return name, f"embedder    {name}, for a {'small' if name == 'e5' else 'large'} archive"


def _end(report: BuildReport, remark: str = "") -> None:
    from indexer import show

    show.build_report(report)
    if remark:
        typer.echo(remark)
    if report.unreadable:
        raise typer.Exit(_EXIT_SOME_UNREADABLE)


def main(program: str = "python -m indexer") -> None:
    """The command line, with every error of ours as one line on stderr."""
    try:
        app(prog_name=program)
    except WenjuError as error:
        typer.echo(told(error), err=True)
        sys.exit(_EXIT_ERROR)


if __name__ == "__main__":
    main()
