"""A key of the manifest in; bodies that look like it, made by somebody else, out."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.oracle.attack import certificates

if TYPE_CHECKING:
    from entra_emulator.table import Row
    from tests.oracle.attack.knowledge import Knowledge

EXPRESSION = "claimsMatchingExpression"
ISSUER = "https://token.actions.githubusercontent.com"
AUDIENCE = "api://AzureADTokenExchange"


def body(known: Knowledge, key: str, random: Random) -> dict[str, Any]:
    """Return a registration that a plan would take for the key's: names, roles, scopes and requests of its
    own.
    """
    declared = known.applications[key]
    live = known.of(key)
    found: dict[str, Any] = {"displayName": live["displayName"] if live else declared.get("displayName", key)}
    found["tags"] = tags(known, key, random)
    if random.random() < 0.75 and (name := known.free_name(key, random)):
        found["uniqueName"] = name
    if declared.get("type") == "api":
        found |= _api(live, declared, random)
    if random.random() < 0.6 and (required := _required(known, declared)):
        found["requiredResourceAccess"] = required
    return found


def tags(known: Knowledge, key: str, random: Random) -> list[str]:
    """Return a key's marks, copied well as a rule, else with a flaw that a careless reader overlooks."""
    copied = known.marks(key, random)
    match random.randrange(10):
        case 0:
            return [tag.upper() if random.random() < 0.5 else tag.title() for tag in copied]
        case 1:
            return [*copied, f"entra-config:owner=team{random.choice('ab')}/prod"]
        case 2:
            return [*copied, f"entra-config:key={random.choice(list(known.applications))}x"]
        case 3:
            return []
        case _:
            return copied


def subject(random: Random, like: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a federated credential of his own, named as the manifest names one where it does: one third of
    them match by an expression, which v1.0 does not show.
    """
    name, number = like["name"] if like else f"his-{random.randrange(10**6)}", random.randrange(10**6)
    found = {"name": name, "issuer": (like or {}).get("issuer", ISSUER), "audiences": [AUDIENCE]}
    if number % 3:
        return {**found, "subject": f"repo:mallory/app:environment:{number}"}
    said = f"claims['sub'] matches 'repo:mallory/*' and claims['repository_owner_id'] eq '{number}'"
    return {**found, EXPRESSION: {"value": said, "languageVersion": 1}}


def credential(declared: Mapping[str, Any]) -> dict[str, Any]:
    """Return the very federated credential that the manifest declares."""
    found = {
        "name": declared["name"],
        "issuer": declared["issuer"],
        "audiences": [declared.get("audience", AUDIENCE)],
    }
    if "matches" in declared:
        return {**found, EXPRESSION: {"value": declared["matches"], "languageVersion": 1}}
    return {**found, "subject": declared["subject"]}


def certificate(identifier: str | None = None) -> dict[str, Any]:
    """Return a certificate of his own; `identifier` is a name that he gives it, such as the thumbprint of
    another.
    """
    found = {"type": "AsymmetricX509Cert", "usage": "Verify", "key": certificates.named("mallory").der}
    return found | ({"customKeyIdentifier": identifier} if identifier else {})


def guid(random: Random) -> str:
    """Make an id."""
    return str(UUID(int=random.getrandbits(128), version=4))


def _api(live: Row | None, declared: Mapping[str, Any], random: Random) -> dict[str, Any]:
    if live is not None and random.random() < 0.7:
        scopes, roles = live["api"]["oauth2PermissionScopes"], live["appRoles"]
        return {
            "appRoles": [{k: v for k, v in role.items() if k != "origin"} for role in roles],
            "api": {"oauth2PermissionScopes": scopes},
        }
    roles = [
        {"id": guid(random), "value": value, "displayName": value, "description": value, "isEnabled": True}
        | {"allowedMemberTypes": ["User", "Application"]}
        for value in declared.get("appRoles", ())
    ]
    scopes = [
        {"id": guid(random), "value": value, "type": "User", "isEnabled": True}
        | {"adminConsentDisplayName": value, "adminConsentDescription": value}
        for value in declared.get("scopes", ())
    ]
    return {"appRoles": roles, "api": {"oauth2PermissionScopes": scopes}}


def _required(known: Knowledge, declared: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what the manifest lets the key request, of the APIs that are there: a grant then has nothing
    to wait for.
    """
    found = []
    for resource, requested in (declared.get("apiPermissions") or {}).items():
        api = known.of(resource)
        if api is None:
            continue
        scopes = {scope["value"]: scope["id"] for scope in api["api"]["oauth2PermissionScopes"]}
        roles = {role["value"]: role["id"] for role in api["appRoles"]}
        access = [
            {"id": scopes[value], "type": "Scope"}
            for value in requested.get("delegated", ())
            if value in scopes
        ]
        access += [
            {"id": roles[value], "type": "Role"}
            for value in requested.get("application", ())
            if value in roles
        ]
        if access:
            found.append({"resourceAppId": api["appId"], "resourceAccess": access})
    return found
