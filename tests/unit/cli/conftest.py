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
from entra_config.emulator.embedded import Embedded
from entra_config.manifest.fleet import reading
from entra_config.manifest.fleet.model import Fleet
from tests.unit.cli import fleet_made, fleet_ran
from tests.unit.cli.desk import Desk, Tool
from tests.unit.cli.fleet_made import Shards
from tests.unit.cli.ran import ROOT, Run, without_variables
from tests.unit.fleet.files import FILES, FLEET, NAMES, loaded, write
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


@pytest.fixture(scope="module")
def fleet_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a fleet of three waves, two projects and two tenants."""
    return fleet_made.fleet(tmp_path_factory.mktemp("fleet"))


@pytest.fixture(scope="module")
def known(fleet_file: Path) -> Fleet:
    """Read the fleet of three waves."""
    return reading.read(fleet_file)


@pytest.fixture(scope="module")
def shards(fleet_file: Path) -> Shards:
    """Load the shards of the fleet of three waves."""
    return loaded(fleet_file.parent)


@pytest.fixture
def fleet_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a fleet of three waves, with nothing in the environment."""
    fleet_made.fleet(tmp_path)
    monkeypatch.chdir(tmp_path)
    without_variables(monkeypatch)
    return tmp_path


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in the folder of a fleet of one wave, which is also the worker's checkout."""
    without_variables(monkeypatch)
    monkeypatch.chdir(tmp_path)
    write(tmp_path, FILES)
    return tmp_path


@pytest.fixture
def approved(folder: Path, tenant: Embedded, capsys: pytest.CaptureFixture[str]) -> fleet_ran.Fleet:
    """Write a fleet of two waves, plan all of it and approve it."""
    write(folder, {**FILES, "fleet.yaml": FLEET + "waves: [{ tags: [eu] }, { rest: true }]\n"})
    found = fleet_ran.Fleet(tenant, capsys)
    assert found.run(*NAMES).code == 0
    found.approve()
    return found
