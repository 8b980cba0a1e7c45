"""The pages of the tenant and the token viewer."""

import html
import re

import pytest
from starlette.testclient import TestClient

from entra_config.emulator import seed
from entra_config.emulator.app import create_app
from entra_config.emulator.login import site
from entra_config.emulator.login.explain import explain
from entra_config.emulator.portal import view
from entra_config.emulator.portal.pages import Portal
from tests.conformance.login.login_world import ORIGIN, World


@pytest.fixture
def world() -> World:
    """Give a tenant with an API, its clients and a few assignments."""
    world = World()
    world.grant("spa", "api", "user.read")
    world.preauthorize("api", "spa", "user.write")
    world.assign("group:MyApp Writers", "api", "Writer")
    world.assign("user:bob", "api", "Reader")
    return world


@pytest.fixture
def browser(world: World) -> TestClient:
    """Give a browser on the whole emulator."""
    app = create_app(world.directory, verify_token=world.service.verify_for_graph)
    app.site = site.build(world.service, Portal(world.service, app.requests).routes())
    return TestClient(app, base_url=ORIGIN)


def text_of(page: str) -> str:
    """Return a page's text without its markup, spaces folded."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.split("<main>")[1])))


def test_the_overview_shows_who_has_which_role(browser: TestClient) -> None:
    """Registrations, roles with their holders, grants and authorized clients stand on the page."""
    text = text_of(browser.get("/").text)
    assert "scope user.read" in text
    assert "role Retired (disabled)" in text
    assert "Writer : MyApp Writers (group of 2)" in text
    assert "Reader : Bob Baker" in text
    assert "Spa Api user.read everybody (admin consent) consent" in text
    assert "Spa Api user.write everybody the resource's own list" in text


def test_the_overview_shows_requests_and_audit_entries(world: World, browser: TestClient) -> None:
    """What was asked of Graph, and what it changed, stands on the page."""
    world.grant("daemon", "graph", "openid")
    token = world.browser.post(
        "/emulator/token",
        json={
            "client_id": "d0000000-0000-4000-8000-000000000001",
            "scope": "https://graph.microsoft.com/.default",
        },
    ).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert (
        browser.post("/v1.0/applications", json={"displayName": "<b>New</b>"}, headers=headers).status_code
        == 201
    )
    page = browser.get("/").text
    assert "POST /v1.0/applications" in page
    assert "Add application" in page
    assert "&lt;b&gt;New&lt;/b&gt;" in page
    assert "<b>New" not in page


def test_the_search_finds_by_name_and_id(world: World, browser: TestClient) -> None:
    """A search keeps what matches, and says so where nothing does."""
    applications = text_of(browser.get(f"/?q={world.app_ids['daemon'][:13]}").text).split(
        "Delegated permissions"
    )[0]
    assert applications.count("Daemon") == 2
    assert "Public" not in applications
    assert "None that match." in text_of(browser.get("/?q=nothing-has-this-name").text)


def test_the_page_is_readable_by_everybody(browser: TestClient) -> None:
    """One title, one heading, labelled fields, scoped headers, both colour schemes, nothing from
    elsewhere.
    """
    for path in ("/", "/token"):
        answer = browser.get(path)
        page = answer.text
        assert page.count("<h1>") == 1
        assert '<html lang="en">' in page
        assert "light-dark(" in page
        assert all("scope=" in cell for cell in re.findall(r"<th[^e>][^>]*>", page))
        ids = re.findall(r'<(?:input type="text"|select|textarea) id="(\w+)"', page)
        assert ids
        assert all(f'for="{name}"' in page for name in ids)
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_token_is_made_and_explained(world: World, browser: TestClient) -> None:
    """Each claim has its reason: who granted a scope, through what a role came."""
    form = {
        "client_id": world.app_ids["spa"],
        "user": world.user("bob")["id"],
        "scope": "api://api/user.read",
    }
    text = text_of(browser.post("/token", data=form).text)
    assert "Signed by this emulator and valid now." in text
    assert (
        "user.read: an administrator consented for everybody; user.write: Api lists Spa as authorized client."
        in text
    )
    assert "Reader: assigned directly; Writer: through the group MyApp Writers." in text
    assert "The client that asked: Spa." in text
    assert "Not a claim that this emulator knows" not in text


def test_every_claim_of_every_kind_of_token_is_known(world: World) -> None:
    """No token of the emulator holds a claim that the viewer cannot explain."""
    world.set(
        "api",
        groupMembershipClaims="All",
        optionalClaims={"accessToken": [{"name": "acct"}, {"name": "login_hint"}]},
    )
    tokens = [
        world.sign_in("spa", "bob", "openid profile email api://api/user.read"),
        world.sign_in("spa", "grace", "openid profile"),
        world.app_only("daemon", "api://api/.default"),
    ]
    world.set("api", api={"requestedAccessTokenVersion": 1})
    tokens += [
        world.sign_in("web", "bob", "api://api/user.read"),
        world.app_only("daemon", "api://api/.default"),
    ]
    for outcome in tokens:
        for name in ("access_token", "id_token"):
            if name in outcome.body:
                found = explain(outcome.body[name], world.directory, world.service.keys)
                assert found is not None
                assert not [claim.name for claim in found.claims if claim.why.startswith("Not a claim")]


def test_forged_and_broken_tokens_are_named_so(world: World, browser: TestClient) -> None:
    """A token of another's making is shown with the verdict, text that is no token is not shown."""
    token = world.app_only("daemon", "api://api/.default").body["access_token"]
    forged = browser.post("/token", data={"token": token[:-8] + "AAAAAAAA"}).text
    assert "Access token validation failure." in forged
    assert "This is not a JWT" in browser.post("/token", data={"token": "nonsense"}).text
    refused = browser.post(
        "/token", data={"client_id": world.app_ids["spa"], "scope": "api://nowhere/x"}
    ).text
    assert "AADSTS500011" in refused


