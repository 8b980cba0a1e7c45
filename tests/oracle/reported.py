"""The documents of plan and access in; who they say gains, loses and holds what, in the names of a dump,
out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.oracle.tokens import Registrations

OWNER, KEY = "entra-config:owner=", "entra-config:key="
Document = Mapping[str, Any]


@dataclass
class Moved:
    """Who is told to gain or lose one value of one API; `unknown` where people could not be counted."""

    people: set[str] = field(default_factory=set)
    applications: set[str] = field(default_factory=set)
    unknown: bool = False
    count: int = 0
    count_of_applications: int = 0


@dataclass(frozen=True)
class Names:
    """What a manifest calls the service principals of the tenant, before and after; `keys` are those that
    it speaks of.
    """

    owner: str
    before: Registrations
    after: Registrations
    others: Mapping[str, str] = field(default_factory=dict)
    keys: frozenset[str] | None = None

    @classmethod
    def of(cls, goal: Document, before: Registrations, after: Registrations) -> Names:
        """Read the names that a manifest gives: its own keys, those under `removed:`, and its words for
        others' applications.
        """
        (environment,) = goal["environments"]
        declared = goal.get("enterpriseApplications", {})
        shown = {row["displayName"]: row["appId"] for row in after.principals.values()}
        others = {
            entry.get("appId") or shown.get(entry.get("displayName", ""), ""): key
            for key, entry in declared.items()
        }
        keys = frozenset({*goal["applications"], *goal.get("removed", {}).get("applications", {})})
        return cls(f"{goal['project']}/{environment}", before, after, others, keys)

    def api(self, principal: str) -> str:
        """Return the key of an API of ours (the one that it gets, or had), or what the manifest calls
        another's.
        """
        for side in (self.after, self.before):
            if principal in side.principals:
                key = self._key(side.application(principal))
                # What has our ownership tags and is not declared is called as anybody's.
                if key and (self.keys is None or key in self.keys):
                    return key
        row = self.after.principals.get(principal) or self.before.principals[principal]
        return self.others.get(str(row["appId"]), str(row["displayName"]))

    def principal(self, name: str) -> str:
        """Return the object id of an application that is told by id or by key."""
        for side in (self.after, self.before):
            if name in side.principals:
                return name
            for key in side.principals:
                if self._key(side.application(key)) == name or side.principals[key]["appId"] == name:
                    return key
        return name

    def _key(self, application: Mapping[str, Any]) -> str:
        tags = list(application.get("tags") or ())
        if f"{OWNER}{self.owner}" not in tags:
            return ""
        return next((tag.removeprefix(KEY) for tag in tags if tag.startswith(KEY)), "")


def moves(plan: Document, names: Names, kind: str = "role") -> dict[tuple[str, str, str], Moved]:
    """Return what the plan's Access entries of a kind say, by API, value and sign; of sign-in the value is
    `default`.
    """
    found: dict[tuple[str, str, str], Moved] = defaultdict(Moved)
    for entry in plan["access"]:
        if entry["kind"] != kind:
            continue
        moved = found[entry["application"], entry["role"], entry["action"]]
        moved.people |= {one["id"] for one in entry["people"]}
        moved.applications |= {names.principal(one["id"]) for one in entry["applications"]}
        moved.unknown = moved.unknown or entry["count"] is None
        moved.count += entry["count"] or 0
        moved.count_of_applications += entry["applicationCount"]
    return dict(found)


def returning(plan: Document) -> set[tuple[str, str]]:
    """Return the clients and APIs of which it is said that what the one held at the other comes back,
    given anew or not.
    """
    said = re.compile(r"; what (\S+) held at (.+) comes back with ")
    found = (said.search(each["message"]) for each in (*plan["withheld"], *plan["refusals"]))
    return {(match[1], match[2]) for match in found if match}


def authorized(plan: Document) -> set[str]:
    """Return the clients that are told to be used at whatever others' APIs authorize them, by their keys;
    that of a restore says so too.
    """
    return {entry["application"] for entry in plan["access"] if entry["kind"] in {"authorized", "restored"}}


def scopes(plan: Document, names: Names) -> set[tuple[str, str, str, str]]:
    """Return what the plan's Access entries say of scopes: client and API by object id and name, value and
    sign.
    """
    return {
        (names.principal(entry["client"]), entry["application"], entry["role"], entry["action"])
        for entry in plan["access"]
        if entry["kind"] == "scope"
    }


@dataclass(frozen=True)
class Held:
    """What `access` says: by API and value the people, the applications, and the groups whose members are
    unknown.
    """

    people: dict[tuple[str, str], set[str]]
    applications: dict[tuple[str, str], set[str]]
    unknown: dict[tuple[str, str], set[str]]


def holders(access: Document, names: Names) -> Held:
    """Read what `access` says of values; who is assigned without one is no matter of tokens."""
    found = Held(defaultdict(set), defaultdict(set), defaultdict(set))
    sides = {"user": found.people, "application": found.applications, "group": found.unknown}
    for each in access["holders"]:
        # A consent for everybody is no role: clients' scopes are counted elsewhere. A group without people
        # gives nobody a token.
        if each["role"] != "default" and each["through"] != "consent for everybody" and not each.get("empty"):
            one = names.principal(each["id"]) if each["type"] == "application" else each["id"]
            sides[each["type"]][each["application"], each["role"]].add(one)
    return found
