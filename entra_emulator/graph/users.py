"""Users, and the caller as `/me`."""

import re
from typing import Any

from entra_emulator.graph import (
    audit,
    bodies,
    extensions,
    lifecycle,
    lookup,
    permissions,
    render,
    restrictions,
    schema,
)
from entra_emulator.graph.applications import location
from entra_emulator.graph.assignment_records import audit_gone
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.entities.user import (
    USER,
    check_principal_name,
    check_user,
    make_user,
)
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.errors import bad_request, denied, invalid_value, missing_value, taken
from entra_emulator.graph.managers import EXPAND
from entra_emulator.graph.properties import ADMINISTRATOR
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row

_KIND, _RESOURCE = "user", "User"
_SHORTEST, _LONGEST = 8, 256
_KINDS = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"[0-9]"), re.compile(r"[^A-Za-z0-9]"))
_KINDS_NEEDED = 3
# What users cannot change of themselves.
_ADMINISTERED = {name for name, row in USER.properties.items() if row.set_by == ADMINISTRATOR}


def create(call: Call) -> CollectionResponse:
    """Answer POST /users."""
    made, body = _completed(call, dict(call.object_body(_KIND)))
    name = check_principal_name(body["userPrincipalName"])
    if name.rpartition("@")[2].casefold() not in call.tenant.domains:
        text = "The domain portion of the userPrincipalName property is invalid."
        raise bad_request(f"{text} You must use one of the verified domain names in your organization.")
    if call.tenant.user_by_name(name) is not None:
        raise taken("userPrincipalName")
    restrictions.check_room(call)
    row_id = made or call.graph.directory.ids.guid()
    blank = make_user(row_id, name, call.stamp, call.tenant.initial_domain)
    profile = check_password(body)
    if profile.get("password") is None:
        raise missing_value("passwordProfile", _RESOURCE)
    del body["passwordProfile"]
    body, values = extensions.taken_out(call, _RESOURCE, None, body)
    new = bodies.merge(_KIND, _RESOURCE, blank, body)
    if values:
        new["_extensions"] = values
    new["identities"] = [*body.get("identities", ()), *blank["identities"]]
    new["lastPasswordChangeDateTime"] = call.stamp
    new["passwordProfile"] = {**profile, "password": None}
    check_user({}, new)
    call.put("users", new)
    changes = audit.changes(None, new, USER.readers)
    target = audit.AuditTarget(new["id"], "User", None, name, changes)
    audit.write(call, "Add user", "Add", [target], category=audit.USERS)
    response = render.entity(call, _KIND, new, "users/$entity", created=True)
    return CollectionResponse(201, response, headers=location(call, new["id"], "User"))


def update(call: Call) -> CollectionResponse:
    """Answer PATCH /users/{id}."""
    old = lookup.current(call, "users", lookup.user(call))
    body = dict(call.object_body(_KIND))
    changed = body.pop("passwordProfile", None)
    body, values = extensions.taken_out(call, _RESOURCE, old, body)
    new = bodies.merge(_KIND, _RESOURCE, old, body)
    if values != old.get("_extensions", {}):
        new["_extensions"] = values
    if changed is not None:
        profile = check_password({**new, "passwordProfile": changed})
        new["passwordProfile"] = {**(old.get("passwordProfile") or {}), **profile, "password": None}
        if profile.get("password") is not None:
            new["lastPasswordChangeDateTime"] = call.stamp
    check_user(old, new)
    _check_name(call, old, new)
    if new != old:
        call.put("users", new)
        changes = audit.changes(old, new, USER.readers)
        target = audit.AuditTarget(new["id"], "User", None, new["userPrincipalName"], changes)
        audit.write(call, "Update user", "Update", [target], category=audit.USERS)
    return NO_CONTENT


def update_me(call: Call) -> CollectionResponse:
    """Answer PATCH /me: the caller's own profile, nothing that decides about access."""
    if not call.caller.directory_roles and _ADMINISTERED & set(call.object_body(_KIND)):
        raise denied()
    return update(call)


