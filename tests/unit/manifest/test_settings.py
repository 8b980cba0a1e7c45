"""What Graph refuses of an application that personal accounts may sign in to, and the limits of others; which
platform a URI has, and whom an implicit grant does not fit: told with its place.
"""

from __future__ import annotations

import pytest

from entra_config.manifest.fields import limits
from tests.unit.manifest.conftest import Load, Problems

PERSONAL, ORGANIZATIONS = "AzureADandPersonalMicrosoftAccount", "AzureADMultipleOrgs"


def app(audience: str, more: str, kind: str = "application") -> str:
    """Return a manifest with one application."""
    return f"applications:\n  a:\n    type: {kind}\n    displayName: A\n    signInAudience: {audience}\n    {more}\n"


def redirects(count: int) -> str:
    """Return so many redirect URIs."""
    return f"platforms: {{ web: [{', '.join(f'https://a.example/{n}' for n in range(count))}] }}"


def names(count: int) -> str:
    """Return so many identifier URIs."""
    return f"identifierUris: [{', '.join(f'api://a/{n}' for n in range(count))}]"


V2 = "accessTokenVersion: 2\n    "
MOST_REDIRECTS, MOST_NAMES = limits.MOST_PERSONAL_REDIRECT_URIS, limits.MOST_PERSONAL_IDENTIFIER_URIS


@pytest.mark.parametrize(
    ("audience", "more", "expected"),
    [
        (PERSONAL, V2 + redirects(MOST_REDIRECTS), ""),
        (PERSONAL, V2 + redirects(MOST_REDIRECTS + 1), "101 redirect URIs; Graph takes 100"),
        (ORGANIZATIONS, redirects(limits.MOST_REDIRECT_URIS), ""),
        (ORGANIZATIONS, redirects(limits.MOST_REDIRECT_URIS + 1), "257 redirect URIs; Graph takes 256"),
        (PERSONAL, V2 + names(MOST_NAMES), ""),
        (PERSONAL, V2 + names(MOST_NAMES + 1), "51 identifier URIs; with personal accounts Graph takes 50"),
        (ORGANIZATIONS, names(MOST_NAMES + 1), ""),
        (PERSONAL, "accessTokenVersion: 1", "`accessTokenVersion` must be 2 while personal accounts may sign in"),
        ("PersonalMicrosoftAccount", "accessTokenVersion: 1", "`accessTokenVersion` must be 2"),
        (ORGANIZATIONS, "accessTokenVersion: 1", ""),
        (ORGANIZATIONS, "logoutUrl: http://a.example/out", "`logoutUrl`: `http://a.example/out` is not https"),
        (ORGANIZATIONS, "logoutUrl: HTTPS://a.example/out", ""),
        (ORGANIZATIONS, "logoutUrl: null", ""),
    ],
)  # fmt: skip
def test_the_limits_of_an_audience(
    problems: Problems, load: Load, audience: str, more: str, expected: str
) -> None:
    """Fewer where personal accounts may sign in, whose tokens are of version 2."""
    if not expected:
        assert "a" in load(app(audience, more)).applications
        return
    found = [line for line in problems(app(audience, more)) if expected in line]
    assert len(found) == 1


IMPLICIT = "properties: {{ web: {{ implicitGrantSettings: {{ enableAccessTokenIssuance: {} }} }} }}"


@pytest.mark.parametrize(
    ("kind", "value", "wrong"),
    [
        ("application", "true", False),
        ("web", "true", False),
        ("api", "false", False),
        ("api", "true", True),
        ("daemon", "true", True),
    ],
)
def test_an_implicit_grant_fits_a_web_alone(
    problems: Problems, load: Load, kind: str, value: str, *, wrong: bool
) -> None:
    """That there is none may be said of any type; other properties are not meant."""
    text = f"applications: {{ a: {{ type: {kind}, displayName: A, {IMPLICIT.format(value)} }} }}\n"
    if wrong:
        assert problems(text)[0].startswith("entra-config.yaml:3:")
        assert f"implicit grant does not fit type `{kind}`: tokens in a URL leak" in problems(text)[0]
    else:
        found = load(text).applications["a"].settings
        assert found["web.implicitGrantSettings.enableAccessTokenIssuance"].value is (value == "true")
    other = "{ isDeviceOnlyAuthSupported: true }"
    assert load(
        f"applications: {{ a: {{ type: {kind}, displayName: A, properties: {other} }} }}\n"
    ).applications


SAME = "redirect URI `https://a.example/` stands on `{}` and on `{}`: a URI has one platform"


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("web", "redirectUris: ['https://a.example/'],\n    platforms: { spa: ['https://a.example/'] }",
         ["4:18", SAME.format("web", "spa")]),
        ("spa", "platforms: { web: ['https://a.example/'] },\n    redirectUris: ['https://a.example/']",
         ["4:5", SAME.format("web", "spa")]),
        ("web", "redirectUris: ['https://a.example/'], platforms: { spa: ['https://b.example/'] }", []),
    ],
)  # fmt: skip
def test_a_uri_has_one_platform(
    problems: Problems, load: Load, kind: str, body: str, expected: list[str]
) -> None:
    """It is told where the other one of the two stands."""
    text = f"applications: {{ a: {{ type: {kind}, displayName: A, {body} }} }}\n"
    if not expected:
        assert load(text).applications
        return
    assert f"entra-config.yaml:{expected[0]}: {expected[1]}" in problems(text)
