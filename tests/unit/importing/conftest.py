"""A tenant whose registrations are imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.importing.importer import Ground


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    """Return a fresh tenant."""
    return Ground(tmp_path)
