"""Nothing is granted to what somebody else may hold: the stories 4 to 9, each held against tokens."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.fault_plan import FaultPlan
from tests.oracle.cast import ISSUER, MARKS, STAFF, api, certificate, credential, job, role
from tests.oracle.story import Story, reported
from tests.oracle.tenant import document


def test_04_what_was_planted_and_deleted_does_not_come_back() -> None:
    """A deleted application with our marks, an owner and a credential of somebody's is given nothing where
    protected.
    """

    async def story() -> None:
        world = Story(protected=True)
        await world.settle(world.manifest({"api": api("Writer")}))
        world.pin("api")
        trap = await world.plant(displayName="Job", uniqueName="shop.prod.job", tags=MARKS)
        await world.hand("POST", f"/applications/{trap['id']}/federatedIdentityCredentials", credential())
        await world.hand("DELETE", f"/applications/{trap['id']}")
        content = world.manifest({"api": api("Writer"), "job": job()})
        for _ in range(2):
            await world.applied(content)
            assert world.held(trap["principal"]) == set()
        assert trap["appId"] not in {row["appId"] for row in world.tenant.rows.applications}

    reported(story())


@pytest.mark.parametrize("behind", [0, 15])
def test_05_what_is_planted_between_read_and_write_is_not_ours(behind: int) -> None:
    """Who takes name and marks while the plan is carried out is granted nothing; ours is made once that is
    rejected.
    """

    async def story() -> None:
        world = Story(protected=True)
        await world.settle(world.manifest({"api": api("Writer")}))
        world.pin("api")
        content = world.manifest({"api": api("Writer"), "job": job()})
        plan = await world.plan(content)
        trap = await world.plant(displayName="Job", uniqueName="shop.prod.job", tags=MARKS)
        await world.hand("POST", f"/applications/{trap['id']}/federatedIdentityCredentials", credential())
        world.tenant.faults.set(FaultPlan(lag={"*": behind}, list_lag={"*": behind}))
        await world.tenant.apply(plan)
        for _ in range(3):
            assert world.held(trap["principal"]) == set()
            world.tenant.clock.advance(3600)
            await world.applied(content)
        world.rejected = [trap["appId"]]
        assert await world.applied(content) == []
        (holder,) = world.said().applications[world.principal(world.row("api")["appId"]), "Writer"]
        assert holder != trap["principal"]

    reported(story())


@pytest.mark.parametrize("marked", [MARKS, []])
def test_06_a_federated_credential_is_a_way_in_too(marked: list[str]) -> None:
    """A planted live object whose one credential is a federated one is granted nothing in a protected
    environment.
    """

    async def story() -> None:
        world = Story(protected=True)
        await world.settle(world.manifest({"api": api("Writer")}))
        world.pin("api")
        trap = await world.plant(displayName="Job", uniqueName="shop.prod.job", tags=marked)
        await world.hand("POST", f"/applications/{trap['id']}/federatedIdentityCredentials", credential())
        declared = {"ours": {"issuer": ISSUER, "subject": "repo:example/shop:environment:prod"}}
        for _ in range(3):
            await world.applied(
                world.manifest({"api": api("Writer"), "job": job(federatedCredentials=declared)})
            )
            assert world.held(trap["principal"]) == set()

    reported(story())


def test_07_an_api_that_a_stranger_already_holds_gets_no_new_holder() -> None:
    """A planted API whose role the attacker's daemon holds is not given to our people and clients."""

    async def story() -> None:
        world = Story(protected=True)
        role_id = "5c1b2f7e-0002-4000-8000-000000000001"
        offered = role("Writer", "User", "Application") | {
            "id": role_id,
            "value": "Writer",
            "isEnabled": True,
        }
        trap = await world.plant(
            displayName="API",
            uniqueName="shop.prod.api",
            tags=[MARKS[0], "entra-config:key=api"],
            appRoles=[offered],
        )
        evil = await world.plant(displayName="Evil")
        body = {"principalId": evil["principal"], "resourceId": trap["principal"], "appRoleId": role_id}
        await world.hand("POST", f"/servicePrincipals/{trap['principal']}/appRoleAssignedTo", body)
        content = world.manifest(
            {"api": api("Writer"), "job": job()}, appRoleAssignments={"api": {"Writer": {"groups": [STAFF]}}}
        )
        for _ in range(2):
            await world.applied(content)
            said = world.said()
            assert said.people.get((trap["principal"], "Writer"), set()) == set()
            assert said.applications.get((trap["principal"], "Writer"), set()) <= {evil["principal"]}

    reported(story())


@pytest.mark.parametrize("protected", [False, True])
def test_08_a_grant_waits_for_the_clean_up_of_its_client(protected: bool) -> None:
    """Where the removal of a planted credential fails, the role that the same plan gives its client is not
    given.
    """

    async def story() -> None:
        world = Story(protected=protected)
        bare = {"type": "daemon", "displayName": "Job"}
        await world.settle(world.manifest({"api": api("Writer"), "job": bare}))
        world.pin("api", "job")
        live = world.row("job")
        await world.hand("POST", f"/applications/{live['id']}/federatedIdentityCredentials", credential())
        rule = {
            "action": "respond",
            "method": "DELETE",
            "path": "federatedIdentityCredentials",
            "times": None,
            "status": 403,
        }
        world.tenant.faults.set(
            FaultPlan.from_data({"rules": [rule | {"code": "Authorization_RequestDenied", "message": "No."}]})
        )
        await world.applied(world.manifest({"api": api("Writer"), "job": job()}))
        assert world.held(world.principal(live["appId"])) == set()
        world.tenant.faults.set(FaultPlan())
        for _ in range(2):
            await world.applied(world.manifest({"api": api("Writer"), "job": job()}))
        assert world.held(world.principal(live["appId"])) == {"Writer"}

    reported(story())


