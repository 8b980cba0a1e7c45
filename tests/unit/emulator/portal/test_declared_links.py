"""Where assignments and consents are declared by whatever name, and what is declared and not there."""

from collections.abc import Mapping

import pytest

from entra_emulator import seed
from entra_emulator.portal import labels
from entra_emulator.portal.labels import NOT_DECLARED, UNKNOWN, DeclaredAt
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.labelling import put
from tests.unit.emulator.portal.showing import Showing, names, plain, visit


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; what is applied to it, each case says."""
    made = example.browser()
    seed.add_group(made.world.tenant, "Twins", row_id=seed.fixed_id("one"))
    seed.add_group(made.world.tenant, "Twins", row_id=seed.fixed_id("two"))
    return made


def told(browser: Browser, places: Mapping[str, str]) -> Showing:
    """Send labels, with names for ids; return a visit after it."""
    ids = {name: row_id for row_id, name in names(browser.world).items()}
    written = {}
    for address, place in places.items():
        head, at, name = address.partition("@@")
        written[head + ids.get(name, name) if at else head] = place
    assert put(browser, written).status_code == 200
    return visit(browser)


@pytest.mark.parametrize(
    ("address", "who", "place"),
    [
        ("appRoleAssignment.api/Writer/user:@@user:Bob Baker", "user:Bob Baker", "at"),
        ("appRoleAssignment.api/Writer/user:bob@contoso.com", "user:Bob Baker", "at"),
        ("appRoleAssignment.api/Writer/user:bob@contoso.com", "user:Carol Clark", "nowhere"),
        ("appRoleAssignment.api/Reader/user:bob@contoso.com", "user:Bob Baker", "nowhere"),
        ("appRoleAssignment.other/Writer/user:bob@contoso.com", "user:Bob Baker", "nowhere"),
        ("appRoleAssignment.api/Writer/group:On call", "group:On call", "at"),
        ("appRoleAssignment.api/Writer/group:@@group:On call", "group:On call", "at"),
        ("appRoleAssignment.api/Writer/group:Twins", "Twins", "nowhere"),
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

    assert labels.of_assignment(seen, api, ("Writer",), ids.get(who, who)) == (
        DeclaredAt("at") if place == "at" else NOT_DECLARED
    )


@pytest.mark.parametrize(
    ("places", "scopes", "found"),
    [
        ({}, ["user.read"], NOT_DECLARED),
        ({}, [], UNKNOWN),
        ({"permissionGrant.spa/api/user.read": "a"}, ["user.read"], DeclaredAt("a")),
        (
            {"permissionGrant.spa/api/user.read": "a", "permissionGrant.spa/api/user.write": "b"},
            ["user.read", "x", "user.write", "y"],
            DeclaredAt("a, b", more="x y"),
        ),
        (
            {"permissionGrant.spa/api/user.read": "a", "permissionGrant.spa/api/user.write": "a"},
            ["user.read", "user.write"],
            DeclaredAt("a"),
        ),
        ({"authorizedClient.spa/api/user.read": "a"}, ["user.read"], NOT_DECLARED),
    ],
)
def test_a_consent_is_declared_scope_by_scope(
    browser: Browser, places: dict[str, str], scopes: list[str], found: DeclaredAt
) -> None:
    """Hold each place once, and beside it the scopes that no label declares."""
    seen = told(browser, places)
    spa, api = (browser.world.principal(name) for name in ("spa", "api"))

    assert labels.of_scopes(seen, "oauth2PermissionGrants", (spa, api), scopes) == found
    assert labels.of_scopes(seen, "oauth2PermissionGrants", (None, api), scopes) == UNKNOWN
    assert labels.of_scopes(seen, "oauth2PermissionGrants", (spa, None), scopes) == UNKNOWN


def test_an_api_of_another_tenant_is_known_by_its_name(browser: Browser) -> None:
    """Hold that one of this tenant is not: anybody can take its name."""
    seen = told(
        browser, {"permissionGrant.spa/Microsoft Graph/openid": "a", "permissionGrant.spa/Api/openid": "b"}
    )
    spa, graph, api = (browser.world.principal(name) for name in ("spa", "graph", "api"))

    assert labels.of_scopes(seen, "oauth2PermissionGrants", (spa, graph), ["openid"]) == DeclaredAt("a")
    assert labels.of_scopes(seen, "oauth2PermissionGrants", (spa, api), ["openid"]) == NOT_DECLARED


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
            f"{base}/Writer/user:bob@contoso.com": "held",
        },
    )
    known = names(browser.world)
    held = {("Writer", browser.world.user("bob")["id"]), ("Reader", browser.world.user("grace")["id"])}

    found = labels.missing_holders(seen, browser.world.principal("api"), held)
    assert plain(found, known) == [
        ("Admin", "Spa <~/enterprise/sp:Spa>", "by key"),
        ("Reader", "All Staff <~/groups/group:All Staff>", "by group id"),
        ("Reader", "Audit <~/groups/group:Audit>", "by name"),
        ("Writer", "Erin Evans <~/users/user:Erin Evans> (erin@contoso.com)", "by id"),
        ("Writer", "Grace Green <~/users/user:Grace Green> (grace@contoso.com)", "by UPN"),
    ]
    assert labels.missing_holders(seen, browser.world.principal("other"), held) == []


def test_parts_that_lack_are_of_the_noun_and_can_be_told(browser: Browser) -> None:
    """What exists is not missing."""
    base = "application.api"
    seen = told(
        browser,
        {
            f"{base}/redirectUri/https:%2F%2Fa%2F": "1",
            f"{base}/redirectUri/https:%2F%2Fb%2F": "2",
            f"{base}/identifierUri/https:%2F%2Fc%2F": "4",
            "application.spa/redirectUri/https:%2F%2Fd%2F": "5",
        },
    )

    api, other = (browser.world.application(name) for name in ("api", "other"))
    found = labels.missing_parts(seen, api, "redirectUris", ["https://b/"])
    assert found == [("https://a/", DeclaredAt("1"))]
    assert labels.missing_parts(seen, other, "redirectUris", []) == []
    assert labels.of_part(seen, api, "redirectUris", "https://a/") == DeclaredAt("1")
    assert labels.of_part(seen, api, "redirectUris", "https://z/") == NOT_DECLARED
    assert labels.of_part(seen, None, "redirectUris", "https://a/") == NOT_DECLARED
