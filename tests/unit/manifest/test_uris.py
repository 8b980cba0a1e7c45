"""Redirect URIs and identifier URIs."""

from __future__ import annotations

import pytest

from tests.unit.manifest.conftest import TENANT, One, Problems

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
BAD = [
    ("web", "http://a.example/", "is http: only localhost and 127.0.0.1 may be"),
    ("web", "http://localhost.a.example/", "is http"),
    ("web", "https://u@a.example/", "has a user in front of the host"),
    ("web", "https://[::1]/", "is an IPv6 address"),
    ("web", "https://a.example/#x", "has a fragment"),
    ("web", "https://a.example/(x)", "holds ( ), which Entra does not take"),
    ("web", "https://a.*.example/", "has a wildcard"),
    ("web", "https://a.example/a b", "holds white space"),
    ("web", "a.example/cb", "has no scheme"),
    ("web", "https:///cb", "has no host"),
    ("web", "myapp://auth", "has the scheme `myapp`"),
    ("spa", "urn:x:y", "has the scheme `urn`"),
    ("spa", "https://a.example/" + "x" * 240, "258 characters long; Graph takes 256"),
]


@pytest.mark.parametrize(("kind", "uri"), GOOD)
def test_redirect_uris_that_entra_takes(one: One, kind: str, uri: str) -> None:
    """Https, loopback, and the schemes of the platform."""
    assert one(f"type: {kind}, redirectUris: ['{uri}']")


@pytest.mark.parametrize(("kind", "uri", "message"), BAD)
def test_redirect_uris_that_entra_refuses(problems: Problems, kind: str, uri: str, message: str) -> None:
    """Each rule names the URI and stands at its place."""
    found = problems(
        f"applications:\n  a:\n    type: {kind}\n    displayName: A\n    redirectUris:\n      - '{uri}'\n"
    )
    assert any(line.startswith("entra-config.yaml:8:9: ") and message in line for line in found)


def test_old_redirect_uris_are_taken_as_they_are(one: One) -> None:
    """Type `application` is for what exists: the same URI on two platforms, http, anything."""
    platforms = "platforms: { web: ['http://old.example', 'x:y'], spa: ['http://old.example'] }"
    assert one(f"type: application, {platforms}").settings["web.redirectUris"].value == [
        "http://old.example",
        "x:y",
    ]


def test_the_number_of_redirect_uris_is_bounded(problems: Problems) -> None:
    """256 over all platforms, 100 with personal accounts."""
    uris = ", ".join(f"'https://a.example/{n}'" for n in range(200))
    more = ", ".join(f"'https://b.example/{n}'" for n in range(57))
    body = f"type: spa, displayName: A, redirectUris: [{uris}]"
    found = problems(f"applications: {{ a: {{ {body}, platforms: {{ web: [{more}] }} }} }}\n")
    assert any("257 redirect URIs; Graph takes 256" in line for line in found)
    found = problems(
        f"applications: {{ a: {{ {body}, signInAudience: AzureADandPersonalMicrosoftAccount }} }}\n"
    )
    assert any("200 redirect URIs; Graph takes 100" in line for line in found)


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


@pytest.mark.parametrize(
    ("uri", "rest", "message"),
    [
        ("api://${appId}/", "", "ends with `/`"),
        ("api://5c1b2f7e-0000-4000-8000-000000000000", "", "neither the tenant's nor its own appId"),
        ("api://myapp", ", accessTokenVersion: 1", "needs the appId or the tenant's id in it"),
        ("myapp", "", "has no scheme"),
        ("http://contoso.com/api", "", "is http"),
        ("api://", "", "ends with `/`"),
        ("api://x y", "", "holds white space"),
        ("api://${applications.b.appId}", "", "names another application: write `${appId}`"),
        ("urn:x:y", ", signInAudience: PersonalMicrosoftAccount", "no urn, query or fragment"),
        ("api://" + "x" * 250, "", "256 characters long; Graph takes 255"),
    ],
)
def test_identifier_uris_that_entra_refuses(problems: Problems, uri: str, rest: str, message: str) -> None:
    """Graph's rules on names of APIs."""
    body = f"a: {{ type: api, displayName: A, identifierUris: ['{uri}']{rest} }}, b: {{ type: api, displayName: B }}"
    assert any(message in line for line in problems(f"applications: {{ {body} }}\n"))


def test_logout_url_is_https(problems: Problems) -> None:
    """Entra calls it from its own pages."""
    text = "applications: { a: { type: web, displayName: A, logoutUrl: 'http://a.example/' } }\n"
    assert "is not https" in problems(text)[0]


def test_one_identifier_uri_belongs_to_one_application(problems: Problems) -> None:
    """Graph compares without case; the second place is the problem, the first is named."""
    one = "{ type: api, displayName: A, identifierUris: ['https://contoso.com/x'] }"
    two = "\n    type: api\n    displayName: B\n    identifierUris:\n      - https://contoso.com/X\n"
    (found,) = problems(f"applications:\n  a: {one}\n  b: {two}")
    assert (
        found
        == "entra-config.yaml:9:9: identifier URI `https://contoso.com/X` stands at `a` too: one application has it"
    )
