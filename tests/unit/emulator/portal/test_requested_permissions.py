"""Which permissions a registration asks for, and where a search and a directory role's page lead."""

import json
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.portal import directory_roles, graph_json, requested_permissions, start
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import CONTOSO, Browser
from tests.unit.emulator.portal.showing import names, plain, visit

READ, WRITE = seed.fixed_id("api", "user.read"), seed.fixed_id("api", "user.write")
READER = seed.fixed_id("api", "role", "Reader")
NONE = "no: there is no enterprise application"


@pytest.fixture
def browser() -> Browser:
    """Give the portal of the example tenant."""
    return example.browser()


def asked(browser: Browser, name: str, api: str, *wanted: tuple[str, str]) -> list[tuple[str, str, str, str]]:
    """Let an application ask for permissions of an API; return what its page says of each."""
    access = [{"id": permission, "type": type_} for permission, type_ in wanted]
    browser.world.set(name, requiredResourceAccess=[{"resourceAppId": api, "resourceAccess": access}])
    app = browser.world.application(name)
    principal = browser.world.tenant.service_principal_by_app_id(app["appId"])
    found = requested_permissions.of(visit(browser), app, principal)
    return [(one.value, one.type, one.given, one.verb) for one in found]


def test_what_is_asked_for_was_given_or_not(browser: Browser) -> None:
    """Hold everybody's consent, that of so many people, a role that is held, and what begins a change."""
    world = browser.world
    api = world.app_ids["api"]
    every = ((READ, "Scope"), (WRITE, "Scope"), (READER, "Role"), ("gone", "Scope"))
    world.grant("web", "other", "user.read user.write")
    ends = {"clientId": world.principal("web")["id"], "resourceId": world.principal("api")["id"]}
    world.tenant.oauth2_permission_grants.put(
        {"id": "no", "consentType": "AllPrincipals", "principalId": None, "scope": None, **ends}
    )
    lacking = [
        ("user.read", "delegated", "no", "Consent…"),
        ("user.write", "delegated", "no", "Consent…"),
        ("Reader", "application", "no", "Assign…"),
        ("removed scope gone", "delegated", "no", "Consent…"),
    ]
    assert asked(browser, "web", api, *every) == lacking
    world.grant("web", "api", "user.read", user="bob")
    assert asked(browser, "web", api, *every)[0] == ("user.read", "delegated", "by 1 person", "Consent…")
    world.grant("web", "api", "user.read user.write", user="erin")
    assert [one[2] for one in asked(browser, "web", api, *every)[:2]] == ["by 2 people", "by 1 person"]
    world.grant("web", "api", "user.write")
    world.assign("app:web", "other", "Reader")
    assert asked(browser, "web", api, *every)[1:3] == [
        ("user.write", "delegated", "for everybody", ""),
        lacking[2],
    ]
    world.assign("app:web", "api", "Reader")
    assert asked(browser, "web", api, *every)[2] == ("Reader", "application", "yes", "")


@pytest.mark.parametrize("half", ["the API", "the client"])
def test_without_an_enterprise_application_nothing_is_given(browser: Browser, half: str) -> None:
    """Hold that neither of both halves may lack."""
    world = browser.world
    api = world.app_ids["api"] if half == "the client" else "nothing"
    if half == "the client":
        world.tenant.service_principals.remove(world.principal("web")["id"])
    found = asked(browser, "web", api, (READ, "Scope"), (READER, "Role"))

    assert [one[1:] for one in found] == [("delegated", NONE, ""), ("application", NONE, "")]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("user:Bob Baker", "users/user:Bob Baker"),
        ("sp:Api", "enterprise/sp:Api"),
        ("bob@contoso", "users/user:Bob Baker"),
        ("ON CALL", "groups/group:On call"),
        ("localhost:5173", "registrations/app:Spa"),
    ],
)
def test_a_search_leads_to_the_one_that_it_finds(browser: Browser, text: str, address: str) -> None:
    """Hold an id, and what one object alone has."""
    known = names(browser.world)
    ids = {name: row_id for row_id, name in known.items()}
    response = start.find(visit(browser, f"q={ids.get(text, text)}"))

    assert response.status_code == 303
    assert plain(response.headers["location"], known).replace("%20", " ") == plain(
        f"{CONTOSO}/{address}", known
    )


