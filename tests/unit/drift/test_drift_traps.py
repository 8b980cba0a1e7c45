"""What the log has that looks like an answer and is none; each was found by random histories."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from entra_config.drift.model import Drift, Finding
from entra_config.report import drift_sarif
from tests.unit.drift.edited import Tenant
from tests.unit.drift.logs import ADDED, ALICE, BOB, address_event, event, one
from tests.unit.drift.records import URI
from tests.unit.drift.stories import HOUR, Story, copied, known, reported, user, whose

SHARED = "5c0be000-0000-4000-8000-000000000009"


def test_a_mirror_does_not_explain_a_stub_of_the_registration() -> None:
    """B's call says nothing of the registration, and of the service principal only what it mirrors: he may
    have done it again.
    """
    stub = event(BOB, minutes=40, named=frozenset(), correlation="b")
    mirror = address_event(
        BOB, ["https://other/"], ["https://other/", "https://more/"], minutes=40, targets=("sp-1",)
    )
    found = one(ADDED, address_event(ALICE, [], [URI], minutes=60), stub, replace(mirror, correlation="b"))
    assert found.grade == "possible"
    explained = replace(mirror, targets=("app-1",), correlation="b")
    assert known(one(ADDED, address_event(ALICE, [], [URI], minutes=60), stub, explained)) == (
        "exact",
        ALICE.name,
    )


async def _share(tenant: Tenant) -> None:
    """Let A add a role, then B a scope of the same id and value, then take the scope away again."""
    api, _ = await tenant.named("API")
    roles = [{key: value for key, value in role.items() if key != "origin"} for role in api["appRoles"]]
    same = {"id": SHARED, "value": "shared", "isEnabled": True}
    role = {**same, "displayName": "Shared", "description": "Shared.", "allowedMemberTypes": ["User"]}
    texts = {"adminConsentDisplayName": "Shared", "adminConsentDescription": "Shared.", "type": "Admin"}
    scopes = api["api"]["oauth2PermissionScopes"]
    await tenant.send("alice", "PATCH", f"/applications/{api['id']}", {"appRoles": [*roles, role]})
    body = {"api": {"oauth2PermissionScopes": [*scopes, {**same, **texts}]}}
    await tenant.send("grace", "PATCH", f"/applications/{api['id']}", body)


def test_a_role_and_a_scope_of_one_id_are_two_things() -> None:
    """They stand in one list of the log, and may share an id: each is told by whoever made it."""
    found = {each.rule: known(each.attribution) for each in reported(_share).findings}
    assert found == {
        "app-role-added": ("exact", "alice@contoso.com"),
        "scope-added": ("exact", "grace@contoso.com"),
    }


def test_credentials_that_go_are_no_service_principal_that_goes() -> None:
    """A takes a role from the workload, then B removes a secret of its service principal: that took
    nothing along.
    """

    async def story(tenant: Tenant) -> None:
        _, api = await tenant.named("API")
        _, nightly = await tenant.named("Nightly")
        held = (await tenant.read(f"/servicePrincipals/{api['id']}/appRoleAssignedTo"))["value"]
        (row,) = [each["id"] for each in held if each["principalId"] == nightly["id"]]
        path = f"/servicePrincipals/{nightly['id']}"
        made = await tenant.send(
            "grace", "POST", f"{path}/addPassword", {"passwordCredential": {"displayName": "ci"}}
        )
        await tenant.send("alice", "DELETE", f"/servicePrincipals/{api['id']}/appRoleAssignedTo/{row}")
        await tenant.send("grace", "POST", f"{path}/removePassword", {"keyId": made["keyId"]})

    assert known(whose(story, "assignment-removed")) == ("exact", "alice@contoso.com")


def test_what_went_with_an_end_may_have_come_back_and_gone_again() -> None:
    """A deletes the workload, B restores it; whoever takes its role after that is not A, whose record is
    the last one yet.
    """

    async def tell() -> Drift:
        tenant = Tenant()
        await tenant.deploy()
        nightly, principal = await tenant.named("Nightly")
        _, api = await tenant.named("API")
        await tenant.send("alice", "DELETE", f"/applications/{nightly['id']}")
        for id_ in (nightly["id"], principal["id"]):
            await tenant.send("grace", "POST", f"/directory/deletedItems/{id_}/restore", {})
        tenant.clock.advance(HOUR)
        tenant.late(1_200)
        held = (await tenant.read(f"/servicePrincipals/{api['id']}/appRoleAssignedTo"))["value"]
        (row,) = [each["id"] for each in held if each["principalId"] == principal["id"]]
        await tenant.send("grace", "DELETE", f"/servicePrincipals/{api['id']}/appRoleAssignedTo/{row}")
        return await tenant.check()

    (found,) = [
        each.attribution for each in asyncio.run(tell()).findings if each.rule == "assignment-removed"
    ]
    assert found.grade != "exact"


def test_a_declared_credential_that_was_made_anew_is_its_maker_s() -> None:
    """A removes it, B makes one of that name with another subject: the subject that is there is B's."""

    async def story(tenant: Tenant) -> None:
        nightly, _ = await tenant.named("Nightly")
        path = f"/applications/{nightly['id']}/federatedIdentityCredentials"
        (github,) = (await tenant.read(path))["value"]
        await tenant.send("alice", "DELETE", f"{path}/{github['id']}")
        body = {name: github[name] for name in ("name", "issuer", "audiences")} | {
            "subject": "repo:evil/repo:ref:x"
        }
        await tenant.send("grace", "POST", path, body)

    assert known(whose(story, "subject-changed")) == ("exact", "grace@contoso.com")


