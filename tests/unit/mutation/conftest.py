"""What the tests of the tool share: its modules, and a pytest that loads no plugin."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.unit.mutation.loading import loaded


@pytest.fixture(autouse=True)
def _bare_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load no plugin for the tests that are run here: that takes longest, and they need none."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


@pytest.fixture(scope="module")
def mutations() -> ModuleType:
    """Load what makes mistakes."""
    return loaded("mutations")


@pytest.fixture(scope="module")
def reaching() -> ModuleType:
    """Load what finds the tests that run a statement."""
    return loaded("reaching")
