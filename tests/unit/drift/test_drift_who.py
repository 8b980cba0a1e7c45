"""Who did it, where the log has look-alikes: other objects, other people, other applies."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from entra_config.drift.model import Finding
from entra_config.graph.request import Request
from entra_config.report import drift_wording
from tests.unit.drift.edited import GRAPH, Tenant
from tests.unit.drift.stories import HOUR, Story, copied, known, rename, reported, uris, user, whose


async def _consents(tenant: Tenant) -> None:
    """Let A consent for the SPA, then B for another client of the same API."""
    _, api = await tenant.named("API")
    _, spa = await tenant.named("SPA")
    grants = (await tenant.read(f"/oauth2PermissionGrants?$filter=clientId eq '{spa['id']}'"))["value"]
    (grant,) = [each for each in grants if each["resourceId"] == api["id"]]
    await tenant.send(
        "alice", "PATCH", f"/oauth2PermissionGrants/{grant['id']}", {"scope": f"{grant['scope']} user.admin"}
    )
    _, other = await copied(tenant, "Look-alike")
    body = {
        "clientId": other["id"],
        "resourceId": api["id"],
        "consentType": "AllPrincipals",
        "scope": "user.admin",
    }
    await tenant.send("grace", "POST", "/oauth2PermissionGrants", body)


async def _owners(tenant: Tenant) -> None:
    """Let A make Bob owner of the API, then B make him owner of another registration."""
    api, _ = await tenant.named("API")
    other, _ = await copied(tenant, "Look-alike")
    body = {"@odata.id": f"{GRAPH}/directoryObjects/{user('bob')}"}
    await tenant.send("alice", "POST", f"/applications/{api['id']}/owners/$ref", body)
    await tenant.send("grace", "POST", f"/applications/{other['id']}/owners/$ref", body)


async def _assignments(tenant: Tenant) -> None:
    """Let A assign a role of the API, then B the role of the same id at a copy of the registration."""
    api, principal = await tenant.named("API")
    (role,) = [each["id"] for each in api["appRoles"] if each["value"] == "Admin"]
    _, other = await copied(tenant, "Copy")
    for who, resource in (("alice", principal["id"]), ("grace", other["id"])):
        body = {"principalId": user("bob"), "resourceId": resource, "appRoleId": role}
        await tenant.send(who, "POST", f"/servicePrincipals/{resource}/appRoleAssignedTo", body)


@pytest.mark.parametrize(
    ("story", "rule"),
    [(_consents, "admin-consent-added"), (_owners, "owner-added"), (_assignments, "assignment-added")],
    ids=["1-a-consent", "2-an-owner", "3-a-role-assignment"],
)
def test_stories_1_2_and_3_a_link_is_told_by_both_its_ends(story: Story, rule: str) -> None:
    """Stories 1, 2, 3: A gave it here, B gave the same elsewhere and later: A did it."""
    assert known(whose(story, rule)) == ("exact", "alice@contoso.com")


def test_story_4_authorized_clients_of_two_people_are_each_ones_own() -> None:
    """Two clients in one list, put there by two people: each finding names the one who put this client
    there.
    """

    async def story(tenant: Tenant) -> None:
        api, _ = await tenant.named("API")
        scope = api["api"]["oauth2PermissionScopes"][0]["id"]
        clients = api["api"]["preAuthorizedApplications"]
        for who, name in (("alice", "First"), ("grace", "Second")):
            other, _ = await copied(tenant, name)
            clients = [*clients, {"appId": other["appId"], "delegatedPermissionIds": [scope]}]
            await tenant.send(
                who, "PATCH", f"/applications/{api['id']}", {"api": {"preAuthorizedApplications": clients}}
            )

    found = [each.attribution for each in reported(story).findings if each.rule == "authorized-client-added"]

    assert sorted(map(known, found)) == [("exact", "alice@contoso.com"), ("exact", "grace@contoso.com")]


def flags(tenant: Tenant, *people: str) -> Any:
    """Let each of the people set one of the two flags of the implicit grant."""

    async def set_them() -> None:
        spa, _ = await tenant.named("SPA")
        for who, name in zip(people, ("enableIdTokenIssuance", "enableAccessTokenIssuance"), strict=False):
            await tenant.send(
                who, "PATCH", f"/applications/{spa['id']}", {"web": {"implicitGrantSettings": {name: True}}}
            )

    return set_them()


def test_story_4_a_flag_is_never_exact() -> None:
    """No fact tells which bit is which flag: so nobody is named."""
    one = reported(lambda tenant: flags(tenant, "alice")).findings
    two = reported(lambda tenant: flags(tenant, "alice", "grace")).findings

    assert [known(each.attribution) for each in one] == [("possible", "alice@contoso.com")]
    assert [each.attribution.grade for each in two] == ["possible", "possible"]
    assert all({who.name for who in each.attribution.others} ==
               {"alice@contoso.com", "grace@contoso.com"} for each in two)  # fmt: skip


async def as_deployer(tenant: Tenant, body: Any) -> None:
    """Change the SPA as the deployer, by hand."""
    tenant.clock.advance(60)
    async with await tenant.graph() as graph:
        (response,) = await graph.send([Request("PATCH", f"/applications/{tenant.renamed}", body)])
    assert response.ok


def test_story_5_what_the_deployer_did_by_hand_is_the_deployers() -> None:
    """B's change had been repaired; the deployer's own record shows the value that is there: nobody else
    is named.
    """

    async def story(tenant: Tenant) -> None:
        await rename(tenant, "grace", "Repaired")
        await as_deployer(tenant, {"displayName": "MyApp SPA (dev)"})
        await as_deployer(tenant, {"displayName": "By hand"})

    found = whose(story, "display-name-changed")

    assert known(found) == ("exact", "Emulator deployer")


def test_story_5_without_deployers_the_writer_is_named() -> None:
    """The manifest does not name its deployers, so nothing marks an application as one."""

    async def story(tenant: Tenant) -> None:
        await uris(tenant, "alice", add="https://x.example/")
        await rename(tenant, "grace", "Repaired")
        await as_deployer(tenant, {"displayName": "By hand"})

    found = {each.rule: each.attribution for each in reported(story).findings}

    sentence = drift_wording.sentence(found["display-name-changed"])
    assert sentence.startswith("by application Emulator deployer, 2026-11-21")


def test_story_5_a_carried_element_is_not_the_deployers() -> None:
    """An apply that writes the whole list carries along what others put there: that made nothing."""

    async def story(tenant: Tenant) -> None:
        await uris(tenant, "alice", add="https://x.example/")
        spa, _ = await tenant.named("SPA")
        tenant.renamed = str(spa["id"])
        await as_deployer(
            tenant, {"spa": {"redirectUris": [*spa["spa"]["redirectUris"], "https://y.example/"]}}
        )

    by_uri = {each.element: known(each.attribution) for each in reported(story).findings}

    assert by_uri == {
        "https://x.example/": ("exact", "alice@contoso.com"),
        "https://y.example/": ("exact", "Emulator deployer"),
    }


def test_story_16_ownership_tags_are_whose_record_has_them() -> None:
    """A rename of ours, seen against the manifest before it: the tags are the deployer's, whoever touched the
    object since.
    """

    async def tell() -> list[Finding]:
        tenant = Tenant()
        await tenant.deploy()
        spa, _ = await tenant.named("SPA")
        before, tenant.renamed = tenant.manifest, str(spa["id"])
        pinned = replace(before.applications["spa"], app_id=spa["appId"])
        tenant.manifest = replace(before, applications={**before.applications, "spa": pinned})
        await as_deployer(tenant, {"tags": [*spa["tags"], "entra-config:key=portal"]})
        await tenant.send(
            "grace", "PATCH", f"/applications/{spa['id']}", {"serviceManagementReference": "T-1"}
        )
        tenant.clock.advance(HOUR)
        return list((await tenant.check()).findings)

    found = [each.attribution for each in asyncio.run(tell()) if each.path == "tags"]

    assert [known(each) for each in found] == [("exact", "Emulator deployer")]
