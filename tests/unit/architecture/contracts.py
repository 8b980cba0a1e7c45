"""What `pyproject.toml` has the checkers hold."""

from __future__ import annotations

import tomllib

from tests.unit.architecture.sources import ROOT

CHECKERS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
CONTRACTS = CHECKERS["importlinter"]["contracts"]
PACKAGE_LAYERS = "Three packages: the fleet uses the tool, the tool uses the emulator"
# The contract with the layers of each package.
ROOM_LAYERS = {
    "entra_fleet": "The fleet's rooms",
    "entra_config": "The pipeline reads top to bottom",
    "entra_emulator": "The emulator, from its command line down to its tables",
}


def contract(name: str) -> dict[str, list[str]]:
    """Return a contract of import-linter by its name."""
    (found,) = [each for each in CONTRACTS if each["name"] == name]
    return dict(found)
