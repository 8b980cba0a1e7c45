"""A snapshot file that holds much, for tests of what is read of it."""

import pytest

from entra_emulator.snapshots import files
from tests.unit.emulator.snapshot_rows import lively


@pytest.fixture(scope="module")
def lively_text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the file of a directory that holds much."""
    path = tmp_path_factory.mktemp("lively") / "snapshot.json"
    files.write(path, lively())
    return path.read_text(encoding="utf-8")
