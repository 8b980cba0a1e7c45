"""What gives somebody power, or lowers a guard: by risk, and how a reviewer reads it: first and whole."""

from __future__ import annotations

import re
from collections.abc import Iterable

from entra_config import characters
from entra_config.phrase import Phrase, without_names
from entra_config.plan.model import Effect
from entra_config.risk import CLASSES, RANK, Risk

_WIDTH = max(map(len, CLASSES)) + 2

LONGEST = 8_000  # characters of one line: a longer one is nobody's to read
COMMENTS = 5  # of one pull request, all its environments together
# GitHub takes 65,536 characters in a comment, of which our own takes at most 60,000
# (`.github/scripts/github_api.py`).
COMMENT = 60_000
# What the run after the merge compares with, links; and as pages end at lines, what the next line would have
# taken.
_SPENT = 20_000 + COMMENTS * LONGEST
_HEAD = 2_000  # of each environment: its heading, and where what is cut of its plan stands
_RUN = re.compile(r"`{3,}")


def ordered(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """Return effects by risk, each once."""
    return tuple(sorted(dict.fromkeys(effects), key=lambda effect: RANK[effect.type]))


def risk(effect: Effect) -> Risk:
    """Return how much an effect could be abused for."""
    return CLASSES[effect.type].risk


def line(effect: Effect) -> str:
    """Return the line of an effect: what it is, and of what, whole; a phrase where a person is in it."""
    return Phrase.of(f"{effect.type:<{_WIDTH}}", effect.text)


def size(effects: Iterable[Effect]) -> int:
    """Return how many characters of comments the lines of effects take; one that is too long takes more
    than there are.
    """
    lines = [characters.printed(without_names(line(effect))) for effect in effects]
    # A block of code ends with more backticks than are in it, and a line may be alone in its comment.
    path_restrictions = (
        2 * max((len(found) for text in lines for found in _RUN.findall(text)), default=0) * COMMENTS
    )
    if any(len(text) > LONGEST for text in lines):
        return COMMENTS * COMMENT
    return sum(len(text) + 3 for text in lines) + path_restrictions


def room(environments: int) -> int:
    """Return how many characters each of a pull request's environments has for what must be read."""
    return max(LONGEST, (COMMENTS * COMMENT - _SPENT) // max(1, environments) - _HEAD)
