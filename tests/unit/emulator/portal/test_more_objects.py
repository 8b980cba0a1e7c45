"""Pages of app roles, directory roles, grants, policies and what is deleted: the answer first, then all that
is linked to it.
"""

import html
import json
import re
from typing import Any

import pytest

from entra_config.emulator import seed
from entra_config.emulator.callers import Caller
from entra_config.emulator.embedded import AZURE_CLI
from entra_config.emulator.portal import declared, policy_rows, powers
from entra_config.emulator.portal.listing import SIZE
from tests.conformance.login.login_world import SECRET, World
from tests.unit.emulator.portal.browsing import CONTOSO, Browser, text_of


@pytest.fixture
def browser() -> Browser:
    """Give an API of ours with holders, a consent and a sign-in."""
    world = World()
    for name in ("api", "spa"):
        world.set(name, tags=["entra-config:owner=myapp/prod", f"entra-config:key={name}"])
    world.grant("spa", "api", "user.read user.old user.gone")
    world.grant("spa", "api", "user.write", user="bob")
    world.preauthorize("api", "spa", "user.write")
    world.preauthorize("api", "web", "user.write")
    world.assign("group:MyApp Admins", "api", "Admin")
    world.assign("user:mallory", "api", "Admin")
    world.assign("app:daemon", "api", "Admin")
    return Browser(world)


def applied(browser: Browser, **places: str) -> None:
    """Hand over where things are declared, as `apply` does."""
    body = {"tenant": seed.CONTOSO, "owner": "myapp/prod", "places": places}
    assert browser.client.put("/_emulator/applied", json=body).status_code == 200


def grant_of(browser: Browser, kind: str) -> dict[str, Any]:
    """Give the grant of the page's client, for everybody or for one person."""
    rows = browser.world.tenant.oauth2_permission_grants
    api = browser.world.principal("api")["id"]
    return next(row for row in rows if row["consentType"] == kind and row["resourceId"] == api)


def role_page(browser: Browser, value: str) -> str:
    """Give the address of a role's page."""
    role = next(each for each in browser.world.application("api")["appRoles"] if each["value"] == value)
    return f"roles/{browser.world.principal('api')['id']}/{role['id']}"


def graph_of(browser: Browser, page: str) -> dict[str, Any]:
    """Read the Graph JSON of a page."""
    found = re.search(r"<pre[^>]*>(.*?)</pre>", browser.get(f"{page}?graph=json").text, re.DOTALL)
    assert found
    shown: dict[str, Any] = json.loads(html.unescape(found[1]))
    return shown


def test_a_role_says_who_has_it_through_what_and_where_it_is_declared(browser: Browser) -> None:
    """Each person counted once, undeclared holders first, who should have it, its audit trail, its JSON."""
    admins = browser.world.tenant.one("groups", "displayName", "myapp admins")
    assert admins
    applied(
        browser,
        **{
            "application.api/appRole/Admin": "applications/api.yaml:15",
            f"appRoleAssignment.api/Admin/group:{admins['id']}": "access.yaml:4",
            "appRoleAssignment.api/Admin/user:bob@contoso.com": "access.yaml:5",
        },
    )
    page = role_page(browser, "Admin")
    text = text_of(browser.get(page).text)
    assert "Admin at Api 3 people, 1 application have it." in text
    assert "Declared at applications/api.yaml:15" in text
    assert "myapp/prod api" in text
    assert text.index("Mallory Moore mallory@contoso.com directly") < text.index("Alice Archer")
    assert "Missing Bob Baker access.yaml:5" in text
    assert "group MyApp Admins" in text
    assert "Take away…" in text
    assert {"Reader", "Writer", "Admin"} < {each["value"] for each in graph_of(browser, page)["appRoles"]}
    assert "$select=id,appId,displayName,appRoles" in browser.get(page).text
    assert "Nobody holds it." in text_of(browser.get(role_page(browser, "Retired")).text)
    assert f"{CONTOSO}/{page}" in browser.get("roles").text
    assert f"{CONTOSO}/{page}" in browser.get(f"users/{browser.world.user('mallory')['id']}").text


def test_the_trail_of_a_role_is_of_that_role_alone(browser: Browser) -> None:
    """Another role's records, and those of the application, stand on their own pages."""
    api, bob = browser.world.principal("api"), browser.world.user("bob")["id"]
    for value in ("Admin", "Reader"):
        role = next(each["id"] for each in api["appRoles"] if each["value"] == value)
        given = {"resource": api["id"], "role": role, "holder": bob, "sure": "yes"}
        assert browser.post("edit/assign", given).status_code == 200
    trail = text_of(browser.get(role_page(browser, "Admin")).text).partition("Audit trail")[2]
    assert trail.count("Add app role assignment grant to user") == 1
    assert "Grace Green" in trail


