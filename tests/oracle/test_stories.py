"""The sixteen times that a plan told the opposite of what tokens then said, each by its number."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Coroutine
from typing import Any

import pytest

from entra_config.emulator.clock import SystemClock
from entra_config.emulator.faults import Plan as FaultPlan
from entra_config.emulator.login.keys import KeyRing
from entra_config.errors import EntraConfigError
from entra_config.report import markdown, text
from tests.oracle.story import Story, failures
from tests.oracle.tenant import document, load

STAFF, ONE = "All Staff", "On call"
ISSUER = "https://token.actions.githubusercontent.com"
MARKS = ["entra-config:owner=shop/prod", "entra-config:key=job"]


def told(story: Coroutine[Any, Any, None]) -> None:
    """Tell a story to its end."""
    asyncio.run(story)


def role(text_: str, *members: str, **more: Any) -> dict[str, Any]:
    """Return an app role."""
    return {"displayName": text_, "description": f"{text_}.", "allowedMemberTypes": list(members or ("User",)), **more}


def api(*labels: str, **more: Any) -> dict[str, Any]:
    """Return an API with these roles and one scope."""
    see = {"displayName": "See", "description": "See.", "whoCanConsent": "admins"}
    roles = {label: role(label, "User", "Application") for label in labels}
    return {
        "type": "api",
        "displayName": "API",
        "identifierUris": ["api://${appId}"],
        "scopes": {"see": see},
        "appRoles": roles,
        **more,
    }


def job(**more: Any) -> dict[str, Any]:
    """Return a workload that asks for `api/Writer`."""
    wanted = {"api": {"application": ["Writer"], "adminConsent": True}}
    return {"type": "daemon", "displayName": "Job", "apiPermissions": wanted, **more}


def credential(name: str = "github", subject: str = "repo:mallory/own:ref:refs/heads/main") -> dict[str, Any]:
    """Return a federated credential as Graph takes it."""
    return {"name": name, "issuer": ISSUER, "subject": subject, "audiences": ["api://AzureADTokenExchange"]}


def certificate() -> str:
    """Return somebody's certificate as Graph takes it."""
    return base64.b64encode(KeyRing.generate(SystemClock().now).current.certificate).decode()


# -- A. Identity


@pytest.mark.parametrize("protected", [False, True])
def test_01_a_key_used_again_after_a_rename(protected: bool) -> None:
    """`web` became `portal`, and a new `web` comes: the live one stays `portal`, and its twelve people keep their role."""

    async def story() -> None:
        world = Story(protected=protected)
        people = {"Reader": {"groups": [STAFF]}}
        await world.settle(world.manifest({"web": api("Reader")}, appRoleAssignments={"web": people}))
        live = world.row("web")["appId"]
        world.pin("web")
        renamed = {"portal": api("Reader", previously="web")}
        await world.settle(world.manifest(renamed, appRoleAssignments={"portal": people}))
        world.pinned = {"portal": live}
        both = {"portal": api("Reader"), "web": api("Reader", displayName="Another")}
        content = world.manifest(both, appRoleAssignments={"portal": people, "web": {"Reader": {"users": ["li@contoso.com"]}}})
        plan = await world.settle(content)
        assert {change["action"] for change in plan["changes"] if change["address"]["key"] == "portal"} == set()
        assert world.row("portal")["appId"] == live
        assert world.row("web")["appId"] != live
        assert len(world.said().people[world.principal(live), "Reader"]) == 12

    told(story())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Estate", "prod", "api"), ("estate", "prod", "api")),
        (("estate", "dev", "api"), ("estate", "Dev", "api")),
    ],
)
def test_02_names_that_differ_only_in_case_are_strangers(first: tuple[str, str, str], second: tuple[str, str, str]) -> None:
    """Two projects, or environments, that differ only in case make objects of their own, and destroy their own."""

    async def story() -> None:
        world = Story()
        contents = []
        for project, environment, key in (first, second):
            app = {key: api("Reader", displayName=f"{project} {environment}")}
            people = {key: {"Reader": {"groups": [STAFF if project == first[0] else ONE]}}}
            contents.append(world.manifest(app, project=project, environment=environment, appRoleAssignments=people))
            await world.settle(contents[-1])
        owners = [f"{project}/{environment}" for project, environment, _ in (first, second)]
        kept = world.everything(owners[0])
        assert len(kept["applications"]) == len(world.everything(owners[1])["applications"]) == 1
        await world.settle(contents[1], destroy=True)
        assert world.everything(owners[0]) == kept
        assert world.everything(owners[1])["applications"] == []

    told(story())