def test_refused_sign_ins_are_listed_without_their_secrets(world: World, browser: TestClient) -> None:
    """The page shows recent sign-in requests and the code of a refusal, and no parameter of them."""
    form = {
        "grant_type": "client_credentials",
        "client_id": world.app_ids["daemon"],
        "client_secret": "hush-hush",
    }
    browser.post(world.path("token"), data={**form, "scope": "api://api/.default"})
    page = browser.get("/").text
    assert "AADSTS7000215" in page
    assert "hush-hush" not in page


def test_roles_stand_by_name_and_the_default_access_last(world: World) -> None:
    """Whoever has access and no role stands below all who have one."""
    world.assign("user:alice", "api", "default")
    api = next(each for each in world.tenant.service_principals if each["displayName"] == "Api")

    assert [role for role, _ in view.holders(world.tenant, api)] == ["Reader", "Writer", "Default access"]


def test_the_newest_audit_entry_is_the_first(world: World) -> None:
    """People look for what happened just now."""
    times = [when for when, *_ in view.audit(world.tenant)]
    assert times == sorted(times, reverse=True)
    for number, name in enumerate(("First", "Second")):
        record = {
            "activityDateTime": f"2026-11-2{number}T00:00:00Z", "activityDisplayName": name,
            "initiatedBy": {},
            "targetResources": [],
        }  # fmt: skip
        world.tenant.audit.append(record)
    assert [what for _, what, *_ in view.audit(world.tenant)[:2]] == ["Second", "First"]


def test_registrations_stand_by_name_whatever_its_case(world: World) -> None:
    """A person looks for a name: `alpha`, `Beta`, `gamma`, as a directory of people has them."""
    for name in ("zeta one", "Alpha one", "beta one", "Delta one"):
        seed.add_application(world.tenant, name)
    names = [row["displayName"] for row in view.registrations(world.tenant, " one")]

    assert [name.casefold() for name in names] == ["alpha one", "beta one", "delta one", "zeta one"]
    everything = [row["displayName"].casefold() for row in view.registrations(world.tenant, "")]
    assert everything == sorted(everything)
