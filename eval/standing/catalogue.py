"""The standing measurements: what each asks, over what, and which files it needs.

Knows names and paths; measures nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from eval.cli import PROJECT

NEWS = "news.jsonl.xz"
ARTICLES = 20_000
NOISE = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
PASSAGES = 5
NOISE_QUESTIONS = 500  # each is asked six times
K = 8


class Way(StrEnum):
    """How the questions are asked."""

    GOLD = "gold"  # gold questions over a folder
    OPEN = "open"  # a set's questions over all its paragraphs and the news
    READ = "read"  # with the paragraph given
    NOISE = "noise"  # with the paragraph and noise given
    REFUSE = "refuse"  # what the archive holds, what it lacks, and near misses


@dataclass(frozen=True, slots=True)
class Places:
    """Where the material is, and where built indexes are kept."""

    data: Path
    seeds: Path
    cache: Path


@dataclass(frozen=True, slots=True)
class Measurement:
    """`file` is the gold file, or the question set in the data folder."""

    name: str
    way: Way
    file: str
    title: str
    about: str

    @property
    def command(self) -> str:
        return f"python -m eval measure {self.name}"

    def questions(self, places: Places) -> Path:
        if self.way is Way.GOLD:
            return PROJECT / "eval" / "gold" / self.file
        return places.data / self.file

    def folder(self, places: Places) -> Path:
        """The folder that a gold file is about."""
        return places.seeds if self.name == "seeds" else PROJECT / "corpus"

    def missing(self, places: Places) -> list[Path]:
        """What it needs and is not there."""
        needed = [self.questions(places)]
        if self.way is Way.GOLD:
            needed.append(self.folder(places))
        else:
            needed.append(places.data / NEWS)
        return [path for path in needed if not path.exists()]


_CMRC, _DRCD = "cmrc2018-trial.json.xz", "drcd-dev.json.xz"
_CMRC_SAYS = "The questions of the CMRC 2018 trial set (Simplified Chinese encyclopaedia),"
_DRCD_SAYS = (
    "The questions of that half of the DRCD development set (Traditional Chinese encyclopaedia) "
    "that the built-in embedding model was not trained on,"
)
_SEEN = (
    "The sentence reader was trained on half of the paragraphs of this half too: the rows "
    "“unseen” hold only questions whose paragraph no model of ours has seen."
)
_OPEN = (
    "as open questions: every paragraph of the file is a document of its own, among the first "
    "20,000 articles of a news collection, and the question has to find its own."
)
_READ = (
    "with the right paragraph handed over, and nothing else: the reader apart from retrieval. The "
    "index, and so each word's weight, is that of all paragraphs and 20,000 news articles."
)
_NOISE = (
    f"the first {NOISE_QUESTIONS} of them, with five passages or fewer handed over, of which the "
    "named share does not answer: the paragraph and 0, 1, 2, 3 or 4 others, then five others "
    "alone, which must be refused. The others are what search finds best for the very question "
    "among all paragraphs and 20,000 news articles and holds none of the accepted values: near "
    "misses, as retrieval would bring them. The last row takes 0.8 and noise alone together: its "
    "area tells whether the confidence knows them apart, wherever the limit of refusal stands."
)

_REFUSE = (
    "the articles dealt into three parts by a digest. Of the first (4 in 10) the archive "
    "holds every paragraph, among 20,000 news articles: its questions have an answer, and "
    "none once their year, their number in a row or their name is changed to one that the "
    "article does not treat. Of the second (4 in 10) it holds the paragraphs without any "
    "sentence in which the asked value stands; of the third nothing. Questions whose value "
    "stands in one of the first ten documents that search finds are left out: they may be "
    "answered after all. Each row holds the questions with an answer as well, so that "
    "refusals have their price beside them. Thresholds are fitted on other questions, which "
    "are never asked here: every seventh paragraph of the CMRC 2018 training set and other "
    "articles of DRCD (`python -m eval refusals --part fit`)."
)

CATALOGUE: tuple[Measurement, ...] = (
    Measurement(
        "corpus",
        Way.GOLD,
        "corpus.jsonl",
        "The small corpus",
        "The gold questions over `corpus/`, as users ask them. The refusal limit of the reader was "
        "set with the figures of this set in view.",
    ),
    Measurement(
        "seeds",
        Way.GOLD,
        "seeds.jsonl",
        "The founding documents",
        "The gold questions over the five saved web articles that the project was created from. "
        "They are not in the repository.",
    ),
    Measurement(
        "open-cmrc",
        Way.OPEN,
        _CMRC,
        "CMRC, open questions",
        f"{_CMRC_SAYS} {_OPEN} No model of ours was trained on this set, but the reader and the "
        "embedding model were on the training set of the same makers.",
    ),
    Measurement(
        "open-drcd",
        Way.OPEN,
        _DRCD,
        "DRCD, open questions",
        f"{_DRCD_SAYS} {_OPEN} {_SEEN}",
    ),
    Measurement(
        "read-cmrc",
        Way.READ,
        _CMRC,
        "CMRC, paragraph given",
        f"{_CMRC_SAYS} {_READ} The reader was trained on the training set of the same makers.",
    ),
    Measurement(
        "read-drcd",
        Way.READ,
        _DRCD,
        "DRCD, paragraph given",
        f"{_DRCD_SAYS} {_READ} {_SEEN}",
    ),
    Measurement(
        "noise-cmrc",
        Way.NOISE,
        _CMRC,
        "CMRC, among noise",
        f"{_CMRC_SAYS} {_NOISE} The reader was trained on the training set of the same makers.",
    ),
    Measurement(
        "noise-drcd",
        Way.NOISE,
        _DRCD,
        "DRCD, among noise",
        f"{_DRCD_SAYS} {_NOISE} {_SEEN}",
    ),
    Measurement(
        "refuse-cmrc",
        Way.REFUSE,
        _CMRC,
        "CMRC, questions without an answer",
        f"{_CMRC_SAYS} {_REFUSE}",
    ),
    Measurement(
        "refuse-drcd",
        Way.REFUSE,
        _DRCD,
        "DRCD, questions without an answer",
        f"{_DRCD_SAYS} of these only the paragraphs that no model of ours has seen, {_REFUSE}",
    ),
)

BY_NAME = {measurement.name: measurement for measurement in CATALOGUE}
