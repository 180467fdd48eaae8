"""What the tests of imports share: the command line, and what a refused import leaves."""

from pathlib import Path

from typer.testing import CliRunner, Result

from eval.__main__ import app

RUN = CliRunner()


def call(*arguments: object) -> Result:
    return RUN.invoke(app, ["import", *map(str, arguments)], catch_exceptions=False)


def refused(folder: Path, *arguments: object) -> str:
    """What a refused import says. It leaves nothing behind but what was there."""
    before = sorted(folder.rglob("*"))
    done = call(*arguments)
    assert done.exit_code == 1, done.output
    assert sorted(folder.rglob("*")) == before
    return done.stderr
