"""What a server that signs in for a page lacks: each part alone, and nothing where all is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.errors import ManifestError
from entra_config.manifest import loader

TEXT = """\
project: p
environments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111 } }
applications:
  api:
    type: api
    displayName: API
    identifierUris: ["api://${appId}"]
    scopes: { read: { value: read, displayName: Read, description: Reads. } }
  bff:
    type: web
    displayName: BFF
    redirectUris: [https://a.example.com/auth/callback, https://a.example.com/]
    logoutUrl: https://a.example.com/auth/front-channel-logout
    optionalClaims: { idToken: [sid] }
    apiPermissions: { api: { delegated: [read], adminConsent: true } }
    federatedCredentials: { task: { issuer: "https://x.example.com", subject: "role/bff" } }
settings:
  folder: out
  apis: { api: { url: https://api.example.com, json: api.json } }
  webs: { bff: { url: https://a.example.com, api: api, dotenv: bff.env } }
"""
CLOSED = [
    ("https://a.example.com/auth/callback, ", "", ["`https://a.example.com/auth/callback`, where sign-in"]),
    (", https://a.example.com/]", "]", ["`https://a.example.com/`, where sign-out"]),
    (
        "logoutUrl: https://a.example.com/auth/front-channel-logout",
        "notes: none",
        ["`logoutUrl` of `bff` is not `https://a.example.com/auth/front-channel-logout`"],
    ),
    (
        "logoutUrl: https://a.example.com/auth/front-channel-logout",
        "logoutUrl: https://a.example.com/signed-out",
        ["`logoutUrl` of `bff` is not"],
    ),
    (
        "optionalClaims: { idToken: [sid] }",
        "notes: none",
        ["`sid` is not an optional claim of `bff`'s ID token"],
    ),
    ("idToken: [sid]", "idToken: [auth_time]", ["`sid` is not an optional claim"]),
    ("idToken: [sid]", "accessToken: [sid]", ["`sid` is not an optional claim"]),
    ("idToken: [sid]", "idToken: [auth_time, sid]", []),
    ('subject: "role/bff"', "matches: \"claims['sub'] eq 'x'\"", ["no federated credential with a subject"]),
    (
        'federatedCredentials: { task: { issuer: "https://x.example.com", subject: "role/bff" } }',
        "notes: none",
        ["no federated credential with a subject"],
    ),
    ("url: https://a.example.com,", "url: https://a.example.com/app,", ["is more than an origin"]),
]


def said(folder: Path, text: str) -> list[str]:
    """Return what is wrong with a manifest."""
    (folder / "entra-config.yaml").write_text(text, encoding="utf-8")
    try:
        loader.load_all(folder)
    except ManifestError as error:
        return str(error).splitlines()
    return []


def test_nothing_is_said_where_all_is_there(tmp_path: Path) -> None:
    """The manifest of which each part is taken below."""
    assert said(tmp_path, TEXT) == []


@pytest.mark.parametrize(("part", "instead", "expected"), CLOSED)
def test_each_part_that_lacks_is_said(tmp_path: Path, part: str, instead: str, expected: list[str]) -> None:
    """What would fail at the first sign-in or sign-out, at the line of the `url`."""
    text = TEXT.replace(part, instead, 1)
    found = said(tmp_path, text)

    assert text != TEXT
    assert bool(found) == bool(expected)
    for each in expected:
        assert any(each in line for line in found), found
