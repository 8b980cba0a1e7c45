"""A plan and what it was made from in, the same plan with what policies and limits refuse out.

word       what it stops                                                             where
many       more than 10 assignments, or 30 % (floor 3), off one application          everywhere
last       a role that stays loses its last holder                                   everywhere
delete     an application is deleted                                                 protected environments
restore    a deleted application is brought back                                     protected environments
used       a scope or role goes that an application of others requires               everywhere
dangerous  a permission of the built-in list is consented                            everywhere
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from entra_config.manifest.model import Limits, Manifest
from entra_config.plan import impact
from entra_config.plan.impact import Holder
from entra_config.plan.model import (
    Change,
    Delete,
    Plan,
    Refusal,
    Restore,
    address_of,
)
from entra_config.resource import Address, State

WORDS = ("many", "last", "delete", "restore", "used", "dangerous")


def check(plan: Plan, manifest: Manifest, actual: State, *, allow: frozenset[str]) -> Plan:
    """Return the plan with the refusals of limits and protection added; `allow` and `policy.allow` lift theirs."""
    lifted = allow | manifest.policy.allow
    before, after = (_of_people(side) for side in impact.held(plan.changes, actual))
    # Whoever deletes an application means its assignments too: that is `delete`, not `many` or `last`.
    dead = {address_of(each).key for each in plan.changes if _deletes_application(each)}
    leaving = {(address_of(each).key, role) for each in plan.changes for role in impact.removed_roles(each)}
    found = [
        *_many(before, after, dead, manifest.policy.limits),
        *_last(before, after, dead, leaving),
        *_protected(plan.changes, manifest),
        *_prevented(plan.changes, manifest),
    ]
    said = {(refusal.word, refusal.address) for refusal in plan.refusals}
    found = [refusal for refusal in found if (refusal.word, refusal.address) not in said]
    kept = [refusal for refusal in (*plan.refusals, *found) if refusal.word not in lifted]
    return dataclasses.replace(plan, refusals=tuple(dict.fromkeys(kept)))


def unknown_words(allow: Iterable[str]) -> list[str]:
    """Return the words that lift nothing, for an error before anything is read."""
    return sorted(set(allow) - set(WORDS))


def allowed_removals(limits: Limits, total: int) -> int:
    """Return how many of `total` assignments one apply may take off an application."""
    share = total * limits.max_removed_percent // 100
    return min(limits.max_removed_assignments, max(limits.floor, share))


def _of_people(holders: Iterable[Holder]) -> list[Holder]:
    """Leave out what applications hold: that is their consent, requested and taken back in their own part of the manifest."""
    return [each for each in holders if each.type in {"user", "group"}]


def _many(before: Sequence[Holder], after: Sequence[Holder], dead: set[str], limits: Limits) -> Iterator[Refusal]:
    left = {holder.address for holder in after}
    total = Counter(holder.application for holder in before if holder.application not in dead)
    removed = Counter(holder.application for holder in before if holder.address not in left)
    for application, number in sorted(total.items()):
        most = allowed_removals(limits, number)
        if removed[application] > most:
            message = (
                f"{removed[application]} of {number} assignments would go, at most {most} may in one apply "
                f"({limits.max_removed_assignments}, or {limits.max_removed_percent} % but {limits.floor} always)"
            )
            yield Refusal("many", message, Address(impact.APPLICATION, application))


def _last(before: Sequence[Holder], after: Sequence[Holder], dead: set[str], leaving: set[tuple[str, str]]) -> Iterator[Refusal]:
    left = impact.by_role(after)
    for (application, role), holders in sorted(impact.by_role(before).items()):
        if application not in dead and (application, role) not in leaving and (application, role) not in left:
            # A refusal may stand in a public comment: groups are named there, people are not.
            who = f"group {holders[0].name}" if holders[0].type == "group" else "a user"
            message = f"role {role} stays, and would lose its last holder ({who})"
            yield Refusal("last", message, Address(impact.APPLICATION, application))


def _protected(changes: tuple[Change, ...], manifest: Manifest) -> Iterator[Refusal]:
    if not manifest.protected:
        return
    for change in changes:
        where = f"environment {manifest.environment} is protected"
        if _deletes_application(change):
            message = f"the application would be deleted, and {where}"
            yield Refusal("delete", message, address_of(change))
        if isinstance(change, Restore) and change.after.address.kind == impact.APPLICATION:
            message = f"the deleted application would come back with all that it had, and {where}"
            yield Refusal("restore", message, address_of(change))


def _prevented(changes: tuple[Change, ...], manifest: Manifest) -> Iterator[Refusal]:
    for change in changes:
        application = manifest.applications.get(address_of(change).key)
        if _deletes_application(change) and application is not None and application.prevent_destroy:
            message = "the application would be deleted, and its manifest says `preventDestroy: true`"
            yield Refusal("", message, address_of(change), application.position)


def _deletes_application(change: Change) -> bool:
    return isinstance(change, Delete) and change.before.address.kind == impact.APPLICATION
