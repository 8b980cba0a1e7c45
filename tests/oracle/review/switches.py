"""One rule of review by name; what the engine is without it; a block in which it is so."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

Off = Callable[[Any], Any]


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


@contextmanager
def off(switch: Switch) -> Iterator[None]:
    """Take a rule out of the engine while the block runs."""
    with ExitStack() as stack:
        for place, without in switch.off.items():
            module, _, name = place.partition(":")
            original = getattr(importlib.import_module(f"entra_config.{module}"), name)
            stack.enter_context(patch(f"entra_config.{module}.{name}", without(original)))
        yield
