"""A fleet with one project, written and read, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from entra_config.errors import ManifestError
from entra_config.manifest.tenants import reading, shards
from entra_config.manifest.tenants.model import Fleet
from tests.unit.fleet.tenants.fleets import HEAD, ROOT, TWO, WriteFleet
from tests.unit.manifest.conftest import folder

__all__ = ["folder"]


@pytest.fixture
def fleet() -> WriteFleet:
    """Write a fleet with one project, and read it."""

    def run(text: str = HEAD + TWO, root: str = ROOT, **tenants: str) -> Fleet:
        files = {"fleet.yaml": text, "myapp/entra-config.yaml": root}
        files |= {f"tenants/{name}.yaml": said for name, said in tenants.items()}
        for name, said in files.items():
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text(said, encoding="utf-8")
        return reading.read(Path("fleet.yaml"))

    return run


@pytest.fixture
def wrong(fleet: WriteFleet) -> Callable[..., list[str]]:
    """Write a fleet that does not hold, and return what is wrong with it."""

    def run(text: str = HEAD + TWO, root: str = ROOT, **tenants: str) -> list[str]:
        with pytest.raises(ManifestError) as caught:
            shards.every(fleet(text, root, **tenants))
        return [str(problem) for problem in caught.value.problems]

    return run
