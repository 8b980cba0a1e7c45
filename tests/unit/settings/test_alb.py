"""What `settings` writes for a load balancer that signs in for a page, and for the API behind it."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import dotenv
import pytest

from entra_config.errors import ManifestError
from entra_config.graph.clouds import OpenId
from entra_config.manifest import loader
from entra_config.settings import alb, values
from entra_config.settings.registered import Registered, RegisteredTenant

ID = "11111111-1111-1111-1111-111111111111"
LOGIN = f"https://login.example.com/{ID}"
MANIFEST = f"""\
project: p
environments: {{ dev: {{ tenantId: {ID}, sinks: {{ alb: {{ file: /somewhere/else }} }} }} }}
applications:
  api:
    type: api
    displayName: API
    identifierUris: ["api://${{appId}}"]
    scopes: {{ read: {{ value: user.read, displayName: Read, description: Reads. }} }}
  alb:
    type: web
    displayName: Load balancer
    redirectUris: [https://app.example.com/oauth2/idpresponse, https://app.example.com/signed-out]
    apiPermissions: {{ api: {{ delegated: [read], adminConsent: true }} }}
    credentials: {{ secrets: {{ alb: {{ sink: alb }} }} }}
settings:
  folder: out
  apis: {{ api: {{ url: https://api.example.com, dotenv: api.env }} }}
  webs: {{ alb: {{ url: https://app.example.com, api: api, alb: alb.json, config: page.json }} }}
"""


def test_the_action_of_the_rules_the_api_and_its_page(tmp_path: Path) -> None:
    """The token asked for is the API's, so the API answers userinfo; the API learns whom it believes."""
    (tmp_path / "entra-config.yaml").write_text(MANIFEST, encoding="utf-8")
    (manifest,) = loader.load_all(tmp_path)
    found = {"api": Registered("api-id", "api://api-id", 2), "alb": Registered("alb-id")}
    open_id = {2: OpenId(f"{LOGIN}/v2.0/.well-known/openid-configuration", f"{LOGIN}/v2.0", f"{LOGIN}/keys")}
    tenant = RegisteredTenant(LOGIN, found, open_id)
    api, page = manifest.settings.apps

    assert json.loads(alb.action(manifest, page, tenant)) == {
        "Issuer": f"{LOGIN}/v2.0",
        "AuthorizationEndpoint": f"{LOGIN}/oauth2/v2.0/authorize",
        "TokenEndpoint": f"{LOGIN}/oauth2/v2.0/token",
        "UserInfoEndpoint": "https://api.example.com/userinfo",
        "ClientId": "alb-id",
        "Scope": "openid profile offline_access api://api-id/user.read",
        "SessionTimeout": 28_800,
    }
    read = dotenv.dotenv_values(stream=StringIO(values.dotenv(manifest, api, tenant)))
    assert (read["ALB_CLIENT_ID"], read["ALB_PAGE_URL"]) == ("alb-id", "https://app.example.com")
    assert json.loads(values.config(manifest, page, tenant))["session"] == "cookie"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("/oauth2/idpresponse", "/auth/callback", "idpresponse`, where sign-in comes back, is no `web`"),
        ("/signed-out]", "/out]", "signed-out`, where sign-out comes back, is no `web`"),
        ("    credentials: { secrets: { alb: { sink: alb } } }\n", "", "`alb` has no secret"),
        ("displayName: API\n", "displayName: API\n    accessTokenVersion: 1\n", "tokens of version 1"),
        ("url: https://api.example.com,", "url: https://app.example.com,", "the page's host or a path"),
        ("url: https://api.example.com,", "url: https://api.example.com/v1,", "the page's host or a path"),
        ("url: https://app.example.com,", "url: http://localhost:1,", "is not an https origin"),
        ("delegated: [read]", "delegated: []", "asks for no scope of `api`"),
    ],
)
def test_what_would_fail_is_told_at_its_place(tmp_path: Path, before: str, after: str, said: str) -> None:
    """At the first sign-in, call or sign-out."""
    assert before in MANIFEST
    text = MANIFEST.replace(before, after, 1)
    (tmp_path / "entra-config.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ManifestError) as caught:
        loader.load_all(tmp_path)
    assert said in " ".join(str(problem) for problem in caught.value.problems)
