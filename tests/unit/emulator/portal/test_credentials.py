"""Credentials of an application with their age and end, and what an application is in a word."""

import datetime as dt
from typing import Any

import pytest

from entra_emulator.portal import credentials
from entra_emulator.portal.registrations import type_of
from tests.conformance.login.login_world import World
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.labelling import put

NOW = dt.datetime(2026, 3, 5, 12, tzinfo=dt.UTC)
DAY = "T12:00:00Z"


def secret(**more: Any) -> dict[str, Any]:
    """Return a row with one secret."""
    return {"id": "app", "passwordCredentials": [{"keyId": "k", **more}]}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"id": "app"}, ("none", "", "")),
        ({"id": "app", "passwordCredentials": None, "keyCredentials": []}, ("none", "", "")),
        (secret(), ("1 secret", "", "")),
        (secret(startDateTime=f"2026-03-03{DAY}"), ("1 secret", "2 days old", "")),
        (secret(endDateTime=f"2026-04-04{DAY}"), ("1 secret", "ends in 30 days", "")),
        (secret(endDateTime="2026-04-04T11:59:59Z"), ("1 secret", "ends in 29 days", "medium")),
        (secret(endDateTime=f"2026-03-05{DAY}"), ("1 secret", "ended", "medium")),
        (secret(endDateTime="2026-03-05T12:00:01Z"), ("1 secret", "ends in 1 s", "medium")),
        (
            {
                "id": "app",
                "passwordCredentials": [
                    {"keyId": "a", "startDateTime": f"2026-03-01{DAY}", "endDateTime": f"2026-09-01{DAY}"},
                    {"keyId": "b", "startDateTime": f"2026-02-28{DAY}"},
                ],
                "keyCredentials": [{"keyId": "c", "endDateTime": f"2026-03-08{DAY}"}],
            },
            ("2 secrets, 1 certificate", "5 days old, ends in 3 days", "medium"),
        ),
    ],
)
def test_a_list_says_how_many_how_old_and_until_when(row: dict[str, Any], words: tuple[str, ...]) -> None:
    """The oldest, and what ends first; what ends within thirty days somebody has to see to."""
    assert credentials.summary(World().tenant, row, NOW) == words


def test_each_credential_has_all_that_is_known_of_it() -> None:
    """When it was last used, and by what a manifest knows it; a federated one has neither start nor end."""
    tenant = World().tenant
    tenant.key_uses["k"] = "used"
    tenant.federated_identity_credentials.put(
        {"id": "f", "_application": "app", "name": "ci", "issuer": "i", "subject": None}
    )
    certificate = {"keyId": "c", "customKeyIdentifier": "thumb", "startDateTime": "s", "endDateTime": "never"}
    row = secret(displayName="n", hint="abc") | {"keyCredentials": [certificate]}
    shown = credentials.ShownCredential
    assert credentials.of(tenant, row, NOW) == [
        shown("Secret", "n", "k", "", "", "used", "abc…", ids=("k", "")),
        shown("Certificate", "", "c", "s", "never", "", ids=("c", "thumb")),
        shown("Federated", "ci", "f", "", "", "", "i ", ids=("f", "ci")),
    ]


def test_each_credential_says_where_it_is_declared() -> None:
    """A federated one by its name, a secret by its id."""
    world = World()
    app = world.application("daemon")
    world.tenant.federated_identity_credentials.put(
        {"id": "f", "_application": app["id"], "name": "ci", "issuer": "i"}
    )
    browser = Browser(world)
    places = {
        "federatedCredential.daemon/ci": "job.yaml:5",
        f"application.daemon/credential/{app['passwordCredentials'][0]['keyId']}": "job.yaml:9",
    }
    assert put(browser, places).status_code == 200
    found = {each.type: each.declared.text for each in credentials.shown(browser.visit(), app)}
    assert found == {"Federated": "job.yaml:5", "Secret": "job.yaml:9"}


def uris(platform: str = "", **more: Any) -> dict[str, Any]:
    """Return a registration that has a redirect URI on a platform."""
    found = {
        each: {"redirectUris": ["x"] if each == platform else []} for each in ("web", "spa", "publicClient")
    }
    return {**found, "api": {"oauth2PermissionScopes": []}, "appRoles": [], **more}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (uris("web", api={"oauth2PermissionScopes": [{}]}), "API"),
        (uris("web", appRoles=[{}]), "API"),
        (uris("spa"), "SPA"),
        (uris("publicClient"), "public client"),
        (uris("web"), "web"),
        (uris(), "daemon"),
    ],
)
def test_what_an_application_is(row: dict[str, Any], words: str) -> None:
    """What offers scopes or roles is an API; else where it signs people in."""
    assert type_of(row) == words
