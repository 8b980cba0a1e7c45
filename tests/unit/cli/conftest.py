"""A folder with the worked example, a tenant in this process, and the command line as its user calls it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from entra_config.cli.demo.story import session
from entra_config.emulator.embedded import Embedded
from tests.unit.cli.ran import ROOT, Run, without_variables


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder that has the worked example, with nothing in the environment."""
    shutil.copytree(ROOT / "manifests", tmp_path / "manifests")
    monkeypatch.chdir(tmp_path)
    without_variables(monkeypatch)
    return tmp_path


@pytest.fixture
def tenant() -> Embedded:
    """Make the example directory."""
    return Embedded.create(seed="cli")


@pytest.fixture
def run(folder: Path, tenant: Embedded, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run commands against the tenant."""
    return Run(session(tenant), capsys)
