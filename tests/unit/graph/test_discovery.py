"""Whose discovery document is believed: that of the cloud, or of the tenant, that was asked for."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from entra_config.errors import SignInError
from entra_config.graph import discovery
from entra_config.graph.clouds import OpenId

TENANT = "11111111-1111-1111-1111-111111111111"
GLOBAL, OWN = "https://login.microsoftonline.com", "https://shop.ciamlogin.com"
BY_ID = f"https://{TENANT}.ciamlogin.com/{TENANT}/v2.0"


def transport(document: Any, requested: list[str] | None = None, keys: Any = None) -> httpx.MockTransport:
    """Return a server of one document, and of keys."""

    def respond(request: httpx.Request) -> httpx.Response:
        if requested is not None:
            requested.append(str(request.url))
        found = keys if request.url.path.endswith("/keys") else document
        return httpx.Response(found) if isinstance(found, int) else httpx.Response(200, json=found)

    return httpx.MockTransport(respond)


def document(
    issuer: str = f"{GLOBAL}/{TENANT}/v2.0", keys: str = f"{GLOBAL}/{TENANT}/keys"
) -> dict[str, str]:
    """Return what a discovery document says."""
    return {"issuer": issuer, "jwks_uri": keys}


@pytest.mark.parametrize(
    ("external", "issuer", "keys", "believed"),
    [
        ("", f"{GLOBAL}/{TENANT}/v2.0", f"{GLOBAL}/keys", True),
        ("", f"https://sts.windows.net/{TENANT}/", f"{GLOBAL}/keys", True),
        ("", "https://windows.net/x", f"{GLOBAL}/keys", True),
        ("", "https://evilwindows.net/x", f"{GLOBAL}/keys", False),
        ("", "https://windows.net.evil.example/x", f"{GLOBAL}/keys", False),
        ("", "http://login.microsoftonline.com/x", f"{GLOBAL}/keys", False),
        ("", f"{GLOBAL}/x", "https://evil.example/keys", False),
        (OWN, BY_ID, f"{OWN}/{TENANT}/keys", True),
        (OWN, BY_ID, BY_ID, True),
        (OWN, f"{OWN}/other/v2.0", BY_ID, False),
        (OWN, f"https://evil.ciamlogin.com/{TENANT}/v2.0", BY_ID, False),
        (OWN, f"http://shop.ciamlogin.com/{TENANT}/v2.0", BY_ID, False),
        (OWN, f"{OWN}/{TENANT}", BY_ID, False),
        (OWN, f"{GLOBAL}/{TENANT}/v2.0", BY_ID, False),
        ("https://login.example.com", "https://login.example.com/x", "https://login.example.com/k", True),
        ("https://login.example.com", "https://sts.windows.net/x", "https://login.example.com/k", False),
    ],
)
def test_whoever_names_the_keys_is_of_the_cloud(
    external: str, issuer: str, keys: str, believed: bool
) -> None:
    """Hosts of Microsoft for its clouds; of an External ID tenant its own alone."""
    server = transport(document(issuer, keys))
    read = discovery.read("global", TENANT, frozenset({2}), external=external, transport=server)
    if not believed:
        with pytest.raises(SignInError, match=r"which is not of .*; nothing was written$"):
            asyncio.run(read)
        return
    base = external or GLOBAL
    url = f"{base}/{TENANT}/v2.0/.well-known/openid-configuration"
    assert asyncio.run(read) == {2: OpenId(url, issuer, keys)}


def test_each_version_of_tokens_has_its_document() -> None:
    """Version 1 at the tenant itself."""
    requested: list[str] = []
    server = transport(document(), requested)
    found = asyncio.run(discovery.read("global", TENANT, frozenset({1, 2}), transport=server))
    assert set(found) == {1, 2}
    known = "/.well-known/openid-configuration"
    assert requested == [f"{GLOBAL}/{TENANT}{known}", f"{GLOBAL}/{TENANT}/v2.0{known}"]
    assert discovery.authority("global") == GLOBAL


@pytest.mark.parametrize("broken", [404, {"issuer": "x"}, {"jwks_uri": "x"}, [], None])
def test_what_is_no_document_is_said(broken: Any) -> None:
    """With its address."""
    read = discovery.read("global", TENANT, frozenset({2}), transport=transport(broken))
    with pytest.raises(SignInError, match="openid-configuration: no OpenID configuration"):
        asyncio.run(read)


@pytest.mark.parametrize(
    ("external", "keys", "base"),
    [("", f"{GLOBAL}/{TENANT}/keys", GLOBAL), (OWN, f"{OWN}/{TENANT}/keys", OWN)],
)
def test_keys_are_counted_where_the_document_says(external: str, keys: str, base: str) -> None:
    """Of tokens of version 2."""
    requested: list[str] = []
    server = transport(document(f"{base}/{TENANT}/v2.0", keys), requested, {"keys": [{}, {}, {}]})
    assert asyncio.run(discovery.keys("global", TENANT, external=external, transport=server)) == 3
    assert requested == [f"{base}/{TENANT}/v2.0/.well-known/openid-configuration", keys]


@pytest.mark.parametrize("broken", [500, {}, {"keys": None}, []])
def test_keys_that_cannot_be_read_are_said(broken: Any) -> None:
    """With their address."""
    server = transport(document(), keys=broken)
    with pytest.raises(SignInError, match=f"^{GLOBAL}/{TENANT}/keys: no keys"):
        asyncio.run(discovery.keys("global", TENANT, transport=server))
