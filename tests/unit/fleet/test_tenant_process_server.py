"""The parts of a fork server, on pipes: no process is begun."""

from __future__ import annotations

import resource
from typing import Any

import pytest

from entra_fleet.run import tenant_process


@pytest.mark.parametrize(
    ("most", "least"),
    [(resource.RLIM_INFINITY, 512_000_000), (1_000_000_000, 512_000_000), (100_000_000, 100_000_000)],
)
def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch, most: int, least: int) -> None:
    """By what one shard may hold, or by what the system lets it."""
    found: list[Any] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (7, most))
    monkeypatch.setattr(resource, "setrlimit", lambda *given: found.append(given))
    tenant_process.bound()
    assert found == [(resource.RLIMIT_DATA, (least, most))]
