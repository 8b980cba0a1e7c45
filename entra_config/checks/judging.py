"""Ask the rules: of grants and of the tenant before the comparison, of limits once the plan is finished."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from entra_config.actual.found import Found
from entra_config.checks import grants, limits, privileges, rule, table, tenant, trust
from entra_config.checks.consenting import consenting
from entra_config.kinds import restoring
from entra_config.kinds.base import Grant
from entra_config.kinds.directory import Directory
from entra_config.kinds.table import KINDS
from entra_config.manifest.model import Manifest
from entra_config.phrase import Phrase
from entra_config.plan import access, effects
from entra_config.plan.held import Stakes
from entra_config.plan.model import BY_HAND, Effect, Notice, Plan, Refusal, Withheld, address_of
from entra_config.plan.options import Options
from entra_config.resource import State
from entra_config.states import States

Objection = TypeVar("Objection", Refusal, Withheld)


@dataclass(frozen=True, slots=True)
class Judged:
    """What is desired and may be granted, now and once a deleted application is back; what is said of it and
    of the tenant.

    `unowned` are ids of objects that the identity that applies does not own.
    """

    desired: State
    waiting: State
    withheld: tuple[Withheld, ...]
    warnings: tuple[Notice, ...]
    refusals: tuple[Refusal, ...]
    unowned: frozenset[str] = frozenset()


def judge(
    manifest: Manifest,
    found: Found,
    states: States,
    doubts: Mapping[str, trust.Doubt],
    options: Options,
    *,
    now: datetime,
) -> Judged:
    """Hold back what policy or distrust objects to."""
    directory = found.directory
    objection = _objection(manifest, directory, doubts, options)
    desired, objections = grants.restrain(states.desired, states.actual, KINDS, objection)
    # What it is granted already is not known yet: whether a grant would be new, the plan that follows the
    # restore says.
    waiting, later = grants.restrain(states.waiting, State({}), KINDS, objection)
    view = tenant.TenantView(manifest, directory, doubts, now, found.signed_in, options.trusting)
    reported = tuple(rule.judge(table.TENANT, view))
    withheld = (each for each in (*reported, *objections, *later) if isinstance(each, Withheld))
    refusals = (each for each in (*objections, *reported) if isinstance(each, Refusal))
    return Judged(
        desired,
        waiting,
        withheld=tuple(dict.fromkeys(withheld)),
        warnings=(*found.notices, *(each for each in reported if isinstance(each, Notice))),
        refusals=(*found.refusals, *refusals),
        unowned=privileges.unowned(directory, found.signed_in),
    )


def _objection(
    manifest: Manifest,
    directory: Directory,
    doubts: Mapping[str, trust.Doubt],
    options: Options,
) -> Callable[[Grant], Refusal | Withheld | None]:
    """Return the judge of new grants: the first rule that finds something counts."""
    allowed = consenting(manifest, directory), options.allow | manifest.policy.allow

    def objection(grant: Grant) -> Refusal | Withheld | None:
        view = grants.GrantView(grant, manifest, directory, {} if options.trusting else doubts, *allowed)
        match next(rule.judge(table.GRANTS, view), None):
            case Withheld() as withheld:
                return _beside_a_restore(directory, grant, withheld)
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


def add_effects(plan: Plan, edits: Iterable[Effect] = ()) -> Plan:
    """Return the plan with its effects; `edits` are those of the manifest's own words: pins, environments,
    path restrictions.
    """
    by_name = {kind.name: kind for kind in KINDS}
    found = [
        effect
        for change in (*plan.changes, *plan.following)
        for effect in by_name[address_of(change).kind].effects(change)
    ]
    found += [Effect("gain", sentence, change.address) for change, sentence in access.gains(plan.access)]
    return dataclasses.replace(plan, effects=effects.ordered((*edits, *found)))


def limit(plan: Plan, manifest: Manifest, stakes: Stakes, *, allow: frozenset[str]) -> Plan:
    """Return the plan with the refusals of limits and protection added; `allow` and `policy.allow` lift
    theirs, and nothing lifts `many` for a plan of what is over: nobody looks at each of those.
    """
    lifted = (allow | (manifest.policy.allow - BY_HAND)) - ({"many"} if plan.endings_alone else frozenset())
    view = limits.LimitsView(plan, manifest, stakes)
    refused = {(each.word, each.address) for each in plan.refusals}
    found = (each for each in rule.judge(table.LIMITS, view) if isinstance(each, Refusal))
    every = (*plan.refusals, *(each for each in found if (each.word, each.address) not in refused))
    kept = tuple(dict.fromkeys(each for each in every if each.word not in lifted))
    return dataclasses.replace(plan, refusals=kept, bounds=tuple(limits.bounds(view)))
