"""`settings:` read: URLs per environment, what is left out, and servers that sign in for a page."""

from __future__ import annotations

import pytest

from entra_config.manifest.targets import TARGETS
from entra_config.settings import writers
from tests.unit.manifest.conftest import Load, Problems
from tests.unit.manifest.settings_roots import API, root


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
        ("contoso", "`contoso` is not a tenant's id"),
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
        ("idToken: [sid]", "accessToken: [sid]", "`sid` is not an optional claim of `bff`'s ID token"),
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


def test_every_target_has_its_writer() -> None:
    """The table of targets and the table of writers name the same, half by half."""
    assert {target.key for target in TARGETS if target.half == "source"} == set(writers.SOURCES)
    assert {target.key for target in TARGETS if target.half == "values"} == set(writers.VALUES)
