"""A process that builds or serves without one part. Started by `ablate.py`, never by users.

python -m eval.ablation.child --without PART --build FOLDER --index DIR
python -m eval.ablation.child --without PART --index DIR --host HOST --port PORT
"""

from __future__ import annotations

from argparse import ArgumentParser
from functools import partial
from pathlib import Path

from eval.ablation.parts import Variant, variant_of


def main() -> None:
    options = ArgumentParser()
    options.add_argument("--without", required=True)
    options.add_argument("--index", type=Path, required=True)
    options.add_argument("--build", type=Path)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=0)
    given = options.parse_args()
    variant = variant_of(given.without)
    variant.prepare()
    if given.build is not None:
        _build(variant, given.build, given.index)
    else:
        _serve(variant, given.index, given.host, given.port)


def _build(variant: Variant, folder: Path, index: Path) -> None:
    from indexer.embed.load import load_embedder
    from indexer.pipeline import build

    build([folder], index, load_embedder("builtin"), variant.build_options())


def _serve(variant: Variant, index: Path, host: str, port: int) -> None:
    from eval.ablation.careless import Careless
    from service.archive import Archive
    from service.serve import run
    from service.settings import Settings

    settings = Settings(index=index, host=host, port=port)
    opened = partial(
        Archive.open,
        index,
        settings,
        parts=variant.service_parts(),
        model=Careless() if variant.is_careless else None,
    )
    run(settings, opened)


if __name__ == "__main__":
    main()
