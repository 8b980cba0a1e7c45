"""The pipeline in order: read what is, build what should be, compare, check, and carry the difference out."""

from __future__ import annotations

import asyncio
import dataclasses
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from entra_config import states
from entra_config.actual import deletions, shape
from entra_config.actual import lock as actual_lock
from entra_config.actual.read import Found, read
from entra_config.checks import (
    certificates,
    foreseen,
    grants,
    handovers,
    limits,
    notes,
    strangers,
    trust,
    undeclared,
    usage,
    watches,
)
from entra_config.errors import Problem, UsageError
from entra_config.graph.request import Request, Usage
from entra_config.kinds import expansion, holdings
from entra_config.kinds.base import Grant, View, application_address
from entra_config.kinds.table import KINDS, SHAPES
from entra_config.kinds.wire import wire
from entra_config.manifest import lock as pins
from entra_config.manifest.model import Manifest, Removed
from entra_config.plan import impact, selection
from entra_config.plan.diff import diff
from entra_config.plan.model import Create, HeldBack, Notice, Plan, Refusal, address_of
from entra_config.resource import State

if TYPE_CHECKING:
    from entra_config.apply.events import Observer, Outcome
    from entra_config.apply.journal import Journal
    from entra_config.graph.client import Graph
    from entra_config.manifest.lock import Lock


@dataclass(frozen=True, slots=True)
class Compared:
    """A plan before limits, with the two States that it came of."""

    plan: Plan
    desired: State
    actual: State


async def plan(
    manifest: Manifest,
    graph: Graph,
    *,
    now: datetime,
    allow: frozenset[str] = frozenset(),
    destroy: bool = False,
    purge_deleted: bool = False,
    targets: tuple[str, ...] = (),
    made: frozenset[str] = frozenset(),
) -> Plan:
    """Return what would change. Nothing is written. `made` are ids of objects that this very run made."""
    before = graph.usage
    wanted = destroyed(manifest) if destroy else manifest
    found = await read(graph, wanted, KINDS, purge_deleted=purge_deleted, made=made)
    gone = [live.subject for live in found.directory.live.values() if live.subject.deleted]
    if gone:
        found = dataclasses.replace(found, deleters=await deletions.deleted_by(graph, gone))
    compared = compare(wanted, found, now=now, allow=allow, targets=targets)
    changes = (*compared.plan.changes, *compared.plan.following)
    was, becomes = holdings.sides(wanted, found.directory, compared.actual, changes)
    members = await _members(graph, impact.needed(was, becomes))
    access = impact.compute(was, becomes, members)
    planned = dataclasses.replace(compared.plan, access=access, read=_spent(before, graph.usage))
    # `preventDestroy` and the limits are those of the manifest as it is written.
    return limits.check(planned, manifest, limits.Stakes(was, becomes, members), allow=allow)


def compare(
    manifest: Manifest,
    found: Found,
    *,
    now: datetime,
    allow: frozenset[str] = frozenset(),
    targets: tuple[str, ...] = (),
    trusting: bool = False,
) -> Compared:
    """Compare what should be with what was read; `trusting` where nothing will be granted by it."""
    directory = found.directory
    actual = states.live(manifest, directory, KINDS)
    known = expansion.known(actual)
    wanted = states.resolved(states.build(manifest, directory, KINDS), known)
    wanted, waiting = states.until_restored(directory, wanted, actual, KINDS)
    doubts = trust.doubts(manifest, directory)
    judge = _judge(manifest, {} if trusting else doubts, allow)
    restrained = grants.restrain(wanted, actual, KINDS, judge)
    # What it is granted already is not known yet: whether a grant would be new, the plan that follows the restore says.
    later = grants.restrain(waiting, State({}), KINDS, judge)
    following = diff(later.state, State({}), SHAPES, names=directory.names)
    names = {**directory.names, **certificates.names(manifest)}
    difference = diff(restrained.state, actual, SHAPES, names=names, released=notes.released(manifest, actual))
    changes = handovers.noted((notes.annotated(change, found, now) for change in difference.changes), directory)
    foreseen_ = [
        *foreseen.check((*changes, *following.changes), found, restrained.state),
        *certificates.ended(manifest, directory, now),
    ]
    by_address = {address_of(change): change for change in changes}
    view = View(
        manifest,
        directory,
        restrained.state,
        actual,
        by_address,
        bind=found.bind,
        purges=found.purges,
        watches=watches.watches(manifest, directory, by_address, found.bind),
    )
    ordered = expansion.expand(KINDS, view, wire(directory, restrained.state))
    made = Plan(
        project=manifest.project,
        environment=manifest.environment,
        tenant=found.tenant,
        changes=changes,
        steps=ordered.steps,
        unchanged=difference.unchanged,
        warnings=(*_warnings(manifest, found, doubts, now), *(each for each in foreseen_ if isinstance(each, Notice))),
        refusals=(*_refusals(manifest, found, restrained), *(each for each in foreseen_ if isinstance(each, Refusal))),
        depth=ordered.depth,
        following=tuple(change for change in following.changes if isinstance(change, Create)),
        held_back=tuple(dict.fromkeys((*restrained.held_back, *later.held_back))),
        protected=manifest.protected,
    )
    return Compared(
        selection.only(made, targets, (*restrained.state, *waiting, *actual)) if targets else made, restrained.state, actual
    )


