"""The hash of all that decides a shard: another plan has another one, and no other shard's moves."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

import pytest

from entra_emulator.embedded import Embedded
from entra_fleet.run import deciding
from entra_fleet.run.deciding import Flags
from tests.seeds import sample
from tests.unit.fleet.drawn_edits import ALLOWED, EDITS, TOOL
from tests.unit.fleet.files import FILES, hashes, plans, write


@pytest.mark.fleet
@pytest.mark.parametrize("number", sample("what decides a shard", range(300), 30))
def test_another_plan_has_another_hash_and_no_other_shards_moves(tmp_path: Path, number: int) -> None:
    """Two edits each, of files, flags or the tool: of the plans on the emulator, and of who was touched."""
    random = Random(f"fleet {number}")
    write(tmp_path, FILES)
    before, planned = hashes(tmp_path), asyncio.run(plans(tmp_path, Embedded.create(seed="fleet")))
    texts, touched = dict(FILES), set[str]()
    for edit in random.sample(EDITS, 2):
        touched |= edit(texts, random)
    allowed, tool = texts.pop(ALLOWED, "").split(), texts.pop(TOOL, "")
    write(tmp_path, texts)
    flags = Flags(tuple(allowed))
    after = {name: each for name, each in hashes(tmp_path, flags, tool).items() if name in before}
    # A newcomer's tenant is none of the emulator's: its plan is nobody's here.
    texts["fleet.yaml"] = "".join(
        row for row in texts["fleet.yaml"].splitlines(keepends=True) if not row.startswith("  aaa:")
    )
    write(tmp_path, texts)
    replanned = asyncio.run(plans(tmp_path, Embedded.create(seed="fleet"), frozenset(allowed)))

    other = {name for name in before if planned[name] != replanned[name]}
    moved = {name for name in before if before[name] != after[name]}
    assert other <= moved <= touched


def test_edits_of_these_tests_make_other_plans(tmp_path: Path) -> None:
    """A title is in the plan of its own tenant, so that what is asserted above can fail."""
    write(tmp_path, FILES)
    planned = asyncio.run(plans(tmp_path, Embedded.create(seed="fleet")))
    write(tmp_path, {"tenants/contoso.yaml": "tenants: { contoso: { variables: { title: Other } } }\n"})
    replanned = asyncio.run(plans(tmp_path, Embedded.create(seed="fleet")))

    assert {name for name in planned if planned[name] != replanned[name]} == {"contoso/myapp"}


def test_flags_and_the_tool_itself_decide_every_shard(tmp_path: Path) -> None:
    """A limit that is lifted, another cloud, one changed file of the tool."""
    write(tmp_path, FILES)
    first = hashes(tmp_path)
    assert hashes(tmp_path, Flags(("many", "last"))) == hashes(tmp_path, Flags(("last", "many")))
    for other in (
        hashes(tmp_path, Flags(("many",))),
        hashes(tmp_path, Flags(cloud="china")),
        hashes(tmp_path, tool="x"),
    ):
        assert not set(first.values()) & set(other.values())

    package = tmp_path / "package"
    write(package, {"a.py": "a = 1\n", "b/c.json": "{}"})
    before = deciding.of_files(package)
    write(package, {"__pycache__/a.pyc": "compiled"})
    assert deciding.of_files(package) == before
    write(package, {"b/c.json": "[]"})
    assert deciding.of_files(package) != before
    write(package, {"b/c.json": "{}", "d": ""})
    assert deciding.of_files(package) != before


def test_where_the_files_stand_decides_nothing(tmp_path: Path) -> None:
    """Another checkout of the same commit has the same hashes."""
    write(tmp_path / "one", FILES)
    write(tmp_path / "two/deeper", FILES)
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two/deeper")
