"""Random manifests A and B over one tenant: apply A, apply B, and B has nothing left to do."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests import seeds
from tests.cases.plan_lines import shown
from tests.cases.random_manifests import manifest
from tests.cases.stories import World
from tests.world import apply, plan


async def _both(folder: Path, seeds: tuple[int, int]) -> None:
    world = World(folder, manifest(seeds[0]))
    before = await _external(world)
    for seed in seeds:
        world.manifest = manifest(seed)
        wanted = world.load()
        made = await plan(world.embedded, wanted)
        assert not made.blocked, made.refusals
        assert made.read.depth <= 5, (
            made.read
        )  # three levels, one for what turns out deleted, one for members of groups
        outcome = await apply(world.embedded, made)
        assert [(step.id, str(error)) for step, error in outcome.failed] == []
        assert outcome.not_attempted == ()
        again = await plan(world.embedded, wanted)
        assert shown(again) == "nothing", f"{shown(made)}\n\nthen:\n{shown(again)}"
    assert await _external(world) == before


async def _external(world: World) -> list[Any]:
    """Return what is not ours, with a stranger who looks like it."""
    async with world.embedded.client() as client:
        if not (await client.get("/applications?$filter=displayName eq 'left 1'")).json()["value"]:
            await client.post(
                "/applications", json={"displayName": "left 1", "uniqueName": "other.dev.left", "tags": ["a"]}
            )
        every = (await client.get("/applications?$top=999")).json()["value"]
    return [app for app in every if not any(tag.startswith("entra-config:owner=rnd/") for tag in app["tags"])]


@pytest.mark.parametrize("seed", seeds.sample("manifests", range(50), 20))
def test_any_manifest_follows_any_other(seed: int, tmp_path: Path) -> None:
    """Whatever stood before, one apply is enough, and what is not ours stays."""
    asyncio.run(_both(tmp_path / "manifests", (seed, seed + 1000)))


@pytest.mark.faults
@pytest.mark.parametrize("seed", seeds.sample("more manifests", range(2000, 2200), 60))
def test_any_manifest_follows_any_other_at_length(seed: int, tmp_path: Path) -> None:
    """The same, sixty times, and two hundred in `make proof`; with faults, `test_random_pairs` says it of
    more.
    """
    asyncio.run(_both(tmp_path / "manifests", (seed, seed + 1000)))