def test_a_role_with_many_holders_is_paged_and_searched(browser: Browser) -> None:
    """Twenty-five assignments a page; the application's page shows a hundred and leads to the rest."""
    world = browser.world
    for number in range(130):
        user = seed.add_user(world.tenant, f"many{number:03}@contoso.com", f"Many {number:03}")
        role = seed.fixed_id("api", "role", "Writer")
        seed.assign(world.tenant, {**user, "type": "User"}, world.principal("api"), role)
    page = role_page(browser, "Writer")
    text = text_of(browser.get(page).text)
    assert "130 people have it." in text
    assert "1–25 of 130" in text
    assert "Many 129" in text_of(browser.get(f"{page}?page=6").text)
    found = text_of(browser.get(f"{page}?q=Many+077").text)
    assert "Many 077" in found
    assert "Many 078" not in found
    assert "Nobody matches." in text_of(browser.get(f"{page}?q=nobody").text)
    whole = text_of(browser.get(f"registrations/{world.application('api')['id']}").text)
    assert "30 more" in whole
    assert whole.count("@contoso.com directly") == 101


def test_a_client_says_since_when_and_by_whom_it_has_each_consent(browser: Browser) -> None:
    """By the audit log: a wider consent keeps the time of the first, one that was withdrawn begins anew, a
    person's own is of that person, and what nobody recorded says so.
    """
    world = browser.world
    web, given = world.principal("web"), {"client": "Web", "api": "Api", "who": "everybody", "sure": "yes"}
    page = f"enterprise/{web['id']}"

    def since(whose: str) -> str:
        whole = text_of(browser.get(page).text)
        held = whole.partition("What it holds itself")[2]
        # The world's own consent to Graph stands above it.
        return re.split(rf"Api [a-z. ]+-?[a-z]+ consent , {whose}", held)[-1]

    def consent(**more: str) -> None:
        assert browser.post("edit/consent", {**given, **more}).status_code == 200
        world.clock.advance(3600)

    begun = world.clock.now()
    consent(scopes="user.read")
    consent(scopes="user.write")
    first = f" {begun:%H:%M:%S} by Grace Green"
    assert since("everybody").startswith(first)
    grants = [row for row in world.tenant.oauth2_permission_grants if row["clientId"] == web["id"]]
    grant = grants[-1]
    assert grant["scope"].split() == ["user.read", "user.write"]
    shown = text_of(browser.get(f"grants/{grant['id']}").text)
    assert f"Since{first}" in shown

    assert browser.post("edit/withdraw", {"grant": grant["id"], "sure": "yes"}).status_code == 200
    again = world.clock.now()
    consent(scopes="user.read")
    assert since("everybody").startswith(f" {again:%H:%M:%S} by Grace Green")
    world.grant("web", "api", "user.read", user="bob")
    assert since("Bob Baker").startswith(" the audit log does not say")


def test_a_grant_says_what_it_allows_for_whom_since_when_and_where_it_is_declared(browser: Browser) -> None:
    """Each scope with its state and place, who gave it, what else lets the client ask, its JSON."""
    applied(browser, **{"permissionGrant.spa/api/user.read": "clients.yaml:11"})
    row = grant_of(browser, "AllPrincipals")
    text = text_of(browser.get(f"grants/{row['id']}").text)
    assert "Spa acts for everybody at Api with 3 scopes; nobody is asked at sign-in." in text
    assert "myapp/prod spa" in text
    assert "Since the audit log does not say" in text
    assert "user.read user.read people clients.yaml:11" in text
    assert "user.old disabled" in text
    assert "user.gone not offered Nowhere" in text
    besides = text.partition("What else lets it ask")[2].partition("Sign-ins")[0]
    assert "Spa user.write own consent Bob Baker" in besides
    assert "Spa user.write authorized client everybody" in besides
    assert "Web" not in besides
    assert graph_of(browser, f"grants/{row['id']}")["scope"] == "user.read user.old user.gone"
    own = text_of(browser.get(f"grants/{grant_of(browser, 'Principal')['id']}").text)
    assert "Spa acts for Bob Baker at Api with 1 scope;" in own
    assert "a person’s own" in own
    assert browser.get("grants/nothing").status_code == 404


