"""The trees of the package live as long as these tests do."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.unit.architecture.sources import nodes, tree


@pytest.fixture(scope="package", autouse=True)
def trees_are_forgotten() -> Iterator[None]:
    """Let the trees go with the last of these tests: to have so many nodes around is slow. Until then nobody
    looks for garbage among them, which would take three times as long as to parse the files.
    """
    gc.disable()
    try:
        yield
    finally:
        tree.cache_clear()
        nodes.cache_clear()
        gc.enable()
