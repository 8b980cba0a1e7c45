"""Places of the engine, each with what is there without a rule, in; a block in which it is so, out."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

Off = Callable[[Any], Any]
ENGINE = "entra_config"


@contextmanager
def taken_out(off: Mapping[str, Off], package: str = ENGINE) -> Iterator[None]:
    """Take a rule out of the engine while the block runs; the places (`module:name`) are below `package`."""
    with ExitStack() as stack:
        for place, without in off.items():
            owner, name = held(place, package)
            stack.enter_context(patch.object(owner, name, without(getattr(owner, name))))
        yield


def held(place: str, package: str = ENGINE) -> tuple[Any, str]:
    """Return the module or class that holds what a place names, and its name there."""
    module, _, path = place.partition(":")
    *outer, name = path.split(".")
    owner = importlib.import_module(f"{package}.{module}")
    for each in outer:
        owner = getattr(owner, each)
    return owner, name


def not_held(places: Iterable[str]) -> list[str]:
    """Return the places at which the engine has no function or class to take out."""
    return [place for place in places if not callable(getattr(*held(place)))]