def _warnings(manifest: Manifest, found: Found, doubts: Mapping[str, trust.Doubt], now: datetime) -> tuple[Notice, ...]:
    return (
        *found.notices,
        *(each for each in usage.used_by_others(manifest, found.directory) if isinstance(each, Notice)),
        *trust.notices(manifest, found.directory, doubts),
        *undeclared.consents(manifest, found.directory),
        *undeclared.holders(manifest, found.directory),
        *strangers.notices(manifest, found.directory, now),
    )


def _refusals(manifest: Manifest, found: Found, restrained: grants.Restrained) -> tuple[Refusal, ...]:
    return (
        *found.refusals,
        *restrained.refusals,
        *trust.own_identity(manifest, found.directory, found.signed_in),
        *notes.renamed(manifest, found.directory),
        *notes.taken_over(manifest, found.directory),
        *(each for each in usage.used_by_others(manifest, found.directory) if isinstance(each, Refusal)),
    )


async def apply(
    plan: Plan,
    graph: Graph,
    *,
    observe: Observer = lambda _: None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    jitter: Callable[[], float] = random.random,
    wait: bool = True,
    journal: Journal | None = None,
    stop: asyncio.Event | None = None,
    draw: Callable[[], str] | None = None,
) -> Outcome:
    """Carry a plan out and tell what became of each step. A plan that is refused as a whole sends nothing."""
    from entra_config.apply.run import drawn, run
    from entra_config.errors import RefusedError

    if plan.blocked:
        raise RefusedError("\n".join(refusal.message for refusal in plan.refusals if refusal.blocks))
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


async def lock(
    manifest: Manifest, graph: Graph, old: Lock | None = None, accepted: Mapping[str, str] = MappingProxyType({})
) -> tuple[Lock, tuple[Problem, ...]]:
    """Return the pins that the environment's lock file should hold, and what they do not mend.

    `accepted` are appIds that somebody looked at, by key; each must be what the manifest, loaded with it, is about.
    """
    found = await read(graph, manifest, KINDS, mending=True)
    for key, app_id in accepted.items():
        live = found.directory.live.get(key)
        if live is None or live.subject.application is None or live.subject.application["appId"] != app_id:
            raise UsageError(f"--accept {key}={app_id}: this tenant has no such application for {key}")
    watched = trust.watched(manifest, found.directory)
    return actual_lock.lock(manifest, found, old or pins.Lock(), watched, accepted), found.problems


def destroyed(manifest: Manifest) -> Manifest:
    """Return the manifest with every application of this environment under `removed:`."""
    removed = {key: Removed(key, destroy=True, position=app.position) for key, app in manifest.applications.items()}
    return dataclasses.replace(
        manifest, applications={}, assignments={}, listed=frozenset(), removed={**manifest.removed, **removed}
    )


def _judge(
    manifest: Manifest, doubts: Mapping[str, trust.Doubt], allow: frozenset[str]
) -> Callable[[Grant], Refusal | HeldBack | None]:
    def judge(grant: Grant) -> Refusal | HeldBack | None:
        held_back = trust.distrust(manifest, grant, doubts)
        if held_back is not None or grant.sort in {"authorization", "assignment"}:
            return held_back
        return grants.consent(
            manifest.policy,
            client=application_address(grant.client),
            resource=grant.resource,
            own=grant.resource in manifest.applications,
            kind="delegated" if grant.sort == "delegated" else "application",
            permission=grant.permission,
            allow=allow,
        )

    return judge


async def _members(graph: Graph, groups: list[str]) -> dict[str, impact.Members]:
    """Read the first page of each group's members, and how many there are."""
    path = "/groups/{}/members?$select=id,displayName,userPrincipalName&$count=true&$top=999"
    requests = [Request("GET", path.format(group), headers={"ConsistencyLevel": "eventual"}) for group in groups]
    found: dict[str, impact.Members] = {}
    answers = await graph.send(requests) if requests else []
    for group, request, answer in zip(groups, requests, answers, strict=True):
        # Who may not read members still gets a plan: the count is unknown then.
        if answer.ok:
            items, following = graph.page(request, answer)
            shape.check(request, answer, items)
            found[group] = impact.members(items, answer.body.get("@odata.count") if following else None)
    return found


def _spent(before: Usage, after: Usage) -> Usage:
    return Usage(after.requests - before.requests, after.calls - before.calls, after.depth - before.depth)
