"""The work of lint grows as the estate does, on the manifest and on the tenant: counted in lines run."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

from entra_config.lint import model, run, table, tenant
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from tests.unit.growth import FEW, MANY, assert_grows_alike, counted
from tests.world import NOW

RULES = table.built_in()


def test_the_work_grows_as_the_estate_does(tmp_path: Path) -> None:
    """Four times the applications are four times the lines, whatever they name of each other."""

    async def lint(graph: Any, same: Manifest, _: Manifest) -> None:
        loaded = loader.loaded(tmp_path)
        read = await tenant.read(graph, same)
        report = run.run(loaded, model.LintRequest(RULES, NOW, ("dev",), "auditor"), {"dev": read})
        assert {each.live for each in report.findings} == {True, False}

    assert_grows_alike(*(_in_lint(asyncio.run(counted(tmp_path, size, lint))) for size in (FEW, MANY)))


def _in_lint(lines: Counter[str]) -> Counter[str]:
    return Counter({place: count for place, count in lines.items() if "/entra_config/lint/" in place})
