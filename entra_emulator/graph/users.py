"""Users, and the caller as `/me`."""

import re
from typing import Any

from entra_emulator.graph import (
    audit,
    bodies,
    extensions,
    lookup,
    permissions,
    restrictions,
    schema,
)
from entra_emulator.graph.call import Call, CollectionResponse
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

_SHORTEST, _LONGEST = 8, 256
_KINDS = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"[0-9]"), re.compile(r"[^A-Za-z0-9]"))
_KINDS_NEEDED = 3
# What users cannot change of themselves.
_ADMINISTERED = {name for name, row in USER.properties.items() if row.set_by == ADMINISTRATOR}


def _make(call: Call, body: dict[str, Any]) -> Row:
    made, body = _completed(call, dict(body))
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
        raise missing_value("passwordProfile", USER.resource)
    del body["passwordProfile"]
    new = extensions.merge(call, USER, blank, body)
    new["identities"] = [*body.get("identities", ()), *blank["identities"]]
    new["lastPasswordChangeDateTime"] = call.stamp
    new["passwordProfile"] = {**profile, "password": None}
    check_user({}, new)
    return new


def _change(call: Call, old: Row, body: dict[str, Any]) -> Row:
    sent = {name: value for name, value in body.items() if name != "passwordProfile"}
    new = extensions.merge(call, USER, old, sent)
    if body.get("passwordProfile") is not None:
        profile = check_password({**new, "passwordProfile": body["passwordProfile"]})
        new["passwordProfile"] = {**(old.get("passwordProfile") or {}), **profile, "password": None}
        if profile.get("password") is not None:
            new["lastPasswordChangeDateTime"] = call.stamp
    check_user(old, new)
    _check_name(call, old, new)
    return new


def update_me(call: Call) -> CollectionResponse:
    """Answer PATCH /me: the caller's own profile, nothing that decides about access."""
    if not call.caller.directory_roles and _ADMINISTERED & set(call.object_body(USER.name)):
        raise denied()
    return _ENTITIES.update(call)


def revoke_sessions(call: Call) -> CollectionResponse:
    """Answer POST …/revokeSignInSessions: refresh tokens from before now are refused (50173); access
    tokens live on.
    """
    old = lookup.current(call, "users", lookup.user(call))
    new = {**old, "signInSessionsValidFromDateTime": call.stamp}
    call.put("users", new)
    target = audit.AuditTarget(new["id"], "User", None, new["userPrincipalName"])
    audit.write(call, "Update StsRefreshTokenValidFrom Timestamp", "Update", [target], category=USER.category)
    return CollectionResponse(200, {"@odata.context": call.context("Edm.Boolean"), "value": True})


def check_password(body: Row) -> dict[str, Any]:
    """Check the password of a new or changed user, and give the profile that it stands in: three of four
    kinds of characters.
    """
    profile = body["passwordProfile"]
    if not isinstance(profile, dict):
        raise invalid_value("passwordProfile", USER.resource)
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
    bodies.require(USER, body)
    return made, body


def _check_name(call: Call, old: Row, new: Row) -> None:
    name = new["userPrincipalName"]
    if name == old["userPrincipalName"]:
        return
    if check_principal_name(name).rpartition("@")[2].casefold() not in call.tenant.domains:
        raise invalid_value("userPrincipalName", USER.resource)
    holder = call.tenant.user_by_name(name)
    if holder is not None and holder["id"] != new["id"]:
        raise taken("userPrincipalName")


_ENTITIES = EntitySet(entity=USER, expand=EXPAND, find=lookup.user, make=_make, change=_change)
ROUTES: Routes = {
    **_ENTITIES.routes(),
    ("POST", "users/*/revokeSignInSessions"): Route(revoke_sessions, permissions.SESSIONS_REVOKE),
    ("GET", "me"): Route(_ENTITIES.get, permissions.ME_READ, values=_ENTITIES.find_property),
    ("PATCH", "me"): Route(update_me, permissions.ME_WRITE),
    ("POST", "me/revokeSignInSessions"): Route(revoke_sessions, permissions.OWN_SESSIONS_REVOKE),
}
