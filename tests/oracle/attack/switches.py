"""The rules of identity and trust by name; each with what the engine is without it, and the worlds in
which that must show.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from unittest.mock import patch

from tests.oracle.attack import worlds
from tests.oracle.attack.attacker import MOVES
from tests.oracle.attack.worlds import World

Off = Callable[[Any], Any]


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
            yield replace(worlds.draw(seed), **self.world)


@contextmanager
def off(switch: Switch) -> Iterator[None]:
    """Take a rule out of the engine while the block runs."""
    with ExitStack() as stack:
        for place, without in switch.off.items():
            module, _, name = place.partition(":")
            original = getattr(importlib.import_module(f"entra_config.{module}"), name)
            stack.enter_context(patch(f"entra_config.{module}.{name}", without(original)))
        yield
