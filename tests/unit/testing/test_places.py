"""Which lines of the manifest decide what a test claims: each line here has a number."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from entra_config.errors import Position
from entra_config.manifest.model import (
    Application,
    EnterpriseApplication,
    Given,
    Manifest,
    Named,
    RoleAssignees,
    Setting,
)
from entra_config.manifest.parts import ApiPermission, AppRole, FederatedCredential, Scope
from entra_config.testing import places
from entra_config.testing.model import (
    AccessTest,
    ExpectedOutcome,
    PlacedString,
    SignInRequest,
    SignInUser,
)
from entra_config.testing.world import World
from tests.unit.plan.estates import manifest

API, CLIENT, REQUIRED, ASSIGNED, ANN, STAFF, OTHERS, WRITER, READ, PERMISSION = range(1, 11)
SCOPES, AUTHORIZED, CLAIMS, REDIRECTS, KEYS, FEDERATED, VERSION, URIS, ALL_PERMISSIONS, GRANT = range(11, 21)


def at(line: int) -> Position:
    """Return a place."""
    return Position("a.yaml", line, 1)


ROLES = {
    label: AppRole(label, value, label, "", ("User",), position=at(line))
    for label, value, line in (("reader", "Reader", 0), ("writer", "Writer", WRITER))
}
SCOPE = Scope("read", "api.read", "", "", None, None, "admins", position=at(READ))
OFFERING = Application(
    "api",
    "api",
    {},
    {"read": SCOPE},
    ROLES,
    {"page": ("read",)},
    enterprise=EnterpriseApplication("api", {"appRoleAssignmentRequired": Setting(True, at(REQUIRED))}),
    positions={
        "api.oauth2PermissionScopes": at(SCOPES),
        "api.preAuthorizedApplications": at(AUTHORIZED),
        "optionalClaims": at(CLAIMS),
        "groupMembershipClaims": at(CLAIMS),
        "api.requestedAccessTokenVersion": at(VERSION),
        "identifierUris": at(URIS),
    },
    position=at(API),
)
PAGE = Application(
    "page",
    "spa",
    {},
    api_permissions={"api": ApiPermission("api", own=True, position=at(PERMISSION))},
    federated_credentials={"ci": FederatedCredential("ci", "i", "s", position=at(FEDERATED))},
    positions={
        "spa.redirectUris": at(REDIRECTS),
        "keyCredentials": at(KEYS),
        "requiredResourceAccess": at(ALL_PERMISSIONS),
    },
    position=at(CLIENT),
)
READERS = RoleAssignees(
    "api",
    "reader",
    (Named("Ann@x", position=at(ANN)),),
    (Named("Staff", position=at(STAFF)),),
    at(ASSIGNED),
    service_principals=(Named("stranger", position=at(OTHERS)),),
)
OWN = replace(
    manifest(),
    applications={"api": OFFERING, "page": PAGE},
    assignments={("api", "reader"): READERS},
    grants=(Given(Named("stranger"), "hr", position=at(GRANT)),),
)
BARE = replace(
    OWN,
    applications={
        "api": replace(OFFERING, positions={}, enterprise=None, authorized_clients={}),
        "page": replace(PAGE, positions={}, api_permissions={}, federated_credentials={}),
    },
    assignments={},
)
UNLISTED = replace(
    OWN,
    applications={"api": replace(OFFERING, authorized_clients={}), "page": replace(PAGE, api_permissions={})},
    assignments={("api", "reader"): replace(READERS, service_principals=None)},
)


def world(own: Manifest = OWN) -> World:
    """Return the world of a manifest, as far as places look at it."""
    names = {"id-of-page": "page", "id-of-api": "api"}
    return cast("World", SimpleNamespace(manifest=own, names=names, app_ids={"api": "id-of-api"}))


def claim(
    person: str = "ann@x", client: str = "page", scope: str = "api/read", group: str = ""
) -> AccessTest:
    """Return a test of a person, or of a client by itself."""
    groups = (PlacedString(group, at(0)),) if group else ()
    return AccessTest(
        "test",
        at(0),
        SignInRequest(PlacedString(client, at(0)), (PlacedString(scope, at(0)),)),
        ExpectedOutcome(),
        "code",
        SignInUser(person, groups) if person else None,
    )


ALONE = claim(person="")


def lines(found: tuple[Position, ...]) -> list[int]:
    """Return their numbers."""
    return [each.line for each in found]


@pytest.mark.parametrize(
    ("test", "name", "value", "own", "expected"),
    [
        (claim(), "roles", "Reader", OWN, ([ASSIGNED], [ANN])),
        (claim("bob@x", group="STAFF"), "roles", "Reader", OWN, ([ASSIGNED], [STAFF])),
        (claim("bob@x"), "roles", "Reader", OWN, ([ASSIGNED], [ASSIGNED])),
        (claim(), "roles", "Writer", OWN, ([WRITER], [API])),
        (claim(), "roles", "Unknown", OWN, ([API], [API])),
        (claim(), "roles", "Reader", BARE, ([0], [API])),
        (ALONE, "roles", "Reader", OWN, ([PERMISSION, CLIENT], [PERMISSION, CLIENT])),
        (ALONE, "roles", "Reader", BARE, ([CLIENT], [CLIENT])),
        (claim("", "stranger"), "roles", "Reader", OWN, ([ASSIGNED], [OTHERS])),
        (claim("", "other"), "roles", "Reader", OWN, ([ASSIGNED], [ASSIGNED])),
        (claim(), "scp", "api.read", OWN, ([PERMISSION, AUTHORIZED, CLIENT], [PERMISSION, AUTHORIZED])),
        (claim(), "scp", "api.read", BARE, ([CLIENT], [])),
        (claim(), "scp", "unknown", OWN, ([SCOPES, API], [PERMISSION, AUTHORIZED])),
        (claim(), "scp", "unknown", BARE, ([API], [])),
        (claim(), "scp", "api.read", UNLISTED, ([ALL_PERMISSIONS, CLIENT], [ALL_PERMISSIONS])),
        (claim(client="stranger"), "scp", "api.read", OWN, ([], [])),
        (claim("", "stranger"), "roles", "Reader", UNLISTED, ([ASSIGNED], [ASSIGNED])),
        (claim(scope="openid"), "scp", "api.read", OWN, ([CLIENT], [CLIENT])),
        (claim(), "groups", "x", OWN, ([CLAIMS, API], [CLAIMS, API])),
        (claim(), "aud", "x", OWN, ([VERSION, URIS, API], [VERSION, URIS, API])),
        (claim(), "email", "x", OWN, ([CLAIMS, API], [CLAIMS, API])),
        (claim(scope="openid"), "roles", "Reader", OWN, ([CLIENT], [CLIENT])),
        (claim(client="stranger", scope="openid"), "email", "x", OWN, ([GRANT], [GRANT])),
    ],
)
def test_a_claim_comes_from_what_gives_it(
    test: AccessTest, name: str, value: str, own: Manifest, expected: tuple[list[int], list[int]]
) -> None:
    """What it lacks stands where it would come from, what it has where it comes from; the likeliest first."""
    found = (places.lacking(world(own), test, name, value), places.present(world(own), test, name, value))
    assert (lines(found[0]), lines(found[1])) == expected


STRANGER = claim(client="stranger")


@pytest.mark.parametrize(
    ("test", "code", "key", "own", "expected"),
    [
        (claim(), 50105, "api", OWN, [ASSIGNED, REQUIRED]),
        (claim(), 50105, "page", OWN, [CLIENT]),
        (claim(), 50105, "api", BARE, [API]),
        (ALONE, 501051, "page", OWN, [PERMISSION, REQUIRED]),
        (ALONE, 501051, "page", BARE, [API]),
        (claim(scope="openid"), 50105, "api", OWN, [ASSIGNED, REQUIRED]),
        (claim("", scope="openid"), 50105, "api", OWN, [REQUIRED]),
        (claim(scope="openid"), 501051, "api", OWN, [CLIENT]),
        (claim(), 65001, "", OWN, [PERMISSION, CLIENT]),
        (claim(), 65001, "", BARE, [CLIENT]),
        (claim(scope="openid"), 65001, "", OWN, [CLIENT]),
        (claim(), 650053, "", OWN, [SCOPES, API]),
        (claim(scope="openid"), 650053, "", OWN, [CLIENT]),
        (STRANGER, 50011, "", OWN, [API]),
        (claim(), 700213, "", OWN, [FEDERATED, CLIENT]),
        (claim(), 50011, "", OWN, [REDIRECTS, CLIENT]),
        (claim(), 7000222, "", OWN, [KEYS, CLIENT]),
        (claim(), 7000222, "", BARE, [CLIENT]),
        (claim(), 1, "", OWN, [CLIENT]),
        (claim(), 50105, "unknown", OWN, [CLIENT]),
    ],
)
def test_a_refusal_comes_from_what_would_lift_it(
    test: AccessTest, code: int, key: str, own: Manifest, expected: list[int]
) -> None:
    """By its number, and by the application that it names."""
    assert lines(places.refused(world(own), test, code, key)) == expected


@pytest.mark.parametrize(
    ("test", "code", "roles", "own", "expected"),
    [
        (claim(), 50105, {"Reader"}, OWN, [ANN]),
        (claim(), 50105, {"Writer", "Reader"}, OWN, [ANN, API]),
        (claim(scope="openid"), 65001, set(), OWN, [CLIENT]),
        (claim(), 50105, set(), OWN, [REQUIRED, CLIENT]),
        (claim(), 50105, set(), BARE, [API, CLIENT]),
        (STRANGER, 501051, set(), OWN, [REQUIRED]),
        (claim(), 65001, set(), OWN, [PERMISSION, AUTHORIZED]),
        (claim(), 650053, set(), OWN, [READ]),
        (claim(scope="api/api.read"), 650053, set(), OWN, [READ]),
        (claim(scope="api/other"), 650053, set(), OWN, []),
        (claim(scope="openid"), 650053, set(), OWN, [CLIENT]),
        (claim(), 50011, set(), OWN, [REDIRECTS, CLIENT]),
    ],
)
def test_who_is_let_in_against_a_claim_is_let_in_by_a_line(
    test: AccessTest, code: int, roles: set[str], own: Manifest, expected: list[int]
) -> None:
    """By what gives the roles, else by what does not require any."""
    assert lines(places.let_in(world(own), test, code, frozenset(roles))) == expected


@pytest.mark.parametrize(
    ("app_id", "apis", "own", "expected"),
    [
        ("id-of-page", ["id-of-api"], OWN, [PERMISSION]),
        ("id-of-page", ["api"], OWN, [PERMISSION]),
        ("id-of-page", ["id-of-another"], OWN, [ALL_PERMISSIONS, CLIENT]),
        ("id-of-page", [], BARE, [CLIENT]),
        ("id-of-nobody", ["id-of-api"], OWN, []),
    ],
)
def test_a_client_asks_for_an_api_in_a_line(
    app_id: str, apis: list[str], own: Manifest, expected: list[int]
) -> None:
    """Else in none: then it is where it could."""
    assert lines(places.of_client(world(own), app_id, apis)) == expected


def test_a_refusal_names_an_application_by_its_appid() -> None:
    """And places are told once each."""
    assert places.named_in(world(), "AADSTS50105: 'id-of-api' requires") == "api"
    assert not places.named_in(world(), "AADSTS50105")
    assert places.lines([at(2), Position("a.yaml", 2, 9), at(1)]) == ("a.yaml:2", "a.yaml:1")
