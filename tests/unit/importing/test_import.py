"""Import: what exists becomes a manifest, and the first plan adds ownership tags and nothing else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from entra_config.errors import UsageError
from entra_config.importing import manifest as written
from entra_config.importing.tenant import WantedRegistrations
from entra_config.plan.model import Plan
from entra_emulator import seed
from tests.unit.importing.importer import EVERYTHING, Ground, assert_marks_only
from tests.unit.importing.registrations import GRAPH, REGISTRATIONS, guid, scope


@pytest.mark.parametrize(
    "number", range(len(REGISTRATIONS)), ids=lambda n: f"{n}-{REGISTRATIONS[n]['displayName'][:20]}"
)
def test_each_kind_of_registration_is_adopted_with_marks_alone(ground: Ground, number: int) -> None:
    """Every one of the thirty, with and without a service principal."""

    async def story() -> tuple[Plan, Plan]:
        app = await ground.register(REGISTRATIONS[number])
        if number % 5:
            await ground.post("/servicePrincipals", {"appId": app["appId"]})
        await ground.post(
            f"/applications/{app['id']}/addPassword", {"passwordCredential": {"displayName": "old"}}
        )
        return await ground.imported(WantedRegistrations(app_ids=(app["appId"],))), await ground.applied()

    first, second = asyncio.run(story())

    assert first.changes
    assert_marks_only(first)
    assert second.empty


def test_all_of_a_tenant_is_adopted_at_once(ground: Ground) -> None:
    """Thirty together: keys differ, names of other registrations become keys, and the second plan is
    empty.
    """

    async def story() -> tuple[Plan, Plan]:
        for body in REGISTRATIONS:
            app = await ground.register(body)
            await ground.post("/servicePrincipals", {"appId": app["appId"]})
        return await ground.imported(EVERYTHING), await ground.applied()

    first, second = asyncio.run(story())

    assert_marks_only(first)
    assert second.empty
    assert "d0000000-0000-4000-8000-000000000001" not in ground.text("entra-config.prod.lock.yaml")


def test_ids_become_names(ground: Ground) -> None:
    """Permissions, consents, clients and role holders are written by name; the manifest holds no id."""

    async def story() -> Plan:
        api = await ground.post(
            "/applications",
            {
                "displayName": "The API",
                "api": {"oauth2PermissionScopes": [scope("a.read"), scope("a.write")]},
                "appRoles": [_role()],
            },
        )
        api_sp = await ground.post("/servicePrincipals", {"appId": api["appId"]})
        wanted = [{"id": guid("a.read"), "type": "Scope"}, {"id": guid("role r"), "type": "Role"}]
        client = await ground.post(
            "/applications",
            {
                "displayName": "The client",
                "requiredResourceAccess": [{"resourceAppId": api["appId"], "resourceAccess": wanted}],
            },
        )
        client_sp = await ground.post("/servicePrincipals", {"appId": client["appId"]})
        group = seed.fixed_id(seed.CONTOSO, "group", "On call")
        user = seed.fixed_id(seed.CONTOSO, "user", "li@contoso.com")
        for principal in (group, user, client_sp["id"]):
            body = {"principalId": principal, "resourceId": api_sp["id"], "appRoleId": guid("role r")}
            await ground.post(f"/servicePrincipals/{api_sp['id']}/appRoleAssignedTo", body)
        grant = {
            "clientId": client_sp["id"],
            "consentType": "AllPrincipals",
            "resourceId": api_sp["id"],
            "scope": "a.read",
        }
        await ground.post("/oauth2PermissionGrants", grant)
        return await ground.imported(WantedRegistrations(names=("The API", "The client")))

    assert_marks_only(asyncio.run(story()))
    client = ground.text("applications/the-client.yaml")
    access = ground.text("access.yaml")
    assert "the-api:" in client
    assert "adminConsent: true" in client
    assert "li@contoso.com" in access
    assert "On call" in access
    assert guid("a.read") not in client


def _role() -> dict[str, Any]:
    return {
        "id": guid("role r"),
        "value": "r",
        "displayName": "R",
        "description": "R",
        "allowedMemberTypes": ["User", "Application"],
        "isEnabled": True,
    }


def test_apis_of_others_get_a_name_of_their_own(ground: Ground) -> None:
    """An API that nobody imports becomes an enterprise application of the manifest."""

    async def story() -> Plan:
        api = await ground.post(
            "/applications",
            {"displayName": "Partner API", "api": {"oauth2PermissionScopes": [scope("p.read")]}},
        )
        await ground.post("/servicePrincipals", {"appId": api["appId"]})
        requested = [
            {"resourceAppId": api["appId"], "resourceAccess": [{"id": guid("p.read"), "type": "Scope"}]},
            {
                "resourceAppId": GRAPH,
                "resourceAccess": [{"id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope"}],
            },
        ]
        client = await ground.post(
            "/applications", {"displayName": "client", "requiredResourceAccess": requested}
        )
        await ground.post("/servicePrincipals", {"appId": client["appId"]})
        return await ground.imported(WantedRegistrations(names=("client",)))

    assert_marks_only(asyncio.run(story()))
    assert "partner-api" in ground.text("access.yaml")
    assert "Microsoft Graph:" in ground.text("applications/client.yaml")


def test_a_name_with_quotes_finds_its_registration(ground: Ground) -> None:
    """What would end a literal of a filter, or begin another parameter, is part of the name."""
    name = "O'Brien's 100 % + a/b & c?"

    async def story() -> Plan:
        await ground.post("/applications", {"displayName": "O"})
        await ground.post("/applications", {"displayName": name})
        return await ground.imported(WantedRegistrations(names=(name,)))

    assert_marks_only(asyncio.run(story()))
    [written] = (ground.folder / "applications").iterdir()
    assert name in written.read_text(encoding="utf-8").replace("''", "'")


@pytest.mark.parametrize(
    ("name", "said"), [("nobody", "no registration 'nobody'"), ("twin", "several registrations named 'twin'")]
)
def test_a_name_that_is_not_one_registration_is_an_error(ground: Ground, name: str, said: str) -> None:
    """None and several are told apart, and what to do is said."""

    async def story() -> None:
        await ground.post("/applications", {"displayName": "twin"})
        await ground.post("/applications", {"displayName": "twin"})
        await ground.imported(WantedRegistrations(names=(name,)))

    with pytest.raises(UsageError, match=said):
        asyncio.run(story())


def test_holders_of_many_stand_in_as_many_files_as_it_takes(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file has a limit of size, which an estate of thousands passes: the holders go on in the next one,
    and all is loaded.
    """
    monkeypatch.setattr(written, "PART", 2)

    async def story() -> Plan:
        for number in range(5):
            role = {
                "id": guid(f"role {number}"),
                "value": "Reader",
                "displayName": "R",
                "description": "R.",
                "isEnabled": True,
            }
            app = await ground.register(
                {"displayName": f"Many {number}", "appRoles": [role | {"allowedMemberTypes": ["User"]}]}
            )
            principal = await ground.post("/servicePrincipals", {"appId": app["appId"]})
            bob = next(
                user["id"]
                for user in ground.embedded.directory.default.users
                if user["userPrincipalName"].startswith("bob")
            )
            held = {"principalId": bob, "resourceId": principal["id"], "appRoleId": role["id"]}
            await ground.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", held)
        return await ground.imported(EVERYTHING)

    assert_marks_only(asyncio.run(story()))
    assert ground.written is not None
    access = [path for path in ground.written.files if path.startswith("access")]
    assert len(access) >= 3
    assert access[:3] == ["access.yaml", "access-2.yaml", "access-3.yaml"]
    assert all(f'path: "{path}"' in ground.text("entra-config.yaml") for path in access)
