"""The hash of all that decides a shard: another plan has another one, and no other shard's moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from entra_config.emulator import seed
from entra_config.emulator.embedded import Embedded
from entra_config.fleet import deciding
from entra_config.fleet.deciding import Flags
from tests.shares import drawn
from tests.unit.fleet.files import FILES, hashes, plans, write

Texts = dict[str, str]
MYAPP = frozenset({"contoso/myapp", "fabrikam/myapp"})
CONTOSO = frozenset({"contoso/myapp", "contoso/platform"})
EVERY = MYAPP | CONTOSO
# What is edited beside files, as if it were one.
ALLOWED, TOOL = "--allow", "the tool"
Edit = Callable[[Texts, Random], frozenset[str]]


def _variable(texts: Texts, random: Random) -> frozenset[str]:
    tenant = random.choice(["contoso", "fabrikam"])
    said = f"title: T{random.randrange(10**6)}"
    texts[f"tenants/{tenant}.yaml"] = f"tenants: {{ {tenant}: {{ variables: {{ {said} }} }} }}\n"
    return frozenset({f"{tenant}/myapp"})


def _layer(texts: Texts, random: Random) -> frozenset[str]:
    texts["fleet.yaml"] = texts["fleet.yaml"].replace(
        "region: westeurope", f"region: r{random.randrange(10**6)}"
    )
    return CONTOSO


def _override(texts: Texts, random: Random) -> frozenset[str]:
    over = f"overrides: {{ myapp: {{ applications: {{ api: {{ notes: n{random.randrange(10**6)} }} }} }} }}, "
    texts["fleet.yaml"] = texts["fleet.yaml"].replace(f"{seed.FABRIKAM}, ", f"{seed.FABRIKAM}, {over}")
    return frozenset({"fabrikam/myapp"})


def _manifest(texts: Texts, random: Random) -> frozenset[str]:
    name, before, moved = random.choice([
        ("platform", "notes: before", frozenset({"contoso/platform"})),
        ("myapp", "Reader: Reads.", MYAPP),
        ("myapp", "groups: [MyApp Admins]", MYAPP),
    ])  # fmt: skip
    after = {"notes: before": "notes: after", "Reader: Reads.": "Reader: Reads all."}.get(
        before, "groups: []"
    )
    path = f"{name}/entra-config.yaml"
    texts[path] = texts[path].replace(before, after)
    return moved


def _pin(texts: Texts, random: Random) -> frozenset[str]:
    tenant = random.choice(["contoso", "fabrikam"])
    app_id = f"00000000-0000-4000-8000-{random.randrange(10**12):012d}"
    id_ = seed.CONTOSO if tenant == "contoso" else seed.FABRIKAM
    texts[f"myapp/locks/customer/{tenant}.lock.yaml"] = f"tenantId: {id_}\nrejected: [{app_id}]\n"
    return frozenset({f"{tenant}/myapp"})


def _policy(texts: Texts, random: Random) -> frozenset[str]:
    said = f"policy: {{ limits: {{ maxPeople: {random.randrange(1, 9)} }} }}"
    path = "myapp/entra-config.yaml"
    texts[path] = texts[path].replace("fleet: true", f"fleet: true, {said}")
    return MYAPP


def _newcomer(texts: Texts, random: Random) -> frozenset[str]:
    id_ = f"99999999-0000-4000-8000-{random.randrange(10**12):012d}"
    row = f"  aaa: {{ tenantId: {id_}, projects: [platform] }}\n"
    texts["fleet.yaml"] = texts["fleet.yaml"].replace("tenants:\n  contoso", f"tenants:\n{row}  contoso")
    return frozenset()


def _unseen(texts: Texts, random: Random) -> frozenset[str]:
    path = random.choice(sorted(path for path in texts if not path.endswith(".lock.yaml")))
    texts[path] = "# a comment\n\n" * random.randrange(1, 4) + texts[path]
    return frozenset()


def _flags(texts: Texts, random: Random) -> frozenset[str]:
    texts[ALLOWED] = random.choice(["many", "last", "delete", "many last"])
    return EVERY


def _tool(texts: Texts, random: Random) -> frozenset[str]:
    texts[TOOL] = f"{random.randrange(10**6)}"
    return EVERY


EDITS: tuple[Edit, ...] = (
    _variable, _layer, _override, _manifest, _pin, _policy, _newcomer, _unseen, _flags, _tool,
)  # fmt: skip


@pytest.mark.fleet
@pytest.mark.parametrize("number", drawn("what decides a shard", range(300), 30))
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
