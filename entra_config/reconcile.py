"""The pipeline in order: read, identify, make both states, judge, compare, make steps, and carry them out."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from entra_config import states
from entra_config.actual import deletions, stakes
from entra_config.actual.read import Reading
from entra_config.checks import judging, trust
from entra_config.checks.comparing import compare, view
from entra_config.errors import RefusedError
from entra_config.kinds.expansion import expand
from entra_config.kinds.table import KINDS
from entra_config.plan import impact, selection
from entra_config.plan.model import Plan, Restore, Work
from entra_config.plan.options import NO_OPTIONS, Options

if TYPE_CHECKING:
    from entra_config.actual.found import Found
    from entra_config.apply.events import Observer, Outcome
    from entra_config.apply.journal import Journal
    from entra_config.graph.client import Graph
    from entra_config.manifest.model import Manifest
    from entra_config.resource import Address, Ref, State


@dataclass(frozen=True, slots=True)
class Difference:
    """A plan before limits, with what the tenant had."""

    plan: Plan
    actual: State


async def plan(manifest: Manifest, graph: Graph, options: Options = NO_OPTIONS, *, now: datetime) -> Plan:
    """Return what would change. Nothing is written. `now` is the instant that it is made for."""
    before = graph.usage
    wanted = states.held(manifest, now, options)
    reading = Reading(graph, wanted, KINDS, options, preflight=True, by_lists=True)
    found = await deletions.reported(graph, await reading.run())
    found, compared = await settle(reading, found, options, now=now)
    at_stake = await stakes.read(graph, wanted, found.directory, compared.actual, compared.plan.foreseen)
    planned = replace(impact.add_access(compared.plan, at_stake), read=graph.usage.since(before))
    planned = judging.add_effects(planned, found.edits)
    # `preventDestroy` and the limits are those of the manifest as it is written.
    return judging.limit(planned, manifest, at_stake, allow=options.allow)


async def settle(
    reading: Reading, found: Found, options: Options, *, now: datetime
) -> tuple[Found, Difference]:
    """Return what was read and the difference, once each application of it that changes was read by key.

    Lists may be staler than reads by key, so nothing is changed by what a list alone shows, and nobody is
    given anything of whom only a list shows who can act as it.
    """
    compared = difference(reading.manifest, found, options, now=now)
    while keys := reading.known_by_lists(compared.plan.touched):
        found = replace(await reading.read_by_key(keys), deleters=found.deleters)
        compared = difference(reading.manifest, found, options, now=now)
    return found, compared


def difference(manifest: Manifest, found: Found, options: Options, *, now: datetime) -> Difference:
    """Return what should be against what was read and identified."""
    if options.trusting:
        found = replace(found, directory=replace(found.directory, unsaid=frozenset()))
    doubts = trust.doubts(manifest, found.directory)
    staying = frozenset[str]() if options.trusting else trust.kept_deleted(found.directory, doubts)
    both = states.chosen(states.both(manifest, found.directory, KINDS, staying), options)
    judged = judging.judge(manifest, found, both, doubts, options, now=now)
    planned = compare(manifest, found, judged, both, options, now=now)
    ordered = expand(KINDS, view(manifest, found, judged.desired, both.actual, planned))
    planned = replace(planned, steps=ordered.steps, depth=ordered.depth)
    known = (*both.desired, *both.waiting, *both.actual)
    return Difference(selection.chosen(planned, options, known), both.actual)


@dataclass(frozen=True, slots=True)
class Following:
    """A plan made after a restore, and the part of it that the first plan announced; `live` are service
    principals that that one found deleted and another administrator restored.
    """

    later: Plan
    rest: Plan
    live: tuple[Address, ...]


async def follow(
    first: Plan, known: Mapping[Ref, str], again: Callable[[], Awaitable[Plan]]
) -> AsyncIterator[Following]:
    """Yield a plan made anew after each restore: after that of applications, and after that of their service
    principals. Whoever iterates carries out its rest, and adds to `known` what that made.
    """
    while True:
        later = await again()
        rest = selection.announced(first, later, known)
        yield Following(later, rest, selection.live_already(first, later))
        if not selection.restores(rest):
            return
        first = replace(
            first,
            following=tuple(each for each in first.following if not isinstance(each, Restore)),
            withheld=later.withheld,
        )


async def apply(
    plan: Work,
    graph: Graph,
    *,
    observe: Observer = lambda _: None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    jitter: Callable[[], float] = random.random,
    wait: bool = True,
    journal: Journal | None = None,
    stop: asyncio.Event | None = None,
    draw: Callable[[], str] | None = None,
    now: Callable[[], datetime] | None = None,
) -> Outcome:
    """Carry a plan out and tell what became of each step. A plan that is refused as a whole sends nothing,
    and one that is of another time than `now` as to what is over.
    """
    # The state machine and what it needs load where something is applied.
    from entra_config.apply.run import begin, drawn, run

    if plan.blocked:
        raise RefusedError("\n".join(refusal.message for refusal in plan.refusals if refusal.blocks))
    if now is not None:
        begin(plan, now())
    return await run(
        plan.steps,
        graph,
        observe=observe,
        sleep=sleep,
        jitter=jitter,
        wait=wait,
        journal=journal,
        stop=stop,
        draw=draw or drawn,
    )
