"""`awsStack:` read: what no load balancer could put behind one address is told at its place."""

from __future__ import annotations

import pytest

from tests.unit.manifest.conftest import Load, Problems

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
MANY = "type: api\n    signInAudience: AzureADMultipleOrgs"
OTHERS = "allowedTenants: [22222222-2222-2222-2222-222222222222]"
MISTAKES = {
    "a host that signs nobody in": (
        [('url: "https://app.example.com"', 'url: "https://www.example.com"')],
        "`www.example.com` is the host of no `spa` redirect URI of `page`",
    ),
    "a port": (
        [("https://app.example.com", "https://app.example.com:8443")],
        "`https://app.example.com:8443` of `page` is not a host of a certificate on port 443",
    ),
    "a machine's own name": (
        [("https://api.example.com", "https://localhost")],
        "`https://localhost` of `api` is not a host",
    ),
    "an address": ([("https://api.example.com", "https://10.0.0.1")], "is not a host of a certificate"),
    "a page below a path": (
        [("https://app.example.com", "https://app.example.com/x")],
        "`https://app.example.com/x` is more than an origin",
    ),
    "one host and no path": (
        [("https://api.example.com", "https://app.example.com")],
        "has the page's host: give the API a path of one part",
    ),
    "one host and a long path": (
        [("https://api.example.com", "https://app.example.com/api/v1")],
        "a path of one part",
    ),
    "two hosts and a path": (
        [("https://api.example.com", "https://api.example.com/api")],
        "has a host of its own",
    ),
    "tokens of version 1": (
        [('api.example.com" }', 'api.example.com", jwtValidation: true }'),
         ("type: api\n", "type: api\n    accessTokenVersion: 1\n")],
        "`jwtValidation` of `api`: the load balancer takes tokens of version 2 alone",
    ),
    "other tenants' tokens": (
        [('api.example.com" }', f'api.example.com", jwtValidation: true, {OTHERS} }}'), ("type: api", MANY)],
        "takes tokens of one issuer alone",
    ),
    "neither yes nor no": (
        [('api.example.com" }', 'api.example.com", jwtValidation: maybe }')],
        "`jwtValidation`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("api", ["https://api.example.com", "https://app.example.com/api"])
def test_two_hosts_or_one_fit(load: Load, api: str) -> None:
    """With the check of tokens at the load balancer, which is off unless it is asked for."""
    settings = load(ROOT.replace("https://api.example.com", api), "prod").settings
    assert [file.target for app in settings.apps for file in app.files] == ["awsStack"]
    assert not settings.api("api").jwt_validation
    requested = ROOT.replace('https://api.example.com" }', f'{api}", jwtValidation: true }}')
    assert load(requested, "prod").settings.api("api").jwt_validation


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_at_its_place(problems: Problems, name: str) -> None:
    """One sentence for each thing that is wrong."""
    changes, said = MISTAKES[name]
    text = ROOT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    reported = problems(text, "prod")
    assert any(said in each for each in reported), reported


def test_two_who_sign_in_for_one_page_are_told(problems: Problems) -> None:
    """A load balancer and an httpd: the stacks have one or the other."""
    other = "alb: alb.json, httpd: httpd-web.conf"
    text = ROOT.replace("type: spa", "type: web").replace(
        'spas: { page: { url: "https://app.example.com", api: api, awsStack: aws.json } }',
        f'webs: {{ page: {{ url: "https://app.example.com", api: api, awsStack: aws.json, {other} }} }}',
    )
    reported = problems(text, "prod")
    assert any("signs in for `page`, not both" in each for each in reported), reported


def test_what_the_httpd_before_the_api_would_fail_at_is_told(problems: Problems) -> None:
    """The stacks run one there, whether the API has a file for it or not."""
    text = ROOT.replace("type: spa", "type: web").replace(
        'spas: { page: { url: "https://app.example.com", api: api, awsStack: aws.json } }',
        'webs: { page: { url: "https://app.example.com", api: api, awsStack: aws.json, httpd: web.conf } }',
    )
    text = text.replace("type: api", MANY).replace('api.example.com" }', f'api.example.com", {OTHERS} }}')
    reported = problems(text, "prod")
    assert any("`allowedTenants` of `api` has others" in each for each in reported), reported


def test_without_the_target_nothing_is_asked_of_hosts(load: Load) -> None:
    """A page on a port of this machine is a page."""
    text = ROOT.replace(", awsStack: aws.json", "").replace(
        "https://app.example.com", "https://localhost:5173"
    )
    assert load(text, "prod").settings.apps
