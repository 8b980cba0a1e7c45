"""Killed, disturbed and doubled where deployers are named: applications end it by applying again, people
by one look besides.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from entra_config.apply.events import Outcome
from entra_config.graph import batch
from tests import seeds
from tests.convergence import carried
from tests.convergence.before_and_after import AFTER, BEFORE
from tests.convergence.carried import Carried
from tests.convergence.guarded import SETTINGS, Setting, ended, prepared
from tests.convergence.interferences import KINDS
from tests.convergence.interleaving import hesitant, reported
from tests.convergence.tenant import killed

LAST = 400
PROTECTED = [setting for setting in SETTINGS if setting.protected]


def sweep(
    setting: Setting,
    folder: Path,
    start: dict[str, Any] | None,
    goal: dict[str, Any],
    *,
    phase: str,
    first: int = 1,
    step: int = 1,
) -> int:
    """Kill an apply at each of its calls in turn, or at every `step`-th, and end it; return how many calls
    there were, about.
    """
    ends = [prepared(setting, folder, start), prepared(setting, folder, goal)]
    holdable, sayable = (
        set[Carried]().union(*map(carried.held, ends)),
        set[Carried]().union(*map(carried.tokens, ends)),
    )
    for call in range(first, LAST, step):
        tenant = prepared(setting, folder, start)
        with carried.watched(tenant) as seen:
            tenant.kill_at(call, phase)
            was_killed = killed(lambda tenant=tenant: tenant.reach(goal))
            tenant.faults.on_call = None
            said = carried.tokens(tenant)
            ended(tenant, goal, call)
        assert seen <= holdable, (call, seen - holdable)
        assert said <= sayable, (call, said - sayable)
        if not was_killed:
            return call - 1
    raise AssertionError("the apply never ended by itself")


@pytest.mark.parametrize("start", [None, BEFORE], ids=["from nothing", "from another manifest"])
def test_no_token_on_the_way_carries_what_neither_end_gives(
    start: dict[str, Any] | None, tmp_path: Path
) -> None:
    """After each write of an apply every person and application asks for tokens: all values are of before
    or of the manifest.
    """
    setting, goal = Setting(protected=True, by="application"), AFTER if start else BEFORE
    sayable = carried.tokens(prepared(setting, tmp_path, start)) | carried.tokens(
        prepared(setting, tmp_path, goal)
    )
    tenant = prepared(setting, tmp_path, start)
    with carried.watched(tenant, carried.tokens) as seen:
        assert asyncio.run(tenant.reach(goal)).complete
    assert seen <= sayable, seen - sayable
    assert seen >= carried.tokens(tenant)


@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize("setting", PROTECTED, ids=str)
def test_a_kill_at_some_calls_is_ended(setting: Setting, phase: str, tmp_path: Path) -> None:
    """From an empty tenant and from one manifest to another, at every sixth call."""
    first, step = seeds.every(f"guarded {setting} {phase}", 6)
    sweep(setting, tmp_path, None, BEFORE, phase=phase, first=first, step=step)
    sweep(setting, tmp_path, BEFORE, AFTER, phase=phase, first=first, step=step)


@pytest.mark.faults
@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_a_kill_between_any_two_requests_is_ended(
    setting: Setting, phase: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same at each request, none of them in a batch; where somebody else applies than an application to
    what is protected, at every ninth call, and at each in `make proof`.
    """
    monkeypatch.setattr(batch, "LIMIT", 1)
    first, step = (1, 1) if setting == SETTINGS[0] else seeds.every(f"between {setting} {phase}", 9)
    assert sweep(setting, tmp_path, None, BEFORE, phase=phase, first=first, step=step) > 30
    assert sweep(setting, tmp_path, BEFORE, AFTER, phase=phase, first=first, step=step) > 60


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("start", [False, True])
@pytest.mark.parametrize("setting", PROTECTED, ids=str)
def test_two_applies_at_once_are_ended(setting: Setting, start: bool, seed: int, tmp_path: Path) -> None:
    """Neither takes what the other makes for its own; both tell what they did not do, and one more apply
    does it.
    """
    doubled(setting, start=start, seed=seed, folder=tmp_path)


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(2, 12))
@pytest.mark.parametrize("start", [False, True])
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_more_applies_at_once_are_ended(setting: Setting, start: bool, seed: int, tmp_path: Path) -> None:
    """The same in other interleavings, protected and not."""
    doubled(setting, start=start, seed=seed, folder=tmp_path)


def doubled(setting: Setting, *, start: bool, seed: int, folder: Path) -> None:
    """Apply twice at once, each at a pace of its own, and end it."""
    goal = AFTER if start else BEFORE
    ends = [prepared(setting, folder, BEFORE if start else None), prepared(setting, folder, goal)]
    holdable = set[Carried]().union(*map(carried.held, ends))
    tenant = prepared(setting, folder, BEFORE if start else None)

    async def one(pace: int) -> Outcome:
        async with await hesitant(tenant, pace) as graph:
            return await tenant.carry_out(graph, await tenant.plan(graph, tenant.load(goal)))

    async def both() -> list[Outcome]:
        return list(await asyncio.gather(one(seed), one(seed + 1000)))

    with carried.watched(tenant) as seen:
        outcomes = asyncio.run(both())
        assert all(reported(outcome) for outcome in outcomes)
        ended(tenant, goal, "two at once")
    assert seen <= holdable, seen - holdable


def disturbed(setting: Setting, kind: str, folder: Path) -> None:
    """Let somebody interfere between plan and apply, carry the stale plan out, and end it."""
    meddling, _, _ = KINDS[kind]
    holdable = carried.held(prepared(setting, folder, AFTER))
    tenant = prepared(setting, folder, BEFORE)
    holdable |= carried.held(tenant)

    async def play() -> None:
        async with await tenant.connect() as graph:
            plan = await tenant.plan(graph, tenant.load(AFTER))
            (response,) = await graph.send([meddling(tenant)])
            assert response.ok, response
            tenant.external = tenant.strangers()
            holdable.update(carried.held(tenant))
            assert reported(await tenant.carry_out(graph, plan))

    with carried.watched(tenant) as seen:
        asyncio.run(play())
        tenant.clock.advance(3600)
        ended(tenant, AFTER, kind)
    assert seen <= holdable, (kind, seen - holdable)


@pytest.mark.parametrize("kind", KINDS)
def test_an_interference_is_ended(kind: str, tmp_path: Path) -> None:
    """Whatever somebody does between plan and apply, a person who applies in a protected environment gets
    there.
    """
    disturbed(Setting(protected=True, by="user"), kind, tmp_path)


@pytest.mark.faults
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_an_interference_is_ended_in_every_setting(setting: Setting, kind: str, tmp_path: Path) -> None:
    """The same for applications and people, protected and not."""
    disturbed(setting, kind, tmp_path)