def test_a_consent_of_the_page_is_who_gave_it(browser: Browser) -> None:
    """The record of the consent page says who and when."""
    world = browser.world
    response = world.choose(world.authorize("public", "openid api://api/user.write"), "bob")
    assert "Permissions requested" in response.text
    world.response_consent(response)
    client = world.principal("public")["id"]
    rows = world.tenant.oauth2_permission_grants.find("clientId", client)
    row = next(each for each in rows if each["resourceId"] == world.principal("api")["id"])
    text = text_of(browser.get(f"grants/{row['id']}").text)
    assert re.search(r"Since \S+ by Bob Baker", text)
    assert "Consent to application" not in text.partition("Audit trail")[0]


def test_what_is_deleted_says_by_whom_until_when_and_what_comes_back(browser: Browser) -> None:
    """A person: roles, consents and groups; what waits for another deleted object, and what is lost."""
    world, bob = browser.world, browser.world.user("bob")["id"]
    world.assign("user:bob", "api", "Reader")
    world.assign("user:bob", "other", "Reader")
    world.assign("user:bob", "middle", "Reader")
    assert browser.post("edit/delete", {"application": world.application("other")["id"], "sure": "yes"})
    graph_delete(browser, f"users/{bob}")
    graph_delete(browser, f"servicePrincipals/{world.principal('middle')['id']}")
    assert "Bob Baker" in text_of(browser.get("deleted").text)
    text = text_of(browser.get(f"deleted/{bob}").text)
    assert "A deleted user. It can be restored until 2026-01-31, in 30 days." in text
    assert re.search(r"Deleted \S+ by Grace Green", text)
    assert f"its place in {len(world.tenant.members.sources(bob))} groups" in text
    assert "role Reader Api comes back" in text
    assert "scopes user.write Spa , Api comes back" in text
    assert "role Reader Middle waits until Middle is restored too" in text
    named = [each["displayName"] for each in (graph_of(browser, f"deleted/{bob}"),)]
    assert named == ["Bob Baker"]
    world.tenant.deleted_items.remove(
        next(row["id"] for row in world.tenant.deleted_items if row["displayName"].casefold() == "middle")
    )
    lost = text_of(browser.get(f"deleted/{bob}").text)
    assert "does not come back Middle is gone for good" in lost
    before = {row["id"] for row in world.tenant.app_role_assignments}
    assert browser.post("edit/restore", {"object": bob, "sure": "yes"}).status_code == 200
    back = [row for row in world.tenant.app_role_assignments if row["id"] not in before]
    assert [row["resourceDisplayName"].casefold() for row in back] == ["api"]


def test_a_deleted_registration_leads_to_its_other_half(browser: Browser) -> None:
    """Each is restored by itself, and says so; its mark, credentials and place stand on its page."""
    world, app = browser.world, browser.world.application("api")
    principal = browser.world.principal("api")["id"]
    applied(browser, **{"application.api": "applications/api.yaml:3"})
    browser.post("edit/delete", {"application": app["id"], "sure": "yes"})
    text = text_of(browser.get(f"deleted/{app['id']}").text)
    assert "A deleted registration." in text
    assert "Declared by myapp/prod api applications/api.yaml:3" in text
    assert "until then nobody signs in" in text
    assert "No secrets, no certificates" in text or "Secret" in text
    half = text_of(browser.get(f"deleted/{principal}").text)
    assert "was deleted too, and is restored by itself: it has to be restored first." in half
    assert "role Admin MyApp Admins comes back" in half
    missing = browser.get(f"registrations/{app['id']}")
    assert missing.status_code == 404
    assert f"{CONTOSO}/deleted/{app['id']}" in missing.text
    assert browser.get(f"find?q={app['id']}").url.path == f"{CONTOSO}/deleted/{app['id']}"
    assert world.tenant.deleted_items.get(app["id"])


def test_after_thirty_days_nothing_is_restored_and_looking_forgets_nothing(browser: Browser) -> None:
    """The page says that it is over, offers no restore, and does not ask Graph, which would forget it."""
    app = browser.world.application("daemon")["id"]
    browser.post("edit/delete", {"application": app, "sure": "yes"})
    browser.world.clock.advance(31 * 86400)
    before = browser.world.directory.dump()
    page = browser.get(f"deleted/{app}?graph=json").text
    assert "Its 30 days are over: it is gone for good." in text_of(page)
    assert "Restore…" not in page
    assert "that is over" in text_of(browser.get("deleted").text)
    assert browser.world.directory.dump() == before