def test_02_keys_that_differ_only_in_case() -> None:
    """`api` and `API` in one manifest are refused before anything is asked; one after the other they are two objects."""

    async def story() -> None:
        world = Story()
        with pytest.raises(EntraConfigError):
            load(world.manifest({"api": api("Reader"), "API": api("Reader")}))
        people = {"Reader": {"groups": [STAFF]}}
        first, second = ({key: api("Reader", displayName=f"Called {key}")} for key in ("api", "API"))
        await world.settle(world.manifest(first, appRoleAssignments={"api": people}))
        live = world.row("api")["appId"]
        await world.settle(world.manifest(second, appRoleAssignments={"API": {"Reader": {"groups": [ONE]}}}))
        assert world.row("api")["appId"] == live != world.row("API")["appId"]

    told(story())


def test_03_an_object_of_another_owner_is_a_wall() -> None:
    """By `appId:` it is taken over under its word only, and told so with all that people lose; by `uniqueName` never."""

    async def story() -> None:
        world = Story()
        people = {"Reader": {"groups": [STAFF]}}
        await world.settle(world.manifest({"web": api("Reader")}, project="other", appRoleAssignments={"web": people}))
        live = world.row("web", "other/prod")
        theirs = world.everything("other/prod")
        taking = world.manifest({"site": api("Reader", appId=live["appId"])}, appRoleAssignments={"site": {}})
        refused = await world.plan(taking)
        assert refused.blocked
        assert any(refusal.word == "takeover" for refusal in refused.refusals)
        assert world.everything("other/prod") == theirs
        plan = await world.settle(taking, ["takeover"])
        assert "taken over from other/prod" in str(plan)
        assert world.row("site")["appId"] == live["appId"]
        # It still has the name that the other project would give its `web`.
        ours = world.everything("shop/prod")
        await world.settle(world.manifest({"web": api("Reader")}, project="other", appRoleAssignments={"web": people}))
        assert world.everything("shop/prod") == ours
        assert world.row("web", "other/prod")["appId"] != live["appId"]

    told(story())


# -- B. Trust


def test_04_what_was_planted_and_deleted_does_not_come_back() -> None:
    """A deleted application with our marks, an owner and a credential of somebody's is given nothing where protected."""

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

    told(story())


@pytest.mark.parametrize("behind", [0, 15])
def test_05_what_is_planted_between_read_and_write_is_not_ours(behind: int) -> None:
    """Who takes name and marks while the plan is carried out is granted nothing; ours is made once that is rejected."""

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

    told(story())


@pytest.mark.parametrize("marked", [MARKS, []])
def test_06_a_federated_credential_is_a_way_in_too(marked: list[str]) -> None:
    """A planted live object whose one credential is a federated one is granted nothing in a protected environment."""

    async def story() -> None:
        world = Story(protected=True)
        await world.settle(world.manifest({"api": api("Writer")}))
        world.pin("api")
        trap = await world.plant(displayName="Job", uniqueName="shop.prod.job", tags=marked)
        await world.hand("POST", f"/applications/{trap['id']}/federatedIdentityCredentials", credential())
        declared = {"ours": {"issuer": ISSUER, "subject": "repo:example/shop:environment:prod"}}
        for _ in range(3):
            await world.applied(world.manifest({"api": api("Writer"), "job": job(federatedCredentials=declared)}))
            assert world.held(trap["principal"]) == set()

    told(story())


