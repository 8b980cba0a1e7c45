"""New people and groups, and the roles and scopes of a registration, as they are asked about."""

import json
from collections.abc import Mapping
from typing import Any

from entra_emulator.portal import effects
from entra_emulator.portal.objects import name_of
from entra_emulator.portal.proposal import (
    DRIFT,
    MADE,
    Given,
    Input,
    NotThereError,
    Proposal,
    Request,
    Row,
    row_of,
)
from entra_emulator.portal.visit import Visit

# Whom a role can be given to: the address has the types with a comma, Graph a list.
_HOLDERS = (
    ("User", "People and groups"),
    ("Application", "Applications"),
    ("User,Application", "People, groups and applications"),
)
_CONSENTS = (("User", "People and administrators"), ("Admin", "Administrators only"))


def new_user(visit: Visit, given: Given) -> Proposal:
    """Make a person."""
    name, upn = given.get("name", "").strip(), given.get("upn", "").strip()
    ready = bool(name and upn)
    body = {
        "accountEnabled": True,
        "displayName": name,
        "userPrincipalName": upn,
        "mailNickname": upn.partition("@")[0],
        "passwordProfile": {"password": visit.held.door.token},
    }
    return Proposal(
        f"Make the user {name}?" if ready else "Make which user?",
        "Make",
        "Leave it",
        "POST",
        "users",
        visit.path("users"),
        body,
        gained=("Nothing yet: no group, no role.",) if ready else (),
        note="Nobody here signs in with a password.",
        inputs=()
        if ready
        else (Input("name", "Name"), Input("upn", f"UPN, such as somebody@{visit.tenant.domains[-1]}")),
        look="main",
        made="users",
        inverse=("delete-user", {"user": MADE}),
    )


def new_group(visit: Visit, given: Given) -> Proposal:
    """Make a security group."""
    name = given.get("name", "").strip()
    nickname = "".join(letter for letter in name if letter.isascii() and letter.isalnum()) or "group"
    body = {
        "displayName": name,
        "mailEnabled": False,
        "mailNickname": nickname[:64],
        "securityEnabled": True,
    }
    return Proposal(
        f"Make the group {name}?" if name else "Make which group?",
        "Make",
        "Leave it",
        "POST",
        "groups",
        visit.path("groups"),
        body,
        gained=("Nothing yet: no member, no role.",) if name else (),
        note="A security group; members are put in on its page.",
        inputs=() if name else (Input("name", "Name"),),
        look="main",
        made="groups",
        inverse=("delete-group", {"group": MADE}),
    )


def add_role(visit: Visit, given: Given) -> Proposal:
    """Add an app role to a registration."""
    value, description = given.get("value", "").strip(), given.get("description", "").strip()
    holders = given.get("holders", "")
    role = {
        "id": visit.held.service.guid(),
        "value": value,
        "displayName": value,
        "description": description,
        "allowedMemberTypes": holders.split(","),
        "isEnabled": True,
    }
    fields = (
        Input("value", "Value in the token, such as Orders.Read", value=value),
        Input("description", "What it allows", value=description),
        Input("holders", "Who may hold it", _HOLDERS),
    )
    ready = value and description and holders in dict(_HOLDERS)
    return _addition(visit, given, "role", role, () if ready else fields)


def add_scope(visit: Visit, given: Given) -> Proposal:
    """Add a scope to a registration."""
    value, description = given.get("value", "").strip(), given.get("description", "").strip()
    consent = given.get("consent", "")
    scope = {
        "id": visit.held.service.guid(),
        "value": value,
        "type": consent,
        "adminConsentDisplayName": description,
        "adminConsentDescription": description,
        "userConsentDisplayName": description,
        "userConsentDescription": description,
        "isEnabled": True,
    }
    fields = (
        Input("value", "Value in the token, such as orders.read", value=value),
        Input("description", "What it allows", value=description),
        Input("consent", "Who can consent", _CONSENTS),
    )
    ready = value and description and consent in dict(_CONSENTS)
    return _addition(visit, given, "scope", scope, () if ready else fields)


def _addition(
    visit: Visit, given: Given, kind: str, part: Mapping[str, Any], fields: tuple[Input, ...]
) -> Proposal:
    """Add a part to a registration: a new one, or the removed one that an Undo puts back as it was."""
    app = row_of(visit, "applications", given, "application")
    if removed := given.get("removed"):
        part, fields = _read_part(removed), ()
    name = part.get("value") or part.get("displayName")
    base = next(iter(app["identifierUris"]), app["appId"])
    gained = {"role": "It can be assigned.", "scope": f"Clients ask for it as {base}/{name}."}
    return Proposal(
        f"Add which {kind} to {name_of(app)}?" if fields else f"Add the {kind} {name} to {name_of(app)}?",
        "Add",
        "Leave it",
        "PATCH",
        f"applications/{app['id']}",
        visit.path("registrations", str(app["id"])),
        _nested(kind, [*_parts(app, kind), part]),
        gained=() if fields else (gained[kind],),
        note=DRIFT,
        inputs=fields,
        look="main",
        inverse=(f"remove-{kind}", {"application": str(app["id"]), kind: str(part.get("id"))}),
    )


def _read_part(text: str) -> Row:
    try:
        part = json.loads(text)
    except ValueError:
        part = None
    if not isinstance(part, dict):
        raise NotThereError("There is no such change.")
    return part


def _parts(app: Row, kind: str) -> list[Row]:
    found: list[Row] = app["appRoles"] if kind == "role" else app["api"]["oauth2PermissionScopes"]
    return found


def remove(visit: Visit, given: Given, *, kind: str) -> Proposal:
    """Remove an app role or a scope from a registration."""
    app = row_of(visit, "applications", given, "application")
    rows = _parts(app, kind)
    part = next((row for row in rows if row["id"] == given.get(kind)), None)
    if part is None:
        raise NotThereError(f"There is no such {kind} any more.")
    # Graph removes nothing that is enabled (terraform-provider-azuread applications.go).
    enabled = part.get("isEnabled")
    disabled = [{**row, "isEnabled": False} if row is part else row for row in rows]
    twice = "Graph removes only what is disabled, so the first request disables it. "
    return Proposal(
        f"Remove the {kind} {part.get('value') or part.get('displayName')} from {name_of(app)}?",
        "Remove",
        "Keep it",
        "PATCH",
        f"applications/{app['id']}",
        visit.path("registrations", str(app["id"])),
        _nested(kind, [row for row in rows if row is not part]),
        lost=effects.without_role(visit, app, part["id"])
        if kind == "role"
        else ("No token contains it from now on.",),
        note=f"{twice if enabled else ''}{DRIFT}",
        first=Request("PATCH", f"applications/{app['id']}", _nested(kind, disabled)) if enabled else None,
        inverse=(f"add-{kind}", {"application": str(app["id"]), "removed": json.dumps(part)}),
    )


def _nested(kind: str, rows: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    return {"appRoles": rows} if kind == "role" else {"api": {"oauth2PermissionScopes": rows}}
