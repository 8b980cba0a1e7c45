"""Every page of the portal, found by its links and forms: what it loads, and hostile names on it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import Route

from entra_emulator import seed
from entra_emulator.clock import SystemClock, seconds_stamp
from tests.conformance.login.login_world import ORIGIN
from tests.unit.emulator.portal.browsing import Browser, graph
from tests.unit.emulator.portal.walking import NO_PAGES, Tag, Walk


def hostile() -> Iterator[str]:
    """Give two hundred names that were made to be an attack on a page."""
    pieces = (
        "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'><svg/onload=alert(1)>",
        "</title><script>", "</textarea><b>", "</pre><i>", "{{ 7*7 }}", "{% raw %}", "${7*7}",
        "javascript:alert(1)",
        "-->", "<!--", "&lt;b&gt;", "&#60;b&#62;", "\u202egnp.exe", "a\u0000b", "a\nb", "\u2028",
        "\U0001f469‍\U0001f680",
        "x" * 90, "../../etc/passwd", "..%2f", "?q=1&x=2", "#frag", "%3Cscript%3E",
    )  # fmt: skip
    for number in range(200):
        yield f"{pieces[number % len(pieces)]} {number} {pieces[(number * 7 + 3) % len(pieces)]}"[:256]


def spread(browser: Browser, names: list[str]) -> None:
    """Give the names to things of every sort."""
    tenant, clock = browser.world.tenant, browser.world.clock
    for number, name in enumerate(names):
        app = seed.add_application(
            tenant,
            name,
            app_id=seed.fixed_id("hostile", str(number)),
            web={"redirectUris": [f"https://a.example/{name}"]},
            identifierUris=[f"api://{name}"],
            tags=[f"entra-config:owner={name}", f"entra-config:key={name}"],
            appRoles=[role(number, name)],
            api={"oauth2PermissionScopes": [{"id": str(number), "value": name}]},
        )
        principal = seed.add_service_principal(tenant, app)
        user = seed.add_user(tenant, f"hostile{number}@contoso.com", "x")
        tenant.users.put({**user, "displayName": name, "userPrincipalName": f"{name}@contoso.com"})
        group = seed.add_group(tenant, f"hostile {number}")
        tenant.groups.put({**group, "displayName": name, "description": name})
        tenant.members.add(group["id"], user["id"])
        seed.assign(tenant, {**group, "displayName": name, "type": "Group"}, principal, str(number))
        gone = {**user, "id": f"deleted-{number}", "userPrincipalName": f"gone{number}@contoso.com"}
        parked = {
            "displayName": name,
            "_type": "user",
            "deletedDateTime": seconds_stamp(clock.now()),
        }
        tenant.deleted_items.put({**gone, **parked})
        grant = {
            "id": f"grant-{number}", "clientId": principal["id"], "resourceId": principal["id"],
            "consentType": "AllPrincipals", "principalId": None, "scope": name,
        }  # fmt: skip
        tenant.oauth2_permission_grants.put(grant)
        policy = {"id": f"policy-{number}", "displayName": name, "description": name}
        tenant.tables["permissionGrantPolicies"].put({**policy, "includes": [], "excludes": []})
        # A slash parts an address, and the test's client reads a percent sign twice.
        tenant.directory_roles[user["id"]] = [name.replace("/", "").replace("%", "")]


def role(number: int, name: str) -> dict[str, Any]:
    """Make a role that is called so."""
    return {
        "id": str(number), "displayName": name, "value": name, "description": name, "isEnabled": True,
        "allowedMemberTypes": ["User"],
    }  # fmt: skip


@pytest.fixture(scope="module")
def tame() -> Walk:
    """Walk through a tenant with harmless names."""
    return walk([f"a name {number}" for number in range(200)])


@pytest.fixture(scope="module")
def wild() -> Walk:
    """Walk through the same with names that were made to be an attack."""
    return walk(list(hostile()))


def walk(names: list[str]) -> Walk:
    """Give the names to everything, and walk."""
    browser = Browser()
    spread(browser, names)
    app = next(row for row in browser.world.tenant.applications if row["displayName"] == names[1])
    for method, body in (
        ("GET", None),
        ("PATCH", {"displayName": names[0]}),
        ("PATCH", {"tags": [names[0]] * 5}),
    ):
        graph(browser, method, f"/applications/{app['id']}", body)
    browser.emulator.clock = SystemClock()
    browser.post("faults/set", {"audit_delay": "1"})
    browser.emulator.snapshots.save("before")
    walked = Walk(browser)
    walked.all()
    return walked


def test_every_page_can_be_reached(tame: Walk) -> None:
    """Each route of the portal is led to by a link or a form: none is left out of the tests below."""
    routes = {route.path for route in tame.browser.portal.routes() if isinstance(route, Route)}
    assert routes - tame.sorts() - set(NO_PAGES) - {"/"} == set()
    assert len(tame.responses) > 150


def test_no_page_loads_or_runs_anything_but_the_portals_own(tame: Walk, wild: Walk) -> None:
    """Each answer: a policy without inline script and style, which the page keeps; no CORS; never framed."""
    for sort, response, page in (*tame.responses, *wild.responses):
        parts = response.headers["content-security-policy"].split("; ")
        policy = {name: value for name, _, value in (part.partition(" ") for part in parts)}
        own = f"{ORIGIN}/portal/assets/"
        assert policy["default-src"] == "'none'", sort
        assert (policy["script-src"], policy["style-src"]) == (own, own), sort
        assert policy["frame-ancestors"] == "'none'", sort
        assert set(policy) <= {
            "default-src", "script-src", "style-src", "connect-src", "form-action", "base-uri",
            "frame-ancestors",
        }, sort  # fmt: skip
        assert page.inline == "", sort
        assert set(page.loaded) <= {"/portal/assets/portal.css", "/portal/assets/portal.js"}, sort
        assert not [name for name in response.headers if name.startswith("access-control")], sort
        assert response.headers["cross-origin-resource-policy"] == "same-origin", sort
        # What htmx would do at a page's word is not there at all.
        assert not re.search(r"\b(hx-|data-hx-)", response.text.split("<main", 1)[0]), sort


def test_no_name_becomes_part_of_a_page(tame: Walk, wild: Walk) -> None:
    """Two hundred hostile names on every page: no tag and no attribute that harmless names have not."""
    assert wild.tags.keys() == tame.tags.keys()
    ours = set[Tag]().union(*tame.tags.values())
    for sort, tags in wild.tags.items():
        assert tags <= ours, (sort, tags - ours)
    for sort, _, page in wild.responses:
        leading = [*page.links, *(each.action for each in page.forms)]
        assert all(link.startswith(("/", "#", f"{ORIGIN}/")) for link in leading), (sort, leading)
        assert not [link for link in leading if link.startswith("//")], sort


def test_the_names_are_on_the_pages(wild: Walk) -> None:
    """What is held above is held of pages that do show the names."""
    shown = {sort.split(" ")[0] for sort, response, _ in wild.responses if "alert(1)" in response.text}
    for each in ("", "/find", "/registrations", "/registrations/{id}", "/enterprise/{id}", "/users/{id}",
                 "/groups/{id}", "/roles", "/roles/{id}/{role}", "/directory-roles", "/directory-roles/{id}",
                 "/grants", "/grants/{id}", "/policies", "/policies/{kind}/{id}", "/deleted", "/deleted/{id}",
                 "/token", "/edit/{edit}"):  # fmt: skip
        assert f"/portal/{{tenant}}{each}" in shown, each
