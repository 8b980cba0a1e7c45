"""`settings:` read: what holds, and every mistake with its place."""

from __future__ import annotations

import pytest

from entra_config.manifest.targets import TARGETS
from entra_config.settings import writers
from tests.unit.manifest.conftest import Load, Problems

ROOT = """project: myapp
environments:
  dev: {{ tenantId: 11111111-1111-1111-1111-111111111111, variables: {{ at: "https://localhost:5173" }} }}
  prod: {{ tenantId: 11111111-1111-1111-1111-111111111111, variables: {{ at: "https://app.example" }}, overrides: {over} }}
applications:
  api:
    type: api
    displayName: API
    identifierUris: ["api://${{appId}}"]
    scopes: {{ read: {{ value: data.read, displayName: Read, description: Reads., whoCanConsent: adminsAndUsers }} }}
    appRoles: {{ Reader: {{ displayName: Reader, description: Reads., allowedMemberTypes: [User, Application] }} }}
  page:
    type: spa
    displayName: Page
    redirectUris: ["${{at}}/redirect.html"]
    apiPermissions: {{ api: {{ delegated: [read] }} }}
  other: {{ type: spa, displayName: Other, only: [dev], redirectUris: ["https://api.example/docs/oauth2-redirect.html"] }}
  bff: {{ type: web, displayName: BFF, redirectUris: ["https://app.example/auth/callback", "https://app.example/"], logoutUrl: https://app.example/auth/front-channel-logout, optionalClaims: {{ idToken: [sid] }}, apiPermissions: {{ api: {{ delegated: [read] }} }}, federatedCredentials: {{ task: {{ issuer: "https://x.tokens.sts.global.api.aws", subject: "arn:aws:iam::123456789012:role/bff" }} }} }}
  idle: {{ type: spa, displayName: Idle, redirectUris: ["https://idle.example/redirect.html"] }}
settings:
{settings}
"""
API = "apis: { api: { url: https://api.example } }"


def root(settings: str, over: str = "{}") -> str:
    """Return a root file with these settings, one line each."""
    return ROOT.format(settings="\n".join(f"  {line}" for line in settings.splitlines()), over=over)


def test_each_environment_has_its_own_urls(load: Load) -> None:
    """Placeholders and `overrides` reach `settings`; labels become the values that tokens carry."""
    settings = """folder: ../out/${environment}
apis: { api: { url: https://api.example/, dotenv: a.env, requests: { list: { path: /x, scopes: [read], roles: [Reader] } } } }
spas: { page: { api: api, url: "${at}", config: config.json } }"""
    over = "{ settings: { apis: { api: { url: https://prod.example } } } }"
    dev, prod = (load(root(settings, over), name).settings for name in ("dev", "prod"))
    assert [(app.key, app.url, app.api) for app in dev.apps] == [
        ("api", "https://api.example", None),
        ("page", "https://localhost:5173", "api"),
    ]
    assert [app.url for app in prod.apps] == ["https://prod.example", "https://app.example"]
    assert (dev.folder, prod.folder) == ("../out/dev", "../out/prod")
    (request,) = dev.api("api").requests
    assert (request.scopes, request.roles, request.application_roles, request.status) == (
        ("data.read",),
        ("Reader",),
        (),
        200,
    )


def test_what_is_left_out_takes_its_settings_along(load: Load) -> None:
    """An application that `only` keeps elsewhere has no settings here, and signs nobody in on the documentation page."""
    settings = "apis: { api: { url: https://api.example, docsClient: other } }"
    assert load(root(settings), "dev").settings.api("api").docs_client == "other"
    assert load(root(settings), "prod").settings.api("api").docs_client is None


def test_an_environment_may_go_without(load: Load) -> None:
    """Null in `overrides` takes an application's settings away there, as it clears everything else."""
    over = "{ settings: { apis: { api: null } } }"
    assert [len(load(root(API, over), name).settings.apps) for name in ("dev", "prod")] == [1, 0]


@pytest.mark.parametrize(
    ("tenants", "said"),
    [
        ("contoso", "`contoso` is no tenant's id"),
        ("11111111-1111-1111-1111-111111111111", "is this environment's own tenant"),
        (", ".join(["22222222-2222-2222-2222-222222222222"] * 2), "stands there twice"),
    ],
)
def test_allowed_tenants_are_others_by_their_ids(problems: Problems, tenants: str, said: str) -> None:
    """A name, its own tenant, the same twice: each told where it stands."""
    text = root(f"apis: {{ api: {{ url: https://a.example, allowedTenants: [{tenants}] }} }}")
    several = text.replace("type: api\n", "type: api\n    signInAudience: AzureADMultipleOrgs\n", 1)
    (reported,) = problems(several, "dev")
    assert said in reported


WEB = "folder: o\napis: { api: { url: https://api.example } }\nwebs: { bff: { api: api, url: 'https://app.example', dotenv: bff.env, config: c.json } }"


