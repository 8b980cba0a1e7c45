"""What the plan says is what tokens will say: the stories 10 to 14, each held against tokens."""

from __future__ import annotations

import re
from typing import Any

import pytest

from entra_config.report import markdown, text
from tests.oracle.cast import ISSUER, ONE, STAFF, api, job
from tests.oracle.story import Story, reported
from tests.oracle.tenant import document, load


def test_10_values_that_are_swapped_move_people() -> None:
    """Two labels exchange their values: who had the one is told to lose it and to gain the other."""

    async def story() -> None:
        world = Story()
        people = {"api": {"Admin": {"users": ["li@contoso.com"]}, "Reader": {"groups": [STAFF]}}}
        await world.settle(world.manifest({"api": api("Admin", "Reader")}, appRoleAssignments=people))
        swapped = api("Admin", "Reader")
        swapped["appRoles"]["Admin"] |= {"value": "Reader", "breaking": True}
        swapped["appRoles"]["Reader"] |= {"value": "Admin", "breaking": True}
        content = world.manifest({"api": swapped}, appRoleAssignments=people)
        plan = await world.settle(content)
        gains = {each["role"]: each["count"] for each in plan["access"] if each["action"] == "gain"}
        # One of the twelve had both, and keeps both.
        assert gains == {"Admin": 11}
        assert document(await world.plan(content))["changes"] == []

    reported(story())


def test_11_a_value_that_is_handed_on_is_told_for_both() -> None:
    """`Admin` becomes `Root`, `Reader` becomes `Admin`: one apply, each loss and gain told, and nothing
    left for the next.
    """

    async def story() -> None:
        world = Story()
        people = {"api": {"Admin": {"users": ["li@contoso.com"]}, "Reader": {"groups": [ONE]}}}
        await world.settle(world.manifest({"api": api("Admin", "Reader")}, appRoleAssignments=people))
        chained = api("Admin", "Reader")
        chained["appRoles"]["Admin"] |= {"value": "Root", "breaking": True}
        chained["appRoles"]["Reader"] |= {"value": "Admin", "breaking": True}
        content = world.manifest({"api": chained}, appRoleAssignments=people)
        plan = await world.settle(content)
        moved = {(each["role"], each["action"]): each["count"] for each in plan["access"]}
        assert moved == {
            ("Admin", "lose"): 1,
            ("Admin", "gain"): 6,
            ("Root", "gain"): 1,
            ("Reader", "lose"): 6,
        }
        again = document(await world.plan(content))
        assert (again["changes"], again["access"]) == ([], [])

    reported(story())


@pytest.mark.parametrize("consent", [True, None])
@pytest.mark.parametrize("left", ["nothing", "the request"])
def test_12_permissions_taken_away_are_taken_away(consent: bool | None, left: str) -> None:
    """A workload whose `apiPermissions` go loses its roles in that plan, told; what stays requested
    follows `adminConsent`.
    """

    async def story() -> None:
        world = Story()
        await world.settle(world.manifest({"api": api("Writer"), "job": job()}))
        live = world.principal(world.row("job")["appId"])
        assert world.held(live) == {"Writer"}
        if left == "nothing":
            after: dict[str, Any] = {"type": "daemon", "displayName": "Job"}
        else:
            after = job(
                apiPermissions={
                    "api": {
                        "application": ["Writer"],
                        **({} if consent is None else {"adminConsent": consent}),
                    }
                }
            )
        plan = await world.settle(world.manifest({"api": api("Writer"), "job": after}))
        assert world.held(live) == (set() if left == "nothing" else {"Writer"})
        assert bool(plan["access"]) == (left == "nothing")
        drift = await world.tenant.drift(load(world.manifest({"api": api("Writer"), "job": after})))
        assert drift["findings"] == []

    reported(story())


@pytest.mark.parametrize(
    ("listed", "keep"),
    [
        ({}, True),
        ({"api": "unmanaged"}, True),
        ({"api": {}}, False),
        ({"api": {"Reader": {"users": []}}}, False),
    ],
)
def test_13_nobody_means_nobody_and_not_listed_is_watched(listed: dict[str, Any], *, keep: bool) -> None:
    """`api: {}` and a role with nobody take the role away; an API that is not listed keeps its people, and
    is told of.
    """

    async def story() -> None:
        world = Story()
        people = {"api": {"Reader": {"groups": [STAFF]}}}
        await world.settle(world.manifest({"api": api("Reader")}, appRoleAssignments=people))
        live = world.principal(world.row("api")["appId"])
        content = world.manifest({"api": api("Reader")}, appRoleAssignments=listed)
        plan = await world.settle(content)
        assert len(world.said().people.get((live, "Reader"), ())) == (12 if keep else 0)
        said = any(re.search(r"\bapi\b", each["message"]) for each in plan["warnings"])
        drift = await world.tenant.drift(load(content))
        watched = listed == {}
        assert (said, bool(drift["findings"])) == (watched, watched)

    reported(story())


