"""A plan and what tokens say on either side of it in, the same plan with what policies and limits refuse out.

word       what it stops                                                             where
many       more than 10 people, or 10 applications, lose something in one apply,     everywhere
           or 30 % of a role's people (3 always may); whoever cannot be counted is
          too many; a lost tenant-wide consent is too many                   the last: protected environments
last      a role that stays loses its last holder                            everywhere
delete    an application is deleted                                          protected environments
restore   a deleted application or service principal is restored             protected environments
used      a scope or role goes that an application of others requires        everywhere
dangerous a permission of the built-in list is consented                     everywhere
takeover  an application that bears another owner's mark becomes ours        everywhere, by --allow only
sink      a secret would go to a place where none of its own was sent before protected environments,
by --allow only
unseen    what gives power or lowers a guard is more than comments show      everywhere, by --allow only
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from entra_config.kinds.base import application_address, deletes_application, is_application
from entra_config.manifest.model import Manifest
from entra_config.manifest.policy import Limits
from entra_config.plan import effects, held, impact
from entra_config.plan.bounds import Bound
from entra_config.plan.held import Stakes, Value
from entra_config.plan.impact import Move
from entra_config.plan.model import (
    BY_HAND,
    Change,
    Plan,
    Refusal,
    Restore,
    address_of,
)

WORDS = ("many", "last", "delete", "restore", "used", "dangerous", "takeover", "sink", "unseen")


def check(plan: Plan, manifest: Manifest, stakes: Stakes, *, allow: frozenset[str]) -> Plan:
    """Return the plan with the refusals of limits and protection added; `allow` and `policy.allow` lift
    theirs, and nothing lifts `many` for a plan of what is over: nobody looks at each of those.
    """
    lifted = (allow | (manifest.policy.allow - BY_HAND)) - ({"many"} if plan.endings_alone else frozenset())
    # Whoever deletes an application means all that is held of it, and by it, too: that is `delete`, not
    # `many` or `last`.
    dead = frozenset(address_of(each).key for each in plan.changes if deletes_application(each))
    lost = [
        move
        for move in impact.moves(stakes.before, stakes.after, stakes.members)
        if move.sign == "lose" and move.value.application not in dead and move.value.client not in dead
    ]
    found = [
        *_many(lost, stakes, manifest),
        *_last(stakes, dead),
        *_protected(plan.changes, manifest),
        *_prevented(plan.changes, manifest),
        *_unseen(plan, manifest),
    ]
    refused = {(refusal.word, refusal.address) for refusal in plan.refusals}
    found = [refusal for refusal in found if (refusal.word, refusal.address) not in refused]
    kept = [refusal for refusal in (*plan.refusals, *found) if refusal.word not in lifted]
    bounds = tuple(_bounds(lost, stakes, manifest.policy.limits))
    return dataclasses.replace(plan, refusals=tuple(dict.fromkeys(kept)), bounds=bounds)


def unknown_words(allow: Iterable[str]) -> list[str]:
    """Return the words that lift nothing, for an error before anything is read."""
    return sorted(set(allow) - set(WORDS))


def allowed_removals(limits: Limits, total: int) -> int:
    """Return how many of a role's `total` people may lose it in one apply."""
    return max(limits.floor, total * limits.max_removed_percent // 100)


def _many(lost: Sequence[Move], stakes: Stakes, manifest: Manifest) -> Iterator[Refusal]:
    limits = manifest.policy.limits
    counted = [move for move in lost if not _for_everybody(move, stakes)]
    for move in counted:
        if move.unknown:
            yield _refused(
                move, "nobody could count who loses it (a group was not read whole), and that is too many"
            )
        elif move.value.kind == "role":
            yield from _share(move, stakes, limits)
    people = _least(move for move in counted if not move.unknown)
    if people > limits.max_people:
        yield Refusal(
            "many", f"{people} people would lose something, at most {limits.max_people} may in one apply"
        )
    applications = _applications(lost)
    if len(applications) > limits.max_applications:
        message = (
            f"{len(applications)} applications would lose something, at most {limits.max_applications} "
            "may in one apply"
        )
        yield Refusal("many", message)
    if manifest.protected:
        yield from (
            _refused(
                move,
                f"{move.value.client} would lose its tenant-wide consent, and the environment is protected",
            )
            for move in lost
            if move.value.kind == "scope"
        )


def _for_everybody(move: Move, stakes: Stakes) -> bool:
    """Tell whether assignment becomes required: a setting that is shown, not a role that somebody loses."""
    return (
        move.value.kind == "signIn" and move.value.application in stakes.after.closed - stakes.before.closed
    )


def _bounds(lost: Sequence[Move], stakes: Stakes, limits: Limits) -> Iterator[Bound]:
    """Yield how many people and how many applications lose something and may, then of each role's people."""
    counted = [move for move in lost if not _for_everybody(move, stakes)]
    people = None if any(move.unknown for move in counted) else _least(counted)
    yield Bound("people", people, limits.max_people)
    yield Bound("applications", len(_applications(lost)), limits.max_applications)
    for move in counted:
        if move.value.kind == "role":
            most = allowed_removals(limits, _people(move, stakes) or 0)
            yield Bound("people", move.count, most, move.value.application, move.value.value)


def _applications(moves: Iterable[Move]) -> set[str]:
    return {each.id for move in moves for each in move.applications}


def _people(move: Move, stakes: Stakes) -> int | None:
    """Return how many people have the value before; None where nobody could count."""
    holders = held.holders(stakes.before, {move.value.application})
    return held.reached(holders.get(move.value, ()), stakes.members)


def _share(move: Move, stakes: Stakes, limits: Limits) -> Iterator[Refusal]:
    total = _people(move, stakes)
    most = allowed_removals(limits, total or 0)
    if (move.count or 0) > most:
        share = f"{limits.max_removed_percent} %, but {limits.floor} always"
        yield _refused(
            move,
            (
                f"{move.count} of its {'many' if total is None else total} people would lose it, at most "
                f"{most} may ({share})"
            ),
        )


def _least(moves: Iterable[Move]) -> int:
    """Return how many people these are, each once; of whom only the number is known, at least that many."""
    moves = tuple(moves)
    named = {person.id for move in moves for person in move.people}
    return max(len(named), *(move.count or 0 for move in moves), 0)


def _refused(move: Move, message: str) -> Refusal:
    value = move.value
    where = application_address(value.application)
    what = "sign-in" if value.kind == "signIn" else value.value
    return Refusal("many", f"{value.application}/{what}: {message}", where)


def _last(stakes: Stakes, dead: frozenset[str]) -> Iterator[Refusal]:
    where = impact.moving(stakes.before, stakes.after)
    before, after = held.holders(stakes.before, where), held.holders(stakes.after, where)
    roles = ((key, role.value) for key, roles in stakes.after.roles.items() for role in roles.values())
    staying = {Value(key, "role", value) for key, value in roles if value}
    for value in sorted(before.keys() & staying):
        left = after.get(value, frozenset())
        people = sorted(
            (each for each in before[value] if each.type != "application"),
            key=lambda each: (each.type, each.name),
        )
        if people and value.application not in dead and not any(each.type != "application" for each in left):
            # A refusal may stand in a public comment: groups are named there, people are not.
            who = f"group {people[0].name}" if people[0].type == "group" else "a user"
            message = f"role {value.value} stays, and would lose its last holder ({who})"
            yield Refusal("last", message, application_address(value.application))


def _protected(changes: tuple[Change, ...], manifest: Manifest) -> Iterator[Refusal]:
    if not manifest.protected:
        return
    for change in changes:
        where = f"environment {manifest.environment} is protected"
        if deletes_application(change):
            message = f"the application would be deleted, and {where}"
            yield Refusal("delete", message, address_of(change))
        if isinstance(change, Restore):
            what = (
                "application would come back with all that it had"
                if is_application(change.after.address)
                else "service principal would be restored with its roles and consents"
            )
            yield Refusal("restore", f"the deleted {what}, and {where}", address_of(change))


def _prevented(changes: tuple[Change, ...], manifest: Manifest) -> Iterator[Refusal]:
    for change in changes:
        application = manifest.applications.get(address_of(change).key)
        if deletes_application(change) and application is not None and application.prevent_destroy:
            message = "the application would be deleted, and its manifest says `preventDestroy: true`"
            yield Refusal("", message, address_of(change), application.position)


def _unseen(plan: Plan, manifest: Manifest) -> Iterator[Refusal]:
    size, room = effects.size(plan.effects), effects.room(manifest.environments)
    if size > room:
        shown = f"{size:,} characters, and of a pull request's comments {room:,} are for this environment"
        yield Refusal(
            "unseen",
            f"too much to review at once: what gives power or lowers a guard takes {shown}; split it",
        )
