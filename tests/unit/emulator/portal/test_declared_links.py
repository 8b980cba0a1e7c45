"""Where assignments and consents are declared by whatever name, and what is declared and not there."""

from collections.abc import Mapping

import pytest

from entra_config.emulator import seed
from entra_config.emulator.portal import declared
from entra_config.emulator.portal.declared import NOWHERE, UNKNOWN, DeclaredAt
from entra_config.emulator.portal.marks import Mark
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import Showing, names, plain, visit

API = Mark("myapp/prod", "api")


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; what is applied to it, each case says."""
    made = example.browser()
    seed.add_group(made.world.tenant, "Twins", row_id=seed.fixed_id("one"))
    seed.add_group(made.world.tenant, "Twins", row_id=seed.fixed_id("two"))
    return made


def told(browser: Browser, places: Mapping[str, str], owner: str = "myapp/prod") -> Showing:
    """Hand over where things are declared, with names for ids; return a visit after it."""
    ids = {name: row_id for row_id, name in names(browser.world).items()}
    written = {}
    for address, place in places.items():
        head, at, name = address.partition("@@")
        written[head + ids.get(name, name) if at else head] = place
    body = {"tenant": seed.CONTOSO, "owner": owner, "places": written}
    assert browser.client.put("/_emulator/applied", json=body).status_code == 200
    return visit(browser)


@pytest.mark.parametrize(
    ("address", "who", "place"),
    [
        ("appRoleAssignment.api/Writer/user:@@user:Bob Baker", "user:Bob Baker", "at"),
        ("appRoleAssignment.api/Writer/user:bob@contoso.com", "user:Bob Baker", "at"),
        ("appRoleAssignment.api/Writer/user:bob@contoso.com", "user:Carol Clark", NOWHERE),
        ("appRoleAssignment.api/Reader/user:bob@contoso.com", "user:Bob Baker", NOWHERE),
        ("appRoleAssignment.other/Writer/user:bob@contoso.com", "user:Bob Baker", NOWHERE),
        ("appRoleAssignment.@@client:Api", "user:Bob Baker", NOWHERE),
        ("appRoleAssignment.api/Writer/group:On call", "group:On call", "at"),
        ("appRoleAssignment.api/Writer/group:@@group:On call", "group:On call", "at"),
        ("appRoleAssignment.api/Writer/group:Twins", "Twins", NOWHERE),
        ("appRoleAssignment.api/Writer/servicePrincipal:spa", "sp:Spa", "at"),
        ("appRoleAssignment.api/Writer/servicePrincipal:@@sp:Daemon", "sp:Daemon", "at"),
        ("appRoleAssignment.api/Writer/servicePrincipal:@@client:Public", "sp:Public", "at"),
        ("appRoleAssignment.api/Writer/servicePrincipal:gone", "gone", "at"),
    ],
)
def test_an_assignment_is_declared_by_the_names_of_its_holder(
    browser: Browser, address: str, who: str, place: str
) -> None:
    """Hold an id, a UPN, a group's name that it alone has, an application's key."""
    seen = told(browser, {address: "at"})
    ids = {name: row_id for row_id, name in names(browser.world).items()} | {"Twins": seed.fixed_id("one")}
    api = browser.world.principal("api")

    assert declared.of_assignment(seen, api, "Writer", ids.get(who, who)) == place
    other = browser.world.principal("other")
    assert declared.of_assignment(seen, other, "Writer", ids["user:Bob Baker"]) == ""


@pytest.mark.parametrize(
    ("places", "scopes", "found"),
    [
        ({}, ["user.read"], DeclaredAt(NOWHERE)),
        ({}, [], UNKNOWN),
        ({"permissionGrant.spa/api/user.read": "a"}, ["user.read"], DeclaredAt("a")),
        (
            {"permissionGrant.spa/api/user.read": "a", "permissionGrant.spa/api/user.write": "b"},
            ["user.read", "x", "user.write", "y"],
            DeclaredAt("a, b", "x y"),
        ),
        (
            {"permissionGrant.spa/api/user.read": "a", "permissionGrant.spa/api/user.write": "a"},
            ["user.read", "user.write"],
            DeclaredAt("a"),
        ),
        ({"authorizedClient.spa/api/user.read": "a"}, ["user.read"], DeclaredAt(NOWHERE)),
    ],
)
def test_a_consent_is_declared_scope_by_scope(
    browser: Browser, places: dict[str, str], scopes: list[str], found: DeclaredAt
) -> None:
    """Hold each place once, and beside it the scopes that no manifest declares."""
    seen = told(browser, places)
    spa, api = (browser.world.principal(name) for name in ("spa", "api"))

    assert declared.of_scopes(seen, "permissionGrant", (spa, api), scopes) == found
    assert declared.of_scopes(seen, "permissionGrant", (None, api), scopes) == UNKNOWN
    assert declared.of_scopes(seen, "permissionGrant", (spa, None), scopes) == UNKNOWN


def test_an_api_of_another_tenant_is_known_by_its_name(browser: Browser) -> None:
    """Hold that one of this tenant is not: anybody can take its name."""
    seen = told(
        browser, {"permissionGrant.spa/Microsoft Graph/openid": "a", "permissionGrant.spa/Api/openid": "b"}
    )
    spa, graph, api = (browser.world.principal(name) for name in ("spa", "graph", "api"))

    assert declared.of_scopes(seen, "permissionGrant", (spa, graph), ["openid"]) == DeclaredAt("a")
    assert declared.of_scopes(seen, "permissionGrant", (spa, api), ["openid"]) == DeclaredAt(NOWHERE)


def test_what_is_declared_and_not_there_stands_by_role_and_name(browser: Browser) -> None:
    """Hold each way to name a holder, and that nobody is missing who is there or cannot be told."""
    base = "appRoleAssignment.api"
    seen = told(
        browser,
        {
            f"{base}/Writer/user:grace@contoso.com": "by UPN",
            f"{base}/Writer/user:@@user:Erin Evans": "by id",
            f"{base}/Reader/group:Audit": "by name",
            f"{base}/Reader/group:@@group:All Staff": "by group id",
            f"{base}/Admin/servicePrincipal:spa": "by key",
            f"{base}/Admin/servicePrincipal:nothing": "no such key",
            f"{base}/Admin/group:Twins": "of two",
            f"{base}/Admin/group:grace@contoso.com": "no group",
            f"{base}/Admin/user:Audit": "no person",
            f"{base}/Writer/user:bob@contoso.com": "held",
            f"{base}/Writer": "too short",
        },
    )
    known = names(browser.world)
    held = {("Writer", browser.world.user("bob")["id"]), ("Reader", browser.world.user("grace")["id"])}

    found = declared.missing(seen, browser.world.principal("api"), held)
    assert plain(found, known) == [
        ("Admin", "Spa <~/enterprise/sp:Spa>", "by key"),
        ("Reader", "All Staff <~/groups/group:All Staff>", "by group id"),
        ("Reader", "Audit <~/groups/group:Audit>", "by name"),
        ("Writer", "Erin Evans <~/users/user:Erin Evans> (erin@contoso.com)", "by id"),
        ("Writer", "Grace Green <~/users/user:Grace Green> (grace@contoso.com)", "by UPN"),
    ]
    assert declared.missing(seen, browser.world.principal("other"), held) == []


def test_parts_that_lack_are_of_the_noun_and_can_be_told(browser: Browser) -> None:
    """Hold that what is there does not lack, and that what is written with an id to come is not told."""
    base = "application.api"
    seen = told(
        browser,
        {
            f"{base}/redirectUri/https:%2F%2Fa%2F": "1",
            f"{base}/redirectUri/https:%2F%2Fb%2F": "2",
            f"{base}/redirectUri/https:%2F%2F${{x}}%2F": "3",
            f"{base}/identifierUri/https:%2F%2Fc%2F": "4",
            "application.spa/redirectUri/https:%2F%2Fd%2F": "5",
        },
    )

    assert declared.missing_parts(seen, API, "redirectUri", ["https://b/"]) == [("https://a/", "1")]
    assert declared.missing_parts(seen, Mark("others/prod", "x"), "redirectUri", []) == []
    assert declared.of_part(seen, API, "application", "redirectUri", "https://a/") == "1"
    assert declared.of_part(seen, API, "application", "redirectUri", "https://z/") == NOWHERE
    assert (declared.of_application(seen, API), declared.of_application(seen, Mark())) == (NOWHERE, "")
