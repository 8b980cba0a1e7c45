"""`awsStack:` read: what no load balancer could put behind one address is told at its place."""

from __future__ import annotations

import pytest

from tests.unit.manifest.conftest import Load

ROOT = """project: myapp
environments: { prod: { tenantId: 11111111-1111-1111-1111-111111111111 } }
applications:
  api:
    type: api
    displayName: API
    identifierUris: ["api://${appId}"]
    scopes: { read: { displayName: Read, description: Reads., whoCanConsent: adminsAndUsers } }
  page:
    type: spa
    displayName: Page
    redirectUris: ["https://app.example.com/redirect.html"]
    apiPermissions: { api: { delegated: [read] } }
settings:
  folder: out
  apis: { api: { url: "https://api.example.com" } }
  spas: { page: { url: "https://app.example.com", api: api, awsStack: aws.json } }
"""


@pytest.mark.parametrize("api", ["https://api.example.com", "https://app.example.com/api"])
def test_two_hosts_or_one_fit(load: Load, api: str) -> None:
    """With the check of tokens at the load balancer, which is off unless it is asked for."""
    settings = load(ROOT.replace("https://api.example.com", api), "prod").settings
    assert [file.target for app in settings.apps for file in app.files] == ["awsStack"]
    assert not settings.api("api").jwt_validation
    requested = ROOT.replace('https://api.example.com" }', f'{api}", jwtValidation: true }}')
    assert load(requested, "prod").settings.api("api").jwt_validation


def test_without_the_target_nothing_is_asked_of_hosts(load: Load) -> None:
    """A page on a port of this machine is a page."""
    text = ROOT.replace(", awsStack: aws.json", "").replace(
        "https://app.example.com", "https://localhost:5173"
    )
    assert load(text, "prod").settings.apps
