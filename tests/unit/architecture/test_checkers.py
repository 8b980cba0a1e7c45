"""Every checker looks at every package: one that a list leaves out is passed over in silence."""

from __future__ import annotations

import pytest

from tests.unit.architecture.contracts import CHECKERS, PACKAGE_LAYERS, contract
from tests.unit.architecture.sources import PACKAGES, ROOT

LISTS = {
    "hatch": CHECKERS["hatch"]["build"]["targets"]["wheel"]["packages"],
    "coverage": CHECKERS["coverage"]["run"]["source"],
    "vulture": CHECKERS["vulture"]["paths"],
    "mypy": CHECKERS["mypy"]["files"],
    "import-linter": CHECKERS["importlinter"]["root_packages"],
    "layers": contract(PACKAGE_LAYERS)["layers"],
}


def test_every_package_is_known() -> None:
    """These tests look at each package at the top of the repository."""
    assert {*PACKAGES} == {path.parent.name for path in ROOT.glob("entra_*/__init__.py")}


@pytest.mark.parametrize("checker", LISTS)
def test_every_checker_looks_at_every_package(checker: str) -> None:
    """The wheel ships each package, too."""
    assert {*PACKAGES} <= {*LISTS[checker]}
