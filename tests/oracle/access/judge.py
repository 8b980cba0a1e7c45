"""What `access` says and a dump of the directory in; where tokens, accounts and the log say something
else, out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import Any

from tests.oracle import judge
from tests.oracle.judge import Ground
from tests.oracle.reported import Names

DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"
Document = Mapping[str, Any]


def problems(
    access: Document, goal: Document, dump: Mapping[str, Any], deeds: Iterable[Any], seen: frozenset[str]
) -> Iterator[str]:
    """Yield whatever is not so; `seen` are the ids of the audit records that could be read."""
    ground, _ = Ground.both(dump, dump, Random(0))
    names = Names.of(goal, ground.registrations, ground.registrations)
    listed = frozenset({*goal["applications"], *goal["appRoleAssignments"]})
    enabled = {each["application"] for each in access["apis"] if each["enabled"]}
    # What is marked is told, and says that no token carries it.
    carried = [
        each
        for each in access["holders"]
        if not each["disabled"] and not each["roleDeleted"] and each["application"] in enabled
    ]
    yield from judge.holdings({**access, "holders": carried}, ground, names, listed)
    (tenant, *_) = dump["tenants"]
    yield from _entrances(access, tenant, f"{goal['project']}/prod", frozenset(goal["applications"]))
    yield from _marks(access, tenant, names)
    yield from _steps(access, tenant, names, deeds, seen)


def _entrances(
    access: Document, tenant: Mapping[str, Any], owner: str, keys: frozenset[str]
) -> Iterator[str]:
    """Yield whichever of ours, live or deleted, is not told as it lets people in, and whatever is told and
    is not there.
    """
    principals = {row["appId"]: row for row in tenant["servicePrincipals"]}
    gone = [row for row in tenant["deletedItems"] if row["_type"] == "application"]
    true: dict[str, tuple[bool, bool, str]] = {}
    for row in [*gone, *tenant["applications"]]:
        key = next((tag.partition("=")[2] for tag in row["tags"] if tag.startswith("entra-config:key=")), "")
        principal = principals.get(row["appId"])
        if f"entra-config:owner={owner}" not in row["tags"] or key not in keys:
            continue
        if principal is None:
            true[key] = (False, True, "application" if row in gone else "servicePrincipal")
        else:
            true[key] = (
                principal["accountEnabled"] is not False,
                bool(principal["appRoleAssignmentRequired"]),
                "",
            )
    reported = {
        each["application"]: (each["enabled"], each["assignmentRequired"], each["missing"])
        for each in access["apis"]
        if each["application"] in keys
    }
    for key in sorted({*reported, *true}):
        if reported.get(key) != true.get(key):
            yield f"the entrance to {key} is told as {reported.get(key)}, and is {true.get(key)}"


def _marks(access: Document, tenant: Mapping[str, Any], names: Names) -> Iterator[str]:
    off = {
        row["id"]
        for table in ("users", "servicePrincipals")
        for row in tenant[table]
        if row["accountEnabled"] is False
    }
    principals = {names.api(row["id"]): row for row in tenant["servicePrincipals"]}
    roles = {
        row["appId"]: {role["id"] for role in row["appRoles"]} | {DEFAULT_ACCESS}
        for row in tenant["applications"]
    }
    for each in access["holders"]:
        if each["disabled"] != (each["id"] in off):
            yield f"{each['name']} is told as {'' if each['disabled'] else 'not '}disabled"
    for each in access["owners"]:
        if bool(each.get("disabled")) != (each["id"] in off):
            yield f"owner {each['name']} is told as {'' if each.get('disabled') else 'not '}disabled"
    apis = {each["application"] for each in access["apis"]}
    people = {user["id"] for user in tenant["users"]}
    shown = {(each["application"], each["id"]) for each in access["holders"] if each.get("empty")}
    holding = {
        (names.api(row["resourceId"]), row["principalId"])
        for row in tenant["appRoleAssignments"]
        if row["principalType"] == "Group" and names.api(row["resourceId"]) in apis
    }
    empty = {place for place in holding if not people & {*tenant["members"].get(place[1], ())}}
    for place in sorted(empty ^ shown):
        yield f"group {place[1]} holds a role of {place[0]}, and whether it has people is not told"
    for row in tenant["appRoleAssignments"]:
        api = next((key for key, principal in principals.items() if principal["id"] == row["resourceId"]), "")
        known = roles.get(principals[api]["appId"]) if api in apis and api in principals else None
        if known is None or row["appRoleId"] in known:
            continue
        holders = (
            tenant["members"].get(row["principalId"], ())
            if row["principalType"] == "Group"
            else (row["principalId"],)
        )
        for holder in holders:
            if row["principalType"] == "Group" and holder not in people:
                continue
            reported_of = [
                one
                for one in access["holders"]
                if one["id"] == holder and one["role"] == row["appRoleId"] and one["roleDeleted"]
            ]
            if not reported_of:
                yield f"{holder} is assigned to the gone {row['appRoleId']} of {api}, and nothing says so"


def _assigned(tenant: Mapping[str, Any], names: Names) -> dict[tuple[str, str, str], set[str]]:
    """Return when a principal was assigned to a role of an API: by what tokens say of the role, by its id
    where it is gone.
    """
    principals = {row["id"]: row for row in tenant["servicePrincipals"]}
    registered = {row["appId"]: row for row in tenant["applications"]}
    found: dict[tuple[str, str, str], set[str]] = {}
    for row in tenant["appRoleAssignments"]:
        api = principals[row["resourceId"]]
        roles = {
            role["id"]: role["value"] or "default" for role in registered.get(api["appId"], api)["appRoles"]
        }
        role = (
            "default" if row["appRoleId"] == DEFAULT_ACCESS else roles.get(row["appRoleId"], row["appRoleId"])
        )
        found.setdefault((names.api(row["resourceId"]), row["principalId"], role), set()).add(
            row["createdDateTime"]
        )
    return found


def _steps(
    access: Document, tenant: Mapping[str, Any], names: Names, deeds: Iterable[Any], seen: frozenset[str]
) -> Iterator[str]:
    assigned = _assigned(tenant, names)
    last: dict[tuple[str, str], Any] = {}
    for deed in deeds:
        if deed.place == "members":
            row = deed.after or deed.before
            last[row["source"], row["target"]] = deed
    for each in access["holders"]:
        since = assigned.get((each["application"], each["group"] or each["id"], each["role"]), set())
        if each["through"] != "consent for everybody" and each["since"] not in since:
            yield (
                f"{each['name']} is told to hold {each['role']} since {each['since'] or 'unknown'}, and "
                f"was given it {since}"
            )
        deed = last.get((each["group"], each["id"]))
        reported = bool(deed) and any(record in seen for record in deed.records)
        joined = (
            f"{deed.time:%Y-%m-%dT%H:%M:%SZ}"
            if deed is not None and reported and deed.after is not None
            else ""
        )
        if each["group"] and reported and each["memberSince"] != joined:
            yield (
                f"{each['name']} is reported in {each['through']} since {each['memberSince'] or 'unknown'}, "
                f"and joined {joined}"
            )
        if each["memberSince"] and (deed is None or deed.after is None):
            yield f"{each['name']} is told to have joined {each['through']}, and nobody added him"
