"""The rules of identity and trust by name; each with what the engine is without it, and the worlds in
which that must show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any

from tests.oracle.attack import worlds
from tests.oracle.attack.attacker import MOVES
from tests.oracle.attack.worlds import World
from tests.oracle.switching import Off, taken_out


@dataclass(frozen=True, slots=True)
class Switch:
    """One rule: the functions of the engine that hold it, each with what it is without the rule.

    `world` says what must be so in a world for the rule to matter; `budget` in how many of them a breach must
    be found.
    """

    rule: str
    off: Mapping[str, Off]
    world: Mapping[str, Any] = field(default_factory=dict)
    moves: tuple[str, ...] = MOVES
    budget: int = 60

    def worlds(self, first: int) -> Iterator[World]:
        """Draw the worlds of the budget."""
        for seed in range(first, first + self.budget):
            yield replace(worlds.plain(seed), **self.world)


def off(switch: Switch) -> AbstractContextManager[None]:
    """Take a rule out of the engine while a block runs."""
    return taken_out(switch.off)
