"""`access` in a tenant that others edited: what tokens say now, who it is that is asked for, and since
when each step holds.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli.demo import tampering
from entra_config.emulator import seed
from entra_config.emulator.embedded import Embedded
from entra_config.emulator.seed import fixed_id
from tests.unit.cli.ran import Run

APPLY = ("apply", "-e", "dev", "--auto-approve")
ALICE = fixed_id(seed.CONTOSO, "user", "alice@contoso.com")


def app(tenant: Embedded, name: str) -> dict[str, Any]:
    """Return a registration of the example."""
    found = tenant.directory.default.one("applications", "displayName", f"MyApp {name} (dev)")
    assert found
    return found


def principal(tenant: Embedded, name: str) -> dict[str, Any]:
    """Return the service principal of a registration of the example."""
    found = tenant.directory.default.service_principal_by_app_id(app(tenant, name)["appId"])
    assert found
    return found


def edited(tenant: Embedded, name: str, **changes: Any) -> None:
    """Change a registration and what its service principal mirrors of it."""
    rows = tenant.directory.default
    rows.applications.put({**app(tenant, name), **changes})
    rows.service_principals.put({**principal(tenant, name), **changes})


def roles(tenant: Embedded, change: Any) -> None:
    """Change the roles of the API."""
    edited(tenant, "API", appRoles=change(app(tenant, "API")["appRoles"]))


def rows(run: Run, *more: str) -> list[dict[str, Any]]:
    """Return the holders that `access` lists."""
    found: list[dict[str, Any]] = json.loads(run("access", "-e", "dev", "--format", "json", *more).out)[
        "holders"
    ]
    return found


def test_story_9_a_changed_value_is_told_as_tokens_say_it(run: Run, tenant: Embedded) -> None:
    """Story 9: Reader's value became SuperAdmin by hand: that is what people hold, the label in brackets."""
    run(*APPLY)
    roles(
        tenant,
        lambda all_: [
            {**each, "value": "SuperAdmin"} if each["value"] == "Reader" else each for each in all_
        ],
    )
    assert {row["role"] for row in rows(run) if row["label"] == "Reader"} == {"SuperAdmin"}
    assert "api/SuperAdmin (Reader)" in run("access", "-e", "dev").out


def test_story_9_a_role_that_is_gone_is_held_and_says_nothing(run: Run, tenant: Embedded) -> None:
    """Story 9: the role is gone in the tenant; whoever was assigned is told, and that tokens carry
    nothing.
    """
    run(*APPLY)
    (gone,) = [each["id"] for each in app(tenant, "API")["appRoles"] if each["value"] == "Reader"]
    roles(tenant, lambda all_: [each for each in all_ if each["id"] != gone])
    held = [row for row in rows(run) if row["gone"]]
    assert held
    assert {row["role"] for row in held} == {gone}
    assert f"api/Reader, id {gone} (gone: tokens carry nothing)" in run("access", "-e", "dev").out
    assert not any(row["role"] == "Reader" for row in rows(run))


def test_story_10_disabled_people_clients_and_apis_are_marked(run: Run, tenant: Embedded) -> None:
    """Story 10: none of them gets a token; an API without required assignments gives everybody one,
    without roles.
    """
    run(*APPLY)
    directory = tenant.directory.default
    directory.users.put({**(directory.users.get(ALICE) or {}), "accountEnabled": False})
    edited(tenant, "Nightly", accountEnabled=False)
    found = json.loads(run("access", "-e", "dev", "--format", "json").out)
    assert {row["name"] for row in found["holders"] if row["disabled"]} == {
        "alice@contoso.com",
        "MyApp Nightly (dev)",
    }
    (api,) = [each for each in found["apis"] if each["application"] == "api"]
    assert api == {"application": "api", "enabled": True, "assignmentRequired": True, "missing": ""}
    edited(tenant, "API", appRoleAssignmentRequired=False)
    shown = run("access", "-e", "dev").out
    assert "api requires no assignment: everybody gets a token for it, without roles" in shown
    assert ", disabled: gets no token" in shown
    edited(tenant, "API", accountEnabled=False)
    assert "api is disabled: nobody gets a token for it" in run("access", "-e", "dev").out
    page = run("access", "-e", "dev", "--format", "html").out
    assert "nobody gets a token for it" in page
    assert "disabled: gets no token" in page