def test_policies_say_what_they_refuse(browser: Browser) -> None:
    """What the tenant chose, as sentences; each policy has its own page and Graph's own JSON."""
    browser.world.directory.choose(
        {
            "*": {
                "usersMayRegister": False,
                "usersMayConsent": False,
                "defaultAppManagementPolicy": {
                    "isEnabled": True,
                    "applicationRestrictions": {
                        "passwordCredentials": [
                            {"restrictionType": "passwordAddition", "state": "enabled"},
                            {
                                "restrictionType": "passwordLifetime",
                                "maxLifetime": "P90D",
                                "state": "disabled",
                            },
                            {"restrictionType": "customPasswordAddition"},
                        ]
                    },
                },
            }
        }
    )
    text = text_of(browser.get("policies/authorizationPolicy").text)
    assert "Registering an application, without a directory role refused" in text
    assert "Consenting for oneself refused" in text
    text = text_of(browser.get("policies/defaultAppManagementPolicy").text)
    assert "Adding a client secret refused registrations" in text
    assert "A client secret that lives longer than P90D not in force registrations" in text
    assert "customPasswordAddition kept; the emulator does not act by it" in text
    assert (
        "An identifier URI without the tenant’s id, the application’s id or a verified domain refused" in text
    )
    assert "no manifest declares policies" in text
    legacy = text_of(browser.get("policies/permissionGrantPolicies/microsoft-user-default-legacy").text)
    assert "It holds for nobody: people may not consent." in legacy
    assert "Consent to delegated permissions that need no administrator allowed" in legacy
    admins = browser.get("policies/permissionGrantPolicies/microsoft-application-admin").text
    assert "Consent to application permissions of Microsoft Graph refused" in text_of(admins)
    assert f"{CONTOSO}/directory-roles/Application%20Administrator" in admins


def test_each_policy_has_a_page_and_graphs_own_json(browser: Browser) -> None:
    """What a tenant has always, and what it made, given to an application."""
    tenant, app = browser.world.tenant, browser.world.application("api")
    tenant.tables["appManagementPolicies"].put(
        {
            "id": "0a000000-0000-4000-8000-000000000001", "displayName": "No secrets", "description": None,
            "deletedDateTime": None, "isEnabled": True,
            "restrictions": {"passwordCredentials": [{"restrictionType": "passwordAddition"}]},
        }
    )  # fmt: skip
    tenant.app_policies.add(app["id"], "0a000000-0000-4000-8000-000000000001")
    every = policy_rows.everything(tenant)
    assert len(every) == 8
    assert f"{len(every)} in this tenant" in text_of(browser.get("policies").text)
    for policy in every:
        page = "/".join(["policies", policy.kind, *([policy.id] if policy.id else [])])
        shown = graph_of(browser, page)
        assert "error" not in shown, page
        assert shown.get("id", policy.row["id"]) == policy.row["id"]
    own = text_of(browser.get(f"policies/appManagementPolicies/{every[-1].id}").text)
    assert "It holds for 1 application." in own
    assert "Adding a client secret refused" in own
    for path in ("policies/nothing", "policies/authorizationPolicy/x", "policies/appManagementPolicies/x"):
        assert browser.get(path).status_code == 404


def test_a_directory_role_says_who_has_it_and_what_it_allows(browser: Browser) -> None:
    """Its people, and the words of what Graph asks it for."""
    page = browser.get("directory-roles/Application%20Administrator").text
    text = text_of(page)
    assert "1 person has it in Contoso. Can add secrets to any application" in text
    assert "Alice Archer alice@contoso.com · directly" in text
    assert "Change, delete and restore every application" in text
    assert "Change, disable and delete people" not in text
    assert "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3" in text
    every = text_of(browser.get("directory-roles").text)
    assert every.index("Application Administrator") < every.index("nobody"), "those that somebody has first"
    listed = text_of(browser.get("directory-roles?held=yes").text)
    assert "2 shown by the filter" in listed
    assert "Directory Readers" not in listed
    assert browser.get("directory-roles/Nobody").status_code == 404
    for path in (f"roles/{browser.world.principal('api')['id']}/nothing", "roles/nobody/nothing"):
        assert browser.get(path).status_code == 404
    shown = graph_of(browser, "directory-roles/Application%20Administrator")
    assert [row["principalId"] for row in shown["value"]] == [browser.world.user("alice")["id"]]
    assert "/v1.0/roleManagement/directory/roleAssignments?$filter=roleDefinitionId" in html.unescape(page)
    alice = browser.get(f"users/{browser.world.user('alice')['id']}").text
    assert f"{CONTOSO}/directory-roles/Application%20Administrator" in alice
    for name in powers.names(browser.world.tenant):
        assert browser.get(f"directory-roles/{name}").status_code == 200