@pytest.mark.parametrize("what", ["owner", "certificate"])
def test_09_what_this_plan_removes_does_not_block_it(what: str) -> None:
    """An owner or certificate that the plan takes away holds a trusted client's grant back for no longer
    than one more plan.
    """

    async def story() -> None:
        world = Story(protected=True)
        bare = {"type": "daemon", "displayName": "Job"}
        await world.settle(world.manifest({"api": api("Writer"), "job": bare}))
        world.pin("api", "job")
        live = world.row("job")
        if what == "owner":
            mallory = world.tenant.rows.user_by_name("mallory@contoso.com")["id"]
            link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{mallory}"}
            await world.hand("POST", f"/applications/{live['id']}/owners/$ref", link)
            declared: dict[str, Any] = {"owners": []}
        else:
            key = {
                "type": "AsymmetricX509Cert",
                "usage": "Verify",
                "key": certificate(),
                "displayName": "CN=mallory",
            }
            await world.hand("PATCH", f"/applications/{live['id']}", {"keyCredentials": [key]})
            declared = {"certificates": {}}
        content = world.manifest({"api": api("Writer"), "job": job(**declared)})
        for _ in range(2):
            assert await world.applied(content) == []
        assert world.held(world.principal(live["appId"])) == {"Writer"}

    reported(story())


@pytest.mark.parametrize("way", ["owner", "secret", "certificate", "federated credential"])
def test_a_role_is_not_restored_to_whoever_can_act_as_its_client(way: str) -> None:
    """The application is restored alone; its service principal, and with it the role, stays deleted until
    nothing undeclared is left. Each plan after that says why.
    """

    async def story() -> None:
        world = Story(protected=True)
        content = world.manifest({"api": api("Writer"), "job": job()})
        await world.settle(content)
        world.pin("api", "job")
        row, principal = world.row("job"), world.principal(world.row("job")["appId"])
        path = f"/applications/{row['id']}"
        mallory = world.tenant.rows.user_by_name("mallory@contoso.com")["id"]
        match way:
            case "owner":
                link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{mallory}"}
                await world.hand("POST", f"{path}/owners/$ref", link)
            case "secret":
                await world.hand("POST", f"{path}/addPassword", {"passwordCredential": {"displayName": "x"}})
            case "certificate":
                key = {"type": "AsymmetricX509Cert", "usage": "Verify", "key": certificate()}
                await world.hand("PATCH", path, {"keyCredentials": [key]})
            case _:
                await world.hand("POST", f"{path}/federatedIdentityCredentials", credential())
        await world.hand("DELETE", path)
        assert await world.applied(content, {"restore"}) == []
        assert row["id"] in world.tenant.rows.applications
        assert principal in world.tenant.rows.deleted_items
        (withheld,) = document(await world.plan(content, {"restore"}))["withheld"]
        assert withheld["message"].startswith(
            f"the service principal of job stays deleted, and its roles and consents with it: {way}"
        )
        match way:
            case "owner":
                await world.hand("DELETE", f"{path}/owners/{mallory}/$ref")
            case "secret":
                (secret,) = world.row("job")["passwordCredentials"]
                await world.hand("POST", f"{path}/removePassword", {"keyId": secret["keyId"]})
            case "certificate":
                await world.hand("PATCH", path, {"keyCredentials": []})
            case _:
                # The plan removes it, and the one after that restores.
                assert await world.applied(content, {"restore"}) == []
        assert world.held(principal) == set()
        assert await world.applied(content, {"restore"}) == []
        assert world.held(principal) == {"Writer"}

    reported(story())


def test_the_service_principal_is_restored_by_a_plan_of_its_own() -> None:
    """No plan restores an application and its service principal."""

    async def story() -> None:
        world = Story(protected=True)
        content = world.manifest({"api": api("Writer"), "job": job()})
        await world.settle(content)
        world.pin("api", "job")
        await world.hand("DELETE", f"/applications/{world.row('job')['id']}")
        for kind in ("application", "enterpriseApplication"):
            plan = await world.plan(content, {"restore"})
            restored = [each["address"] for each in document(plan)["changes"] if each["action"] == "restore"]
            assert restored == [{"kind": kind, "key": "job"}]
            assert (await world.tenant.apply(plan)).complete

    reported(story())


def test_what_an_authorized_client_gains_waits_until_it_is_back_and_read() -> None:
    """The API lists it already, with one scope less, and it is deleted: the plan restores it, and the
    scope follows.
    """

    async def story() -> None:
        world = Story(protected=True)
        web = {"type": "spa", "displayName": "Web", "redirectUris": ["https://web.contoso.com/"]}
        more = {
            **api("Writer")["scopes"],
            "change": {"displayName": "Change", "description": "Changes.", "whoCanConsent": "admins"},
        }

        def content(*scopes: str) -> dict[str, Any]:
            return world.manifest(
                {"api": api("Writer", scopes=more, authorizedClients={"web": [*scopes]}), "web": web}
            )

        await world.settle(content("see"))
        world.pin("api", "web")
        await world.hand("DELETE", f"/applications/{world.row('web')['id']}")
        plan = document(await world.plan(content("see", "change"), {"restore"}))
        assert [(each["action"], each["address"]["kind"]) for each in plan["following"]] == [
            ("restore", "enterpriseApplication"),
            ("update", "authorizedClient"),
        ]
        for _ in range(2):
            assert await world.applied(content("see", "change"), {"restore"}) == []
        (entry,) = world.row("api")["api"]["preAuthorizedApplications"]
        assert len(entry["delegatedPermissionIds"]) == 2

    reported(story())
