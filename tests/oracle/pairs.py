"""A seed in; whether the plan of that world was true, converged, or by which rule it was refused, out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from entra_config.apply.events import Outcome
from entra_config.errors import EntraConfigError
from tests.oracle import agreement, drifts, judge
from tests.oracle.judge import Ground
from tests.oracle.memory import Memory
from tests.oracle.reported import Names, returning
from tests.oracle.tenant import document, load
from tests.oracle.worlds import UnbuiltError, World, build
from tests.world import carry_on


@dataclass(frozen=True)
class Verdict:
    """How one pair ended: `refused` names the rule, `wrong` what is not so, `failed` what could not be
    applied.
    """

    seed: int
    shapes: tuple[str, ...]
    refused: str = ""
    unbuilt: str = ""
    failed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    protected: bool = False

    @property
    def carried_out(self) -> bool:
        """Tell whether the plan was applied whole."""
        return not (self.refused or self.unbuilt or self.failed)


def pair(seed: int) -> Verdict:
    """Draw a world, plan, apply, and hold what was told against the tokens before and after."""
    return asyncio.run(_pair(seed))


async def _pair(seed: int) -> Verdict:
    try:
        world = await build(seed)
    except UnbuiltError as error:
        return Verdict(seed, (), unbuilt=str(error))
    return replace(await _judged(world), protected=world.protected)


async def _judged(world: World) -> Verdict:
    seed = world.seed
    try:
        manifest = load(world.goal, lock=world.lock)
    except EntraConfigError as error:
        return Verdict(seed, world.shapes, refused=f"manifest: {error}")
    tenant = world.tenant
    as_was = tenant.dump()
    drifted = await _drifted(world, as_was)
    plan = await tenant.plan(manifest, world.words)
    reported = document(plan)
    if plan.blocked:
        return Verdict(
            seed,
            world.shapes,
            refused="; ".join(each["word"] or each["message"] for each in reported["refusals"]),
        )
    outcome = await tenant.apply(plan)
    # What waited for a restore is planned again, after a look at what came back; nothing happens that was
    # not announced.
    outcome = await carry_on(plan, outcome, lambda: tenant.plan(manifest, world.words), tenant.apply)
    if not outcome.complete:
        return Verdict(seed, world.shapes, failed=_failures(outcome))
    before, after = Ground.both(as_was, tenant.dump(), Random(seed), tenant.unreadable)
    wrong = [*drifted, *agreement.disagreements(before.said), *agreement.disagreements(after.said)]
    wrong += _reported(world, reported, before, after)
    if _restores(reported):
        # What came back unsaid is said by the next plan, and goes with it.
        second = await tenant.plan(manifest, world.words)
        outcome = await tenant.apply(second)
        if not outcome.complete:
            return Verdict(seed, world.shapes, failed=_failures(outcome))
        between, after = Ground.both(after.dump, tenant.dump(), Random(seed), tenant.unreadable)
        wrong += [f"next plan: {line}" for line in _reported(world, document(second), between, after)]
    names = Names.of(world.goal, before.registrations, after.registrations)
    wrong += await _afterwards(world, manifest, after, names)
    return Verdict(seed, world.shapes, wrong=tuple(wrong))


def _reported(world: World, reported: Mapping[str, Any], before: Ground, after: Ground) -> list[str]:
    """Hold what a plan told against the tokens; only what a plan says that it brings back may come back
    unsaid.
    """
    names = Names.of(world.goal, before.registrations, after.registrations)
    memory = None
    if world.undeleted is not None and _restores(reported):
        then, _ = Ground.both(world.undeleted, after.dump, Random(world.seed), world.tenant.unreadable)
        memory = Memory.of(world.undeleted, then.said, world.goal, names, returning(reported))
    return [
        *judge.differences(reported, before, after, names, memory),
        *judge.entrances(reported, before, after, names),
        *judge.consents(reported, before, after, names, memory),
    ]


def _restores(reported: Mapping[str, Any]) -> bool:
    return any(each["kind"] == "restored" for each in reported["access"])


async def _drifted(world: World, as_was: Mapping[str, Any]) -> list[str]:
    """Hold the report on what hands did since our project was deployed against the tokens of then and of
    now.
    """
    deployed = load(world.deployed, lock=world.lock)
    report = await world.tenant.drift(deployed)
    if not world.hands:
        warned = _warned(document(await world.tenant.plan(deployed)))
        odd = [each["sentence"] for each in report["findings"] if not _keys(each["address"]) & warned]
        return [f"drift that nobody made: {sentence}" for sentence in odd]
    before, after = Ground.both(world.settled, as_was, Random(world.seed))
    names = Names.of(world.deployed, before.registrations, after.registrations)
    return drifts.missing(report, before, after, names, world.deployed)


def _failures(outcome: Outcome) -> tuple[str, ...]:
    return tuple(f"{step.id}: {error}" for step, error in outcome.failed) or (
        "what was written cannot be read back",
    )


async def _afterwards(world: World, manifest: Any, after: Ground, names: Names) -> list[str]:
    wrong = []
    again = document(await world.tenant.plan(manifest, world.words))
    if again["changes"]:
        left = ", ".join(
            f"{each['action']} {each['address']['kind']}.{each['address']['key']}"
            for each in again["changes"]
        )
        wrong.append(f"a second plan is not empty: {left}")
    if again["access"]:
        wrong.append("a second plan tells of access")
    try:
        listed = frozenset({*world.goal["applications"], *world.goal["appRoleAssignments"]})
        wrong += judge.holdings(await world.tenant.access(manifest), after, names, listed)
    except EntraConfigError as error:
        wrong.append(f"access fails: {error}")
    drift = await world.tenant.drift(manifest)
    watched = drifts.unlisted(world.goal, after, names)
    found = {each["sentence"]: _keys(each["address"]) for each in drift["findings"]}
    if unsaid := watched - frozenset().union(*found.values()):
        wrong.append(f"drift says nothing of the holders of what is not listed: {sorted(unsaid)}")
    odd = [sentence for sentence, keys in found.items() if not keys & (watched | _warned(again))]
    if odd and not again["changes"]:
        wrong.append(f"drift where nothing is to be done: {', '.join(odd)}")
    return wrong


def _warned(plan: Mapping[str, Any]) -> set[str]:
    """Return the applications that a plan only warns of, holds something back of, or changes once something
    is restored, and the renamed groups that it holds something back for: that is a finding as well.
    """
    renamed = (
        re.match(r"'(.+)' gets nothing new at .* is called '", each["message"]) for each in plan["withheld"]
    )
    return {match[1] for match in renamed if match} | {
        each["address"]["key"].split("/")[0]
        for each in (*plan["warnings"], *plan["withheld"], *plan["following"])
        if each["address"]
    }


def _keys(address: str) -> set[str]:
    """Return the keys at both ends of what a finding is about."""
    first, *rest = address.partition(".")[2].split("/")
    return {first, *(part.rpartition(":")[2] for part in rest)}