def test_07_an_api_that_a_stranger_already_holds_gets_no_new_holder() -> None:
    """A planted API whose role the attacker's daemon holds is not given to our people and clients."""

    async def story() -> None:
        world = Story(protected=True)
        role_id = "5c1b2f7e-0002-4000-8000-000000000001"
        offered = role("Writer", "User", "Application") | {"id": role_id, "value": "Writer", "isEnabled": True}
        trap = await world.plant(
            displayName="API", uniqueName="shop.prod.api", tags=[MARKS[0], "entra-config:key=api"], appRoles=[offered]
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

    told(story())


@pytest.mark.parametrize("protected", [False, True])
def test_08_a_grant_waits_for_the_clean_up_of_its_client(protected: bool) -> None:
    """Where the removal of a planted credential fails, the role that the same plan gives its client is not given."""

    async def story() -> None:
        world = Story(protected=protected)
        bare = {"type": "daemon", "displayName": "Job"}
        await world.settle(world.manifest({"api": api("Writer"), "job": bare}))
        world.pin("api", "job")
        live = world.row("job")
        await world.hand("POST", f"/applications/{live['id']}/federatedIdentityCredentials", credential())
        rule = {"action": "respond", "method": "DELETE", "path": "federatedIdentityCredentials", "times": None, "status": 403}
        world.tenant.faults.set(
            FaultPlan.from_data({"rules": [rule | {"code": "Authorization_RequestDenied", "message": "No."}]})
        )
        await world.applied(world.manifest({"api": api("Writer"), "job": job()}))
        assert world.held(world.principal(live["appId"])) == set()
        world.tenant.faults.set(FaultPlan())
        for _ in range(2):
            await world.applied(world.manifest({"api": api("Writer"), "job": job()}))
        assert world.held(world.principal(live["appId"])) == {"Writer"}

    told(story())


@pytest.mark.parametrize("what", ["owner", "certificate"])
def test_09_what_this_plan_removes_does_not_block_it(what: str) -> None:
    """An owner or certificate that the plan takes away holds a trusted client's grant back for no longer than one more plan."""

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
            key = {"type": "AsymmetricX509Cert", "usage": "Verify", "key": certificate(), "displayName": "CN=mallory"}
            await world.hand("PATCH", f"/applications/{live['id']}", {"keyCredentials": [key]})
            declared = {"certificates": {}}
        content = world.manifest({"api": api("Writer"), "job": job(**declared)})
        for _ in range(2):
            assert await world.applied(content) == []
        assert world.held(world.principal(live["appId"])) == {"Writer"}

    told(story())


# -- C. Truth


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

    told(story())


def test_11_a_value_that_is_handed_on_is_told_for_both() -> None:
    """`Admin` becomes `Root`, `Reader` becomes `Admin`: one apply, each loss and gain told, and nothing left for the next."""

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
        assert moved == {("Admin", "lose"): 1, ("Admin", "gain"): 6, ("Root", "gain"): 1, ("Reader", "lose"): 6}
        again = document(await world.plan(content))
        assert (again["changes"], again["access"]) == ([], [])

    told(story())


@pytest.mark.parametrize("consent", [True, None])
@pytest.mark.parametrize("left", ["nothing", "the request"])
def test_12_permissions_taken_away_are_taken_away(consent: bool | None, left: str) -> None:
    """A workload whose `apiPermissions` go loses its roles in that plan, told; what stays requested follows `adminConsent`."""

    async def story() -> None:
        world = Story()
        await world.settle(world.manifest({"api": api("Writer"), "job": job()}))
        live = world.principal(world.row("job")["appId"])
        assert world.held(live) == {"Writer"}
        if left == "nothing":
            after: dict[str, Any] = {"type": "daemon", "displayName": "Job"}
        else:
            after = job(
                apiPermissions={"api": {"application": ["Writer"], **({} if consent is None else {"adminConsent": consent})}}
            )
        plan = await world.settle(world.manifest({"api": api("Writer"), "job": after}))
        assert world.held(live) == (set() if left == "nothing" else {"Writer"})
        assert bool(plan["access"]) == (left == "nothing")
        drift = await world.tenant.drift(load(world.manifest({"api": api("Writer"), "job": after})))
        assert drift["findings"] == []

    told(story())


@pytest.mark.parametrize(
    ("listed", "keep"),
    [({}, True), ({"api": "unmanaged"}, True), ({"api": {}}, False), ({"api": {"Reader": {"users": []}}}, False)],
)
def test_13_nobody_means_nobody_and_not_listed_is_watched(listed: dict[str, Any], *, keep: bool) -> None:
    """`api: {}` and a role with nobody take the role away; an API that is not listed keeps its people, and is told of."""

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

    told(story())


def test_14_what_identifies_is_never_cut() -> None:
    """A federated credential's long subject that changes at its end is shown whole, in text and in the comment."""

    async def story() -> None:
        world = Story()
        subject = f"repo:example/{'a-rather-long-name-of-a-repository-' * 4}:environment:"
        # Two shops need two API pieces each: only the credential changes.
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
            whole = shown.replace("\n", "").replace(" ", "").replace("\\", "").replace("\u200b", "").replace("\u2060", "")
            assert f"{subject}production-of-mallory" in whole
            assert f"{subject}prod" in whole

    told(story())


# -- D. Order


def test_15_member_types_change_together_with_the_holders() -> None:
    """A role goes from people to workloads in one apply, taken away before it is edited, and edited before it is given."""

    async def story() -> None:
        world = Story()
        first = api("Writer")
        first["appRoles"]["Writer"] = role("Writer", "User")
        bare = {"type": "daemon", "displayName": "Job"}
        await world.settle(world.manifest({"api": first, "job": bare}, appRoleAssignments={"api": {"Writer": {"groups": [ONE]}}}))
        second = api("Writer")
        second["appRoles"]["Writer"] = role("Writer", "Application")
        content = world.manifest({"api": second, "job": job()}, appRoleAssignments={"api": {}})
        await world.settle(content)
        assert document(await world.plan(content))["changes"] == []

    told(story())


def test_15_two_applications_exchange_a_uri() -> None:
    """What one releases the other claims, both ways, in one apply."""

    async def story() -> None:
        world = Story()
        uris = ["https://contoso.com/one", "https://contoso.com/two"]
        for order in (uris, uris[::-1]):
            apps = {
                key: api("Reader", displayName=key, identifierUris=["api://${appId}", uri])
                for key, uri in zip(("first", "second"), order, strict=True)
            }
            await world.settle(world.manifest(apps))
        assert "https://contoso.com/two" in world.row("first")["identifierUris"]
        assert document(await world.plan(world.manifest(apps)))["changes"] == []

    told(story())


def test_15_an_id_beside_an_existing_role() -> None:
    """A label that is told another `id:` than its live role has is carried out, or refused before the first write."""

    async def story() -> None:
        world = Story()
        people = {"api": {"Reader": {"groups": [ONE]}}}
        await world.settle(world.manifest({"api": api("Reader")}, appRoleAssignments=people))
        other = api("Reader")
        other["appRoles"]["Reader"]["id"] = "5c1b2f7e-0000-4000-8000-000000000009"
        content = world.manifest({"api": other}, appRoleAssignments=people)
        plan = await world.plan(content)
        if not plan.blocked:
            await world.settle(content)
            assert document(await world.plan(content))["changes"] == []

    told(story())


def test_16_a_holder_for_a_disabled_role_is_refused_before() -> None:
    """Nobody can be given a disabled role: it is said before the first write, and not waited for."""

    async def story() -> None:
        world = Story()
        off = api("Reader")
        off["appRoles"]["Reader"]["isEnabled"] = False
        content = world.manifest({"api": off}, appRoleAssignments={"api": {"Reader": {"groups": [ONE]}}})
        await _said_before(world, content, "isabled")

    told(story())


def test_16_a_domain_that_the_tenant_has_not_is_refused_before() -> None:
    """A URI of a domain that is not the tenant's is said before the first write."""

    async def story() -> None:
        world = Story()
        uris = ["https://not-ours.example/api"]
        await _said_before(world, world.manifest({"api": api("Reader", identifierUris=uris)}), "not-ours.example")

    told(story())


async def _said_before(world: Story, content: dict[str, Any], word: str) -> None:
    """Find a plan, or its manifest, refused with this word, or with just that part left out of a plan that applies."""
    started = world.tenant.clock.now()
    try:
        plan = await world.plan(content)
    except EntraConfigError as refused:
        # Told at the manifest's line, before anything was asked.
        if word in str(refused):
            return
        raise
    assert any(word in refusal.message for refusal in plan.refusals)
    if not plan.blocked:
        outcome = await world.tenant.apply(plan)
        assert outcome.complete, failures(outcome)
    assert (world.tenant.clock.now() - started).total_seconds() < 60
