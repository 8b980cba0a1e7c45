"""The world that stories of credentials are told in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.credentials.ground import World, patched


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> World:
    """Make a world, apply its manifest, and pin what that made."""
    made = World(tmp_path, lambda: tuple(capsys.readouterr()))  # type: ignore[return-value]  # two texts
    patched(monkeypatch, made)
    monkeypatch.chdir(tmp_path)
    made.ok("apply", "--auto-approve", "--pins", "write")
    return made
