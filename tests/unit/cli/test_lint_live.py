"""`lint --live` on a tenant in this process: what only the tenant has, what could not be read, and how it
ends.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from entra_config.cli.options import Session
from entra_config.graph.token import FixedToken, Identity
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import Ran, Run

READING = frozenset(
    {"Directory.Read.All", "Policy.Read.All", "AuditLog.Read.All", "DirectoryRecommendations.Read.All"}
)
LIVE = ("lint", "-e", "dev", "--live")
Admin = Callable[..., Any]


@pytest.fixture
def by_hand(tenant: Embedded) -> Admin:
    """Send one request as the tenant's administrator."""

    def send(method: str, path: str, body: Any = None) -> Any:
        async def go() -> Any:
            async with tenant.client(tenant.app_caller(seed.ADMIN_APP_ID)) as client:
                response = await client.request(method, path, json=body)
                assert response.is_success, response.text
                return response.json() if response.content else None

        return asyncio.run(go())

    return send


@pytest.fixture
def holding(
    run: Run, tenant: Embedded, capsys: pytest.CaptureFixture[str]
) -> Callable[[frozenset[str]], Run]:
    """Run commands as an identity that holds just these permissions; the example is applied."""
    assert run("apply", "-e", "dev", "--auto-approve", "--quiet").code == 0

    def make(permissions: frozenset[str]) -> Run:
        caller = replace(tenant.app_caller(), roles=permissions)
        token = FixedToken(tenant.token(caller), Identity(caller.tid, caller.oid, caller.appid))
        return Run(Session(tenant.transport(), token), capsys)

    return make


@pytest.fixture
def reader(holding: Callable[[frozenset[str]], Run]) -> Run:
    """Run commands as an identity that may read all that lint asks."""
    return holding(READING)


def rules(ran: Ran) -> set[str]:
    """Return the rules that found something of the tenant."""
    return {each["rule"] for each in json.loads(ran.out)["findings"] if each["live"]}


def test_what_a_stranger_did_is_told_with_exit_code_2(reader: Run, by_hand: Admin, tenant: Embedded) -> None:
    """A secret, keys on the service principal, a guest who owns, a group in a group, tokens in URLs: at
    the manifest's lines.
    """
    assert reader(*LIVE).code == 2  # the choices of a new tenant, to begin with
    app = by_hand("GET", "/applications?$filter=displayName eq 'MyApp SPA (dev)'")["value"][0]
    principal = by_hand("GET", f"/servicePrincipals(appId='{app['appId']}')")
    by_hand(
        "POST",
        f"/applications/{app['id']}/addPassword",
        {"passwordCredential": {"endDateTime": "2036-01-01T00:00:00Z"}},
    )
    by_hand("POST", f"/servicePrincipals/{principal['id']}/addPassword", {})
    by_hand(
        "PATCH",
        f"/applications/{app['id']}",
        {"web": {"implicitGrantSettings": {"enableAccessTokenIssuance": True}}},
    )
    for upn in ("alice@contoso.com", "bob@contoso.com"):
        user = by_hand("GET", f"/users/{upn}")
        by_hand(
            "POST",
            f"/applications/{app['id']}/owners/$ref",
            {"@odata.id": f"https://graph.microsoft.com/v1.0/users/{user['id']}"},
        )
    by_hand("PATCH", "/users/bob@contoso.com", {"userType": "Guest"})
    found = reader(*LIVE, "--format", "json")

    assert found.code == 2
    assert rules(found) >= {
        "secret-exists", "secret-lifetime", "secret-undeclared", "secret-on-public", ("sp-"
"credential"), ("owner-"
"guest"),
        "implicit-access-token", "tenant-users-register-apps", "tenant-user-consent", ("tenant-consent-"
"workflow"),
    }  # fmt: skip
    document = json.loads(found.out)
    places = {each["position"]["file"] for each in document["findings"] if each["application"]}
    assert (places, document["notRead"]) == ({"manifests/applications/clients.yaml"}, [])


def test_what_only_the_beta_endpoint_has_is_told(reader: Run, by_hand: Admin, tenant: Embedded) -> None:
    """What Microsoft recommends for an application of ours, and one that nobody used since."""
    app = by_hand("GET", "/applications?$filter=displayName eq 'MyApp Nightly (dev)'")["value"][0]
    soon = (datetime.now(UTC) + timedelta(days=10)).strftime("%Y-%m-%dT%H:%M:%SZ")
    by_hand("POST", f"/applications/{app['id']}/addPassword", {"passwordCredential": {"endDateTime": soon}})
    rows = tenant.directory.tenants[seed.CONTOSO]
    rows.activity = {app["appId"]: {"applicationAuthenticationClientSignInActivity": "2025-01-01T00:00:00Z"}}
    found = json.loads(reader(*LIVE, "--format", "json").out)["findings"]

    reported = {each["rule"]: each["message"] for each in found if each["application"] == "nightly"}
    assert (
        reported["microsoft-recommends"]
        == "Microsoft recommends for `nightly`: Renew expiring application credentials"
    )
    assert reported["app-inactive"] == "`nightly` was last used on 2025-01-01"


def test_who_may_not_read_it_is_told_so(holding: Callable[[frozenset[str]], Run]) -> None:
    """The rules are silent, and what they would have looked at is said with the permission that it needs."""
    ran = holding(frozenset({"Directory.Read.All"}))(*LIVE)

    assert ran.code == 0
    assert "not read: the authorization policy: it needs Policy.Read.All" in ran.out
    assert "not read: the policy on requests for consent: it needs Policy.Read.All" in ran.out
    assert "not read: what Microsoft recommends: it needs DirectoryRecommendations.Read.All" in ran.out


def test_what_the_manifest_says_is_told_once_and_wins(reader: Run, folder: Any) -> None:
    """A finding of the manifest that the tenant has too is the manifest's; then the exit code is 1."""
    path = folder / "manifests/applications/clients.yaml"
    path.write_text(
        path.read_text().replace("https://oauth.pstmn.io/v1/callback", "https://*.pstmn.io/v1/callback")
    )
    found = json.loads(reader(*LIVE, "--format", "json").out)["findings"]

    assert [each["live"] for each in found if each["rule"] == "redirect-wildcard"] == [False]
    assert reader(*LIVE).code == 1


def test_a_group_in_a_group_and_an_owner_without_a_second_factor(
    reader: Run, by_hand: Admin, tenant: Embedded
) -> None:
    """Whoever is in the inner group holds nothing; who registered no factor owns with a password alone."""
    groups = {each["displayName"]: each["id"] for each in by_hand("GET", "/groups")["value"]}
    member = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{groups['MyApp Leads']}"}
    by_hand("POST", f"/groups/{groups['MyApp Writers']}/members/$ref", member)
    app = by_hand("GET", "/applications?$filter=displayName eq 'MyApp API (dev)'")["value"][0]
    user = by_hand("GET", "/users/bob@contoso.com")
    by_hand(
        "POST",
        f"/applications/{app['id']}/owners/$ref",
        {"@odata.id": f"https://graph.microsoft.com/v1.0/users/{user['id']}"},
    )
    tenant.directory.tenants[seed.CONTOSO].choices = replace(
        tenant.directory.tenants[seed.CONTOSO].choices, users_without_mfa=("bob@contoso.com",)
    )

    assert rules(reader(*LIVE, "--format", "json")) >= {"assign-nested-group", "owner-no-mfa"}
