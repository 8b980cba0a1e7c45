"""What tokens said before and after, and what was told, in; each word that is not their difference out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.oracle import told
from tests.oracle.tokens import Registrations, Said, say
from tests.oracle.told import Moved, Names

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
        cls, before: Mapping[str, Any], after: Mapping[str, Any], random: Random, unreadable: frozenset[str] = frozenset()
    ) -> tuple[Ground, Ground]:
        """Ask in two dumps whatever either of them can touch, and 20 clients and APIs at random."""
        known = [Registrations.of(dump) for dump in (before, after)]
        touched = known[0].touching() | known[1].touching()
        touched |= {(random.choice(known[1].clients() or [""]), random.choice(known[1].apis())) for _ in range(RANDOM_OTHERS)}
        people = [row["id"] for row in after["tenants"][0]["users"]]
        return cls(before, say(before, people, touched), unreadable), cls(after, say(after, people, touched), unreadable)

    @property
    def registrations(self) -> Registrations:
        """Return the service principals of the dump."""
        return Registrations.of(self.dump)

    def blind(self) -> set[Value]:
        """Return each API and value that somebody may hold through a group whose members nobody could read."""
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


def differences(plan: Mapping[str, Any], before: Ground, after: Ground, names: Names) -> list[str]:
    """Return what the plan's Access entries say that tokens do not, and the other way round."""
    moved, true = told.moves(plan, names), _moved(before, after, names)
    blind = {(names.api(api), value) for api, value in before.blind() | after.blind()}
    blinded = {(names.api(api), value) for api, value, _ in before.blindly() ^ after.blindly()}
    found = []
    for key in sorted(moved.keys() | true.keys()):
        application, value, sign = key
        says, is_ = moved.get(key, Moved()), true.get(key, Moved())
        label = f"{sign} {application}/{value}"
        if says.applications != is_.applications:
            found.append(f"{label}: applications told {_some(says.applications)}, tokens {_some(is_.applications)}")
        if says.unknown and (application, value) in blind:
            continue
        if (application, value) in blinded:
            if is_.people or says.people:
                found.append(f"{label}: people told as known ({says.count}), but a group could not be read")
        elif value != "default" and (says.unknown or says.people != is_.people or says.count != len(says.people)):
            count = "unknown" if says.unknown else str(says.count)
            found.append(f"{label}: people told {count} {_some(says.people)}, tokens {_some(is_.people)}")
    return found


def entrances(plan: Mapping[str, Any], before: Ground, after: Ground, names: Names) -> list[str]:
    """Return whoever is let in, or no longer, without a word: no value of theirs at that API changes either."""
    moved = told.moves(plan, names)
    found = []
    for api in sorted(before.said.entering.keys() | after.said.entering.keys()):
        # An API that comes or goes is told as such.
        if not all(api in side.registrations.principals for side in (before, after)):
            continue
        name = names.api(api)
        old, new = before.said.entering.get(api, set()), after.said.entering.get(api, set())
        for sign, people in (("lose", old - new), ("gain", new - old)):
            heard = {one for (at, _, way), each in moved.items() if (at, way) == (name, sign) for one in each.people}
            unknown = any(each.unknown for (at, _, way), each in moved.items() if (at, way) == (name, sign))
            if people - heard and not unknown:
                found.append(f"{sign} entrance to {name}: {_some(people - heard)} without a word")
    return found


def consents(plan: Mapping[str, Any], before: Ground, after: Ground, names: Names) -> list[str]:
    """Return each scope that tokens of a client gain or lose for somebody, and the plan has no word for it."""
    said = told.scopes(plan)
    went = {change["address"]["key"] for change in plan["changes"] if change["action"] == "delete"}
    came = {change["address"]["key"] for change in plan["changes"] if change["action"] in ("create", "restore")}
    found = []
    for key in sorted(before.said.scopes.keys() | after.said.scopes.keys()):
        client, api, scope = key
        old, new = before.said.scopes.get(key, set()), after.said.scopes.get(key, set())
        # Who is not let in by the API or by the client has no token at all: that is another question.
        inside = _inside(before, client, api) & _inside(after, client, api)
        for sign, people, whole in (("lose", old - new, went), ("gain", new - old, came)):
            labels = (names.api(client), names.api(api))
            if people & inside and not {*labels} & whole and (*labels, scope, sign) not in said:
                found.append(f"{sign} scope {' → '.join(labels)} {scope}: {len(people & inside)} people, without a word")
    return found


def holdings(access: Mapping[str, Any], now: Ground, names: Names, listed: frozenset[str]) -> list[str]:
    """Return where `access` and tokens differ about who holds what at the APIs that are listed."""
    people, applications = told.holders(access, names)
    found = []
    blind = {(names.api(api), value) for api, value in now.blind()}
    for noun, says, true in (("people", people, now.said.people), ("applications", applications, now.said.applications)):
        is_: dict[Value, set[str]] = defaultdict(set)
        for (api, value), holders in true.items():
            if names.api(api) in listed:
                is_[names.api(api), value] |= holders
        for key in sorted(says.keys() | is_.keys()):
            if key[1] == "default" or (noun == "people" and key in blind):
                continue
            if says.get(key, set()) != is_.get(key, set()):
                found.append(
                    f"access {'/'.join(key)}: {noun} told {_some(says.get(key, set()))}, tokens {_some(is_.get(key, set()))}"
                )
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


def _inside(ground: Ground, client: str, api: str) -> set[str]:
    return ground.said.entering.get(api, set()) & ground.said.entering.get(client, set())


def _some(ids: set[str]) -> str:
    shown = sorted(ids)[:4]
    more = f" +{len(ids) - 4}" if len(ids) > 4 else ""
    return f"[{' '.join(each[:8] for each in shown)}{more}]"
