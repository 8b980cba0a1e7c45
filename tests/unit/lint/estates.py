"""What the regular persona is told of every case, of an import of the seeded tenant and of a first manifest,
as lines.

`python -m tests.unit.lint.estates > tests/unit/lint/expected.txt` writes the list anew: each line is one that
somebody looked at.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml

from entra_config.errors import ManifestError
from entra_config.lint import model, run, table
from entra_config.manifest import loader
from entra_config.manifest.published import starter
from tests.cases.stories import CASES, World
from tests.unit.importing.importer import EVERYTHING, Ground
from tests.unit.lint.snippets import NOW

EXPECTED = Path(__file__).with_name("expected.txt")
EXAMPLE = Path(__file__).parents[3] / "manifests"


def lines() -> Iterator[str]:
    """Yield each finding: where, rule, application."""
    yield from reported("manifests", EXAMPLE)
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            yield from _case(case, Path(folder) / "manifests")
    with tempfile.TemporaryDirectory() as folder:
        yield from _first(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield from asyncio.run(_imported(Path(folder)))


def reported(name: str, path: Path) -> Iterator[str]:
    """Yield the findings of one manifest."""
    loaded = loader.loaded(path)
    every = tuple(each.manifest.environment for each in loaded)
    report = run.run(loaded, model.LintRequest(table.built_in(), NOW, every))
    yield from sorted({f"{name}: {each.rule} {each.application}" for each in report.findings})


def _case(case: Path, folder: Path) -> Iterator[str]:
    world = World(folder, yaml.safe_load(case.read_text(encoding="utf-8"))["manifest"])
    try:
        world.load(next(iter(world.manifest["environments"])))
        yield from reported(case.parent.name, folder)
    except ManifestError:
        # It names what a step of its story makes first.
        yield f"{case.parent.name}: does not load by itself"


def _first(folder: Path) -> Iterator[str]:
    for name, text in starter.files("shop", "11111111-1111-1111-1111-111111111111").items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    yield from reported("init", folder)


async def _imported(folder: Path) -> list[str]:
    ground = Ground(folder / "manifests")
    await ground.imported(EVERYTHING)
    return list(reported("import", folder / "manifests"))


if __name__ == "__main__":
    sys.stdout.write("".join(f"{line}\n" for line in lines()))
