"""`wenju index | serve | ask | …`: the command lines of our packages as one installed command.

`indexer`, `service` and `eval` are names that other packages have as well. An install keeps ours
inside this package, a checkout beside it; from wherever they are, they go first on the path.
"""

import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, NoReturn, cast

HERE = Path(__file__).resolve().parent


class Command(NamedTuple):
    package: str
    words: tuple[str, ...]  # what the package's own command line is told first
    does: str


COMMANDS = {
    "index": Command("indexer", (), "make and keep an index of a folder of documents"),
    "serve": Command("service", (), "serve an index over HTTP, with a page"),
    "ask": Command("service", ("ask",), "ask one question on the command line"),
    "settings": Command("service", ("settings",), "what is set, to what, and from where"),
    "doctor": Command(
        "service", ("doctor",), "check what the service needs, and say what mends it"
    ),
    "keys": Command("service", ("keys",), "make, list and revoke API keys"),
    "audit": Command("service", ("audit",), "who did what, from the audit log"),
    "eval": Command("eval", (), "measure answers against questions with known answers"),
}


def main() -> None:
    """Run one command. Exit status: the command's own; 2 for a word that is none."""
    words = sys.argv[1:]
    if not words or words[0] in ("--help", "-h", "help"):
        sys.stdout.write(usage())
        sys.exit(0 if words else 2)
    if words[0] == "--version":
        from importlib.metadata import version

        sys.stdout.write(f"wenju {version('wenju')}\n")
        return
    command = COMMANDS.get(words[0])
    if command is None:
        fail(f"no command {words[0]!r}{nearest(words[0])}", "wenju --help lists them", status=2)
    entry = entry_of(command.package)
    sys.argv[1:] = [*command.words, *words[1:]]
    entry(f"wenju {words[0]}" if not command.words else "wenju")


def usage() -> str:
    listed = "".join(f"  {name:<10}{command.does}\n" for name, command in COMMANDS.items())
    return (
        "Usage: wenju COMMAND …\n\n"
        "Ask an archive, get an answer with its proof.\n\n"
        f"{listed}\n"
        "wenju COMMAND --help says more. First: wenju index build FOLDER --index .index\n"
    )


def nearest(word: str) -> str:
    from difflib import get_close_matches

    found = get_close_matches(word, COMMANDS, 1)
    return f"; did you mean {found[0]!r}?" if found else ""


def entry_of(package: str) -> Callable[[str], None]:
    """A package's command line, to be called with the name that it goes by in its messages."""
    for home in (HERE, HERE.parent):
        if (home / package / "__main__.py").is_file():
            break
    else:
        fail(f"{package} is no part of this installation", "install all of wenju")
    # First, before any package of the same name; and so for the processes that ours start.
    sys.path.insert(0, str(home))
    inherited = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(home), *([inherited] if inherited else [])])
    return cast(Callable[[str], None], import_module(f"{package}.__main__").main)


def fail(message: str, hint: str, status: int = 1) -> NoReturn:
    sys.stderr.write(f"error: {message} (hint: {hint})\n")
    sys.exit(status)
