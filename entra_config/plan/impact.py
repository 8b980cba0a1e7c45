"""What tokens say before and after a plan, and the members of groups, in; who gains or loses which value out.

a person holds a value by an assignment of his own, or of a group that he is a direct member of, to a role
that carries it an application holds one by an assignment of its own
nobody holds    a role without a value, and a role that is not there any more, whoever is still assigned to it
a disabled role stays in the tokens of whoever has it
a client has a scope by the tenant-wide grant or by authorization, whichever
sign-in              everybody's, until assignment is required; then whoever has any assignment at all
what is restored     comes back with what it held, and with who held its roles: nobody can read that before
a service principal that is restored, or new of a registration that was there: others' APIs may authorize it;
                     nobody can list which
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from entra_config.plan.held import (
    SIGN_IN,
    Holder,
    Members,
    Side,
    Stakes,
    Value,
    behind,
    holders,
    reached,
)
from entra_config.plan.model import AccessChange, AccessKind, Affected, Afterwards, Plan
from entra_config.resource import Address

Sign = Literal["gain", "lose"]


@dataclass(frozen=True, slots=True)
class Move:
    """Who has a value on one side and not on the other; `unknown` where a group was not read whole."""

    value: Value
    sign: Sign
    people: tuple[Affected, ...] = ()
    applications: tuple[Affected, ...] = ()
    count: int | None = 0

    @property
    def unknown(self) -> bool:
        """Tell whether nobody knows how many people."""
        return self.count is None


def needed(before: Side, after: Side) -> list[str]:
    """Return the ids of the groups whose members tell who gains or loses what; empty when nothing changes
    hands.
    """
    holders = frozenset[Holder]().union(*(side for _, *sides in touched(before, after) for side in sides))
    return sorted({each.id for each in holders if each.type == "group"})


def moves(before: Side, after: Side, known: Mapping[str, Members]) -> Iterator[Move]:
    """Yield who gains or loses each value, net: whoever has it through something else does neither."""
    for value, old, new in touched(before, after):
        for sign, having, other in _signs(old, new):
            people, count = _moved(having, other, known)
            gone = [each for each in having - other if each.type == "application"]
            applications = tuple(
                Affected(each.id, each.name, "application")
                for each in sorted(gone, key=lambda each: each.name)
            )
            if count != 0 or applications:
                yield Move(value, sign, people, applications, count)
    for application in sorted(before.closed ^ after.closed):
        if application in before.roles and application in after.roles:
            yield Move(
                Value(application, "signIn", SIGN_IN),
                "lose" if application in after.closed else "gain",
                count=None,
            )


def add_access(plan: Plan, stakes: Stakes) -> Plan:
    """Return the plan with who gains or loses what, and who holds it afterwards."""
    sides = stakes.before, stakes.after, stakes.members
    return replace(plan, access=compute(*sides), afterwards=afterwards(*sides))


def compute(before: Side, after: Side, known: Mapping[str, Members]) -> tuple[AccessChange, ...]:
    """Return the moves as a plan shows them: with the label, and the address of the change that they hang
    on.
    """
    labels = _labels(after)
    causes = _causes(before, after)
    entering = (before.absent - after.absent - after.restored) & after.roles.keys()
    unread: tuple[tuple[AccessKind, Iterable[str]], ...] = (
        ("restored", after.restored),
        ("authorized", entering),
    )
    unknown = (
        AccessChange(key, "", "gain", None, address=after.addresses[key], kind=kind)
        for kind, keys in unread
        for key in sorted(keys)
    )
    known_moves = (
        AccessChange(
            move.value.application,
            move.value.value,
            move.sign,
            move.count,
            move.people,
            causes.get((move.value, move.sign)),
            kind=move.value.kind,
            applications=move.applications,
            label=labels.get((move.value.application, move.value.value), "")
            if move.value.kind == "role"
            else "",
            client=move.value.client,
            role_id=_role_id(move.value, after, before),
        )
        for move in sorted(moves(before, after, known), key=lambda move: (move.value, move.sign))
    )
    return (*known_moves, *unknown)


def _role_id(value: Value, *sides: Side) -> str:
    """Return the id of the role that a value is of; empty for what is not a role."""
    roles = (role for side in sides for role in side.roles.get(value.application, {}).items())
    return next((id_ for id_, role in roles if value.kind == "role" and role.value == value.value), "")


def moving(before: Side, after: Side) -> frozenset[str]:
    """Return the applications that are not the same on both sides: nobody gains or loses a value of
    another.
    """
    moved = {each.application for each in before.assignments ^ after.assignments}
    moved |= {each.application for each in before.consents ^ after.consents}
    every = before.roles.keys() | after.roles.keys()
    moved |= {key for key in every if before.roles.get(key) != after.roles.get(key)}
    return frozenset(moved | (before.closed ^ after.closed))


def afterwards(before: Side, after: Side, known: Mapping[str, Members]) -> dict[str, Afterwards]:
    """Return who holds each value that a plan touches once it is carried out: all of them, not those alone
    who gain it.
    """
    return {value.name: _having(new, known) for value, _, new in touched(before, after)}


def _having(holders_: frozenset[Holder], known: Mapping[str, Members]) -> Afterwards:
    applications = frozenset(each.id for each in holders_ if each.type == "application")
    if reached(holders_, known) is None:
        return Afterwards(None, applications)
    return Afterwards(
        frozenset(person for each in holders_ for person, _ in behind(each, known)), applications
    )


def touched(before: Side, after: Side) -> Iterator[tuple[Value, frozenset[Holder], frozenset[Holder]]]:
    """Yield each value whose holders, as assigned, are not the same before and after, with both."""
    where = moving(before, after)
    old, new = holders(before, where), holders(after, where)
    changed = before.closed ^ after.closed
    for value in sorted(old.keys() | new.keys()):
        there = value.application in before.roles and value.application in after.roles
        was, becomes = old.get(value, frozenset()), new.get(value, frozenset())
        if was != becomes and not (value.kind == "signIn" and value.application in changed and there):
            yield value, was, becomes


def _signs(
    old: frozenset[Holder], new: frozenset[Holder]
) -> Iterator[tuple[Sign, frozenset[Holder], frozenset[Holder]]]:
    yield "gain", new, old
    yield "lose", old, new


def _moved(
    having: frozenset[Holder], other: frozenset[Holder], known: Mapping[str, Members]
) -> tuple[tuple[Affected, ...], int | None]:
    """Return the people who hold a value on one side only, and how many they are (None: a group was not
    read whole).
    """
    moved = [each for each in having - other if each.type != "application"]
    still = {person for each in other for person, _ in behind(each, known)}
    people: dict[str, Affected] = {}
    for each in sorted(moved, key=lambda each: (each.type != "user", each.name, each.id)):
        through = "direct" if each.type == "user" else f"group {each.name}"
        who = (Affected(person, name, through) for person, name in behind(each, known))
        people |= {person.id: person for person in who if person.id not in still}
    listed = tuple(sorted(people.values(), key=lambda each: (each.through, each.name, each.id)))
    rest = [each for each in other if each.type != "application"]
    groups = [each.id for each in (*moved, *rest) if each.type == "group"]
    if not moved or all(group in known and known[group].complete for group in groups):
        return listed, len(listed)
    if len(moved) == 1 and not rest and moved[0].id in known:
        return listed, known[moved[0].id].count
    return listed, None


def _labels(side: Side) -> dict[tuple[str, str], str]:
    roles = ((application, role) for application, roles in side.roles.items() for role in roles.values())
    return {(application, role.value): role.label for application, role in roles if role.value and role.label}


def _causes(before: Side, after: Side) -> dict[tuple[Value, Sign], Address]:
    """Return the change behind each gain and each loss of a value: its application's where the role itself
    changes, else the one assignment that is made or taken away.
    """
    differing: dict[tuple[Value, Sign], set[Address]] = defaultdict(set)
    signs: tuple[tuple[Sign, Side, Side], ...] = (("gain", after, before), ("lose", before, after))
    for sign, side, other in signs:
        for each in side.assignments - other.assignments:
            role = side.roles.get(each.application, {}).get(each.role)
            if role is not None and role.value and each.address is not None:
                differing[Value(each.application, "role", role.value), sign].add(each.address)
        for consent in side.consents - other.consents:
            if consent.address is not None:
                differing[consent.value, sign].add(consent.address)
    found = {cause: next(iter(addresses)) for cause, addresses in differing.items() if len(addresses) == 1}
    for application in before.roles.keys() & after.roles.keys():
        old, new = before.roles[application], after.roles[application]
        for id_ in old.keys() | new.keys():
            if old.get(id_) != new.get(id_):
                values = {
                    role.value for role in (old.get(id_), new.get(id_)) if role is not None and role.value
                }
                address = after.addresses[application]
                for sign, _, _ in signs:
                    found |= {(Value(application, "role", value), sign): address for value in values}
    return found