@pytest.mark.parametrize(("number", "shown"), [(19, 19), (20, 20), (21, 20), (30, 20)])
def test_a_search_shows_twenty_of_each_sort(browser: Browser, number: int, shown: int) -> None:
    """Hold that a sort with many leaves room for the others."""
    tenant = browser.world.tenant
    for each in range(number):
        seed.add_group(tenant, f"Orders {each}")
    seed.add_user(tenant, "orders@contoso.com", "Orders")
    opened = visit(browser, "q=orders")
    start.find(opened)

    assert [row[1].text for row in opened.values["rows"]] == ["user", *["group"] * shown]


def test_a_directory_role_shows_the_last_sign_ins_of_its_people(browser: Browser) -> None:
    """Hold two of each person, five in all, and the five last things that they did."""
    world = browser.world
    people = ["bob", "erin", "dave"]
    for name in people:
        world.tenant.directory_roles[world.user(name)["id"]] = ["Made up"]
        for _ in range(3):
            world.browser = world.new_browser()
            world.sign_in("spa", name, "openid api://api/user.read")
    del world.tenant.directory_roles[world.user("frank")["id"]]
    by = {"user": {"id": world.user("bob")["id"]}, "app": None}
    for minute in range(7):
        world.tenant.audit.append(
            {
                "activityDateTime": f"2026-01-01T00:0{minute}:00Z",
                "activityDisplayName": "Did",
                "initiatedBy": by,
                "targetResources": [],
            }
        )
    opened = visit(browser, id="Made up")
    directory_roles.show(opened)

    named = [row.words.partition(" at ")[0] for row in opened.values["sign_ins"]]
    assert named == ["Bob Baker", "Bob Baker", "Erin Evans", "Erin Evans", "Dave Diaz"]
    assert [one.at[14:16] for one in opened.values["trail"]] == ["06", "05", "04", "03", "02"]


CURL = (
    'curl --cacert "$SSL_CERT_FILE" \\\n  -H "Authorization: Bearer $TOKEN" \\\n'
    "  'https://localhost:8443/v1.0/users/a%20b?x=1'"
)
PYTHON = """import httpx, os, ssl

trust = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
answer = httpx.get("https://localhost:8443/v1.0/users/a%20b?x=1", verify=trust, headers={"Authorization": \
f"Bearer {os.environ['TOKEN']}"})
print(answer.raise_for_status().json())"""


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("az", "az rest --method get --url 'https://localhost:8443/v1.0/users/a%20b?x=1'"),
        ("python", PYTHON),
        ("curl", CURL),
    ],
)
def test_each_form_asks_graph_for_the_same(browser: Browser, form: str, text: str) -> None:
    """Hold the line for a shell and the program, the token a variable; and which forms there are."""
    found = graph_json.shown(visit(browser, f"graph={form}"), "users/a b", "/here", "x=1")

    assert (found.form, found.text) == (form, text)
    assert found.forms == [
        (each, words, f"/here?graph={each}#graph")
        for each, words in (("curl", "curl"), ("json", "JSON"), ("az", "az"), ("python", "Python"))
    ]


def test_the_json_is_what_graph_says_to_whoever_may_read_all(browser: Browser) -> None:
    """Hold its form, letters as they are, and Graph's own words where it refuses."""
    tenant = browser.world.tenant
    audit = tenant.groups.rows[example.group(browser.world, "Audit")]
    tenant.groups.put({**audit, "description": "Prüft"})
    read: Any = graph_json.read(visit(browser), f"groups/{audit['id']}", "$select=description")

    assert read.splitlines()[0] == "{"
    assert '  "description": "Prüft"' in read.splitlines()
    refused = json.loads(graph_json.read(visit(browser), "groups/nothing"))
    assert list(refused) == ["error"]
    assert set(refused["error"]) == {"code", "message"}
