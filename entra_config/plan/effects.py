"""What gives somebody power, or lowers a guard, as data: by risk, why, and how a reviewer reads it: first
and whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from entra_config import characters
from entra_config.phrase import Phrase, without_names
from entra_config.plan.model import Effect

Risk = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class EffectType:
    """One way in which a plan gives power or lowers a guard."""

    name: str
    risk: Risk
    why: str


# In the order in which a reviewer reads them.
SORTS = (
    EffectType("guard", "high", "what stops a later change is lower from now on"),
    EffectType("pin", "high", "a name means another object, or what was doubted is trusted"),
    EffectType(
        "takeover",
        "high",
        "an application becomes ours with all that it holds, and who could act as it still can",
    ),
    EffectType("restore", "high", "a deleted application comes back with its secrets and all that it held"),
    EffectType("owner", "high", "gives itself a credential, and acts as the application"),
    EffectType("credential", "high", "signs in as the application"),
    EffectType(
        "federated credential", "high", "a workload outside of the tenant signs in as the application"
    ),
    EffectType("consent", "high", "a client acts at an API for everybody, or as itself"),
    EffectType(
        "authorized client", "high", "a client acts at the API for whoever signs in, and nobody is asked"
    ),
    EffectType("role", "high", "tokens say that somebody may more"),
    EffectType("gain", "high", "who gains what by all of it together"),
    EffectType("redirect URI", "medium", "whoever answers there gets codes and tokens of who signs in"),
    EffectType("sign-in", "medium", "more people, or people of other organizations, get in"),
    EffectType("flow", "medium", "tokens are given in ways that are easier to steal"),
    EffectType("identifier URI", "medium", "clients that ask for this name get tokens for the application"),
    EffectType("who can consent", "medium", "people consent for themselves where an administrator had to"),
    EffectType("setting", "low", "not known to be harmless"),
)
_RANK = {sort.name: rank for rank, sort in enumerate(SORTS)}
_WIDTH = max(len(sort.name) for sort in SORTS) + 2

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
    return tuple(sorted(dict.fromkeys(effects), key=lambda effect: _RANK[effect.sort]))


def risk(effect: Effect) -> Risk:
    """Return how much an effect could be abused for."""
    return SORTS[_RANK[effect.sort]].risk


def line(effect: Effect) -> str:
    """Return the line of an effect: what it is, and of what, whole; a phrase where a person is in it."""
    return Phrase.of(f"{effect.sort:<{_WIDTH}}", effect.text)


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
