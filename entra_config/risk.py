"""The one table of risk, read from `risk.json`: what gives which, and why; levels, and what waits or is
refused. Of which class a property is, its row in `properties.py` has.

Whoever shows a risk reads it here, or the file itself, which imports nothing: docs/risk.md is made of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal, cast

from entra_config.properties import find

Risk = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Level:
    """One level: its word, what it means, and what lint, SARIF (with a number) and annotations call it."""

    name: Risk
    word: str
    means: str
    lint: str
    sarif: str
    severity: str
    annotation: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What is said instead of a level: a grant is withheld, or something is refused."""

    name: str
    word: str
    means: str


@dataclass(frozen=True, slots=True)
class RiskClass:
    """One class of change: its level, and why."""

    name: str
    risk: Risk
    why: str


def _read() -> Mapping[str, Any]:
    text = resources.files("entra_config").joinpath("risk.json").read_text(encoding="utf-8")
    return cast("Mapping[str, Any]", json.loads(text))


_TABLE = _read()
LEVELS: Mapping[Risk, Level] = {each["name"]: Level(**each) for each in _TABLE["levels"]}
HELD_BACK, REFUSED = (Standing(**each) for each in _TABLE["states"])
# In the order in which a reviewer reads them.
CLASSES: Mapping[str, RiskClass] = {each["name"]: RiskClass(**each) for each in _TABLE["classes"]}
RANK: Mapping[str, int] = {name: rank for rank, name in enumerate(CLASSES)}


def of_property(path: str, value: object = ...) -> RiskClass:
    """Return the class of a change of a property, to a value where one is given; of one that is not known,
    `setting`.
    """
    row = find(path)
    return CLASSES["lost" if row.closed is not ... and row.closed == (value or False) else row.risk]


def highest(names: Iterable[str], default: str) -> RiskClass:
    """Return the first class in the table's order of those named; `default` where none is."""
    return CLASSES[min(names, key=RANK.__getitem__, default=default)]


def rank(risk: Risk) -> int:
    """Return where a level stands: the highest is 0."""
    return list(LEVELS).index(risk)
