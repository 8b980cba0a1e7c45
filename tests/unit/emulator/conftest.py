"""The emulator without an extension of its portal, and a snapshot file that holds much."""

from collections.abc import Iterator
from importlib import metadata
from typing import Any

import pytest

from entra_emulator import extension
from entra_emulator.snapshots import files
from tests.unit.emulator.snapshot_rows import lively


@pytest.fixture(scope="package", autouse=True)
def emulator_alone() -> Iterator[None]:
    """Let no test here find the extension that entra_config brings: they pass without that package, too."""
    find = metadata.entry_points

    def find_others(**selected: Any) -> Any:
        return () if selected.get("group") == extension.GROUP else find(**selected)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(metadata, "entry_points", find_others)
        extension.load.cache_clear()
        yield
    extension.load.cache_clear()


@pytest.fixture(scope="module")
def lively_text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the file of a directory that holds much."""
    path = tmp_path_factory.mktemp("lively") / "snapshot.json"
    files.write(path, lively())
    return path.read_text(encoding="utf-8")
