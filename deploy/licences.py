"""What runs with Wenju and under which licence, out of the packages' own metadata:
`python deploy/licences.py > docs/licences.md`, or `make licences`.

Listed is what the core and the extras `models`, `ocr` and `mcp` bring, as far as it is installed
here. Exit status 1 if a licence is unknown, or is none of those under which it may be used and
passed on beside code of any other licence.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("models", "ocr", "mcp")
UNKNOWN = "unknown"
# SPDX names. Of these MPL-2.0 and LGPL ask that changes to their own files stay open.
USABLE = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "CNRI-Python"}
    | {"ISC", "LGPL-2.1-or-later", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib"}
)
# The same as packages say it without SPDX, in lower case and without `_NOISE`.
_SPOKEN = frozenset(
    {"2-clause bsd", "3-clause bsd", "bsd", "bsd 2-clause", "apache", "apache 2.0", "isc (iscl)"}
    | {"apache version 2.0", "isc", "mit", "mozilla public 2.0 (mpl 2.0)"}
    | {"dependency"}  # beside others: those of what a wheel holds in binary form
)
_NOISE = re.compile(r"\b(?:the|licen[cs]es?|software)\b|,")
_LONGEST_NAME = 100  # beyond it the field holds a licence's whole text


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    version: str
    licence: str


def installed(requirements: list[str]) -> list[Package]:
    """Everything that requirements bring, by name; what is not installed here is left out."""
    found: dict[str, Package] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement(each) for each in requirements]
    while waiting:
        wanted = waiting.pop()
        key = (canonicalize_name(wanted.name), frozenset(wanted.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            there = distribution(wanted.name)
        except PackageNotFoundError:
            continue
        found[key[0]] = Package(key[0], there.version, licence_of(there))
        waiting += _needed(there, wanted.extras)
    return [found[name] for name in sorted(found)]


def _needed(there: Distribution, extras: set[str]) -> Iterator[Requirement]:
    for line in there.requires or []:
        needed = Requirement(line)
        if needed.marker is None or any(
            needed.marker.evaluate({"extra": extra}) for extra in ("", *extras)
        ):
            yield needed


def licence_of(there: Distribution) -> str:
    """As the metadata says it: by an SPDX expression, by a name, or by classifiers."""
    metadata = there.metadata
    expression = metadata.get("License-Expression")
    if expression:
        return str(expression)
    classifiers = [
        line.rpartition("::")[2].strip()
        for line in metadata.get_all("Classifier") or []
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    stated = (metadata.get("License") or "").strip()
    if stated and len(stated) <= _LONGEST_NAME and "\n" not in stated:
        return stated
    return " AND ".join(classifiers) or UNKNOWN


def is_usable(licence: str) -> bool:
    """Whether every part that is joined by AND, and one of each joined by OR, is in `USABLE`."""
    parts = re.split(r" AND (?![^()]*\))", licence)
    return all(any(map(_is_known, part.strip("()").split(" OR "))) for part in parts) or (
        "," in licence and all(map(_is_known, licence.split(",")))
    )


def _is_known(name: str) -> bool:
    name = name.strip().partition(" WITH ")[0]  # an exception only ever allows more
    if name in USABLE:
        return True
    plain = " ".join(_NOISE.sub(" ", name.lower()).split())
    return plain in _SPOKEN


def required() -> list[str]:
    """What pyproject.toml asks for at run time."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    return [*project["dependencies"], *(each for name in EXTRAS for each in extras[name])]


def page(packages: list[Package]) -> str:
    rows = [f"| {each.name} | {each.version} | {each.licence} |" for each in packages]
    return "\n".join(
        [
            "# Licences of what runs with it",
            "",
            "Made by `make licences` out of the packages' own metadata: the core and the extras",
            "`models`, `ocr` and `mcp`. Wenju itself is under Apache-2.0.",
            "",
            "| package | version | licence |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )


def main() -> int:
    packages = installed(required())
    print(page(packages), end="")
    bad = [each for each in packages if not is_usable(each.licence)]
    for each in bad:
        print(f"error: {each.name} {each.version}: {each.licence}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
