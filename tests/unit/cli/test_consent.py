"""An administrator consents at the address of the cloud."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.cli import apply
from entra_config.cli.options import Common
from entra_config.graph import clouds

GLOBAL, CHINA = clouds.CLOUDS["global"].authority, clouds.CLOUDS["china"].authority
SESSION: Any = object()


@pytest.mark.parametrize(
    ("cloud", "session", "authority"),
    [
        ("global", None, GLOBAL),
        ("china", None, CHINA),
        ("china", SESSION, CHINA),
        ("emulator", SESSION, GLOBAL),  # within a test there is none that runs
        ("nowhere", None, GLOBAL),
    ],
)
def test_the_authority_is_the_cloud_s(cloud: str, session: Any, authority: str) -> None:
    """Of an emulator that runs it is its own address."""
    assert apply._authority(Common(cloud=cloud, session=session)) == authority


def test_an_emulator_that_runs_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it wrote down when it began says where."""
    running: Any = type("Running", (), {"cloud": clouds.CLOUDS["china"]})
    monkeypatch.setattr("entra_config.cli.emulator_running.find_endpoint", lambda: running)
    assert apply._authority(Common(cloud="emulator")) == CHINA
