"""`access` in a tenant that others edited: what tokens say, who gets none, and since when each step holds."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
from pathlib import Path
from typing import Any

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.access_rows import ALICE, app, edited, principal, roles, rows
from tests.unit.cli.example import APPLY
from tests.unit.cli.ran import Run


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
    held = [row for row in rows(run) if row["roleDeleted"]]
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
    assert (
        "applications require no assignment, so everybody gets a token for them, without roles: api," in shown
    )
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
        ("POST", f"/directory/deletedItems/{service['id']}/restore", "", ""),
    ):
        sent(method, path)
        ran = run("access", "-e", "dev", "--format", "json")
        (row,) = [each for each in json.loads(ran.out)["apis"] if each["application"] == "api"]
        assert (row["missing"], row["enabled"]) == (missing, not missing)
        assert any(row["application"] == "api" for row in rows(run)) == (not missing)
        shown = run("access", "-e", "dev").out
        assert (f"{said}: nobody gets a token for it" if missing else "without roles: api,") in shown


def test_story_10_since_is_of_each_step(run: Run, tenant: Embedded) -> None:
    """Story 10: the group holds it since one day, she is in it since another; where the log has nothing,
    nobody says.
    """
    run(*APPLY)
    directory = tenant.directory.default
    staff = directory.one("groups", "displayName", "All Staff")
    assert staff
    before = [row for row in rows(run, "--user", "alice@contoso.com") if row["group"] == staff["id"]]
    assert [row["memberSince"] for row in before] == [""]
    shown = run("access", "-e", "dev", "--user", "alice@contoso.com").out
    assert "in it since" not in shown
    assert "The audit log does not say since when somebody is in a group" in shown
    joined(tenant, staff, ALICE)
    (row,) = [row for row in rows(run, "--user", "alice@contoso.com") if row["group"] == staff["id"]]
    assert row["memberSince"] > row["since"][:19]
    assert (
        f"in it since {row['memberSince'][:10]}"
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


def test_csv_has_each_holder_and_owner(run: Run) -> None:
    """All with the tenant that they are of."""
    run(*APPLY)
    found = list(csv.DictReader(io.StringIO(run("access", "-e", "dev", "--format", "csv").out, newline="")))
    document = json.loads(run("access", "-e", "dev", "--format", "json").out)
    assert len(found) == len(document["holders"]) + len(document["owners"])
    assert {each["tenantId"] for each in found} == {document["tenant"]["id"]}


def test_access_speaks_in_values_and_names_what_owners_can_act_as(run: Run) -> None:
    """A role whose value is not its label is told by its value; whoever owns a workload has what it has."""
    path = Path("manifests/applications/api.yaml")
    path.write_text(path.read_text().replace("Admin:  {", "Boss:   { value: Admin,"))
    for file in ("access.yaml", "entra-config.yaml"):
        text = Path("manifests", file).read_text()
        Path("manifests", file).write_text(
            text.replace("Admin:", "Boss:").replace("roles: [Admin]", "roles: [Boss]")
        )
    clients = Path("manifests/applications/clients.yaml")
    clients.write_text(
        clients.read_text().replace(
            "displayName: MyApp Nightly", "owners: [li@contoso.com]\n    displayName: MyApp Nightly"
        )
    )
    assert run("apply", "-e", "dev", "--auto-approve").code == 0

    shown = run("access", "-e", "dev", "--user", "li@contoso.com")
    assert "li@contoso.com owns nightly, and can act as it: api/Writer" in shown.out
    document = json.loads(run("access", "-e", "dev", "--format", "json").out)
    admins = {(each["role"], each["label"]) for each in document["holders"] if each["label"] == "Boss"}
    assert admins == {("Admin", "Boss")}
    assert run("access", "-e", "dev", "--role", "api/Admin").code == 0
    assert "api/Admin (Boss)" in run("access", "-e", "dev", "--role", "Boss").out


def test_a_member_of_a_nested_group_has_no_role(run: Run, tenant: Embedded) -> None:
    """`access` says so, and shows a group without direct people as a holder."""
    run(*APPLY)
    directory = tenant.directory.default
    staff = directory.one("groups", "displayName", "All Staff")
    person = directory.one("users", "userPrincipalName", "mallory@contoso.com")
    assert staff
    assert person

    async def nest() -> None:
        async with tenant.client(tenant.app_caller(seed.ADMIN_APP_ID)) as client:
            body = {
                "displayName": "Inner",
                "mailEnabled": False,
                "mailNickname": "i",
                "securityEnabled": True,
            }
            inner = (await client.post("/groups", json=body)).json()["id"]
            for group, member in ((inner, person["id"]), (staff["id"], inner)):
                link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{member}"}
                assert (await client.post(f"/groups/{group}/members/$ref", json=link)).is_success
            for member in (await client.get(f"/groups/{staff['id']}/members")).json()["value"]:
                if member["id"] != inner:
                    await client.delete(f"/groups/{staff['id']}/members/{member['id']}/$ref")

    asyncio.run(nest())
    ran = run("access", "-e", "dev", "--user", "mallory@contoso.com")
    sentence = (
        "mallory@contoso.com is in group All Staff through another group only, which gives no role: the "
        "group holds api/Reader, and Entra gives roles to direct members"
    )
    assert sentence in ran.err
    assert (
        sentence not in run("access", "-e", "dev", "--user", "mallory@contoso.com", "--role", "api/Admin").err
    )
    assert sentence not in run("access", "-e", "dev", "--user", "alice@contoso.com").err
    held = [row for row in rows(run, "--role", "api/Reader") if row["id"] == staff["id"]]
    assert [(row["type"], row["empty"]) for row in held] == [("group", True)]
    assert "All Staff" in run("access", "-e", "dev", "--role", "api/Reader").out


def test_potential_lists_who_could_gain_access_in_each_format(run: Run, tenant: Embedded) -> None:
    """Apart from who has it; only of the role or person that is named; nothing without the option."""
    run(*APPLY)
    api, directory = app(tenant, "API"), tenant.directory.default
    directory.directory_roles[ALICE] = [f"Application Administrator /{api['id']}"]
    scope = "Application Administrator, for api only"
    text = re.sub(" +", " ", run("access", "-e", "dev", "--potential").out)
    assert f"alice@contoso.com {scope}: can sign in as api" in text
    assert (
        "Emulator deployer AppRoleAssignment.ReadWrite.All of Microsoft Graph: can give the roles of" in text
    )
    assert "grace@contoso.com Global Administrator: can sign in as api, devClient" in text
    assert "which have api/Admin, api/Reader, api/Writer" in text
    assert "Not read: eligible members" in text
    rows = list(csv.DictReader(io.StringIO(run("access", "-e", "dev", "--potential", "--format", "csv").out)))
    assert {row["application"]: row["through"] for row in rows if row["role"] == "potential"}.items() >= {
        "All Staff": "Global Administrator: can add members",
        "nightly": "Global Administrator: can sign in as it",
    }.items()
    page = run("access", "-e", "dev", "--potential", "--format", "html").out
    assert "Could gain access" in page
    assert scope in page
    found = json.loads(
        run("access", "-e", "dev", "--potential", "--role", "api/Admin", "--format", "json").out
    )
    people = [each for each in found["potential"]["possible"] if each["type"] == "user"]
    assert {(each["name"], each["power"]) for each in people} == {
        ("grace@contoso.com", "assign"),
        ("grace@contoso.com", "addMembers"),
    }
    only = run("access", "-e", "dev", "--potential", "--user", "alice@contoso.com", "--format", "json").out
    assert [each["scope"] for each in json.loads(only)["potential"]["possible"]] == ["api"]
    plain = run("access", "-e", "dev", "--format", "json").out
    assert json.loads(plain)["potential"] is None
    assert "Could gain" not in run("access", "-e", "dev").out
