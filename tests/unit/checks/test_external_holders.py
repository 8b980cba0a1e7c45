"""What is said of applications of others that hold something at ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from entra_config.checks.rules import use_by_others
from entra_config.errors import Position
from entra_config.kinds.details import CONSENTS_TO_IT, HOLDERS, DelegatedConsent, RoleHolding
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.manifest.model import Application, Manifest, RoleAssignees
from entra_config.manifest.parts import AppRole, Scope
from entra_config.manifest.policy import Acknowledged
from entra_config.plan.model import Notice, Watched
from tests.unit.checks import ruled
from tests.unit.plan.estates import API, manifest

HOLDER = use_by_others.external_holder
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HERE = Position("api.yaml", 3, 1)
BODY = {
    "id": "id-api",
    "appId": "app-api",
    "api": {"oauth2PermissionScopes": [{"id": "s1", "value": "read"}, {"id": "s2", "value": "old"}]},
    "appRoles": [
        {"id": "r1", "value": "Use", "displayName": "Use"},
        {"id": "r2", "value": "Old", "displayName": "Old"},
        {"id": "r3", "value": "a, b", "displayName": "Odd"},
    ],
}


def holds(role: str, client: str, name: str) -> RoleHolding:
    """Return that an application holds a role."""
    return RoleHolding("1", role, client, "ServicePrincipal", name, "sp-api", "api", "then")


def consent(client: str, scope: str) -> DelegatedConsent:
    """Return that an application acts for everybody."""
    return DelegatedConsent("g", client, "sp-api", True, "", scope)


HOLDING = (
    holds("r3", "x", "Zeta"),
    holds("r1", "x", "Zeta"),
    holds("r1", "y", "Alpha"),
    holds("r2", "z", "Last"),
)
CONSENTS = (consent("x", "read old"), consent("v", "read"))
DIRECTORY = Directory(
    "https://graph",
    live={"api": Live(Subject("api", BODY, {"id": "sp-api"}), {HOLDERS: HOLDING, CONSENTS_TO_IT: CONSENTS})},
    app_ids={"x": "app-x", "z": "app-z"},
    names={"v": "Beta"},
)
ROLES = {
    label: AppRole(label, value, label, "Text.", ("Application",), id=id_)
    for label, value, id_ in (("Use", "Use", "r1"), ("Odd", "a, b", "r3"))
}
READ = Scope("read", "read", "Read", "Reads.", None, None, "admins", id="s1")


def declaring(**more: Any) -> Manifest:
    """Return a manifest with the API, of which a role and a scope go."""
    applications = {
        "absent": Application("absent", "api", {}),
        "api": Application("api", "api", {}, scopes={"read": READ}, app_roles=ROLES, position=HERE),
    }
    return replace(manifest(), applications=applications, **more)


def role(role_id: str, value: str, client: str, called: str) -> Watched:
    """Return what drift watches of a role."""
    return Watched(
        "undeclared holder",
        f"{value} of {called}",
        f"{role_id}/{client}",
        "appRoleAssignedTo",
        ("sp-api", client),
        ends={"resource": "sp-api", "role": role_id, "principal": client},
    )


def scope(value: str, client: str, called: str) -> Watched:
    """Return what drift watches of a consent."""
    return Watched(
        "undeclared consent",
        f"{value} of {called}",
        f"{value}/{client}",
        "oauth2PermissionGrants",
        ("sp-api", client),
        ends={"resource": "sp-api", "client": client, "scope": value},
    )


UNTOUCHED = (
    "which is undeclared, {}: never touched; take it away, {}or acknowledge it in the root file: "
    "`acknowledged: {}`"
)
LIST = "list it under `servicePrincipals` of the role, "


def said(head: str, what: str, list_: str, entry: str, *watched: Watched) -> Notice:
    """Return the warning."""
    acknowledged = f"{{ api: [{{ {entry} }}] }}"
    return Notice(f"{head}, {UNTOUCHED.format(what, list_, acknowledged)}", API, HERE, watched)


ZETA = said(
    "'Zeta' (appId app-x)",
    "holds Use, a, b of api and acts for everybody at api (read)",
    LIST,
    'id: app-x, application: [Use, "a, b"], delegated: [read]',
    role("r3", "a, b", "x", "Zeta (app-x)"),
    role("r1", "Use", "x", "Zeta (app-x)"),
    scope("read", "x", "x (app-x)"),
)
ALPHA = said(
    "'Alpha' (appId unknown)",
    "holds Use of api",
    LIST,
    "id: APPID, application: [Use]",
    role("r1", "Use", "y", "Alpha (y)"),
)
BETA = said(
    "'Beta' (appId unknown)",
    "acts for everybody at api (read)",
    "",
    "id: APPID, delegated: [read]",
    scope("read", "v", "Beta (v)"),
)
LAST = said(
    "'Last' (appId app-z)",
    "holds Old of api",
    LIST,
    "id: app-z, application: [Old]",
    role("r2", "Old", "z", "Last (app-z)"),
)
FULL = {("api", "Use"): RoleAssignees("api", "Use", service_principals=())}


def known(**more: Any) -> dict[str, Any]:
    """Return that something of Zeta is acknowledged."""
    return {"acknowledged": {"api": (Acknowledged("app-x", **more),)}}


ALL = {"application": frozenset({"Use", "a, b"}), "delegated": frozenset({"read"})}


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (declaring(), [ALPHA, BETA, ZETA]),
        (declaring(**known(**ALL)), [ALPHA, BETA]),
        (declaring(**known(**ALL, until=date(2026, 11, 24))), [ALPHA, BETA, ZETA]),
        (
            declaring(assignments=FULL, **known(application=frozenset({"a, b"}))),
            [
                BETA,
                said(
                    "'x' (appId app-x)",
                    "acts for everybody at api (read)",
                    "",
                    "id: app-x, delegated: [read]",
                    scope("read", "x", "x (app-x)"),
                ),
            ],
        ),
    ],
)
def test_what_is_said(declared: Manifest, expected: list[Notice]) -> None:
    """By name, until it is acknowledged or listed; of what goes, nothing: that is a change, or refused."""
    assert ruled.of_tenant(HOLDER, declared, DIRECTORY, now=NOW) == expected


def test_what_goes_too() -> None:
    """Where nothing is planned, a role and a scope that the manifest does not declare are said."""
    found = ruled.of_tenant(HOLDER, declaring(), DIRECTORY, now=NOW, trusting=True)
    assert found[:2] == [ALPHA, BETA]
    assert found[2] == LAST
    assert [each.key for each in found[3].watched] == ["r3/x", "r1/x", "old/x", "read/x"]
