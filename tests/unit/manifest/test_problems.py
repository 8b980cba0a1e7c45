"""A manifest with mistakes has exactly the problems, at exactly the places, that a row of `problems/*.yaml` lists;
one with none is loaded, and its parts under `reads` are exactly so.

A row's `text` stands for `…` in `within` of its group, and `<x times 250>` for so many letters, in which `#`
is the number of each, from 0. `files` are other
files by name. A text without `project:` gets two lines in front of it (`conftest.HEAD`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config.errors import ManifestError
from tests.unit.manifest.conftest import Load
from tests.unit.manifest.plain import find_part


def _rows() -> Iterator[Any]:
    for path in sorted((Path(__file__).parent / "problems").glob("*.yaml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8")):
            for number, row in enumerate(group["rows"], 1):
                sentence = row.get("it", group["it"])
                yield pytest.param(group, row, id=f"{path.stem}: {sentence} ({number})")


def _repeat(text: str) -> str:
    def written_out(found: re.Match[str]) -> str:
        return "".join(found[1].replace("#", str(number)) for number in range(int(found[2])))

    return re.sub(r"<([^<>\n]+) times (\d+)>", written_out, text)


@pytest.mark.parametrize(("group", "row"), [*_rows()])
def test_a_manifest_has_exactly_these_problems(
    load: Load, group: dict[str, Any], row: dict[str, Any]
) -> None:
    """All of them, in the order of the files, and no others."""
    text = group.get("within", "…").replace("…", row.get("text", ""))
    files = group.get("files", {}) | row.get("files", {})
    problems, manifest = [], None
    try:
        manifest = load(
            _repeat(text),
            row.get("environment", group.get("environment")),
            **{name: _repeat(of) for name, of in files.items()},
        )
    except ManifestError as error:
        problems = [str(problem) for problem in error.problems]
    assert problems == [_repeat(expected) for expected in row.get("problems", ())]
    reads = row.get("reads", {})
    assert manifest or not reads
    assert {path: find_part(manifest, path) for path in reads if manifest} == reads
