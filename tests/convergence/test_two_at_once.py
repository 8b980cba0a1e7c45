"""Two applies at once, and an apply while a person edits: nothing doubled, nothing silently lost, both say
what happened.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from entra_config.apply.events import Outcome
from entra_config.graph.request import Request
from entra_config.manifest.model import Manifest
from tests.convergence.before_and_after import AFTER, BEFORE
from tests.convergence.interleaving import hesitant, reported
from tests.convergence.tenant import Tenant, load


async def one(tenant: Tenant, manifest: Manifest, seed: int) -> Outcome:
    """Plan and apply at a pace of its own."""
    async with await hesitant(tenant, seed) as graph:
        return await tenant.carry_out(graph, await tenant.plan(graph, manifest))


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("start", [False, True])
def test_two_applies_of_one_manifest_end_as_one(seed: int, start: bool, tmp_path: Path) -> None:
    """Whatever the interleaving, nothing exists twice, each says what it did, and one more apply finds
    everything or ends it.
    """
    before, goal = load(tmp_path / "a", BEFORE), load(tmp_path / "b", AFTER if start else BEFORE)
    tenant = Tenant()
    if start:
        assert asyncio.run(tenant.converge(before)).complete

    async def both() -> list[Outcome]:
        return list(await asyncio.gather(one(tenant, goal, seed), one(tenant, goal, seed + 1000)))

    outcomes = asyncio.run(both())
    assert all(reported(outcome) for outcome in outcomes)
    assert tenant.doubles() == []
    assert tenant.strangers() == tenant.external
    tenant.calm()
    assert asyncio.run(tenant.converge(goal)).complete
    assert asyncio.run(tenant.pending(goal)) == []


def edit(tenant: Tenant, seed: int) -> tuple[str, dict[str, Any]]:
    """Choose what a person does: an object and the change."""
    (api,) = [row for row in tenant.applications() if "entra-config:key=api" in row["tags"]]
    (spa,) = [row for row in tenant.applications() if "entra-config:key=spa" in row["tags"]]
    edits = [
        (spa["id"], {"spa": {"redirectUris": ["https://person.example.com/"]}}),
        (api["id"], {"notes": "a person was here"}),
        (api["id"], {"displayName": "A person's name"}),
        (api["id"], {"identifierUris": [f"api://{api['appId']}", "https://contoso.com/person"]}),
        (spa["id"], {"requiredResourceAccess": []}),
    ]
    return edits[seed % len(edits)]


@pytest.mark.parametrize("seed", range(10))
def test_a_person_s_edit_meanwhile_is_kept_or_told(seed: int, tmp_path: Path) -> None:
    """An edit during an apply stays, or the guard refuses to replace it; only between a guard and its
    write is it not seen.
    """
    before, goal = load(tmp_path / "a", BEFORE), load(tmp_path / "b", AFTER)
    tenant = Tenant()
    assert asyncio.run(tenant.converge(before)).complete
    id_, body = edit(tenant, seed)
    (path, value), *_ = body.items()
    seen: list[tuple[str, str]] = []

    async def person(planned: asyncio.Event) -> None:
        await planned.wait()
        for _ in range(seed * 12):
            await asyncio.sleep(0)
        async with await tenant.connect() as graph:
            (response,) = await graph.send([Request("PATCH", f"/applications/{id_}", body)])
            assert response.ok
            seen.append(("EDIT", id_))

    async def apply(planned: asyncio.Event) -> Outcome:
        async with await hesitant(tenant, seed) as graph:
            graph._door.done = seen
            plan = await tenant.plan(graph, goal)
            planned.set()
            return await tenant.carry_out(graph, plan)

    async def both() -> Outcome:
        planned = asyncio.Event()
        outcome, _ = await asyncio.gather(apply(planned), person(planned))
        return outcome

    outcome = asyncio.run(both())
    now = tenant.tables.applications.rows[id_][path]
    kept = (
        all(now.get(key) == item for key, item in value.items()) if isinstance(value, dict) else now == value
    )
    moved = [error for _, error in outcome.failed if error.code == "Moved" and path in str(error)]
    assert kept or moved or in_the_window(seen, id_)
    assert reported(outcome)
    assert tenant.doubles() == []


def in_the_window(seen: list[tuple[str, str]], id_: str) -> bool:
    """Tell whether the edit fell between the last look at the object and the write that followed: the
    documented window.
    """
    place = seen.index(("EDIT", id_))
    about, after = (
        [method for method, url in part if url.partition("?")[0] == f"/applications/{id_}"]
        for part in (seen[:place], seen[place + 1 :])
    )
    return about[-1:] == ["GET"] and after[:1] == ["PATCH"]
