"""Fleets in folders, and the command line as its user calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.manifest.tenants import reading
from entra_config.manifest.tenants.model import Fleet
from entra_emulator.embedded import Embedded
from tests.unit.cli.conftest import folder, run, tenant
from tests.unit.cli.ran import without_variables
from tests.unit.fleet import fleet_made, fleet_ran
from tests.unit.fleet.files import FILES, FLEET, NAMES, loaded, write
from tests.unit.fleet.fleet_made import Shards

__all__ = ["folder", "run", "tenant"]


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