def test_an_api_that_is_not_there_lets_nobody_in(run: Run, tenant: Embedded) -> None:
    """Deleted, or back without its service principal: nobody gets a token, though nothing there requires
    an assignment.
    """
    run(*APPLY)
    api, service = app(tenant, "API"), principal(tenant, "API")
    edited(tenant, "API", appRoleAssignmentRequired=False)

    def sent(method: str, path: str) -> None:
        async def send() -> None:
            async with tenant.client(tenant.app_caller(seed.ADMIN_APP_ID)) as client:
                response = await client.request(method, path, json={} if method == "POST" else None)
                assert response.is_success, response.text

        asyncio.run(send())

    for method, path, said, missing in (
        ("DELETE", f"/applications/{api['id']}", "api is deleted", "application"),
        (
            "POST",
            f"/directory/deletedItems/{api['id']}/restore",
            "api has no service principal",
            "servicePrincipal",
        ),
        ("POST", f"/directory/deletedItems/{service['id']}/restore", "api requires no assignment", ""),
    ):
        sent(method, path)
        ran = run("access", "-e", "dev", "--format", "json")
        (row,) = [each for each in json.loads(ran.out)["apis"] if each["application"] == "api"]
        assert (row["missing"], row["enabled"]) == (missing, not missing)
        assert any(row["application"] == "api" for row in rows(run)) == (not missing)
        shown = run("access", "-e", "dev").out
        assert f"{said}: {'nobody' if missing else 'everybody'} gets a token for it" in shown


def test_story_10_since_is_of_each_step(run: Run, tenant: Embedded) -> None:
    """Story 10: the group holds it since one day, she is in it since another; where the log has nothing,
    nobody says.
    """
    run(*APPLY)
    directory = tenant.directory.default
    staff = directory.one("groups", "displayName", "All Staff")
    assert staff
    before = [row for row in rows(run, "--user", "alice@contoso.com") if row["group"] == staff["id"]]
    assert [row["joined"] for row in before] == [""]
    shown = run("access", "-e", "dev", "--user", "alice@contoso.com").out
    assert "in it since" not in shown
    assert "The audit log does not say since when somebody is in a group" in shown
    joined(tenant, staff, ALICE)
    (row,) = [row for row in rows(run, "--user", "alice@contoso.com") if row["group"] == staff["id"]]
    assert row["joined"] > row["since"][:19]
    assert (
        f"in it since {row['joined'][:10]}"
        in run("access", "-e", "dev", "--role", "api/Reader", "--explain").out
    )


