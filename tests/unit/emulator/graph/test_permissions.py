"""Which scopes, roles and authorized clients an application may have."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from entra_emulator.graph import validation_permissions as rules
from entra_emulator.graph.errors import ODataError

CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"


def tenant(*app_ids: str, tenant_id: str = "elsewhere") -> Any:
    """Return a tenant with these applications, and with principals of two owners."""
    principals = {"p-ours": {"appOwnerOrganizationId": "ours"}, "p-theirs": {"appOwnerOrganizationId": "b"}}
    return SimpleNamespace(
        tenant_id=tenant_id,
        application_by_app_id=lambda app_id: {"appId": app_id} if app_id in app_ids else None,
        service_principal_by_app_id=principals.get,
    )


def calls(*, edits: bool = False) -> Any:
    """Return a call of a tenant among three."""
    ours = tenant("gone", tenant_id="ours")
    tenants = dict(enumerate([ours, tenant("b"), tenant("c")]))
    view = SimpleNamespace(find=lambda _, value: [{}] if value == "a" else [])
    return SimpleNamespace(
        tenant=ours,
        view=lambda _: view,
        graph=SimpleNamespace(
            directory=SimpleNamespace(tenants=tenants),
            faults=SimpleNamespace(plan=SimpleNamespace(edits_while_enabled=edits)),
        ),
    )


def refused(*, taken: bool) -> Any:
    """Return the context in which a rule is checked."""
    return nullcontext() if taken else pytest.raises(ODataError)


def scope(name: str, **more: Any) -> dict[str, Any]:
    """Return a scope."""
    row = {"id": f"S-{name}", "value": name, "type": "User", "isEnabled": True}
    return row | {"adminConsentDescription": "d", "adminConsentDisplayName": "n"} | more


def role(name: str, **more: Any) -> dict[str, Any]:
    """Return a role."""
    row = {"id": f"R-{name}", "value": name, "allowedMemberTypes": ["User"], "isEnabled": True}
    return row | {"description": "d", "displayName": "n"} | more


def app(
    scopes: list[Any] | None = None, roles: list[Any] | None = None, tags: int = 0, clients: Any = ()
) -> Any:
    """Return an application of these."""
    api = {
        "oauth2PermissionScopes": scopes or [],
        "knownClientApplications": [],
        "preAuthorizedApplications": list(clients),
    }
    lists: dict[str, Any] = {
        name: []
        for name in ("identifierUris", "keyCredentials", "passwordCredentials", "requiredResourceAccess")
    }
    sites = {platform: {"redirectUris": []} for platform in ("web", "spa", "publicClient")}
    return lists | sites | {"api": api, "appRoles": roles or [], "tags": ["t"] * tags}


@pytest.mark.parametrize(
    ("new", "taken"),
    [
        (app([scope("a"), scope("b", type="Admin"), scope("c", type=None)]), True),
        (app([scope("a", type="user")]), False),
        (app([scope("a", id=None)]), False),
        (app([scope("a", value=None)]), False),
        (app([scope("a b")]), False),
        (app([scope("a" * 249)]), True),
        (app([scope("a" * 250)]), False),
        (app([scope(".a")]), False),
        (app([scope("a"), scope("A", id="other")]), False),
        (app([scope("a"), scope("b", id="s-A")]), False),
        (app([], [role("a"), role("b", allowedMemberTypes=["Application", "User"])]), True),
        (app([], [role("a", value=None), role("b", value=None)]), True),
        (app([], [role("a", id=None)]), False),
        (app([], [role("a b")]), False),
        (app([], [role("a", allowedMemberTypes=[])]), False),
        (app([], [role("a", allowedMemberTypes=["User", "Group"])]), False),
        (app([], [role("a"), role("A", id="other")]), False),
        (app([scope(f"s{n}") for n in range(350)], [role(f"r{n}") for n in range(350)]), True),
        (app([scope(f"s{n}") for n in range(350)], [role(f"r{n}") for n in range(351)]), False),
        (app([scope("a")], [role("b")], 1198), True),
        (app([scope("a")], [role("b")], 1199), False),
    ],
)
def test_the_form_and_the_number_of_permissions(new: Any, *, taken: bool) -> None:
    """A scope needs a value, a role need not have one; no value stands twice."""
    with refused(taken=taken):
        rules.check_permissions(calls(), None, new)


@pytest.mark.parametrize(
    ("one", "taken"),
    [
        (role("b", id="s-A", value="A"), True),
        (role("b"), True),
        (role("b", id="S-a"), False),
        (role("a"), False),
        (role("a", id="S-a", description="other"), False),
        (role("a", id="S-a", displayName="other"), False),
        (role("a", id="S-a", isEnabled=False), False),
    ],
)
def test_what_a_role_and_a_scope_share(one: Any, *, taken: bool) -> None:
    """Id and value together, with the same texts and state, or neither."""
    with refused(taken=taken):
        rules.check_permissions(calls(), None, app([scope("x"), scope("a")], [one]))


OFF = {"isEnabled": False}


@pytest.mark.parametrize(
    ("before", "after", "taken"),
    [
        ([scope("a")], [scope("a")], True),
        ([scope("a")], [scope("a", **OFF)], True),
        ([scope("a")], [], False),
        ([scope("a")], [scope("a", value="b")], False),
        ([scope("a", **OFF)], [], True),
        ([scope("a", **OFF)], [scope("a", value="b")], True),
        ([scope("a", **OFF), scope("b")], [], False),
        ([], [scope("a")], True),
    ],
)
def test_what_may_change_while_it_is_enabled(before: Any, after: Any, *, taken: bool) -> None:
    """Its state and nothing else, but where the tenant is told to be lenient."""
    with refused(taken=taken):
        rules.check_permissions(calls(), app(before), app(after))
    rules.check_permissions(calls(edits=True), app(before), app(after))


@pytest.mark.parametrize(
    ("app_id", "taken"),
    [
        (CLI, True),
        (CLI.upper(), True),
        ("A", True),  # of this tenant
        ("b", True),  # of another
        ("c", True),
        ("p-theirs", True),
        ("p-ours", False),  # a principal whose application is gone
        ("gone", False),
        ("nobody", False),
        (None, False),
    ],
)
def test_which_clients_exist(app_id: str | None, *, taken: bool) -> None:
    """One that was authorized before stays, though it is gone."""
    new = app(clients=[{"appId": app_id, "delegatedPermissionIds": []}])
    with refused(taken=taken):
        rules.check_authorized_clients(calls(), None, new)
    rules.check_authorized_clients(calls(), new, new)


@pytest.mark.parametrize(
    ("old", "clients", "taken"),
    [
        (app([scope("a")]), [{"appId": "a", "delegatedPermissionIds": ["S-a"]}], True),
        (app([scope("a")]), [{"appId": "a", "delegatedPermissionIds": ["S-a", "S-b"]}], False),
        (None, [{"appId": "a", "delegatedPermissionIds": ["S-a"]}], False),
        (None, [{"appId": "a", "delegatedPermissionIds": []}] * 2, False),
    ],
)
def test_clients_are_authorized_for_stored_scopes(old: Any, clients: Any, *, taken: bool) -> None:
    """Not for one that comes with this request; each client once."""
    with refused(taken=taken):
        rules.check_authorized_clients(calls(), old, app([scope("a"), scope("b")], clients=clients))
