"""Whatever a manifest holds, the answer is a manifest or errors with places."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
import yaml

from entra_config.errors import ManifestError
from entra_config.manifest import loader
from tests import seeds
from tests.unit.manifest.fuzzing import BYTES, EXAMPLE, FILES, ODD, mutate


def _check(root: Path) -> None:
    problems = []
    try:
        loader.load_all(root)
    except ManifestError as error:
        problems = error.problems or [None]
    for problem in problems:
        assert problem is not None
        assert problem.position is not None, problem
        assert problem.position.file.startswith(str(root.parent)), problem
        assert problem.message


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Copy the example."""
    return shutil.copytree(EXAMPLE, tmp_path / "manifests")


@pytest.mark.parametrize("seed", range(5))
def test_mutated_values_never_end_in_a_traceback(copied: Path, seed: int) -> None:
    """A value of any shape in any place is taken or told with its place."""
    _mutated_values(copied, seed, 60)


@pytest.mark.parametrize("seed", range(5))
def test_mutated_texts_never_end_in_a_traceback(copied: Path, seed: int) -> None:
    """A file that was cut, doubled or sprinkled with YAML's own characters is taken or told with its place."""
    _mutated_texts(copied, seed, 60)


@pytest.mark.faults
@pytest.mark.parametrize("seed", seeds.sample("manifests", range(100, 120), 5))
def test_more_mutated_manifests(copied: Path, seed: int) -> None:
    """Five hundred for each seed, half by value and half by text: ten thousand in `make proof`."""
    _mutated_values(copied, seed, 250)
    _mutated_texts(copied, seed, 250)


def _mutated_values(copied: Path, seed: int, times: int) -> None:
    chance = random.Random(seed)
    for _ in range(times):
        name = chance.choice(FILES)
        tree = yaml.safe_load((EXAMPLE / name).read_text())
        for _ in range(chance.choice((1, 1, 2, 4))):
            mutate(tree, chance)
        (copied / name).write_text(
            json.dumps(tree, allow_nan=True).replace("NaN", ".nan").replace("Infinity", ".inf")
        )
        _check(copied / "entra-config.yaml")
        shutil.copy(EXAMPLE / name, copied / name)


def _mutated_texts(copied: Path, seed: int, times: int) -> None:
    chance = random.Random(seed)
    for _ in range(times):
        name = chance.choice(FILES)
        text = (EXAMPLE / name).read_text()
        for _ in range(chance.choice((1, 2, 5))):
            at = chance.randrange(len(text) or 1)
            text = chance.choice(
                (
                    text[:at] + chance.choice(BYTES) + text[at:],
                    text[:at] + text[at + chance.randrange(30) :],
                    text[:at] + text[at // 2 : at] + text[at:],
                )
            )
        (copied / name).write_text(text)
        _check(copied / "entra-config.yaml")
        shutil.copy(EXAMPLE / name, copied / name)


def test_every_address_broken_in_each_way(copied: Path) -> None:
    """What no parser of addresses takes is told at its place, wherever an address may stand."""
    for name in FILES:
        lines = (EXAMPLE / name).read_text().splitlines(keepends=True)
        for number, line in enumerate(lines):
            for breaks in ("[", "]", ":", ":x", "%", "@", "\\") if "://" in line else ():
                for at in (line.index("://") + 3, line.index("://") + 6):
                    torn = line[:at] + breaks + line[at:]
                    (copied / name).write_text("".join([*lines[:number], torn, *lines[number + 1 :]]))
                    _check(copied / "entra-config.yaml")
        shutil.copy(EXAMPLE / name, copied / name)


def test_odd_values_under_every_key_of_an_application(tmp_path: Path) -> None:
    """Each key of an application, of every type, takes each odd value or tells it."""
    from entra_config.manifest.fields.field import TYPES
    from entra_config.manifest.fields.table import application_fields

    root = tmp_path / "entra-config.yaml"
    environments = {"dev": {"tenantId": "11111111-1111-1111-1111-111111111111"}}
    for field in application_fields().values():
        applications = {
            f"a{number}-{kind}": {"type": kind, "displayName": "A", field.key: odd}
            for number, odd in enumerate(ODD)
            for kind in TYPES
        }
        tree = {"project": "p", "environments": environments, "applications": applications}
        root.write_text(json.dumps(tree).replace("NaN", ".nan").replace("Infinity", ".inf"))
        _check(root)
