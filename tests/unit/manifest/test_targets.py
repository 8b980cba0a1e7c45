"""`settings:` read: URLs per environment, what is left out, and servers that sign in for a page."""

from __future__ import annotations

from entra_config.manifest.targets import TARGETS
from entra_config.settings import writers
from tests.unit.manifest.conftest import Load
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


WEB = "folder: o\napis: { api: { url: https://api.example } }\nwebs: { bff: { api: api, url: 'https://app.example', dotenv: bff.env, config: c.json } }"


def test_a_server_signs_in_for_a_page(load: Load) -> None:
    """It has an API as a page has, and the targets of its own."""
    web = load(root(WEB), "prod").settings.apps[-1]
    assert (web.key, web.section, web.api, web.url) == ("bff", "webs", "api", "https://app.example")
    assert [(each.target, each.path) for each in web.files] == [("dotenv", "bff.env"), ("config", "c.json")]


def test_every_target_has_its_writer() -> None:
    """The table of targets and the table of writers name the same, half by half."""
    assert {target.key for target in TARGETS if target.half == "source"} == set(writers.SOURCES)
    assert {target.key for target in TARGETS if target.half == "values"} == set(writers.VALUES)
