"""The program as a process of its own: how it is called, and in which environment."""

from __future__ import annotations

import os
import sys

from tests.unit.cli.ran import ROOT

ENTRA_CONFIG = (sys.executable, "-m", "entra_config.cli.main")


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which a subprocess finds the package and nothing else of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ENTRA_CONFIG_")}
    return kept | {"PYTHONPATH": str(ROOT)} | more
