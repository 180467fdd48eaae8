"""A Dockerfile and a .dockerignore as data, as far as ours use them. Builds nothing."""

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

WORDS = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "LABEL"}
WORDS |= {"HEALTHCHECK", "ENTRYPOINT", "CMD"}


@dataclass(frozen=True)
class Step:
    word: str
    value: str
    stage: int

    def words(self) -> list[str]:
        """The value of an exec form (`["a", "b"]`), or the arguments of any other."""
        found = re.search(r"\[.*\]$", self.value)
        words: list[str] = json.loads(found[0]) if found else self.value.split()
        return words


def read_steps(path: Path) -> list[Step]:
    """The instructions in order, continuation lines joined, comments dropped."""
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    steps: list[Step] = []
    stage = -1
    for line in joined.splitlines():
        if line.strip():
            word, _, value = line.partition(" ")
            assert word in WORDS, f"unknown instruction: {line}"
            stage += word == "FROM"
            steps.append(Step(word, value.strip(), stage))
    return steps


def environment(steps: list[Step]) -> dict[str, str]:
    """The variables that the ENV instructions set, written as NAME=value without quotes."""
    pairs = [word for step in steps if step.word == "ENV" for word in step.value.split()]
    return dict(pair.split("=", 1) for pair in pairs)


def is_sent(path: str, ignore: Path) -> bool:
    """Whether a file of the checkout reaches the builder: the last pattern that fits decides."""
    sent = True
    for line in ignore.read_text("utf-8").splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        keep = pattern.startswith("!")
        pattern = pattern.removeprefix("!")
        parts = path.split("/")
        # A pattern that fits a folder fits all that is in it; `**/` is any depth.
        parents = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        patterns = {pattern, pattern.removeprefix("**/")}
        if any(
            fnmatchcase(parent, p) and parent.count("/") == p.count("/")
            for parent in parents
            for p in patterns
        ) or (pattern.startswith("**/") and pattern.removeprefix("**/") in parts):
            sent = keep
    return sent
