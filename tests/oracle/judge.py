"""What tokens said before and after, and what was told, in; each word that is not their difference out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.oracle import reported
from tests.oracle.memory import Memory
from tests.oracle.reported import Moved, Names
from tests.oracle.tokens import Registrations, Said, say

Value = tuple[str, str]
RANDOM_OTHERS = 20


@dataclass(frozen=True)
class Ground:
    """A dump, what tokens say in it, and the ids of groups whose members the deployer may not read."""

    dump: Mapping[str, Any]
    said: Said
    unreadable: frozenset[str] = frozenset()

    @classmethod
    def both(
        cls,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        random: Random,
        unreadable: frozenset[str] = frozenset(),
    ) -> tuple[Ground, Ground]:
        """Ask in two dumps whatever either of them can touch, and 20 clients and APIs at random."""
        known = [Registrations.of(dump) for dump in (before, after)]
        touched = known[0].touching() | known[1].touching()
        touched |= {
            (random.choice(known[1].clients() or [""]), random.choice(known[1].apis()))
            for _ in range(RANDOM_OTHERS)
        }
        people = [row["id"] for row in after["tenants"][0]["users"]]
        return cls(before, say(before, people, touched), unreadable), cls(
            after, say(after, people, touched), unreadable
        )

    @property
    def registrations(self) -> Registrations:
        """Return the service principals of the dump."""
        return Registrations.of(self.dump)

    def inside(self, client: str, api: str) -> set[str]:
        """Return the people whom the API lets in, and the client too."""
        return self.said.entering.get(api, set()) & self.said.entering.get(client, set())

    def outside(self, client: str, api: str) -> set[str]:
        """Return everybody where one of the two is not there: nobody is refused by what does not exist."""
        here = self.registrations.principals
        return (
            set()
            if client in here and api in here
            else {row["id"] for row in self.dump["tenants"][0]["users"]}
        )

    def blind(self) -> set[Value]:
        """Return each API and value that somebody may hold through a group whose members nobody could
        read.
        """
        return {(api, value) for api, value, _ in self.blindly()}

    def blindly(self) -> set[tuple[str, str, str]]:
        """Return API, value and group of each such holding."""
        known = self.registrations
        values = {
            (api, role["id"]): role["value"]
            for api in known.apis()
            for role in (known.application(api) or known.principals[api]).get("appRoles", ())
        }
        rows = self.dump["tenants"][0]["appRoleAssignments"]
        return {
            (row["resourceId"], values[row["resourceId"], row["appRoleId"]], row["principalId"])
            for row in rows
            if row["principalId"] in self.unreadable and values.get((row["resourceId"], row["appRoleId"]))
        }


def differences(
    plan: Mapping[str, Any], before: Ground, after: Ground, names: Names, memory: Memory | None = None
) -> list[str]:
    """Return what the plan's Access entries say that tokens do not, and the other way round.

    `memory`: what may come back unsaid with an application that is restored.
    """
    moved, true = reported.moves(plan, names), _moved(before, after, names)
    unsaid = memory or Memory()
    back = {noun: _named(getattr(unsaid, noun), names) for noun in ("people", "applications")}
    blind = {(names.api(api), value) for api, value in before.blind() | after.blind()}
    blinded = {(names.api(api), value) for api, value, _ in before.blindly() ^ after.blindly()}
    found = []
    for key in sorted(moved.keys() | true.keys()):
        application, value, sign = key
        says, is_ = moved.get(key, Moved()), true.get(key, Moved())
        label = f"{sign} {application}/{value}"
        may = {
            noun: held.get((application, value), set()) if sign == "gain" else set()
            for noun, held in back.items()
        }
        so = _so(says.applications, is_.applications, may["applications"])
        if not so or says.count_of_applications != len(says.applications):
            found.append(
                f"{label}: applications told {_some(says.applications)}, tokens {_some(is_.applications)}"
            )
        if says.unknown and (application, value) in blind:
            continue
        if (application, value) in blinded:
            if is_.people - may["people"] or says.people:
                found.append(f"{label}: people told as known ({says.count}), but a group could not be read")
        elif (
            says.unknown or not _so(says.people, is_.people, may["people"]) or says.count != len(says.people)
        ):
            count = "unknown" if says.unknown else str(says.count)
            found.append(f"{label}: people told {count} {_some(says.people)}, tokens {_some(is_.people)}")
    return found


def _so(says: set[str], is_: set[str], unsaid: set[str]) -> bool:
    """Tell whether what is said is so, and all that is so is said, or may be unsaid."""
    return says <= is_ and is_ - says <= unsaid


def entrances(plan: Mapping[str, Any], before: Ground, after: Ground, names: Names) -> list[str]:
    """Return whoever is let in, or no longer, without a word, and who is told so and is not."""
    reported_of, roles = reported.moves(plan, names, "signIn"), reported.moves(plan, names)
    found = []
    for api in sorted(before.said.entering.keys() | after.said.entering.keys()):
        name, both = names.api(api), all(api in side.registrations.principals for side in (before, after))
        # An application that is new, or gone, is let in wherever nobody asks for an assignment.
        there = before.registrations.principals.keys() & after.registrations.principals.keys()
        for noun, old, new in (
            ("people", before.said.entering.get(api, set()), after.said.entering.get(api, set())),
            (
                "applications",
                before.said.admitted.get(api, set()) & there,
                after.said.admitted.get(api, set()) & there,
            ),
        ):
            for sign, true in (("lose", old - new), ("gain", new - old)):
                words = reported_of.get((name, "default", sign), Moved())
                says: set[str] = getattr(words, noun) & there if noun == "applications" else words.people
                if words.unknown:
                    # Of a group that was not read, and of everybody, nobody knows the number; of nobody
                    # everybody does.
                    side = before if sign == "lose" else after
                    if noun == "people" and not side.said.entering.get(api):
                        found.append(
                            f"{sign} entrance to {name}: an unknown number of people told, tokens say nobody"
                        )
                    continue
                # Whoever gains a role at an API is let in with it; and an API that comes or goes is told as
                # such.
                heard = {
                    one
                    for (at, _, way), each in roles.items()
                    if (at, way) == (name, sign)
                    for one in getattr(each, noun)
                }
                blind = any(each.unknown for (at, _, way), each in roles.items() if (at, way) == (name, sign))
                if says - true or (both and not blind and true - says - heard):
                    found.append(
                        f"{sign} entrance to {name}: {noun} told {_some(says)}, tokens {_some(true)}"
                    )
    return found


def consents(
    plan: Mapping[str, Any], before: Ground, after: Ground, names: Names, memory: Memory | None = None
) -> list[str]:
    """Return each scope that a client gains or loses for those whom both let in, untold, and what is told
    and is not so.
    """
    said, unsaid = reported.scopes(plan, names), (memory or Memory()).scopes
    # Which others' APIs authorize a client that gets a service principal again nobody can list: that it
    # happens is said.
    again = reported.authorized(plan)
    found, true = [], set()
    for key in sorted(before.said.scopes.keys() | after.said.scopes.keys()):
        client, api, scope = key
        old, new = before.said.scopes.get(key, set()), after.said.scopes.get(key, set())
        # Who is not let in by the API or by the client has no token at all: that is another question.
        inside = (before.inside(client, api) | before.outside(client, api)) & (
            after.inside(client, api) | after.outside(client, api)
        )
        for sign, people in (("lose", old - new), ("gain", new - old)):
            words = (client, names.api(api), scope, sign)
            true |= {words} if people else set()
            back = unsaid.get(key, set()) if sign == "gain" else set()
            external = (
                sign == "gain" and names.api(api) not in (names.keys or ()) and names.api(client) in again
            )
            if external and after.registrations.authorizes(api, client):
                continue
            if (people & inside) - back and words not in said:
                found.append(
                    f"{sign} scope {names.api(client)} → {names.api(api)} {scope}: {len(people)} "
                    "people, without a word"
                )
    for words in sorted(said - true):
        client, name, scope, sign = words
        side = before if sign == "lose" else after
        known = side.registrations
        entered = [api for api in known.apis() if names.api(api) == name and side.inside(client, api)]
        # Another project's API may authorize the client by itself: a plan reads no list of others'
        # (docs/security.md).
        external = sign == "lose" and name not in (names.keys or ())
        entered = [api for api in entered if not (external and known.authorizes(api, client))]
        # A client that signs nobody in has its scopes all the same: nobody can see them in a token.
        if client in known.clients() and entered:
            found.append(f"{sign} scope {names.api(client)} → {name} {scope}: told, and tokens do not change")
    return found


def holdings(access: Mapping[str, Any], now: Ground, names: Names, listed: frozenset[str]) -> list[str]:
    """Return where `access` and tokens differ about who holds what at the APIs that are listed."""
    says, blind = reported.holders(access, names), _named(_groups(now), names)
    found = []
    # Of a group that nobody could read, people are told who hold the value through something else.
    for noun, heard, true in (
        ("people", says.people, _named(now.said.people, names)),
        ("applications", says.applications, _named(now.said.applications, names)),
        ("groups with unknown members", says.unknown, blind),
    ):
        for key in sorted({*heard, *true}):
            reported_of, is_ = heard.get(key, set()), true.get(key, set())
            excused = reported_of <= is_ if noun == "people" and key in blind else reported_of == is_
            if key[0] in listed and not excused:
                found.append(f"access {'/'.join(key)}: {noun} told {_some(reported_of)}, tokens {_some(is_)}")
    return found


def _groups(ground: Ground) -> dict[Value, set[str]]:
    found: dict[Value, set[str]] = defaultdict(set)
    for api, value, group in ground.blindly():
        found[api, value].add(group)
    return found


def _moved(before: Ground, after: Ground, names: Names) -> dict[tuple[str, str, str], Moved]:
    found: dict[tuple[str, str, str], Moved] = defaultdict(Moved)
    for noun in ("people", "applications"):
        old, new = (_named(getattr(side.said, noun), names) for side in (before, after))
        for api, value in old.keys() | new.keys():
            was, is_ = old.get((api, value), set()), new.get((api, value), set())
            for sign, who in (("lose", was - is_), ("gain", is_ - was)):
                if who:
                    getattr(found[api, value, sign], noun).update(who)
    return dict(found)


def _named(holders: Mapping[Value, set[str]], names: Names) -> dict[Value, set[str]]:
    found: dict[Value, set[str]] = defaultdict(set)
    for (api, value), who in holders.items():
        found[names.api(api), value] |= who
    return found


def _some(ids: set[str]) -> str:
    shown = sorted(ids)[:4]
    more = f" +{len(ids) - 4}" if len(ids) > 4 else ""
    return f"[{' '.join(each[:8] for each in shown)}{more}]"
