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