async def _twins(tenant: Tenant) -> None:
    """Let A make two copies of the API, and give the workload the role and the page the scope of the same
    ids at both.
    """
    api, _ = await tenant.named("API")
    (role,) = [each["id"] for each in api["appRoles"] if each["value"] == "Writer"]
    _, nightly = await tenant.named("Nightly")
    _, spa = await tenant.named("SPA")
    for name in ("One", "Two"):
        _, copy = await copied(tenant, name)
        body = {"principalId": nightly["id"], "resourceId": copy["id"], "appRoleId": role}
        await tenant.send("alice", "POST", f"/servicePrincipals/{copy['id']}/appRoleAssignedTo", body)
        consent = {
            "clientId": spa["id"],
            "resourceId": copy["id"],
            "consentType": "AllPrincipals",
            "scope": "user.read",
        }
        await tenant.send("alice", "POST", "/oauth2PermissionGrants", consent)


def test_the_same_permission_at_two_apis_is_two_findings() -> None:
    """Each has an identity of its own: an alert of one is not the other's."""
    drift = reported(_twins)
    found = [each for each in drift.findings if each.rule == "consent-added"]
    assert len(found) == 4
    assert len({each.fingerprint for each in found}) == 4
    (run,) = drift_sarif.document(drift, root="manifests/entra-config.yaml")["runs"]
    assert len({each["partialFingerprints"]["primaryLocationLineHash"] for each in run["results"]}) == len(
        run["results"]
    )


def _reported(story: Story) -> tuple[list[Finding], list[str]]:
    drift = reported(story)
    return list(drift.findings), [str(notice.message) for notice in drift.warnings]


def test_a_group_that_is_gone_is_told() -> None:
    """No plan can give back what a deleted group held; its people lost it, so it is drift."""

    async def story(tenant: Tenant) -> None:
        rows = tenant.embedded.directory.default.groups
        staff = next(row["id"] for row in rows if row["displayName"] == "All Staff")
        await tenant.send("Emulator admin", "DELETE", f"/groups/{staff}")

    findings, warnings = _reported(story)
    assert [each.sentence for each in findings] == ["group All Staff deleted: its members lost Reader of api"]
    assert not any("All Staff" in warning for warning in warnings)


def test_a_foreign_client_of_an_undeclared_scope_is_a_finding_too() -> None:
    """The scope came by hand, and with it a consent for everybody: two findings, though an apply takes
    both away.
    """

    async def story(tenant: Tenant) -> None:
        await _share(tenant)
        _, api = await tenant.named("API")
        _, other = await copied(tenant, "Foreign")
        body = {
            "clientId": other["id"],
            "resourceId": api["id"],
            "consentType": "AllPrincipals",
            "scope": "shared",
        }
        await tenant.send("grace", "POST", "/oauth2PermissionGrants", body)

    assert {each.rule for each in _reported(story)[0]} == {
        "app-role-added",
        "scope-added",
        "undeclared-consent-added",
    }


def test_an_owner_who_is_older_than_the_last_deployment_is_its_maker_s() -> None:
    """No deployment takes an owner away: he may be older than the last one, and is told all the same."""

    async def story(tenant: Tenant) -> None:
        spa, _ = await tenant.named("SPA")
        body: dict[str, Any] = {
            "@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{user('bob')}"
        }
        await tenant.send("alice", "POST", f"/applications/{spa['id']}/owners/$ref", body)
        tenant.clock.advance(HOUR)
        await tenant.deploy()

    assert known(whose(story, "owner-added")) == ("exact", "alice@contoso.com")


def test_an_api_without_scopes_hides_no_consent_of_others() -> None:
    """Somebody consents for a foreign client, then takes all scopes of the API: the next apply gives them
    back, to it too.
    """

    async def story(tenant: Tenant) -> None:
        api, principal = await tenant.named("API")
        _, other = await copied(tenant, "Foreign")
        body = {
            "clientId": other["id"],
            "resourceId": principal["id"],
            "consentType": "AllPrincipals",
            "scope": "user.admin",
        }
        await tenant.send("grace", "POST", "/oauth2PermissionGrants", body)
        path, scopes = f"/applications/{api['id']}", api["api"]["oauth2PermissionScopes"]
        await tenant.send("grace", "PATCH", path, {"api": {"preAuthorizedApplications": []}})
        off = [{**scope, "isEnabled": False} for scope in scopes]
        for left in (off, []):
            await tenant.send("grace", "PATCH", path, {"api": {"oauth2PermissionScopes": left}})

    found = [each for each in _reported(story)[0] if each.rule == "undeclared-consent-added"]
    assert [known(each.attribution) for each in found] == [("exact", "grace@contoso.com")]