def test_14_what_identifies_is_never_cut() -> None:
    """A federated credential's long subject that changes at its end is shown whole, in text and in the
    comment.
    """

    async def story() -> None:
        world = Story()
        subject = f"repo:example/{'a-rather-long-name-of-a-repository-' * 4}:environment:"
        before, after = (
            {
                "type": "daemon",
                "displayName": "Job",
                "federatedCredentials": {"github": {"issuer": ISSUER, "subject": subject + end}},
            }
            for end in ("prod", "production-of-mallory")
        )
        await world.settle(world.manifest({"job": before}))
        plan = await world.plan(world.manifest({"job": after}))
        for shown in (text.render(plan), markdown.render(plan)):
            whole = (
                shown.replace("\n", "")
                .replace(" ", "")
                .replace("\\", "")
                .replace("\u200b", "")
                .replace("\u2060", "")
            )
            assert f"{subject}production-of-mallory" in whole
            assert f"{subject}prod" in whole

    reported(story())


def test_a_consent_for_everybody_outlives_an_authorization() -> None:
    """An external client that is authorized and consented to keeps its scope when the authorization goes:
    nothing is told.
    """

    async def story() -> None:
        world = Story()
        phone = await world.plant(displayName="Phone")
        await world.settle(
            world.manifest({"api": api("Reader", authorizedClients={phone["appId"]: ["see"]})})
        )
        resource = world.principal(world.row("api")["appId"])
        grant = {
            "clientId": phone["principal"],
            "consentType": "AllPrincipals",
            "resourceId": resource,
            "scope": "see",
        }
        await world.hand("POST", "/oauth2PermissionGrants", grant)
        plan = await world.settle(world.manifest({"api": api("Reader")}))
        assert [each["address"]["kind"] for each in plan["changes"]] == ["authorizedClient"]
        assert plan["access"] == []

    reported(story())


def test_an_api_that_goes_takes_consents_with_it_that_nobody_managed() -> None:
    """An API is destroyed while a client of ours has a human's consent there: who loses the scope is told
    by the API's key.
    """

    async def story() -> None:
        world = Story()
        web = {"type": "spa", "displayName": "Web", "apiPermissions": {"api": {"delegated": ["see"]}}}
        await world.settle(world.manifest({"api": api("Reader"), "web": web}))
        client, resource = (world.principal(world.row(key)["appId"]) for key in ("web", "api"))
        grant = {"clientId": client, "consentType": "AllPrincipals", "resourceId": resource, "scope": "see"}
        await world.hand("POST", "/oauth2PermissionGrants", grant)
        without = {"web": {"type": "spa", "displayName": "Web"}}
        plan = await world.settle(
            world.manifest(without, removed={"applications": {"api": {"destroy": True}}})
        )
        lost = [
            (each["application"], each["client"], each["role"])
            for each in plan["access"]
            if each["kind"] == "scope"
        ]
        assert lost == [("api", "web", "see")]

    reported(story())


@pytest.mark.parametrize("meanwhile", [False, True])
def test_a_client_that_comes_back_at_an_api_of_others_is_told(meanwhile: bool) -> None:
    """Its service principal was deleted by hand and is restored; where another project's API authorizes it,
    since before or since meanwhile, it works again: that is said.
    """

    async def story() -> None:
        world = Story()
        content = world.manifest(
            {"web": {"type": "spa", "displayName": "Web", "redirectUris": ["https://web.contoso.com/"]}}
        )
        await world.settle(content)
        web = world.row("web")
        scope = {
            "id": "5c1b2f7e-0000-4000-8000-0000000000aa",
            "value": "see",
            "type": "User",
            "isEnabled": True,
        }
        scope |= dict.fromkeys(("adminConsentDisplayName", "adminConsentDescription"), "See")
        authorized = [{"appId": web["appId"], "delegatedPermissionIds": [scope["id"]]}]
        stock = await world.plant(displayName="Stock", api={"oauth2PermissionScopes": [scope]})
        principal = f"/servicePrincipals/{world.principal(web['appId'])}"
        authorize = (
            "PATCH",
            f"/applications/{stock['id']}",
            {"api": {"preAuthorizedApplications": authorized}},
        )
        for write in [("DELETE", principal), authorize] if meanwhile else [authorize, ("DELETE", principal)]:
            await world.hand(*write)
        plan = await world.settle(content)
        assert [each["kind"] for each in plan["access"]] == ["signIn", "restored"]

    reported(story())
