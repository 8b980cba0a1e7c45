"""What `settings` writes for a server that signs in for a page, and for that page: no secret, no token."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import dotenv
import pytest

from entra_config.manifest import loader
from entra_config.settings import values, writers
from entra_config.settings.registered import Registered, RegisteredTenant

ID = "11111111-1111-1111-1111-111111111111"
MANIFEST = """\
project: p
environments: { dev: { tenantId: %s } }
applications:
  api:
    type: api
    displayName: API
    identifierUris: ["api://${appId}"]
    scopes:
      read: { value: user.read, displayName: Read, description: Reads. }
      write: { value: user.write, displayName: Write, description: Writes. }
  bff:
    type: web
    displayName: BFF
    redirectUris: [https://app.example.com/auth/callback, https://app.example.com/]
    logoutUrl: https://app.example.com/auth/front-channel-logout
    optionalClaims: { idToken: [sid] }
    apiPermissions: { api: { delegated: [read], adminConsent: true } }
    federatedCredentials:
      any: { issuer: "https://token.actions.githubusercontent.com", matches: "claims['sub'] eq 'x'" }
      task: { issuer: "https://x.tokens.sts.global.api.aws", subject: "arn:aws:iam::123456789012:role/bff"%s }
settings:
  folder: out
  apis: { api: { url: https://api.example.com, json: api.json } }
  webs:
    bff: { url: https://app.example.com, api: api, dotenv: bff.env, config: page.json, typescript: ../a.ts }
"""


@pytest.mark.parametrize("audience", ["api://AzureADTokenExchange", "api://AzureADTokenExchangeUSGov"])
def test_the_server_and_its_page(tmp_path: Path, audience: str) -> None:
    """The server has the client, the scopes with their address and the audience of its assertion; the page
    has its own origin alone; the API lets no page of another origin in.
    """
    said = "" if audience.endswith("Exchange") else f", audience: {audience}"
    (tmp_path / "entra-config.yaml").write_text(MANIFEST % (ID, said), encoding="utf-8")
    (manifest,) = loader.load_all(tmp_path)
    found = {"api": Registered("api-id", "api://api-id", 1), "bff": Registered("bff-id")}
    tenant = RegisteredTenant(f"https://login.example.com/{ID}", found, {})
    api, bff = manifest.settings.apps

    read = dotenv.dotenv_values(stream=StringIO(values.dotenv(manifest, bff, tenant)))
    assert read == {
        "ENVIRONMENT": "dev",
        "PROTECTED": "false",
        "TENANT_ID": ID,
        "CLIENT_ID": "bff-id",
        "AUTHORITY": f"https://login.example.com/{ID}",
        "ASSERTION_AUDIENCE": audience,
        "PAGE_URL": "https://app.example.com",
        "API_URL": "https://api.example.com",
        "API_SCOPES": '["api://api-id/user.read"]',
    }
    assert json.loads(values.config(manifest, bff, tenant)) == {
        "environment": "dev",
        "session": "cookie",
        "apiBaseUrl": "https://app.example.com/api",
    }
    assert api.section == "apis"
    (source,) = writers.sources([manifest]).values()
    assert 'UserRead: "user.read"' in source