def test_a_server_signs_in_for_a_page(load: Load) -> None:
    """It has an API as a page has, and the targets of its own."""
    web = load(root(WEB), "prod").settings.apps[-1]
    assert (web.key, web.section, web.api, web.url) == ("bff", "webs", "api", "https://app.example")
    assert [(each.target, each.path) for each in web.files] == [("dotenv", "bff.env"), ("config", "c.json")]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("/auth/callback", "/callback", "`https://app.example/auth/callback`, where sign-in comes back"),
        (', "https://app.example/"]', "]", "`https://app.example/`, where sign-out comes back, is no `web`"),
        ("front-channel-logout", "logout", "is not `https://app.example/auth/front-channel-logout`"),
        ("idToken: [sid]", "accessToken: [sid]", "`sid` is no optional claim of `bff`'s ID token"),
        (
            "delegated: [read] }} }}, federated",
            "delegated: [] }} }}, federated",
            "asks for no scope of `api`",
        ),
        (
            'subject: "arn:aws:iam::123456789012:role/bff"',
            "matches: \"claims['sub'] eq 'x'\"",
            "`bff` has no federated credential with a subject",
        ),
        (
            "'https://app.example'",
            "'https://app.example/x'",
            "`https://app.example/x` is more than an origin",
        ),
    ],
)
def test_a_server_s_registration_fits_its_settings(
    problems: Problems, before: str, after: str, said: str
) -> None:
    """What would fail at the first sign-in or sign-out is told beforehand."""
    before, after = (text.replace("{{", "{").replace("}}", "}") for text in (before, after))
    text = root(WEB)
    assert before in text
    reported = problems(text.replace(before, after, 1), "prod")
    assert any(said in each for each in reported), reported


