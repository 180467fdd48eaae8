"""The command line of the evaluation: one app, its commands in `eval/commands/`.

Exit status: 0 done (for `check`: nothing wrong), 1 an error, `check` found problems or `gate` that
a figure fell, 2 a wrong option, 3 the run is complete but questions crashed, 130 interrupted.
"""

import typer

from eval.commands import (
    ablation,
    comparing,
    gold,
    guard,
    reading,
    refusals,
    report,
    runs,
    sets,
    standing,
)

app = typer.Typer(
    help="Measure search, answers, citations and refusals against gold questions.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for group in (runs, report, comparing, ablation, gold, sets, refusals, standing, reading, guard):
    group.register(app)


def main(program: str = "python -m eval") -> None:
    app(prog_name=program)


if __name__ == "__main__":
    main()
