"""What `pyproject.toml` has the checkers hold."""

from __future__ import annotations

import tomllib

from tests.unit.architecture.sources import ROOT

CHECKERS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
CONTRACTS = CHECKERS["importlinter"]["contracts"]


def contract(name: str) -> dict[str, list[str]]:
    """Return a contract of import-linter by its name."""
    (found,) = [each for each in CONTRACTS if each["name"] == name]
    return dict(found)
