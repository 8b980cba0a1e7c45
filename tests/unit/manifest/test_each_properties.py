"""Random manifests with `each` load as the plain manifests that an expander of its own makes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from entra_config.manifest import loader
from tests.unit.manifest import drawn_each

RUNS = 300


@pytest.mark.parametrize("start", range(0, RUNS, 60))
def test_the_manifest_is_the_same_as_the_expanded_one(start: int, tmp_path: Path) -> None:
    """Overrides, `only`, `previously`, items over several files, explicit entries: the same in everything but places."""
    for seed in range(start, start + 60):
        drawn = drawn_each.draw(seed)
        for environment in drawn_each.ENVIRONMENTS:
            found = _load(tmp_path / "each", drawn.files, environment)
            plain = {"entra-config.yaml": drawn_each.expand(drawn, environment)}
            expected = _load(tmp_path / "plain", plain, environment)
            assert found == expected, f"seed {seed}, {environment}"


def _load(folder: Path, files: Any, environment: str) -> Any:
    folder.mkdir(exist_ok=True)
    for name, tree in files.items():
        # JSON is YAML.
        (folder / name).write_text(json.dumps(tree), encoding="utf-8")
    manifest = drawn_each.without_places(loader.load(folder, environment))
    manifest["grants"].sort(key=str)
    return manifest