MISTAKES = {
    "a tenant of an API that has one": (
        "apis: { api: { url: https://a.example, allowedTenants: [22222222-2222-2222-2222-222222222222] } }",
        "`api` has `signInAudience: AzureADMyOrg`; only with `AzureADMultipleOrgs`",
    ),
    "metadata of what is no MCP server": (
        "apis: { api: { url: https://a.example, protectedResource: r.json } }\nfolder: out",
        "`protectedResource`: `api` is no MCP server: give it `mcp: { url: … }`",
    ),
    "a target of the other section": (
        "apis: { api: { url: https://a.example, config: c.json } }",
        "`config` is no key of",
    ),
    "no application": (
        "apis: { apo: { url: https://a.example } }",
        "`apo` is no application here. Did you mean `api`?",
    ),
    "no url": ("apis: { api: { dotenv: a.env } }\nfolder: out", "`url` of `settings.apis.api` is missing"),
    "http": ("apis: { api: { url: http://a.example } }", "`http://a.example` is no https URL"),
    "a query": ("apis: { api: { url: https://a.example/?x=1 } }", "is no https URL"),
    "a port that is none": ("apis: { api: { url: 'https://a.example:x' } }", "is no https URL"),
    "absolute": (
        "apis: { api: { url: https://a.example, python: /etc/x.py } }",
        "`python`: `/etc/x.py` leads out",
    ),
    "two folders up": ("apis: { api: { url: https://a.example, python: ../../x.py } }", "leads out"),
    "up in the middle": ("apis: { api: { url: https://a.example, python: a/../../../x.py } }", "leads out"),
    "a hidden folder": (
        "apis: { api: { url: https://a.example, tokens: ../.github/x.md } }",
        "names a hidden file or folder",
    ),
    "another suffix": (
        "apis: { api: { url: https://a.example, python: ../setup.sh } }",
        "does not end in `.py`",
    ),
    "a value with a folder": (
        "folder: o\napis: { api: { url: https://a.example, json: a/b.json } }",
        "is more than the name",
    ),
    "a value without a folder": (
        "apis: { api: { url: https://a.example, json: a.json } }",
        "`settings.folder` says where",
    ),
    "a folder outside": ("folder: ../../x\napis: {}", "`folder`: `../../x` leads out"),
    "one file twice": (
        "folder: o\napis: { api: { url: https://a.example, dotenv: a.env, shell: a.env } }",
        "is written by the",
    ),
    "one file twice but for case": (
        "folder: o\napis: { api: { url: https://a.example, dotenv: a.env, shell: A.env } }",
        "`A.env` is written by the",
    ),
    "a drive": ("apis: { api: { url: https://a.example, python: 'c:/x.py' } }", "`c:/x.py` holds a colon"),
    "a stream": (
        "folder: o\napis: { api: { url: https://a.example, dotenv: 'config.json:x.env' } }",
        "holds a colon",
    ),
    "a folder on a drive": ("folder: 'c:x'\napis: {}", "`folder`: `c:x` holds a colon"),
    "a line of a log": (
        'apis: { api: { url: https://a.example, python: "../a\\n::error::x.py" } }',
        "holds what cannot be seen",
    ),
    "what turns a name around": (
        'folder: o\napis: { api: { url: https://a.example, json: "a\\u202enosj.json" } }',
        "cannot be seen",
    ),
    "an invisible folder": ('folder: "../o\\u200b"\napis: {}', "`folder`: `../o"),
    "an origin with a path": (
        "apis: { api: { url: https://a.example, allowedOrigins: [https://b.example/x] } }",
        "more than an",
    ),
    "a client that is none": (
        "apis: { api: { url: https://a.example, docsClient: pag } }",
        "no application `pag`. Did you",
    ),
    "a client without the URI": (
        "apis: { api: { url: https://a.example, docsClient: page } }",
        "lacks the `spa` redirect URI `https://a.example/docs/oauth2-redirect.html`",
    ),
    "a page without an API": (
        "spas: { page: { url: https://localhost:5173 } }",
        "`api` of settings.spas.page is missing",
    ),
    "a page of another API": (
        API + "\nspas: { page: { api: apo, url: '${at}' } }",
        "`apo` has no `settings.apis`",
    ),
    "a page without its URI": (
        API + "\nfolder: o\nspas: { page: { api: api, url: https://b.example, config: c.json } }",
        "`https://b.example/redirect.html`, where sign-in comes back, is no `spa` redirect URI of `page`",
    ),
    "a page that asks for nothing": (
        API + "\nfolder: o\nspas: { idle: { api: api, url: https://idle.example, config: c.json } }",
        "`idle` asks for no scope of `api`",
    ),
    "a server without an API": (
        "webs: { bff: { url: https://app.example } }",
        "`api` of settings.webs.bff is missing",
    ),
    "a target of another section": (
        API + "\nwebs: { bff: { api: api, url: https://app.example, json: a.json } }",
        "`json` is no key of",
    ),
    "a role that is none": (
        "apis: { api: { url: https://a.example, requests: { x: { path: /x, roles: [Raeder] } } } }",
        "`roles`: `api` has no `Raeder`. Did you mean `Reader`?",
    ),
    "an operation's role that is none": (
        "apis: { api: { url: https://a.example, operations: { x: { roles: [Raeder] } } } }",
        "`roles`: `api` has no `Raeder`. Did you mean `Reader`?",
    ),
    "an operation of no role": (
        "apis: { api: { url: https://a.example, operations: { x: { roles: [] } } } }",
        "`roles` is empty: leave it out where none is needed",
    ),
    "an operation whose roles were forgotten": (
        "apis: { api: { url: https://a.example, operations: { x: { roles: } } } }",
        "`roles` is empty",
    ),
    "an operation of all scopes and of one": (
        "apis: { api: { url: https://a.example, operations: { x: { scopes: [read], anyScope: [read] } } } }",
        "`anyScope` stands in place of `scopes`",
    ),
    "an operation that no constant can be named after": (
        "apis: { api: { url: https://a.example, operations: { 'x y': {} } } }",
        "`operations`: `x y` is not a letter",
    ),
    "a request of an operation that is none": (
        "apis: { api: { url: https://a.example, operations: { read: {} }, requests: { x: { path: /x, operation: raed } } } }",
        "`operation`: `api` has no `raed` in its `operations`. Did you mean `read`?",
    ),
    "a request that says what its operation says": (
        "apis: { api: { url: https://a.example, operations: { read: {} }, requests: { x: { path: /x, operation: read, roles: [Reader] } } } }",
        "`roles`: the operation `read` says it; leave it out",
    ),
    "a path that is none": (
        "apis: { api: { url: https://a.example, requests: { x: { path: x } } } }",
        "`x` is no path below",
    ),
    "an appId in a body": (
        "apis: { api: { url: https://a.example, requests: { x: { path: /x, body: { id: '${applications.api.appId}' } } } } }",
        "`body`: an appId is not known yet",
    ),
    "an appId in a url": (
        "apis: { api: { url: 'https://${applications.api.appId}.example' } }",
        "an appId is not known yet",
    ),
    "no map": ("apis: [api]", "expected a map"),
    "nothing of an API": ("apis: { api: {} }", "`url` of `settings.apis.api` is missing"),
    "a status of failure": (
        "apis: { api: { url: https://a.example, requests: { x: { path: /x, status: 404 } } } }",
        "200 to 299",
    ),
    "a method that is none": (
        "apis: { api: { url: https://a.example, requests: { x: { path: /x, method: GTE } } } }",
        "`GTE` is",
    ),
}


@pytest.mark.parametrize(("settings", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_place(problems: Problems, settings: str, said: str) -> None:
    """File, line and column, and what was expected."""
    reported = problems(root(settings), "dev")
    assert len(reported) == 1, reported
    assert said in reported[0]
    assert reported[0].startswith(("entra-config.yaml:1", "entra-config.yaml:2"))


def test_every_target_has_its_writer() -> None:
    """The table of targets and the table of writers name the same, half by half."""
    assert {target.key for target in TARGETS if target.half == "source"} == set(writers.SOURCES)
    assert {target.key for target in TARGETS if target.half == "values"} == set(writers.VALUES)
