"""The recipe of a page's test in Node: run as it stands, in a folder that has playwright-core."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECIPE = ROOT / "examples/with_playwright/sign-in.mjs"

pytestmark = pytest.mark.browser


def test_the_recipe_for_node_signs_in(tmp_path: Path) -> None:
    """Somebody signs in to a page in Chromium, and the emulator is stopped afterwards."""
    shutil.copy(RECIPE, tmp_path)
    (tmp_path / "node_modules").symlink_to(ROOT / "spa/node_modules")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    ran = subprocess.run(
        ["node", RECIPE.name],
        cwd=tmp_path,
        env=os.environ | {"PATH": path, "CHROMIUM": "/usr/bin/chromium"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "Hello\n"
    assert "Stopped." in ran.stderr


def test_the_recipe_is_short() -> None:
    """Nobody copies what is long."""
    lines = RECIPE.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 32