@pytest.mark.parametrize("role", ["Groups Administrator", "User Administrator", "Application Administrator"])
def test_what_a_directory_role_allows_is_what_graph_lets_its_holder_do(role: str) -> None:
    """Each sentence about members, people and applications against a request of a person who has it alone."""
    browser = Browser()
    world = browser.world
    world.tenant.directory_roles[world.user("bob")["id"]] = [role]
    browser.post("as", {"as": world.user("bob")["id"]})
    admins = world.tenant.one("groups", "displayName", "myapp admins")
    assert admins
    tried = {
        "Change groups and their members": ("put-in", {"group": admins["id"], "person": "carol@contoso.com"}),
        "Change, disable and delete people": ("switch-user", {"user": world.user("carol")["id"]}),
        "Change, delete and restore every application, and add secrets to it": (
            "add-secret",
            {"application": world.application("api")["id"], "name": "x"},
        ),
    }
    for words, (edit, given) in tried.items():
        response = browser.post(f"edit/{edit}", {**given, "sure": "yes"})
        assert (response.status_code == 200) == (words in powers.allowed(role)), words


def graph_delete(browser: Browser, path: str) -> None:
    """Delete an object through Graph, as Grace."""
    scopes = frozenset({"Application.ReadWrite.All", "User.ReadWrite.All"})
    grace = browser.world.user("grace")["id"]
    token = browser.portal.token_of(Caller("user", seed.CONTOSO, grace, AZURE_CLI, scopes=scopes))
    response = browser.client.delete(f"/v1.0/{path}", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 204, response.text


def test_a_person_with_many_roles_is_paged_searched_and_still_explained(browser: Browser) -> None:
    """Twenty-five roles a page in the order of applications; why one of another page is there; a search."""
    world = browser.world
    carol = {**world.user("carol"), "type": "User"}
    for number in range(60):
        app = seed.add_application(world.tenant, f"Orders app {number:05}", appRoles=[_reader()])
        seed.assign(world.tenant, carol, seed.add_service_principal(world.tenant, app), _reader()["id"])
    page = f"users/{carol['id']}"
    first = browser.get(page).text
    assert "All roles 60 at 60 applications" in text_of(first)
    assert "1–25 of 60" in text_of(first)
    last = browser.get(f"{page}?page=3").text
    assert "Orders app 00059" in text_of(last)
    why = re.findall(r'href="([^"]*why=[^"]*page=3[^"]*)"', last)
    assert len(why) == 10
    assert "Why Carol Clark has Reader" in text_of(browser.get(html.unescape(why[-1])).text)
    assert "Orders app 00059" in text_of(browser.get(html.unescape(why[-1])).text).partition("All roles")[0]
    found = text_of(browser.get(f"{page}?q=app+00042").text).partition("All roles")[2]
    assert "Orders app 00042" in found
    assert "Orders app 00043" not in found
    assert "No role matches." in text_of(browser.get(f"{page}?q=nothing").text)
    text = text_of(browser.get(f"edit/delete-user?user={carol['id']}").text)
    assert text.count("Carol Clark loses") == 21
    assert "− Carol Clark loses roles at 40 more applications." in text


def test_a_page_of_many_roles_looks_once_at_each(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an assignment is declared is looked up for the rows that are shown, not for all."""
    world = browser.world
    carol = {**world.user("carol"), "type": "User"}
    requested: list[str] = []
    of = declared.of_assignment
    monkeypatch.setattr(declared, "of_assignment", lambda *each: (requested.append(each[2]), of(*each))[1])
    for number in range(200):
        app = seed.add_application(world.tenant, f"Orders app {number:05}", appRoles=[_reader()])
        seed.assign(world.tenant, carol, seed.add_service_principal(world.tenant, app), _reader()["id"])
    assert "200 at 200 applications" in text_of(browser.get(f"users/{carol['id']}").text)
    assert 0 < len(requested) <= SIZE + 1


def test_long_lists_on_other_pages_are_cut_and_say_so(browser: Browser) -> None:
    """A hundred consents on an API's page, and where the others are."""
    world, api = browser.world, browser.world.principal("api")
    for number in range(120):
        row = {
            "id": f"many-{number}", "clientId": world.principal("daemon")["id"], "resourceId": api["id"],
            "consentType": "AllPrincipals", "principalId": None, "scope": "user.read",
        }  # fmt: skip
        world.tenant.oauth2_permission_grants.put(row)
    text = text_of(browser.get(f"registrations/{world.application('api')['id']}").text)
    assert "Clients and scopes 124" in text
    assert "24 more" in text
    assert (
        text_of(browser.get(f"enterprise/{world.principal('daemon')['id']}").text).count("Api user.read")
        == 99
    )


def _reader() -> dict[str, Any]:
    return {
        "id": "9d000000-0000-4000-8000-000000000001", "value": "Reader", "displayName": "Reader",
        "description": "", "isEnabled": True, "allowedMemberTypes": ["User"],
    }  # fmt: skip


def test_owners_policies_and_own_consents_stand_on_each_page(browser: Browser) -> None:
    """Who may change an object by owning it, which policies it was given, what a person owns and allowed."""
    world, tenant, bob = browser.world, browser.world.tenant, browser.world.user("bob")["id"]
    app, principal = world.application("api")["id"], world.principal("api")["id"]
    admins = tenant.one("groups", "displayName", "myapp admins")
    assert admins
    tenant.owners.add(app, bob)
    tenant.owners.add(principal, world.user("carol")["id"])
    tenant.owners.add(admins["id"], bob)
    policy = {"id": "0a000000-0000-4000-8000-000000000001", "displayName": "No secrets", "isEnabled": True}
    tenant.tables["appManagementPolicies"].put({**policy, "restrictions": {}})
    tenant.app_policies.add(app, policy["id"])
    page = browser.get(f"registrations/{app}").text
    assert "Owners Bob Baker Policies No secrets" in text_of(page)
    assert f"{CONTOSO}/policies/appManagementPolicies/{policy['id']}" in page
    assert "Owners Carol Clark" in text_of(browser.get(f"enterprise/{principal}").text)
    assert "Owned by Bob Baker : whoever owns it changes" in text_of(
        browser.get(f"groups/{admins['id']}").text
    )
    text = text_of(browser.get(f"users/{bob}").text)
    owned = text.partition("Owns ")[2].partition("Own consents")[0]
    assert "Api" in owned
    assert "MyApp Admins" in owned
    assert "Spa at Api user.write own consent Bob Baker" in text.partition("Own consents")[2]
    assert "1 shown by the filter" in text_of(browser.get("grants?q=bob").text)


def test_sign_ins_stand_with_the_api_the_client_and_the_role(browser: Browser) -> None:
    """A token stands on the pages of its client, its API, its person and its roles, and of no others."""
    world = browser.world
    world.grant("spa", "api", "user.write")
    world.assign("user:bob", "api", "Writer")
    form = {"grant_type": "client_credentials", "scope": "api://api/.default"}
    secret = {"client_id": world.app_ids["daemon"], "client_secret": SECRET}
    response = browser.client.post(f"/{seed.CONTOSO}/oauth2/v2.0/token", data={**form, **secret})
    assert response.status_code == 200, response.text
    pages = {
        f"registrations/{world.application('api')['id']}": 1,
        f"enterprise/{world.principal('api')['id']}": 1,
        f"enterprise/{world.principal('daemon')['id']}": 1,
        role_page(browser, "Admin"): 1,
        role_page(browser, "Writer"): 0,
        f"enterprise/{world.principal('other')['id']}": 0,
    }
    for page, number in pages.items():
        part = text_of(browser.get(page).text).partition("Sign-ins")[2].partition("Audit trail")[0]
        assert part.count("POST /token") == number, (page, part)


def test_numbers_stand_with_their_nouns(browser: Browser) -> None:
    """One is one."""
    app = browser.world.application("daemon")
    key = app["passwordCredentials"][0]["keyId"]
    text = text_of(browser.get(f"edit/remove-secret?application={app['id']}&key={key}").text)
    assert "= 0 other secrets, 0 certificates." in text
    uris = ["https://one.example/cb", "https://two.example/cb"]
    browser.world.set("daemon", web={**app["web"], "redirectUris": uris})
    text = text_of(browser.get(f"edit/remove-uri?application={app['id']}&uri={uris[0]}").text)
    assert "= 1 other of that platform." in text
