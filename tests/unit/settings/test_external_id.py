"""External ID tenants: where their people sign in stands in the settings, and no other tenant's name does."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from api.settings import EntraSettings
from entra_config.errors import ManifestError, SignInError
from entra_config.graph import discovery
from entra_config.graph.clouds import OpenId
from entra_config.manifest import loader
from entra_config.settings import tenant, values
from entra_config.settings.registered import Registered, RegisteredTenant

ID, OTHER = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
API = "5c1b2f7e-0000-4000-8000-000000000001"
BASE = "https://contoso.ciamlogin.com"
ISSUER = f"https://{ID}.ciamlogin.com/{ID}/v2.0"
KEYS = f"https://{ID}.ciamlogin.com/{ID}/discovery/v2.0/keys"
MANIFEST = """\
project: p
environments: { dev: { tenantId: %s, authority: "%s" } }
applications:
  api:
    type: api
    displayName: API
    identifierUris: ["api://${appId}"]
    scopes: { user.read: Read }
  spa:
    type: spa
    displayName: Page
    redirectUris: [https://app.example.com/redirect.html]
    apiPermissions: { api: { delegated: [user.read], adminConsent: true } }
settings:
  folder: out
  apis: { api: { url: https://api.example.com, json: api.json } }
  spas: { spa: { url: https://app.example.com, api: api, config: config.json } }
"""


def read(issuer: str = ISSUER, keys: str = KEYS) -> OpenId:
    """Read the discovery document of the tenant."""
    requested: list[str] = []

    def response(request: httpx.Request) -> httpx.Response:
        requested.append(str(request.url))
        return httpx.Response(200, json={"issuer": issuer, "jwks_uri": keys})

    found = asyncio.run(
        discovery.read("global", ID, frozenset({2}), external=BASE, transport=httpx.MockTransport(response))
    )
    assert requested == [f"{BASE}/{ID}/v2.0/.well-known/openid-configuration"]
    return found[2]


def test_its_own_host_and_the_one_of_its_id_are_the_tenants() -> None:
    """Both forms of the issuer, and of the address of keys."""
    assert read() == OpenId(f"{BASE}/{ID}/v2.0/.well-known/openid-configuration", ISSUER, KEYS)
    for place in (BASE, f"https://{ID}.ciamlogin.com"):
        assert read(f"{place}/{ID}/v2.0", f"{place}/{ID}/discovery/v2.0/keys")


@pytest.mark.parametrize(
    "issuer",
    [
        f"https://evil.ciamlogin.com/{ID}/v2.0",
        f"https://{OTHER}.ciamlogin.com/{ID}/v2.0",
        f"https://{ID}.ciamlogin.com/{OTHER}/v2.0",
        f"https://{ID}.ciamlogin.com.evil.example/{ID}/v2.0",
        f"http://{ID}.ciamlogin.com/{ID}/v2.0",
        f"https://login.microsoftonline.com/{ID}/v2.0",
        f"https://me@{ID}.ciamlogin.com/{ID}/v2.0",
    ],
)
def test_nothing_is_written_of_another_tenants_keys_or_name(issuer: str) -> None:
    """Anybody may have a name below that domain."""
    with pytest.raises(SignInError, match="nothing was written"):
        read(issuer=issuer)
    with pytest.raises(SignInError, match="nothing was written"):
        read(keys=issuer)


def registered() -> tuple[loader.Manifest, RegisteredTenant]:
    """Write and load the manifest; its tenant has both applications."""
    Path("entra-config.yaml").write_text(MANIFEST % (ID, BASE), encoding="utf-8")
    manifest = loader.load(Path("entra-config.yaml"))
    apps = {
        "api": Registered(API, f"api://{API}", 2),
        "spa": Registered("5c1b2f7e-0000-4000-8000-000000000002"),
    }
    return manifest, tenant.tenant(manifest, apps, {2: read()}, authority=manifest.authority, unlisted=True)


def test_page_and_api_get_its_authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page knows the host without asking anybody; the API starts with it, and not with another's."""
    monkeypatch.chdir(tmp_path)
    manifest, found = registered()
    api, spa = (next(app for app in manifest.settings.apps if app.key == key) for key in ("api", "spa"))
    page = json.loads(values.config(manifest, spa, found))
    assert page["authority"] == f"{BASE}/{ID}"
    assert page["knownAuthorities"] == ["contoso.ciamlogin.com"]
    said = json.loads(values.api_json(manifest, api, found))
    assert EntraSettings.model_validate(said).foreign_hosts == ()
    for name, value in (
        ("ISSUER", f"https://evil.ciamlogin.com/{ID}/v2.0"),
        ("JWKS_URL", f"https://{OTHER}.ciamlogin.com/{ID}/discovery/v2.0/keys"),
    ):
        assert len(EntraSettings.model_validate({**said, name: value}).foreign_hosts) == 1


@pytest.mark.parametrize(
    "authority",
    [
        "http://contoso.ciamlogin.com",
        "https://contoso.ciamlogin.com/",
        f"https://contoso.ciamlogin.com/{ID}",
        "https://Contoso.ciamlogin.com",
        "https://ciamlogin.com",
        "https://a.b.ciamlogin.com",
        "https://contoso.ciamlogin.com.evil.example",
        "https://login.contoso.com",
        "contoso",
    ],
)
def test_what_is_no_authority_is_told_at_its_place(tmp_path: Path, authority: str) -> None:
    """One form, and where to leave it out."""
    path = tmp_path / "entra-config.yaml"
    path.write_text(MANIFEST % (ID, authority), encoding="utf-8")
    with pytest.raises(ManifestError, match=r":2:\d+: `authority`: .* is not of the form"):
        loader.load(path)
