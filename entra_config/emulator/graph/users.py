"""Users, and the caller as `/me`."""

from entra_config.emulator.graph import (
    audit,
    audited,
    bodies,
    counting,
    lifecycle,
    lookup,
    permissions,
    queries,
    render,
    rules,
    shapes,
)
from entra_config.emulator.graph.applications import location
from entra_config.emulator.graph.call import NO_CONTENT, Answer, Call
from entra_config.emulator.graph.errors import bad_request, missing_value, taken
from entra_config.emulator.graph.routing import Route, Routes
from entra_config.emulator.table import Row

_KIND, _RESOURCE = "user", "User"
_REQUIRED = ("accountEnabled", "displayName", "mailNickname", "userPrincipalName", "passwordProfile")


def list_all(call: Call) -> Answer:
    """Answer GET /users."""
    found = queries.page(call, rules.USER, call.view("users", listing=True))
    return Answer(200, render.listed(call, _KIND, "users", found), units=2)


def count(call: Call) -> Answer:
    """Answer GET /users/$count."""
    return counting.table(call, rules.USER, "users")


def get(call: Call) -> Answer:
    """Answer GET /users/{id or userPrincipalName}."""
    return Answer(200, render.entity(call, _KIND, _user(call), "users/$entity"))


def create(call: Call) -> Answer:
    """Answer POST /users."""
    body = dict(call.object_body(_KIND))
    for name in _REQUIRED:
        if body.get(name) is None:
            raise missing_value(name, _RESOURCE)
    body.pop("passwordProfile")
    name = str(body["userPrincipalName"])
    if name.rpartition("@")[2].casefold() not in call.tenant.domains:
        text = "The domain portion of the userPrincipalName property is invalid."
        raise bad_request(f"{text} You must use one of the verified domain names in your organization.")
    if call.tenant.user_by_name(name) is not None:
        raise taken("userPrincipalName")
    blank = shapes.user(call.graph.directory.ids.guid(), name, call.stamp)
    new = bodies.merge(_KIND, _RESOURCE, blank, body)
    call.put("users", new)
    changes = audit.changes(None, new, audited.USER)
    target = audit.Target(new["id"], "User", None, name, changes)
    audit.write(call, "Add user", "Add", [target], category=audit.USERS)
    answer = render.entity(call, _KIND, new, "users/$entity", created=True)
    return Answer(201, answer, headers=location(call, new["id"], "User"))


def update(call: Call) -> Answer:
    """Answer PATCH /users/{id}."""
    old = lookup.current(call, "users", _user(call))
    body = {name: value for name, value in call.object_body(_KIND).items() if name != "passwordProfile"}
    new = bodies.merge(_KIND, _RESOURCE, old, body)
    if new != old:
        call.put("users", new)
        changes = audit.changes(old, new, audited.USER)
        target = audit.Target(new["id"], "User", None, new["userPrincipalName"], changes)
        audit.write(call, "Update user", "Update", [target], category=audit.USERS)
    return NO_CONTENT


def delete(call: Call) -> Answer:
    """Answer DELETE /users/{id or userPrincipalName}."""
    row = lookup.current(call, "users", _user(call))
    lifecycle.soft_delete(call, _KIND, row)
    target = audit.Target(row["id"], "User", None, row["userPrincipalName"])
    audit.write(call, "Delete user", "Delete", [target], category=audit.USERS)
    return NO_CONTENT


def revoke_sessions(call: Call) -> Answer:
    """Answer POST …/revokeSignInSessions: refresh tokens from before now are refused (50173); access tokens live on."""
    old = lookup.current(call, "users", _user(call))
    new = {**old, "signInSessionsValidFromDateTime": call.stamp}
    call.put("users", new)
    target = audit.Target(new["id"], "User", None, new["userPrincipalName"])
    audit.write(call, "Update StsRefreshTokenValidFrom Timestamp", "Update", [target], category=audit.USERS)
    return Answer(200, {"@odata.context": call.context("Edm.Boolean"), "value": True})


def _user(call: Call) -> Row:
    return lookup.find(call, "users", call.params[0] if call.params else call.caller.oid)


ROUTES: Routes = {
    ("GET", "users"): Route(list_all, permissions.USER_READ, 2),
    ("POST", "users"): Route(create, permissions.USER_WRITE),
    ("GET", "users/$count"): Route(count, permissions.USER_READ),
    ("GET", "users/*"): Route(get, permissions.USER_READ),
    ("PATCH", "users/*"): Route(update, permissions.USER_WRITE),
    ("DELETE", "users/*"): Route(delete, permissions.USER_WRITE),
    ("POST", "users/*/revokeSignInSessions"): Route(revoke_sessions, permissions.SESSIONS_REVOKE),
    ("GET", "me"): Route(get, permissions.ME_READ),
    ("POST", "me/revokeSignInSessions"): Route(revoke_sessions, permissions.OWN_SESSIONS_REVOKE),
}
