"""States and what was read in; what may be granted of what is desired, and what is held back, refused or
said, out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from entra_config.actual.found import Found
from entra_config.checks import (
    external_holders,
    grants,
    notes,
    pins,
    privileges,
    secrets,
    trust,
    undeclared,
    unrepaired,
    usage,
)
from entra_config.checks.consenting import consenting
from entra_config.kinds import restoring
from entra_config.kinds.base import Grant, Kind, application_address
from entra_config.kinds.directory import Api, Directory
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
    restrained = grants.restrain(states.desired, states.actual, kinds, objection)
    # What it is granted already is not known yet: whether a grant would be new, the plan that follows the
    # restore says.
    later = grants.restrain(states.waiting, State({}), kinds, objection)
    used = usage.used_by_others(manifest, directory)
    return Judged(
        restrained.state,
        later.state,
        held_back=tuple(
            dict.fromkeys(
                (
                    *([] if trusting else trust.stays_deleted(manifest, directory, doubts)),
                    *restrained.held_back,
                    *later.held_back,
                )
            )
        ),
        warnings=(
            *found.notices,
            *pins.notices(manifest, directory),
            *(each for each in used if isinstance(each, Notice)),
            *trust.notices(manifest, directory, doubts),
            *undeclared.consents(manifest, directory),
            *grants.tier_0_held(manifest, directory),
            *undeclared.holders(manifest, directory),
            *undeclared.stopped(manifest, directory),
            *undeclared.switched_off(manifest, directory),
            *undeclared.given_beside(manifest, directory),
            *unrepaired.notices(manifest, directory),
            *undeclared.staying(manifest, directory),
            *secrets.notices(manifest, directory, now),
            *external_holders.notices(manifest, directory, now, going_too=trusting),
        ),
        refusals=(
            *found.refusals,
            *restrained.refusals,
            *trust.own_identity(manifest, directory, found.signed_in),
            *notes.renamed(manifest, directory),
            *notes.taken_over(manifest, directory),
            *secrets.refusals(manifest, directory),
            *(each for each in used if isinstance(each, Refusal)),
        ),
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
    means = consenting(manifest, directory)

    def objection(grant: Grant) -> Refusal | HeldBack | None:
        held_back = None
        if not trusting:
            held_back = trust.distrust(manifest, grant, doubts) or pins.objection(manifest, directory, grant)
        if held_back is not None:
            return _beside_a_restore(directory, grant, held_back)
        if grant.type in {"authorization", "assignment", "ownership"}:
            return None
        refused = grants.consent(
            means,
            client=application_address(grant.client or grant.resource),
            api=directory.apis.get(grant.resource) or Api(grant.resource, None, "", {}, {}, {}),
            kind="delegated" if grant.type == "delegated" else "application",
            permission=grant.permission,
            allow=allow | manifest.policy.allow,
        )
        if refused is not None and not grant.client:
            who = next(
                (each.name for each in directory.principals.values() if each.id == grant.holder), grant.holder
            )
            refused = dataclasses.replace(
                refused, message=Phrase.of(f"{who}: ", refused.message), skipped=None
            )
        return _beside_a_restore(directory, grant, refused) if refused is not None else None

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
