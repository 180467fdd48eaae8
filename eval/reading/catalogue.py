"""The measurements of reading: what each shows, what it needs and where it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from eval.reading.tables import Table
from eval.standing.catalogue import NEWS, Places

CMRC, DRCD = "cmrc2018-trial.json.xz", "drcd-dev.json.xz"


@dataclass(frozen=True, slots=True)
class Measurement:
    """`needs` are files of the data folder without which it can't be made."""

    name: str
    title: str
    about: str
    needs: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        return f"python -m eval reading {self.name}"

    def missing(self, places: Places) -> list[Path]:
        return [places.data / name for name in self.needs if not (places.data / name).exists()]

    def measure(self, places: Places) -> tuple[Table, ...]:
        """Raises: WenjuError."""
        module = import_module(f"eval.reading.{self.name}")
        return cast(Callable[[Places], tuple[Table, ...]], module.measure)(places)


CATALOGUE: tuple[Measurement, ...] = (
    Measurement(
        "encodings",
        "Encodings",
        "Texts of two encyclopaedia sets in each encoding, whole, cut and damaged.",
        (CMRC, DRCD),
    ),
    Measurement(
        "boilerplate",
        "What is not the document's own text",
        "Pages in the manner of government, university, hospital and news sites, labelled line by "
        "line, and the founding documents where they are at hand.",
    ),
    Measurement(
        "formats",
        "Formats",
        "One document, written by script in every format.",
    ),
    Measurement(
        "spelling",
        "Script and spelling",
        "Questions in the other script, and figures asked for in six spellings.",
        (CMRC, DRCD, NEWS),
    ),
    Measurement(
        "parts",
        "What each part of reading is worth",
        "The gold questions over `corpus/` and the founding documents, with one part of reading "
        "switched off at a time.",
    ),
    Measurement(
        "speed",
        "Speed",
        "Each reader beside the bare library that it rests on, in the same run, and the whole of "
        "reading beside the whole of indexing.",
        (NEWS,),
    ),
)

BY_NAME = {measurement.name: measurement for measurement in CATALOGUE}
