"""The tests of the examples on the fixtures of the installed wheel, as a project of its own runs them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.installs.installed import ROOT, Installed, environment, uv

pytestmark = [pytest.mark.installs, pytest.mark.xdist_group("examples")]


@pytest.fixture(scope="module")
def project(wheel: Path, pins: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel and what the applications need, and copy the applications with their manifest."""
    folder, desk = tmp_path_factory.mktemp("environment"), tmp_path_factory.mktemp("project")
    environment(folder, sys.executable, f"{wheel}[emulator,api]", pins)
    uv("pip", "install", "-q", "--python", str(folder), "--constraint", str(pins), "pytest", "flask")
    for name in ("examples", "manifests"):
        shutil.copytree(ROOT / name, desk / name, ignore=shutil.ignore_patterns("__pycache__"))
    return Installed(folder, desk)


@pytest.mark.parametrize("example", ["with_fastapi", "with_flask"])
def test_an_example_s_tests_pass(project: Installed, example: str) -> None:
    """Pytest finds the fixtures by the wheel's entry point; nothing of this checkout is on the path."""
    folder = project.desk / "examples" / example
    ran = project.python(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