def delete(call: Call) -> CollectionResponse:
    """Answer DELETE /users/{id or userPrincipalName}."""
    row = lookup.current(call, "users", lookup.user(call))
    audit_gone(call, lifecycle.soft_delete(call, _KIND, row), row)
    target = audit.AuditTarget(row["id"], "User", None, row["userPrincipalName"])
    audit.write(call, "Delete user", "Delete", [target], category=audit.USERS)
    return NO_CONTENT


def revoke_sessions(call: Call) -> CollectionResponse:
    """Answer POST …/revokeSignInSessions: refresh tokens from before now are refused (50173); access
    tokens live on.
    """
    old = lookup.current(call, "users", lookup.user(call))
    new = {**old, "signInSessionsValidFromDateTime": call.stamp}
    call.put("users", new)
    target = audit.AuditTarget(new["id"], "User", None, new["userPrincipalName"])
    audit.write(call, "Update StsRefreshTokenValidFrom Timestamp", "Update", [target], category=audit.USERS)
    return CollectionResponse(200, {"@odata.context": call.context("Edm.Boolean"), "value": True})


def check_password(body: Row) -> dict[str, Any]:
    """Check the password of a new or changed user, and give the profile that it stands in: three of four
    kinds of characters.
    """
    profile = body["passwordProfile"]
    if not isinstance(profile, dict):
        raise invalid_value("passwordProfile", _RESOURCE)
    checked = schema.check("passwordProfile", schema.spelled("passwordProfile", profile))
    password = checked.get("password")
    if password is None:
        return checked
    weak = "DisableStrongPassword" in (body.get("passwordPolicies") or "")
    kinds = sum(kind.search(password) is not None for kind in _KINDS)
    if not _SHORTEST <= len(password) <= _LONGEST or (kinds < _KINDS_NEEDED and not weak):
        raise bad_request(
            "The specified password does not comply with password complexity requirements. Please "
            "provide a different password."
        )
    return checked


def _completed(call: Call, body: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """Add what Graph makes up for a consumer's account, who has identities and no principal name; refuse what
    is missing.

    The id comes first, where it is part of the name that was made up.
    """
    made = None
    if body.get("identities") and body.get("userPrincipalName") is None:
        made = call.graph.directory.ids.guid()
        name = f"{made}@{call.tenant.initial_domain}"
        body = {**body, "userPrincipalName": name, "mailNickname": made, "accountEnabled": True}
    for name in USER.required:
        if body.get(name) is None:
            raise missing_value(name, _RESOURCE)
    return made, body


def _check_name(call: Call, old: Row, new: Row) -> None:
    name = new["userPrincipalName"]
    if name == old["userPrincipalName"]:
        return
    if check_principal_name(name).rpartition("@")[2].casefold() not in call.tenant.domains:
        raise invalid_value("userPrincipalName", _RESOURCE)
    holder = call.tenant.user_by_name(name)
    if holder is not None and holder["id"] != new["id"]:
        raise taken("userPrincipalName")


_ENTITIES = EntitySet("users", _KIND, USER.rules, EXPAND, lookup.user)
ROUTES: Routes = {
    **_ENTITIES.routes(permissions.USER_READ),
    ("POST", "users"): Route(create, permissions.USER_WRITE),
    ("PATCH", "users/*"): Route(update, permissions.USER_WRITE),
    ("DELETE", "users/*"): Route(delete, permissions.USER_WRITE),
    ("POST", "users/*/revokeSignInSessions"): Route(revoke_sessions, permissions.SESSIONS_REVOKE),
    ("GET", "me"): Route(_ENTITIES.one, permissions.ME_READ),
    ("PATCH", "me"): Route(update_me, permissions.ME_WRITE),
    ("POST", "me/revokeSignInSessions"): Route(revoke_sessions, permissions.OWN_SESSIONS_REVOKE),
}
