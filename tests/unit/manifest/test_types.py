"""Types: their defaults, and what each refuses."""

from __future__ import annotations

import pytest

from entra_config.manifest.fields.application import APPLICATION
from entra_config.manifest.fields.field import TYPES
from tests.unit.manifest.conftest import Load, One, Problems

DEFAULTS = {
    "signInAudience": "AzureADMyOrg",
    "api.requestedAccessTokenVersion": 2,
    "identifierUris": [],
    "isFallbackPublicClient": False,
    "web.redirectUris": [],
    "spa.redirectUris": [],
    "publicClient.redirectUris": [],
    "web.implicitGrantSettings.enableAccessTokenIssuance": False,
    "web.implicitGrantSettings.enableIdTokenIssuance": False,
}
DEVIATIONS = {
    "publicClient": {"isFallbackPublicClient": True},
    "application": {"api.requestedAccessTokenVersion": None, "isFallbackPublicClient": None},
}
VALUES = {
    "identifierUris": "['api://${appId}']",
    "scopes": "{ s: Use it }",
    "appRoles": "{ R: Reads. }",
    "authorizedClients": "{ 5c1b2f7e-0000-4000-8000-000000000000: [s] }",
    "mcp": "{ url: 'https://a.example/mcp' }",
    "knownClientApplications": "[5c1b2f7e-0000-4000-8000-000000000000]",
    "redirectUris": "['https://a.example/']",
    "allowPublicClientFlows": "true",
    "federatedCredentials": "{ ci-x: { issuer: 'https://i.example', subject: s } }",
    "certificates": "{ ci: nowhere.pem }",
    "credentials": "{ secrets: { web: { sink: web } } }",
    "logoutUrl": "https://a.example/out",
}
REFUSED = [(field.key, kind, refusal.why) for field in APPLICATION for kind, refusal in field.refused.items()]


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_brings_its_defaults(one: One, kind: str) -> None:
    """Every kept field that is absent has the type's default, without a place; free ones are not there."""
    settings = one(f"type: {kind}").settings
    plain = {path: setting.value for path, setting in settings.items() if path != "displayName"}
    assert plain == DEFAULTS | DEVIATIONS.get(kind, {})
    assert all(setting.position is None for path, setting in settings.items() if path != "displayName")


@pytest.mark.parametrize(("key", "kind", "why"), REFUSED)
def test_a_type_refuses_what_does_not_fit(problems: Problems, key: str, kind: str, why: str) -> None:
    """Each refusal of the table is an error that says why."""
    found = problems(
        f"applications:\n  app:\n    type: {kind}\n    displayName: App\n    {key}: {VALUES[key]}\n"
    )
    assert f"entra-config.yaml:7:5: `{key}` does not fit type `{kind}`: {why}" in found


def test_an_empty_value_is_no_misfit(one: One) -> None:
    """What says the default, or nothing, fits every type."""
    assert (
        one(
            "type: spa, identifierUris: [], scopes: {}, allowPublicClientFlows: false, certificates: null"
        ).certificates
        == ()
    )


@pytest.mark.parametrize(
    ("kind", "path"),
    [("spa", "spa.redirectUris"), ("publicClient", "publicClient.redirectUris"), ("web", "web.redirectUris")],
)
def test_redirect_uris_are_short_for_the_own_platform(one: One, kind: str, path: str) -> None:
    """`redirectUris` belong to the platform of the type."""
    assert one(f"type: {kind}, redirectUris: ['https://a.example/']").settings[path].value == [
        "https://a.example/"
    ]


@pytest.mark.parametrize("kind", TYPES)
def test_platforms_work_for_every_type(one: One, kind: str) -> None:
    """All three platforms can be named."""
    body = "platforms: { web: ['https://w.example/'], spa: ['https://s.example/'], mobileAndDesktop: ['http://localhost'] }"
    settings = one(f"type: {kind}, {body}").settings
    assert settings["web.redirectUris"].value == ["https://w.example/"]
    assert settings["spa.redirectUris"].value == ["https://s.example/"]
    assert settings["publicClient.redirectUris"].value == ["http://localhost"]


def test_free_fields_are_there_when_written(one: One) -> None:
    """Each free field comes with its value and place; null clears."""
    body = "type: web, logoutUrl: 'https://a.example/out', homePageUrl: 'https://a.example', notes: null, tags: [x], groupMembershipClaims: 'SecurityGroup, DirectoryRole'"
    settings = one(body).settings
    assert settings["web.logoutUrl"].value == "https://a.example/out"
    assert settings["web.homePageUrl"].value == "https://a.example"
    assert settings["notes"].value is None
    assert settings["tags"].value == ["x"]
    assert settings["groupMembershipClaims"].value == "SecurityGroup, DirectoryRole"
    classes = {item.graph: item.cls for item in APPLICATION}
    assert {
        classes[path]
        for path in ("web.logoutUrl", "web.homePageUrl", "notes", "tags", "groupMembershipClaims")
    } == {"free"}
    assert classes["owners"] == classes["keyCredentials"] == "watched"


def test_optional_claims_are_as_graph_answers_them(one: One) -> None:
    """Short claims get every key, and every token its list."""
    claims = one(
        "type: api, optionalClaims: { accessToken: [email, { name: groups, additionalProperties: [sam_account_name] }] }"
    )
    assert claims.settings["optionalClaims"].value == {
        "accessToken": [
            {"name": "email", "source": None, "essential": False, "additionalProperties": []},
            {
                "name": "groups",
                "source": None,
                "essential": False,
                "additionalProperties": ["sam_account_name"],
            },
        ],
        "idToken": [],
        "saml2Token": [],
    }


def test_what_speaks_to_this_tool_is_read(one: One) -> None:
    """`preventDestroy`, `previously`, and `ignoreChanges` as Graph's paths."""
    app = one(
        "type: spa, preventDestroy: true, previously: old, ignoreChanges: [redirectUris, apiPermissions, properties.info.supportUrl]"
    )
    assert (app.prevent_destroy, app.previously) == (True, "old")
    assert app.ignore_changes == ("spa.redirectUris", "requiredResourceAccess", "info.supportUrl")


def test_an_app_id_belongs_to_one_environment(load: Load, problems: Problems, one: One) -> None:
    """`appId` in the files of several environments would be one registration with several owners."""
    app_id = "5C1B2F7E-0000-4000-8000-000000000000"
    assert one(f"type: api, appId: {app_id}").app_id == app_id.lower()
    two = "project: p\nenvironments:\n  dev: { tenantId: 11111111-1111-1111-1111-111111111111%s }\n  prod: { tenantId: 11111111-1111-1111-1111-111111111111 }\n"
    base = "applications: { a: { type: api, displayName: A%s } }\n"
    assert (
        "would be the same in every environment" in problems(two % "" + base % f", appId: {app_id}", "dev")[0]
    )
    over = f", overrides: {{ applications: {{ a: {{ appId: {app_id} }} }} }}"
    assert load(two % over + base % "", "dev").applications["a"].app_id == app_id.lower()
    assert load(two % over + base % "", "prod").applications["a"].app_id is None
