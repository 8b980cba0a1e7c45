"""One value of a manifest, behind the key `k` of a file: as a node, and what a reader makes of it and notes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from entra_config.manifest.reading import yaml
from entra_config.manifest.reading.node import Map, Node
from entra_config.manifest.reading.problems import Problems
from entra_config.manifest.reading.reader import Reader
from entra_config.resource import Address, Ref, Text

Read = Callable[[Reader, Node | None], Any]
URI = Text(("api://", Ref(Address("application", "api"), "appId")))
NO_LIST = "f:1:4: `k`: expected a list, found"


def node(text: str) -> Node | None:
    """Return the value of `k` where something stands behind it; None where nothing is declared."""
    read = yaml.read(f"k: {text}", "f") if text else Map()
    assert isinstance(read, Map)
    return read.node("k")


def found(read: Read, of: Node | None) -> tuple[Any, list[str]]:
    """Return what a node is read as, and what is noted."""
    problems = Problems()
    value = read(Reader(problems), of)
    return value, [str(each) for each in problems.found]
