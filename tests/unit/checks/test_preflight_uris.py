"""Which new identifier URIs a tenant's policy refuses: told at their line, and no others."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from entra_config.actual.found import Found
from entra_config.actual.policies import Policies
from entra_config.actual.uris import Claims
from entra_config.checks.changes import ChangesView, Made
from entra_config.checks.restrictions import NON_DEFAULT, UNIQUE, Restrictions
from entra_config.checks.rules import preflight
from entra_config.errors import Position
from entra_config.graph import catalogue
from entra_config.kinds.directory import Directory
from entra_config.manifest.model import Application, EnterpriseApplication, Setting
from entra_config.plan.model import Create, TenantInfo
from entra_config.resource import Ref, Resource, State, Text
from tests.unit.plan.estates import API, manifest

NOW = datetime(2026, 11, 25, tzinfo=UTC)
OWN = Text(("api://", Ref(API, "appId")))
ON: dict[str, Any] = {"state": "enabled"}
V2, SAML = ON | {"excludeAppsReceivingV2Tokens": True}, ON | {"excludeSaml": True}
BODY = {"id": "1", "appId": "App-1"}
HELD = {"identifierUris": ["api://first"]}
VERSION = preflight.VERSION


def refused(uri: Any, restrictions: dict[str, Any], body: dict[str, Any], **more: Any) -> list[str]:
    """Return the URIs that are refused."""
    default = {"isEnabled": True, "applicationRestrictions": {"identifierUris": restrictions}}
    domains = more.get("domains", frozenset({"contoso.com", "contoso.de"}))
    found = Found(TenantInfo("Tenant-1", "Contoso"), Directory("https://graph"), claims=Claims({}, domains))
    line = Position("a.yaml", 7, 1)
    first = [more["first"]] if "first" in more else []
    values = {"identifierUris": [*first, uri], **more.get("values", {})}
    after = Resource(API, values, positions={f"identifierUris.{uri}": line})
    sso = more.get("sso")
    enterprise = EnterpriseApplication("api", {preflight.SIGN_ON: Setting(sso)} if sso is not None else {})
    application = Application("api", "api", {}, enterprise=None if more.get("bare") else enterprise)
    held = Restrictions(Policies(default=default), "1", NOW)
    view = ChangesView(manifest(), found, State({}), (), (), NOW)
    told = list(preflight.uri_against_policy.check(view, Made(Create(after), application, body, held)))
    assert [each.position for each in told] == [line] * len(told)
    return [each.values["uri"] for each in told]


@pytest.mark.parametrize(
    ("uri", "restrictions", "body", "more", "is_refused"),
    [
        ("api://orders", {UNIQUE: ON}, BODY, {}, True),
        ("api://orders", {UNIQUE: {"state": "disabled"}}, BODY, {}, False),
        ("api://orders", {NON_DEFAULT: ON}, BODY, {}, True),
        (
            "api://orders",
            {UNIQUE: ON},
            BODY | {"identifierUris": ["API://orders"]},
            {},
            False,
        ),  # held already
        ("api://orders", {UNIQUE: ON}, {}, {"bare": True}, True),
        ("api://orders", {}, BODY, {}, False),
        (
            "api://orders",
            {UNIQUE: ON},
            BODY | {"identifierUris": ["api://first"]},
            {"first": "api://first"},
            True,
        ),
        ("api://orders", {UNIQUE: ON}, BODY, {"values": {"identifierUris": None}}, False),
        ("api://orders", {UNIQUE: ON}, BODY, {"values": {VERSION: 2}}, True),
        ("api://app-1/x", {UNIQUE: ON}, BODY, {}, False),
        ("api://tenant-1/x", {UNIQUE: ON}, BODY, {}, False),
        ("https://contoso.com/x", {UNIQUE: ON}, BODY, {}, False),
        ("https://A.contoso.de/x", {UNIQUE: ON}, BODY, {}, False),
        ("https://evilcontoso.de/x", {UNIQUE: ON}, BODY, {}, True),
        ("https://[bad/x", {UNIQUE: ON}, BODY, {}, True),
        ("https://evil.example/x", {UNIQUE: ON}, BODY, {"domains": None}, False),  # told as unknown already
        ("https://contoso.com/x", {NON_DEFAULT: ON}, BODY, {}, True),
        ("api://app-1", {NON_DEFAULT: ON}, BODY, {}, False),
        ("api://tenant-1/APP-1", {NON_DEFAULT: ON}, BODY, {}, False),
        ("api://app-1/x", {NON_DEFAULT: ON}, BODY, {}, True),
        (OWN, {UNIQUE: ON}, {}, {}, False),
        (OWN, {NON_DEFAULT: ON}, {}, {}, False),
        (OWN, {NON_DEFAULT: ON}, BODY, {}, False),
        ("api://orders", {UNIQUE: V2}, BODY, {"values": {VERSION: 2}}, False),
        ("api://orders", {UNIQUE: V2}, BODY, {"values": {VERSION: 1}}, True),
        ("api://orders", {UNIQUE: V2}, BODY | {"api": {"requestedAccessTokenVersion": 2}}, {}, False),
        ("api://orders", {UNIQUE: V2}, {}, {}, True),
        ("api://orders", {UNIQUE: SAML}, BODY, {"sso": "saml"}, False),
        ("api://orders", {UNIQUE: SAML}, BODY, {"sso": "oidc"}, True),
        ("api://orders", {UNIQUE: SAML}, BODY, {}, True),
        ("api://orders", {UNIQUE: SAML}, BODY, {"bare": True}, True),
        ("api://orders", {UNIQUE: ON}, BODY, {"sso": "saml"}, True),
    ],
)
def test_a_new_uri_is_refused_where_the_restriction_holds_for_it(
    uri: Any, restrictions: dict[str, Any], body: dict[str, Any], more: dict[str, Any], is_refused: bool
) -> None:
    """By the tenant's, the application's or a verified name it is unique; the default forms are the rest."""
    assert len(refused(uri, restrictions, body, **more)) == is_refused


def test_a_uri_that_breaks_both_restrictions_is_told_once() -> None:
    """With its own appId in it as it will be."""
    own = Text(("api://x/", Ref(API, "appId"), "/y"))

    assert refused("api://orders", {UNIQUE: ON, NON_DEFAULT: ON}, BODY) == ["api://orders"]
    assert refused(own, {NON_DEFAULT: ON}, {}) == ["api://x/<appId>/y"]
    assert refused(own, {NON_DEFAULT: ON}, BODY) == ["api://x/App-1/y"]


# What each kind of URI that the advice may name is, for this application in this tenant.
ADVISED = {
    "api://${appId}": OWN,
    "the tenant's id": "api://tenant-1/orders",
    "verified domain": "https://contoso.com/orders",
}


@pytest.mark.parametrize("number", range(40))
def test_advice_passes_the_policy_that_it_is_given_for(number: int) -> None:
    """Whatever the policies demand, each URI that the advice says to use is refused by none of them."""
    draw = random.Random(number)
    chosen = {name: draw.choice([ON, V2, SAML]) for name in (UNIQUE, NON_DEFAULT) if draw.random() < 0.7}
    body = draw.choice([{}, BODY])
    advice = catalogue.URI_POLICY.advice.partition(". ")[0]
    advised = [uri for words, uri in ADVISED.items() if words in advice]

    assert advised
    assert [refused(uri, chosen, body) for uri in advised] == [[]] * len(advised)
