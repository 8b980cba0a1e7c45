"""New people and groups, and the roles and scopes of a registration, as they are asked about."""

from collections.abc import Mapping
from typing import Any

from entra_emulator.portal import effects
from entra_emulator.portal.objects import name_of
from entra_emulator.portal.proposal import DRIFT, Given, Input, NotThereError, Proposal, Row, row_of
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
    )


def add_role(visit: Visit, given: Given) -> Proposal:
    """Add an app role to a registration."""
    app, value = row_of(visit, "applications", given, "application"), given.get("value", "").strip()
    description, holders = given.get("description", "").strip(), given.get("holders", "")
    ready = bool(value and description and holders in dict(_HOLDERS))
    role = {
        "id": visit.held.service.guid(),
        "value": value,
        "displayName": value,
        "description": description,
        "allowedMemberTypes": holders.split(","),
        "isEnabled": True,
    }
    return _addition(
        visit,
        app,
        f"Add the role {value} to {name_of(app)}?" if ready else f"Add which role to {name_of(app)}?",
        _nested("role", [*app["appRoles"], role]),
        gained=("It can be assigned. Nobody holds it yet.",),
        inputs=()
        if ready
        else (
            Input("value", "Value in the token, such as Orders.Read", value=value),
            Input("description", "What it allows", value=description),
            Input("holders", "Who may hold it", _HOLDERS),
        ),
    )


def add_scope(visit: Visit, given: Given) -> Proposal:
    """Add a scope to a registration."""
    app, value = row_of(visit, "applications", given, "application"), given.get("value", "").strip()
    description, consent = given.get("description", "").strip(), given.get("consent", "")
    ready = bool(value and description and consent in dict(_CONSENTS))
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
    base = next(iter(app["identifierUris"]), app["appId"])
    return _addition(
        visit,
        app,
        f"Add the scope {value} to {name_of(app)}?" if ready else f"Add which scope to {name_of(app)}?",
        _nested("scope", [*app["api"]["oauth2PermissionScopes"], scope]),
        gained=(f"Clients ask for it as {base}/{value}. Nobody consented to it yet.",),
        inputs=()
        if ready
        else (
            Input("value", "Value in the token, such as orders.read", value=value),
            Input("description", "What it allows", value=description),
            Input("consent", "Who can consent", _CONSENTS),
        ),
    )


def _addition(
    visit: Visit,
    app: dict[str, Any],
    question: str,
    body: Mapping[str, Any],
    *,
    gained: tuple[str, ...],
    inputs: tuple[Input, ...],
) -> Proposal:
    path, back = f"applications/{app['id']}", visit.path("registrations", str(app["id"]))
    return Proposal(
        question, "Add", "Leave it", "PATCH", path, back, body,
        gained=() if inputs else gained, note=DRIFT, inputs=inputs, look="main",
    )  # fmt: skip


def remove(visit: Visit, given: Given, *, kind: str) -> Proposal:
    """Remove an app role or a scope from a registration."""
    app = row_of(visit, "applications", given, "application")
    rows = app["appRoles"] if kind == "role" else app["api"]["oauth2PermissionScopes"]
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
        first=_nested(kind, disabled) if enabled else None,
    )


def _nested(kind: str, rows: list[Row]) -> Mapping[str, Any]:
    return {"appRoles": rows} if kind == "role" else {"api": {"oauth2PermissionScopes": rows}}
