"""One rule of review by name; what the engine is without it; a block in which it is so."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from tests.oracle.switching import Off, taken_out


@dataclass(frozen=True, slots=True)
class Switch:
    """One rule: the functions that hold it, each with what it is without the rule; `moves` that then must be
    found out.

    `budget` is in how many trials a hole must be found.
    """

    rule: str
    off: Mapping[str, Off]
    moves: tuple[Any, ...] = ()
    budget: int = 60


def off(switch: Switch) -> AbstractContextManager[None]:
    """Take a rule out of the engine while a block runs."""
    return taken_out(switch.off)
