"""Changes and what was read in; what Graph would refuse of them out, before the first write and at the
manifest's line.

identifier URI of a domain that the tenant has not verified     refused
identifier URI that another application holds, or a deleted one refused
a role that is disabled, or not for such a holder, newly given  refused
what could not be read                                          one notice
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from entra_config import uris
from entra_config.actual.found import Found
from entra_config.kinds.base import application_address
from entra_config.kinds.directory import Directory, Json
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.kinds.entitlements import ROLES
from entra_config.kinds.facts import ApplicationFacts, AssignmentFacts
from entra_config.kinds.identifier_uris import URIS, folded, passed_on
from entra_config.plan.model import Change, Create, Notice, Refusal, Restore, Update
from entra_config.resource import Address, Resource, State

_MEMBERS = {"servicePrincipal": "Application"}


def check(changes: Iterable[Change], found: Found, desired: State) -> list[Refusal | Notice]:
    """Return what is known to fail."""
    changes = tuple(changes)
    passed = passed_on(changes, found.directory)
    notices: list[Refusal | Notice] = []
    for change in changes:
        if not isinstance(change, Create | Update | Restore):
            continue
        if isinstance(change.after.facts, ApplicationFacts):
            notices += _uris(change.after, found, passed)
        elif isinstance(change.after.facts, AssignmentFacts) and isinstance(change, Create):
            notices += _role(change.after, change.after.facts, found.directory, desired)
    return [*dict.fromkeys(notices)]


def _uris(after: Resource, found: Found, passed: Mapping[str, Address]) -> Iterator[Refusal | Notice]:
    live = found.directory.live.get(after.address.key)
    mine = (live.subject.application if live else None) or {}
    held = folded(mine.get(URIS) or ())
    for uri in after.values.get(URIS) or ():
        if not isinstance(uri, str) or uri.casefold() in held:
            continue
        position = after.positions.get(f"{URIS}.{uri}") or after.positions.get(URIS) or after.position
        for message in (_domain(uri, found), _taken(uri, mine, found, passed)):
            if isinstance(message, str):
                yield Refusal("", f"identifier URI '{uri}' {message}", after.address, position)
            elif message is not None:
                yield message


def _domain(uri: str, found: Found) -> str | Notice | None:
    if uris.scheme(uri) not in {"http", "https"}:
        return None
    if found.claims.domains is None:
        return Notice(
            "the tenant's verified domains cannot be read: whether it takes new identifier URIs is "
            "not known before apply"
        )
    verified = ", ".join(sorted(found.claims.domains))
    host = uris.host(uri)
    if not host:
        return f"has no host: write https:// and a verified domain of this tenant ({verified}), or use api://${{appId}}"
    if uris.below(host, found.claims.domains):
        return None
    waiting = found.policies.unverified if found.policies is not None else frozenset[str]()
    if uris.below(host, waiting):
        return f"is of {host}, a domain that this tenant has and never verified: verify it first, or use api://${{appId}}"
    return f"is of {host}, which is no verified domain of this tenant ({verified}): verify it first, or use api://${{appId}}"


def _taken(uri: str, mine: Json, found: Found, passed: Mapping[str, Address]) -> str | Notice | None:
    folded_uri = uri.casefold()
    if folded_uri in passed:
        return None
    purged = {id_ for ids in found.purges.values() for id_ in ids}
    holding = found.claims.holders.get(folded_uri, ())
    if holding is None:
        return Notice(
            "who else holds identifier URIs cannot be read: whether a new one is free is not known "
            "before apply"
        )
    ours = [
        live.subject.application
        for live in found.directory.live.values()
        if live.subject.application is not None
    ]
    known = [body for body in ours if folded_uri in folded(body.get(URIS) or ())]
    for body in (*known, *holding):
        if body["id"] != mine.get("id") and body["id"] not in purged:
            name = f"'{body['displayName']}' (appId {body['appId']})"
            if body.get("deletedDateTime"):
                return (
                    f"is still reserved by the deleted application {name}: purge or restore that first, "
                    "or choose another"
                )
            return f"is held by {name}: take it off there first, or choose another"
    return None


def _role(after: Resource, facts: AssignmentFacts, directory: Directory, desired: State) -> Iterator[Refusal]:
    key, id_ = facts.resource, facts.app_role_id
    roles = _roles(key, directory, desired)
    role = next((role for role in roles if role["id"] == id_), None)
    member = _MEMBERS.get(facts.principal_type, "User")
    message = ""
    if id_ == DEFAULT_ACCESS and any(role["isEnabled"] for role in roles):
        message = (
            f"access without a role can be given only where an application offers none, and {key} has roles"
        )
    elif role is not None and not role["isEnabled"]:
        message = (
            f"role {_name(role)} of {key} is disabled, and Graph gives a disabled role to nobody new: "
            "enable it first"
        )
    elif role is not None and member not in role["allowedMemberTypes"]:
        message = (
            f"role {_name(role)} of {key} is not for "
            f"{'applications' if member == 'Application' else 'users and groups'}"
        )
    if message:
        yield Refusal("", message, after.parent, after.position)


def _roles(key: str, directory: Directory, desired: State) -> list[Json]:
    own = desired.get(application_address(key))
    if own is not None and ROLES in own.values:
        return list(own.values[ROLES])
    live = directory.live.get(key)
    return list((live.subject.service_principal or {}).get("appRoles") or ()) if live else []


def _name(role: Json) -> str:
    return str(role.get("value") or role.get("displayName"))
