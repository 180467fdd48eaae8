"""The parts that can be left out, and how: one table. Knows the seams of indexer and service.

Most are arguments. The two text rules run through everything; for them the process that builds and
serves replaces the rule itself, and no other process ever sees that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from indexer.errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.pipeline import BuildOptions
    from service.answer.guard.records import Source, Verdict
    from service.answer.read.passage_reader import PassageRead
    from service.parts import Parts

EVERYTHING = "nothing"
CARELESS = "careless"


# Rules that an index was made by as well.
_OF_TEXT = ("script_folding", "number_forms", "gaps", "variants", "repetition")


@dataclass(frozen=True, slots=True)
class Variant:
    """A service without one part. `prepare` changes text rules, in the variant's own process."""

    name: str
    what: str
    base: str = EVERYTHING  # which variant it is compared with
    build: dict[str, Any] = field(default_factory=dict)
    cutting: dict[str, Any] = field(default_factory=dict)
    parts: Callable[[], dict[str, Any]] = dict
    prepare: Callable[[], None] = lambda: None
    is_careless: bool = False
    is_ablation: bool = True

    @property
    def own_index(self) -> bool:
        """Whether what is left out is left out of the index as well."""
        return bool(self.build or self.cutting) or self.name in _OF_TEXT

    def build_options(self) -> BuildOptions:
        from indexer.chunk import Cutting
        from indexer.pipeline import BuildOptions

        return BuildOptions(cutting=Cutting(**self.cutting), **self.build)

    def service_parts(self) -> Parts:
        from service.parts import Parts

        return Parts(**self.parts())


class OverlapOnly:
    """Stands in for the reader: the share of the question's character pairs, and no doubts."""

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[PassageRead]:
        import numpy as np

        from indexer.text.normalise import fold
        from service.answer.read.passage_reader import PassageRead
        from service.answer.read.sentence import bigrams

        asked = bigrams(fold(question))
        reads = []
        for _, text in passages:
            places = np.arange(len(text))
            shared = [fold(text[at : at + 2]) in asked for at in places]
            evidence = np.asarray(shared, dtype=np.float32)
            reads.append(PassageRead(0.999, places, places + 1, evidence, ()))
        return reads


def _nobody() -> None:
    return None


def _anything_goes(_sentence: str, _sources: Sequence[Source]) -> Verdict:
    from service.answer.guard.records import Verdict
    from service.records import Support

    return Verdict(Support.VERIFIED, ())


def _keep_script() -> None:
    _replace("indexer.text.normalise", "_fold_script", lambda text: text)


def _keep_numbers() -> None:
    _replace("indexer.text.segment", "find_numbers", lambda _: [])
    _replace("indexer.analysis", "find_numbers", lambda _: [])
    _replace("service.answer.read.sentence", "find_numbers", lambda _: [])
    _replace("service.retrieve.search", "find_numbers", lambda _: [])
    _replace("service.retrieve.search", "uniform_figures", lambda text: text)


def _keep_gaps() -> None:
    _replace("indexer.text.normalise", "_gaps", lambda _: iter(()))


def _keep_variants() -> None:
    _replace("indexer.text.characters", "VARIANTS", {})


def _keep_repeated() -> None:
    _replace("indexer.files.sites", "count_repeated", lambda pages: [(0, 0)] * len(pages))


def _replace(module: str, name: str, by: object) -> None:
    """Raises: AttributeError, when the rule is not there any more under that name."""
    from importlib import import_module

    home = import_module(module)
    getattr(home, name)
    setattr(home, name, by)


VARIANTS: tuple[Variant, ...] = (
    Variant(EVERYTHING, "the service as it is", is_ablation=False),
    Variant("lexical_leg", "search by vectors alone", parts=lambda: {"lexical": False}),
    Variant("dense_leg", "search by words alone", parts=lambda: {"dense": False}),
    Variant("second_round", "no second look word by word", parts=lambda: {"second_round": False}),
    Variant(
        "context_headings",
        "passages without the title and headings above them",
        build={"has_contexts": False},
    ),
    Variant("boilerplate", "navigation, rankings and footers kept", build={"leaves_out": False}),
    Variant("speakers", "passages run on from one speaker to the next", cutting={"turns": False}),
    Variant("leads", "items without the words that lead their list", cutting={"leads": False}),
    Variant("subjects", "nobody knows who “学校” is", cutting={"subjects": False}),
    Variant("repetition", "what a site repeats on its pages kept", prepare=_keep_repeated),
    Variant("gaps", "脱 贫 and 脱贫 stay two", prepare=_keep_gaps),
    Variant("variants", "礮 and 炮 stay two", prepare=_keep_variants),
    Variant("number_forms", "三千四百 and 3400 stay two words", prepare=_keep_numbers),
    Variant("script_folding", "Traditional and Simplified stay two", prepare=_keep_script),
    Variant(
        "reader",
        "sentences by shared character pairs, nothing refused",
        parts=lambda: {"reader": OverlapOnly, "second_reader": _nobody, "refuse_at": 0.0},
    ),
    Variant(
        "second_reader",
        "the best sentence's passage read once",
        parts=lambda: {"second_reader": _nobody},
    ),
    Variant(
        CARELESS,
        "a writer that miscopies figures, with the guard",
        is_careless=True,
        is_ablation=False,
    ),
    Variant(
        "guard",
        "the same writer, unchecked",
        base=CARELESS,
        parts=lambda: {"check": _anything_goes},
        is_careless=True,
    ),
)
BY_NAME = {variant.name: variant for variant in VARIANTS}


def variant_of(name: str) -> Variant:
    """Raises: InvalidRequest."""
    if name not in BY_NAME:
        known = ", ".join(variant.name for variant in VARIANTS if variant.is_ablation)
        raise InvalidRequest(f"there is no part {name!r} to leave out", hint=f"one of: {known}")
    return BY_NAME[name]
