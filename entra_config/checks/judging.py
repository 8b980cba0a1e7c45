"""Judge the manifest and the tenant before the comparison: the stages of grants and of the tenant."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from entra_config.actual.found import Found
from entra_config.checks import grants, privileges, rule, table, tenant, trust
from entra_config.checks.consenting import consenting
from entra_config.kinds import restoring
from entra_config.kinds.base import Grant, Kind
from entra_config.kinds.directory import Directory
from entra_config.manifest.model import Manifest
from entra_config.phrase import Phrase
from entra_config.plan.model import HeldBack, Notice, Refusal
from entra_config.resource import State
from entra_config.states import States

Objection = TypeVar("Objection", Refusal, HeldBack)


@dataclass(frozen=True, slots=True)
class Judged:
    """What is desired and may be granted, now and once a deleted application is back; what is said of it and
    of the tenant.

    `unowned` are ids of objects that the identity that applies does not own.
    """

    desired: State
    waiting: State
    held_back: tuple[HeldBack, ...]
    warnings: tuple[Notice, ...]
    refusals: tuple[Refusal, ...]
    unowned: frozenset[str] = frozenset()


def doubted(
    manifest: Manifest, directory: Directory, *, trusting: bool
) -> tuple[dict[str, trust.Doubt], frozenset[str]]:
    """Return the doubted applications, and of which of these the service principal stays deleted."""
    doubts = trust.doubts(manifest, directory)
    return doubts, frozenset() if trusting else trust.kept_deleted(directory, doubts)


def judge(
    manifest: Manifest,
    found: Found,
    states: States,
    kinds: Iterable[Kind],
    doubts: Mapping[str, trust.Doubt],
    *,
    now: datetime,
    allow: frozenset[str],
    trusting: bool,
) -> Judged:
    """Hold back what policy or distrust objects to; `trusting` where nothing will be granted by it."""
    directory = found.directory
    objection = _objection(manifest, directory, doubts, allow, trusting=trusting)
    desired, objections = grants.restrain(states.desired, states.actual, kinds, objection)
    # What it is granted already is not known yet: whether a grant would be new, the plan that follows the
    # restore says.
    waiting, later = grants.restrain(states.waiting, State({}), kinds, objection)
    view = tenant.TenantView(manifest, directory, doubts, now, found.signed_in, trusting)
    reported = tuple(rule.judge(table.TENANT, view))
    withheld = (each for each in (*reported, *objections, *later) if isinstance(each, HeldBack))
    refusals = (each for each in (*objections, *reported) if isinstance(each, Refusal))
    return Judged(
        desired,
        waiting,
        held_back=tuple(dict.fromkeys(withheld)),
        warnings=(*found.notices, *(each for each in reported if isinstance(each, Notice))),
        refusals=(*found.refusals, *refusals),
        unowned=privileges.unowned(directory, found.signed_in),
    )


def _objection(
    manifest: Manifest,
    directory: Directory,
    doubts: Mapping[str, trust.Doubt],
    allow: frozenset[str],
    *,
    trusting: bool,
) -> Callable[[Grant], Refusal | HeldBack | None]:
    """Return the judge of new grants: the first rule that finds something counts."""
    allowed = consenting(manifest, directory), allow | manifest.policy.allow

    def objection(grant: Grant) -> Refusal | HeldBack | None:
        view = grants.GrantView(grant, manifest, directory, {} if trusting else doubts, *allowed)
        match next(rule.judge(table.GRANTS, view), None):
            case HeldBack() as held_back:
                return _beside_a_restore(directory, grant, held_back)
            case Refusal() as refused if not grant.client:
                principals = directory.principals.values()
                who = next((each.name for each in principals if each.id == grant.holder), grant.holder)
                message = Phrase.of(f"{who}: ", refused.message)
                return dataclasses.replace(refused, message=message, skipped=None)
            case Refusal() as refused:
                return _beside_a_restore(directory, grant, refused)
            case _:
                return None

    return objection


def _beside_a_restore(directory: Directory, grant: Grant, said: Objection) -> Objection:
    """Say of what is not given that an application which is restored brings back what was given before it
    was deleted.
    """
    ends = (grant.client, grant.resource)
    back = restoring.back(directory)
    restored = [key for key in ends if key in back]
    if not restored or not grant.client:
        return said
    words = (
        f"; what {grant.client} held at {grant.resource} comes back with "
        f"{' and '.join(dict.fromkeys(restored))}"
    )
    return dataclasses.replace(said, message=Phrase.of(said.message, words))
