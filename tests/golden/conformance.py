"""Run the conformance tests and yield the request and the response of each."""

from __future__ import annotations

from collections.abc import Iterator

from tests.golden.running import recorded


def files(only: str = "") -> Iterator[tuple[str, str]]:
    """Yield a file for each conformance test whose name has `only` in it."""
    return recorded("recording", ["tests/conformance"], only)
