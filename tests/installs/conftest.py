"""The wheel of this checkout, the versions that it is installed with, and what installs a row of extras."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.installs.installed import ROOT, Installed, environment, uv


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    uv("build", "-q", "--wheel", "--out-dir", str(folder), str(ROOT))
    (found,) = folder.glob("entra_config-*.whl")
    return found


@pytest.fixture(scope="session")
def pins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the versions that the lock file pins, as constraints."""
    file = tmp_path_factory.mktemp("pins") / "constraints.txt"
    pinned = re.findall(
        r"^[a-z0-9][^ \\]*==[^\\\n]*",
        (ROOT / "requirements-dev.lock").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    file.write_text("\n".join(pinned), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def install(wheel: Path, pins: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Installed]:
    """Return what installs one row, with the versions that the lock file pins, once a row."""
    made: dict[str, Installed] = {}

    def row(extra: str) -> Installed:
        if extra not in made:
            folder = tmp_path_factory.mktemp(f"row-{extra or 'base'}")
            environment(folder, sys.executable, f"{wheel}[{extra}]" if extra else str(wheel), pins)
            made[extra] = Installed(folder, tmp_path_factory.mktemp("desk"))
        return made[extra]

    return row
