"""The single things that changed between two moments: where, from what to what."""

from typing import Any

import pytest

from entra_emulator.portal.pieces import ChangedPiece, known_by, pieces
from entra_emulator.snapshots.compare import DirectoryDifference
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import names, plain


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant after a snapshot and changes; nothing is changed in it."""
    return example.changed()


def found(browser: Browser, since: str, until: str = "now") -> list[ChangedPiece]:
    """Return what changed between two moments."""
    snapshots = browser.emulator.snapshots
    before, after = (snapshots.directory(each).default for each in (since, until))
    return pieces(snapshots.differences(since, until), before, after)


def value(of: Any, known: dict[str, str]) -> str:
    """Return the beginning of a value as a text: of a row how much it has."""
    return f"{len(of)} properties" if isinstance(of, dict) and len(of) > 2 else str(plain(of, known))[:20]


def line(piece: ChangedPiece, known: dict[str, str]) -> str:
    """Return a thing that changed as a line; names stand for ids."""
    what = f"{piece.sign} {piece.place} {piece.id} {piece.path}#{piece.element}"
    ends = " ".join(sorted(plain(each, known) for each in piece.ends))
    about = f"on {piece.on} ends {ends}: {value(piece.before, known)} → {value(piece.after, known)}"
    return f"{plain(what, known)}\n  {plain(about, known)}"


CHANGED = """
+ owners app:Spa/user:Carol Clark #
  on app:Spa ends app:Spa user:Carol Clark: None → None

+ applications app:Nightly passwordCredentials#key:Nightly
  on app:Nightly ends app:Nightly: None → 7 properties

~ federatedIdentityCredentials federated:github #
  on app:MyApp Writer (dev) ends app:MyApp Writer (dev): {'subject': 'repo:ex → {'subject': 'repo:el

+ federatedIdentityCredentials federated:new #
  on app:MyApp Writer (dev) ends app:MyApp Writer (dev): None → 7 properties

~ oauth2PermissionGrants grant:Spa/Api #
  on sp:Api ends sp:Api sp:Spa: {'scope': 'user.read → {'scope': 'user.read

+ oauth2PermissionGrants grant:Web/Api #
  on sp:Api ends sp:Api sp:Web: None → 6 properties

+ appRoleAssignments Judy Jones→Api/Writer #
  on sp:Api ends sp:Api user:Judy Jones: None → 9 properties

+ applications app:Spa spa.redirectUris#https://elsewhere.example/
  on app:Spa ends app:Spa: None → https://elsewhere.ex

− applications deleted application:Other #
  on deleted application:Other ends deleted application:Other: 44 properties → None

− servicePrincipals deleted servicePrincipal:Other #
  on deleted servicePrincipal:Other ends deleted servicePrincipal:Other: 40 properties → None

− appRoleAssignments u2cXdndaCE263KVdhINfc6GBrNFyfNdMqtRL1hrfu4I #
  on deleted servicePrincipal:Other ends deleted servicePrincipal:Other user:Bob Baker: 9 properties → None

− appRoleAssignments SIWeALZh2U2LTCYs37mBD-XqFU8tkG1CtMW8su_G3QU #
  on sp:Api ends sp:Api user:Carol Clark: 9 properties → None

− appRoleAssignments 4VnlJ_JzrkOUVEcoFZfwDUIQ_lvellxPkHM6nLTyPmA #
  on deleted servicePrincipal:Other ends deleted servicePrincipal:Other sp:Nightly: 9 properties → None

− applications app:Api api.oauth2PermissionScopes#scope:Api/user.old
  on app:Api ends app:Api: 8 properties → None

− applications app:Spa spa.redirectUris#https://localhost:5173/
  on app:Spa ends app:Spa: https://localhost:51 → None

− federatedIdentityCredentials db856dfc-ba3a-492a-b21c-72fa95d5f48d #
  on app:Nightly ends app:Nightly: 7 properties → None

− members group:MyApp Writers/user:Bob Baker #
  on group:MyApp Writers ends group:MyApp Writers user:Bob Baker: None → None

− oauth2PermissionGrants 4VnlJ_JzrkOUVEcoFZfwDXDSBDRs7epNtuhsPS1aCnY #
  on sp:Api ends sp:Api sp:Nightly: 6 properties → None

− oauth2PermissionGrants 6ac2ec03-fbd4-44a3-8064-aecac69b3846 #
  on sp:Microsoft Graph ends deleted servicePrincipal:Other sp:Microsoft Graph: 6 properties → None

− owners app:Api/user:Bob Baker #
  on app:Api ends app:Api user:Bob Baker: None → None

~ servicePrincipals sp:Api appRoleAssignmentRequired#
  on sp:Api ends sp:Api: False → True

~ users user:Judy Jones accountEnabled#
  on user:Judy Jones ends user:Judy Jones: True → False

− users deleted user:Li Wei #
  on deleted user:Li Wei ends deleted user:Li Wei: 17 properties → None

+ applications app:Api appRoles#a07bcf28-0447-4f31-9747-8f753afe6095
  on app:Api ends app:Api: None → 6 properties

+ members group:Audit/user:Carol Clark #
  on group:Audit ends group:Audit user:Carol Clark: None → None

+ applications app:New #
  on app:New ends app:New: None → 44 properties

+ servicePrincipals sp:New #
  on sp:New ends sp:New: None → 40 properties

~ applications app:Api appRoles#role:Api/Reader
  on app:Api ends app:Api: 6 properties → 6 properties

~ applications app:Api notes#
  on app:Api ends app:Api: None → Changed by hand
"""


def test_each_thing_that_changed_is_found(browser: Browser) -> None:
    """Hold where it is, on whose page more stands, what the audit log names, and both values."""
    known = names(browser.world)

    lines = sorted(line(each, known) for each in found(browser, "then"))
    assert lines == sorted(CHANGED.strip("\n").split("\n\n"))


def test_what_was_undone_is_told_the_other_way_round(browser: Browser) -> None:
    """Hold that what is back from the deleted is told once, as the object that came."""
    back = found(browser, "now", "then")

    assert [(each.sign, each.words) for each in back if each.restored] == [
        ("+", "registration Other"),
        ("+", "enterprise application Other"),
        ("+", "person Li Wei"),
    ]
    assert not [each for each in back if each.place == "deletedItems"]


@pytest.mark.parametrize(
    ("place", "kind", "told"),
    [("secrets", "added", 0), ("deletedItems", "added", 1), ("members", "added", 1)],
)
def test_secrets_are_told_by_their_credential_alone(
    browser: Browser, place: str, kind: Any, told: int
) -> None:
    """Hold that nothing is said of their hashes, and all else is."""
    tenant = browser.world.tenant
    each = DirectoryDifference(tenant.tenant_id, place, "a/b", "name", kind, ())

    assert len(pieces([each], tenant, tenant)) == told


@pytest.mark.parametrize(
    ("one", "key", "name"), [({"id": "1"}, "id", "1"), ({}, "id", "None"), ("x", "", "x")]
)
def test_an_element_is_known_by_a_key_or_by_itself(one: Any, key: str, name: str) -> None:
    """Hold the name of an element of a list."""
    assert known_by(one, key) == name
