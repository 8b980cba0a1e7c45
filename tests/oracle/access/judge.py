"""What `access` says and a dump of the directory in; where tokens, accounts and the log say something else, out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import Any

from tests.oracle import judge
from tests.oracle.judge import Ground
from tests.oracle.told import Names

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
    carried = [each for each in access["holders"] if not each["disabled"] and not each["gone"] and each["application"] in enabled]
    # A service principal that came back without its registration: nobody recorded what a token says then.
    registered = {row["appId"] for row in dump["tenants"][0]["applications"]}
    alone = {row["id"] for row in dump["tenants"][0]["servicePrincipals"] if row["appId"] not in registered}
    carried = [each for each in carried if each["id"] not in alone]
    yield from judge.holdings({**access, "holders": carried}, ground, names, listed)
    (tenant, *_) = dump["tenants"]
    yield from _marks(access, tenant, names)
    yield from _steps(access, tenant, deeds, seen)


def _marks(access: Document, tenant: Mapping[str, Any], names: Names) -> Iterator[str]:
    off = {row["id"] for table in ("users", "servicePrincipals") for row in tenant[table] if row["accountEnabled"] is False}
    principals = {names.api(row["id"]): row for row in tenant["servicePrincipals"]}
    roles = {row["appId"]: {role["id"] for role in row["appRoles"]} | {DEFAULT_ACCESS} for row in tenant["applications"]}
    for each in access["holders"]:
        if each["disabled"] != (each["id"] in off):
            yield f"{each['name']} is told as {'' if each['disabled'] else 'not '}disabled"
    for each in access["apis"]:
        row = principals.get(each["application"])
        if row is None:
            # A registration that came back without its service principal offers nothing.
            continue
        told = (each["enabled"], each["assignmentRequired"])
        if told != (row["accountEnabled"] is not False, bool(row["appRoleAssignmentRequired"])):
            yield f"{each['application']} is told as {told}"
    apis = {each["application"] for each in access["apis"]}
    for row in tenant["appRoleAssignments"]:
        api = next((key for key, principal in principals.items() if principal["id"] == row["resourceId"]), "")
        known = roles.get(principals[api]["appId"]) if api in apis and api in principals else None
        if known is None or row["appRoleId"] in known:
            continue
        holders = tenant["members"].get(row["principalId"], ()) if row["principalType"] == "Group" else (row["principalId"],)
        people = {user["id"] for user in tenant["users"]}
        for holder in holders:
            if row["principalType"] == "Group" and holder not in people:
                continue
            told_of = [
                one for one in access["holders"] if one["id"] == holder and one["role"] == row["appRoleId"] and one["gone"]
            ]
            if not told_of:
                yield f"{holder} is assigned to the gone {row['appRoleId']} of {api}, and nothing says so"


def _steps(access: Document, tenant: Mapping[str, Any], deeds: Iterable[Any], seen: frozenset[str]) -> Iterator[str]:
    made: dict[tuple[str, str], set[str]] = {}
    for row in tenant["appRoleAssignments"]:
        made.setdefault((row["resourceDisplayName"], row["principalId"]), set()).add(row["createdDateTime"])
    times = {time for each in made.values() for time in each}
    last: dict[tuple[str, str], Any] = {}
    for deed in deeds:
        if deed.place == "members":
            row = deed.after or deed.before
            last[row["source"], row["target"]] = deed
    for each in access["holders"]:
        if each["since"] and each["since"] not in times:
            yield f"{each['name']} is told to hold {each['role']} since {each['since']}, when nothing was assigned"
        deed = last.get((each["group"], each["id"]))
        told = bool(deed) and any(record in seen for record in deed.records)
        joined = f"{deed.time:%Y-%m-%dT%H:%M:%SZ}" if deed is not None and told and deed.after is not None else ""
        if each["group"] and told and each["joined"] != joined:
            yield f"{each['name']} is told to be in {each['through']} since {each['joined'] or 'unknown'}, and joined {joined}"
        if each["joined"] and (deed is None or deed.after is None):
            yield f"{each['name']} is told to have joined {each['through']}, and nobody added him"
