"""A plan that is saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.apply import saved as saving
from tests.unit.plan.plans import PLAN


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Save the plan."""
    path = tmp_path / "plan.json"
    saving.write(path, PLAN)
    return path
