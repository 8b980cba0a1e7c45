"""A folder with the worked example, a tenant in this process, and the command line as its user calls it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from entra_config.bootstrap import gh
from entra_config.cli import carrying
from entra_config.cli.demo.story import session
from entra_emulator.embedded import Embedded
from tests.unit.cli.desk import Desk, Tool
from tests.unit.cli.ran import ROOT, Run, without_variables
from tests.workflows.settings import Settings


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


@pytest.fixture
def desk(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a repository with the worked example, and somebody who sits before a terminal."""
    (folder / ".git").mkdir()
    settings = Settings()
    found = Desk(run, folder, settings)
    tool: Callable[[], gh.Gh] = lambda: Tool("gh", settings)  # noqa: E731  # a function of no words
    monkeypatch.setattr(gh, "found", tool)
    monkeypatch.setattr(carrying, "agreed", found.response)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    return found
