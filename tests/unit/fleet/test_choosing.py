"""Which shards of a fleet are meant, and which chunk each is of."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.errors import UsageError
from entra_config.manifest.tenants import reading
from entra_config.manifest.tenants.model import Fleet, PlacedShard
from entra_fleet.run.shard_choice import ShardChoice, chunks
from tests.unit.fleet.files import write

TENANT = "99999999-0000-4000-8000-{:012d}"
TEXT = f"""\
projects:
  one: {{ manifest: one, environment: customer }}
  two: {{ manifest: two, environment: customer }}
credential: {{ kind: github, clientId: {TENANT.format(0)} }}
waves: [{{ tags: [first] }}, {{ rest: true }}]
tenants:
  a: {{ tenantId: {TENANT.format(1)}, tags: [first, eu], projects: [one, two] }}
  b: {{ tenantId: {TENANT.format(2)}, tags: [eu], projects: [one] }}
  c: {{ tenantId: {TENANT.format(3)}, tags: [us], projects: [two] }}
"""


@pytest.fixture(name="fleet")
def _fleet(tmp_path: Path) -> Fleet:
    environments = "environments: { customer: { fleet: true, deployers: credential } }\n"
    app = "applications: { app: { type: application, displayName: App } }\n"
    write(
        tmp_path,
        {
            "fleet.yaml": TEXT,
            **{
                f"{name}/entra-config.yaml": f"project: {name}\n{environments}{app}"
                for name in ("one", "two")
            },
        },
    )
    return reading.read(tmp_path / "fleet.yaml")


def names(found: list[PlacedShard]) -> list[str]:
    """Return what the fleet calls them."""
    return [each.shard.name for each in found]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (ShardChoice(), ["a/one", "a/two", "b/one", "c/two"]),
        (ShardChoice(tags=frozenset({"eu"})), ["a/one", "a/two", "b/one"]),
        (ShardChoice(tags=frozenset({"first", "us"})), ["a/one", "a/two", "c/two"]),
        (ShardChoice(projects=frozenset({"two"})), ["a/two", "c/two"]),
        (ShardChoice(wave=1), ["a/one", "a/two"]),
        (ShardChoice(wave=2), ["b/one", "c/two"]),
        (ShardChoice(frozenset({"eu"}), frozenset({"one"}), 2), ["b/one"]),
        (ShardChoice(frozenset({"us"}), frozenset({"one"})), []),
    ],
)
def test_a_shard_is_meant_by_tag_project_and_wave(
    choice: ShardChoice, expected: list[str], fleet: Fleet
) -> None:
    """Hold that one of several tags is enough, and that tag, project and wave hold together."""
    assert sorted(names(choice.of(fleet))) == expected


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (ShardChoice(tags=frozenset({"ue"})), "--tag ue: the fleet has none of that name"),
        (ShardChoice(tags=frozenset({"eu", "zz", "aa"})), "--tag aa: "),
        (ShardChoice(projects=frozenset({"three"})), "--project three: the fleet has none of that name"),
        (ShardChoice(wave=0), "--wave 0: "),
        (ShardChoice(wave=3), "--wave 3: "),
    ],
)
def test_what_there_is_not_is_an_error(choice: ShardChoice, message: str, fleet: Fleet) -> None:
    """Hold that the first in order is named."""
    with pytest.raises(UsageError) as refused:
        choice.of(fleet)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, {"a/one": 1, "a/two": 1, "b/one": 1, "c/two": 1}),
        (2, {"a/one": 1, "a/two": 1, "b/one": 1, "c/two": 2}),
        (3, {"a/one": 1, "a/two": 1, "b/one": 2, "c/two": 3}),
        (9, {"a/one": 1, "a/two": 1, "b/one": 2, "c/two": 3}),
    ],
)
def test_a_tenant_is_in_one_chunk(number: int, expected: dict[str, int], fleet: Fleet) -> None:
    """Hold that chunks are counted from one without a gap, and that there are no more than tenants."""
    shards = sorted(fleet.placed(), key=lambda each: each.shard.name)
    assert chunks(shards, number) == expected