def joined(tenant: Embedded, group: dict[str, Any], member: str) -> None:
    """Let somebody join a group again, through Graph."""

    async def again() -> None:
        admin = tenant.app_caller(seed.ADMIN_APP_ID)
        async with tenant.client(admin) as client:
            for method, path, body in (
                ("DELETE", f"/groups/{group['id']}/members/{member}/$ref", None),
                (
                    "POST",
                    f"/groups/{group['id']}/members/$ref",
                    {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{member}"},
                ),
            ):
                response = await client.request(method, path, json=body)
                assert response.is_success, response.text

    asyncio.run(again())


@pytest.mark.parametrize(
    "word", ["alice@contoso.com", "ALICE@contoso.com", "Alice Archer", "alice archer", ALICE]
)
def test_story_10_a_person_may_be_called_as_people_do(run: Run, word: str) -> None:
    """Story 10: by principal name, by display name, by object id; case is no matter."""
    run(*APPLY)
    assert {row["id"] for row in rows(run, "--user", word)} == {ALICE}


def test_story_10_an_application_may_be_called_as_people_do(run: Run, tenant: Embedded) -> None:
    """Story 10: by key, by display name, by appId, by the id of its registration or of its service
    principal.
    """
    run(*APPLY)
    registration, service = app(tenant, "Nightly"), principal(tenant, "Nightly")
    for word in ("nightly", "MyApp Nightly (dev)", registration["appId"], registration["id"], service["id"]):
        assert {row["id"] for row in rows(run, "--user", word)} == {service["id"]}, word


def test_a_role_may_be_called_as_people_do(run: Run, tenant: Embedded) -> None:
    """By label or value, alone or with its application, whichever of its names that has; by its id."""
    run(*APPLY)
    api = app(tenant, "API")
    (id_,) = [each["id"] for each in api["appRoles"] if each["value"] == "Writer"]
    whole = rows(run, "--role", "api/Writer")
    assert whole
    for word in (
        "Writer",
        "writer",
        id_,
        f"{api['appId']}/Writer",
        f"MyApp API (dev)/{id_}",
        f"{api['id']}/writer",
    ):
        assert rows(run, "--role", word) == whole, word


def test_nothing_found_is_an_error_with_near_misses(run: Run) -> None:
    """Mistyped names end with exit code 1 and what may have been meant, not with "nobody"."""
    run(*APPLY)
    for option, word, said in (
        ("--user", "alcie@contoso.com", "Did you mean `alice@contoso.com`"),
        ("--user", "nightli", "Did you mean `nightly`"),
        ("--user", fixed_id("nobody"), "is no user or application of this tenant"),
        ("--role", "api/Writter", "Did you mean `api/Writer`"),
    ):
        ran = run("access", "-e", "dev", option, word)
        assert (ran.code, ran.out) == (1, ""), word
        assert said in ran.err, ran.err


def test_two_found_is_an_error_with_both(run: Run, tenant: Embedded) -> None:
    """A name that two bear is nobody's: both are told with their ids."""
    run(*APPLY)
    directory = tenant.directory.default
    seed.add_user(directory, "alice2@contoso.com", "Alice Archer")
    ran = run("access", "-e", "dev", "--user", "Alice Archer")
    assert ran.code == 1
    assert "is 2: user alice@contoso.com" in ran.err
    assert "user alice2@contoso.com" in ran.err
    roles(
        tenant,
        lambda all_: [
            *all_,
            {**all_[0], "id": fixed_id("twin"), "value": "Twin", "displayName": "Writer twin"},
        ],
    )
    roles(
        tenant,
        lambda all_: [
            *all_,
            {**all_[0], "id": fixed_id("other"), "value": "Other", "displayName": "Writer twin"},
        ],
    )
    ran = run("access", "-e", "dev", "--role", "Writer twin")
    assert ran.code == 1
    assert "is 2 roles: api/Other" in ran.err
    assert f"api/Twin ({fixed_id('twin')})" in ran.err


def test_whose_access_it_is_and_what_was_made_by_hand(run: Run, tenant: Embedded) -> None:
    """Tenant, time and who read it stand first; what nobody declared is marked everywhere, and counted."""
    run(*APPLY)
    assert "By hand" not in run("access", "-e", "dev").out
    tampering.tamper(tenant)
    shown = run("access", "-e", "dev").out.splitlines()
    assert shown[0].startswith("Access of myapp/dev · contoso.onmicrosoft.com (")
    assert re.fullmatch(r"read \d{4}-\d\d-\d\d \d\d:\d\d UTC as Emulator deployer", shown[1])
    (hand,) = [each for each in shown if each.endswith(", by hand")]
    assert hand.split()[0] == "dave@contoso.com"
    assert "By hand: 1. The manifest does not say so; drift tells who did it." in shown
    document = json.loads(run("access", "-e", "dev", "--format", "json").out)
    assert [each["name"] for each in document["holders"] if each["byHand"]] == ["dave@contoso.com"]
    assert (document["readBy"], document["tenant"]["name"]) == (
        "Emulator deployer",
        "contoso.onmicrosoft.com",
    )
    page = run("access", "-e", "dev", "--format", "html").out
    assert page.count("by hand: the manifest does not say so") == 1
    assert "<dt>Read</dt>" in page


def test_people_come_before_applications_and_owners_last(run: Run) -> None:
    """Whoever looks for a person does not read through daemons."""
    run(*APPLY)
    shown = run("access", "-e", "dev").out
    writers = shown.partition("api/Writer")[2].partition("\n\n")[0].splitlines()[1:]
    applications = ["application, " in each for each in writers if each.startswith("  ")]
    assert any(applications)
    assert not all(applications)
    owners = shown.partition("\nOwners")[2]
    assert applications == sorted(applications), "people first"
    assert "api" in owners


def test_csv_has_each_holder_and_owner_and_no_formula(run: Run, tenant: Embedded) -> None:
    """A name that a spreadsheet would run is a text."""
    run(*APPLY)
    directory = tenant.directory.default
    directory.users.put({**(directory.users.get(ALICE) or {}), "userPrincipalName": "=cmd|'/c calc'!A1"})
    written = run("access", "-e", "dev", "--format", "csv").out
    found = list(csv.DictReader(io.StringIO(written, newline="")))
    holders = json.loads(run("access", "-e", "dev", "--format", "json").out)
    assert len(found) == len(holders["holders"]) + len(holders["owners"])
    assert any(each["name"] == "'=cmd|'/c calc'!A1" for each in found)
    assert not [cell for each in found for cell in each.values() if cell[:1] in {"=", "+", "-", "@"}]
    assert {(each["tenant"], each["tenantId"]) for each in found} == {
        (holders["tenant"]["name"], holders["tenant"]["id"])
    }


def planted(tenant: Embedded, name: str, app_id: str) -> str:
    """Let an application of others hold Writer at the API, under a name of ours; return its object id."""
    directory = tenant.directory.default
    made = seed.add_service_principal(directory, seed.add_application(directory, name, app_id=app_id))
    role = next(each["id"] for each in app(tenant, "API")["appRoles"] if each["value"] == "Writer")
    seed.assign(directory, {**made, "type": "ServicePrincipal"}, principal(tenant, "API"), role)
    grant = {
        "id": "grant-of-the-planted",
        "clientId": made["id"],
        "consentType": "AllPrincipals",
        "resourceId": principal(tenant, "API")["id"],
        "principalId": None,
        "scope": "user.read",
    }
    directory.oauth2_permission_grants.put(grant)
    return str(made["id"])


def test_an_application_named_like_ours_is_told_apart_and_marked(
    run: Run, tenant: Embedded, folder: Path
) -> None:
    """Ours stands by its request's line; the other in quotes with its id, by hand, until acknowledged."""
    app_id = "dead0000-0000-4000-8000-00000000beef"
    run(*APPLY)
    planted(tenant, "MyApp Nightly (dev)", app_id)
    explained = run("access", "-e", "dev", "--explain").out.splitlines()
    lines = [each for each in explained if "MyApp Nightly (dev)" in each and " owns " not in each]
    (ours,) = [each for each in lines if '"MyApp' not in each]
    assert ours.endswith("manifests/applications/clients.yaml:36")
    assert "by hand" not in ours
    others = [each for each in lines if each != ours]
    assert len(others) == 2, "the role and the consent"
    for each in others:
        assert '"MyApp Nightly (dev)" (dead0000…)' in each
        assert "by hand: the manifest does not say so" in each
    assert "By hand: 2." in "\n".join(explained)
    document = json.loads(run("access", "-e", "dev", "--format", "json").out)
    found = {(each["byHand"], each["through"]) for each in document["holders"] if "Nightly" in each["name"]}
    assert found == {(False, "consent"), (True, "consent"), (True, "consent for everybody")}

    root = folder / "manifests/entra-config.yaml"
    known = f"{{ id: {app_id}, application: [Writer], delegated: [user.read] }}"
    dev = "  dev:\n"
    root.write_text(root.read_text().replace(dev, f"{dev}    acknowledged: {{ api: [{known}] }}\n", 1))
    reported = run("access", "-e", "dev", "--explain")
    assert "by hand" not in reported.out, reported.err
    assert len(re.findall(r"dead0000….*manifests/entra-config\.yaml:9\n", reported.out)) == 2


def test_what_our_client_has_and_does_not_request_is_by_hand(run: Run, tenant: Embedded) -> None:
    """A consent that somebody gave ours in the portal is none of the manifest."""
    run(*APPLY)
    spa = principal(tenant, "SPA")
    role = next(each["id"] for each in app(tenant, "API")["appRoles"] if each["value"] == "Writer")
    seed.assign(tenant.directory.default, {**spa, "type": "ServicePrincipal"}, principal(tenant, "API"), role)
    shown = run("access", "-e", "dev").out.splitlines()
    (line,) = [each for each in shown if "MyApp SPA (dev)" in each and "application, " in each]
    assert line.endswith(", by hand")
