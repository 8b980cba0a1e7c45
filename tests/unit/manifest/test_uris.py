"""Redirect URIs and identifier URIs."""

from __future__ import annotations

import pytest

from tests.unit.manifest.conftest import TENANT, One

GOOD = [
    ("web", "https://a.example/"),
    ("web", "https://a.example"),
    ("web", "http://localhost"),
    ("web", "http://localhost:3000/cb"),
    ("web", "http://127.0.0.1:8400/"),
    ("web", "https://*.a.example/cb"),
    ("web", "https://a.example/?x=1"),
    ("web", "https://${appId}.a.example/"),
    ("spa", "brk-multihub://a.example"),
    ("publicClient", "msal${appId}://auth"),
    ("publicClient", "urn:ietf:wg:oauth:2.0:oob"),
    ("publicClient", "http://localhost"),
]


@pytest.mark.parametrize(("kind", "uri"), GOOD)
def test_redirect_uris_that_entra_takes(one: One, kind: str, uri: str) -> None:
    """Https, loopback, and the schemes of the platform."""
    assert one(f"type: {kind}, redirectUris: ['{uri}']")


def test_old_redirect_uris_are_taken_as_they_are(one: One) -> None:
    """Type `application` is for what exists: the same URI on two platforms, http, anything."""
    platforms = "platforms: { web: ['http://old.example', 'x:y'], spa: ['http://old.example'] }"
    assert one(f"type: application, {platforms}").settings["web.redirectUris"].value == [
        "http://old.example",
        "x:y",
    ]


@pytest.mark.parametrize(
    ("uri", "rest"),
    [
        ("api://${appId}", ""),
        ("api://${appId}", ", accessTokenVersion: 1"),
        (f"api://{TENANT}/x", ", accessTokenVersion: 1"),
        ("api://x/${appId}", ", accessTokenVersion: 1"),
        ("api://myapp", ""),
        ("https://contoso.com/api", ""),
        ("urn:x:y", ""),
        ("api://5c1b2f7e-0000-4000-8000-000000000000", ", appId: 5c1b2f7e-0000-4000-8000-000000000000"),
    ],
)
def test_identifier_uris_that_entra_takes(one: One, uri: str, rest: str) -> None:
    """The documented patterns, and any `api://` name with v2 tokens."""
    assert one(f"type: api, identifierUris: ['{uri}']{rest}")
