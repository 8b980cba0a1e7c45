"""Whatever a file of access tests holds, the answer is tests, results, or errors with places."""

from __future__ import annotations

import asyncio
import copy
import json
import random
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config.errors import ManifestError
from entra_config.testing import json as documents
from entra_config.testing import junit, markdown, reading, runs, text
from tests import seeds
from tests.unit.manifest.fuzzing import BYTES, EXAMPLE, KEYS, ODD

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FILES = ("people.yaml", "clients.yaml", "machines.yaml")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Copy the example."""
    return shutil.copytree(EXAMPLE, tmp_path / "manifests")


def _check(root: Path) -> bool:
    """Read the tests; tell whether they hold. What does not is told with its place."""
    problems: list[Any] = []
    try:
        reading.load(root)
    except ManifestError as error:
        problems = [*error.problems] or [None]
    for problem in problems:
        assert problem is not None
        assert problem.position is not None, problem
        assert problem.position.file.startswith(str(root)), problem
    return not problems


def _places(node: Any) -> list[tuple[Any, Any]]:
    found = []
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        found += [(node, key), *_places(value)]
    return found


@pytest.mark.parametrize("seed", seeds.sample("values of tests", range(4), 2))
def test_mutated_values_end_in_results_or_errors_with_places(copied: Path, seed: int) -> None:
    """A value of any shape in any place is taken or told; what is taken runs, and every format writes it."""
    chance, ran = random.Random(seed), 0
    for _ in range(60):
        file = copied / "tests" / chance.choice(FILES)
        before = file.read_text()
        tree = copy.deepcopy(yaml.safe_load(before))
        for _ in range(chance.randint(1, 3)):
            node, key = chance.choice(_places(tree))
            if isinstance(node, dict) and chance.random() < 0.3:
                node[chance.choice(KEYS)] = node.pop(key, None)
            elif isinstance(node, dict) or key < len(node):
                node[key] = copy.deepcopy(chance.choice(ODD))
        file.write_text(json.dumps(tree))
        if _check(copied) and ran < 8:
            ran += 1
            found = asyncio.run(runs.run(copied, "prod", now=NOW))
            assert found.results
            assert json.loads(documents.render(found))["tests"] == len(found.names)
            assert all((text.render(found), junit.render(found), markdown.render(found)))
        file.write_text(before)


@pytest.mark.parametrize("seed", seeds.sample("bytes of tests", range(4), 2))
def test_mutated_bytes_end_in_tests_or_errors_with_places(copied: Path, seed: int) -> None:
    """A mark of YAML, a blank or a control anywhere is taken or told."""
    chance = random.Random(seed)
    for _ in range(120):
        file = copied / "tests" / chance.choice(FILES)
        before = file.read_text()
        place = chance.randrange(len(before))
        changed = before[:place] + chance.choice(BYTES) + before[place + chance.randint(0, 3) :]
        file.write_text(changed, encoding="utf-8", errors="surrogatepass")
        _check(copied)
        file.write_text(before)
