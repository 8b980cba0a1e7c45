"""A dump from right before a deletion and a goal in; what may come back with the deleted one unsaid, as
nobody can read it, out.

what was held at, or by, the application that was deleted     may come back unsaid
a person's role                                               yes: the next plan says what becomes of it
a client's consent that the manifest requests and leaves be   yes: a human's consent is not managed
a client's consent that nobody requested                      yes
a consent of another project's client                         yes: nothing of it is managed
a scope that single people consented to for themselves        yes: that is never touched, and not counted
what is withheld, or refused, of a client at an API          only where it is said that it comes back
any other consent of a client                                 no: whether it stays is said before, by its name
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from tests.oracle.reported import Names
from tests.oracle.tokens import Registrations, Said

Value = tuple[str, str]
OWNER = "entra-config:owner="


@dataclass
class Memory:
    """What was held before a deletion: by API and value the people and applications, by client, API and
    scope the people.
    """

    people: dict[Value, set[str]] = field(default_factory=dict)
    applications: dict[Value, set[str]] = field(default_factory=dict)
    scopes: dict[tuple[str, str, str], set[str]] = field(default_factory=dict)
    entering: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        dump: Mapping[str, Any],
        said: Said,
        goal: Mapping[str, Any],
        names: Names,
        reported: AbstractSet[tuple[str, str]],
    ) -> Memory:
        """Return what may come back unsaid; a role whose value changes meanwhile comes back with the new one.

        `told` are clients and APIs, as the plan calls them, of which it says that what the one held at the
        other comes back.
        """
        then, now = Registrations.of(dump), names.after
        back = {
            each for each in then.principals if each in now.principals and each not in names.before.principals
        }
        values = _moved(then, now)
        requested = _requested(then, goal["project"])
        free = _left_to_humans(goal, names, now)

        def unsaid(client: str, api: str, type_: str, value: str) -> bool:
            heard = (names.api(client), names.api(api)) in reported
            return heard or (client, api, type_, value) not in requested or (client, api, type_) in free

        found = cls()
        for (api, value), people in said.people.items():
            if api in back:
                found.people[api, values.get((api, value), value)] = set(people)
        for (api, value), holders in said.applications.items():
            found.applications[api, values.get((api, value), value)] = {
                client for client in holders if {client, api} & back and unsaid(client, api, "Role", value)
            }
        for (client, api, scope), people in said.scopes.items():
            if {client, api} & back and unsaid(client, api, "Scope", scope):
                found.scopes[client, api, scope] = set(people)
        for (client, api, scope), people in _alone(dump).items():
            if {client, api} & back:
                found.scopes[client, api, scope] = found.scopes.get((client, api, scope), set()) | people
        found.entering = {api: set(people) for api, people in said.entering.items() if api in back}
        return found


def _alone(dump: Mapping[str, Any]) -> dict[tuple[str, str, str], set[str]]:
    """Return who consented to a scope for himself, by client, API and scope: nobody's plan touches, or
    counts, that.
    """
    found: dict[tuple[str, str, str], set[str]] = {}
    for grant in dump["tenants"][0]["oauth2PermissionGrants"]:
        if grant["consentType"] == "Principal":
            for scope in str(grant["scope"]).split():
                found.setdefault((grant["clientId"], grant["resourceId"], scope), set()).add(
                    grant["principalId"]
                )
    return found


def _moved(then: Registrations, now: Registrations) -> dict[Value, str]:
    """Return what a role's value is now, by API and the value of then."""
    found = {}
    for api in then.principals.keys() & now.principals.keys():
        after = {role["id"]: role["value"] for role in now.application(api).get("appRoles") or ()}
        for role in then.application(api).get("appRoles") or ():
            if role["value"] and after.get(role["id"]):
                found[api, role["value"]] = after[role["id"]]
    return found


def _requested(then: Registrations, project: str) -> set[tuple[str, str, str, str]]:
    """Return what each client of the project requested: client, API, sort and value."""
    by_app_id = {row["appId"]: key for key, row in then.principals.items()}
    found = set()
    for client in then.principals:
        registration = then.application(client)
        owners = [tag for tag in registration.get("tags") or () if tag.startswith(OWNER)]
        if any(not tag.startswith(f"{OWNER}{project}/") for tag in owners):
            continue
        for entry in registration.get("requiredResourceAccess") or ():
            api = by_app_id.get(entry["resourceAppId"], "")
            values = _values(then, api) if api else {}
            found |= {
                (client, api, each["type"], values.get(each["id"], "")) for each in entry["resourceAccess"]
            }
    return found


def _values(known: Registrations, api: str) -> dict[str, str]:
    row = known.principals[api]
    entries = [*(row.get("appRoles") or ()), *(row.get("oauth2PermissionScopes") or ())]
    return {each["id"]: each["value"] for each in entries}


def _left_to_humans(goal: Mapping[str, Any], names: Names, now: Registrations) -> set[tuple[str, str, str]]:
    """Return where the goal requests something and leaves its consent to humans: client, API and sort."""
    by_name = {names.api(key): key for key in now.principals}
    found = set()
    for key, app in goal["applications"].items():
        for name, entry in app.get("apiPermissions", {}).items():
            for kind, type_ in (("delegated", "Scope"), ("application", "Role")):
                if entry.get(kind) and entry.get("adminConsent") is None:
                    found.add((by_name.get(key, ""), by_name.get(name, ""), type_))
    return found
