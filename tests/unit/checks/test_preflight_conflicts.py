"""What a tenant's policies say against an application: at which line, in which words, with which advice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from entra_config.actual.policies import Policies
from entra_config.graph import catalogue
from entra_config.kinds.facts import ApplicationFacts
from entra_config.manifest.parts import Certificate, FederatedCredential
from entra_config.manifest.sinks import DeclaredSecret
from entra_config.plan.model import (
    Create,
    Notice,
)
from entra_config.resource import Resource
from tests.unit.checks.tenants import CREATED, HERE, THERE, conflicts, found, held, sentence
from tests.unit.plan.estates import API

LONG = {"restrictionType": "asymmetricKeyLifetime", "maxLifetime": "P90D"}
AUTHORITY = {"restrictionType": "trustedCertificateAuthority"}
NO_SECRET = {"restrictionType": "passwordAddition"}
SINCE = {"restrictForAppsCreatedAfterDateTime": "2026-11-01T00:00:00Z"}
CERTIFICATE = Certificate(
    "own", "", "t1", "Own", not_before="2026-01-01", not_after="2026-04-02", position=HERE
)
MADE = DeclaredSecret("ring", "vault", timedelta(days=91), timedelta(1), HERE, "certificate")


def keys(*entries: dict[str, Any]) -> dict[str, Any]:
    """Return what keys are held to."""
    return {"keyCredentials": list(entries)}


def audience(value: object, **more: Any) -> Create:
    """Return that an application of an audience is made."""
    return Create(Resource(API, {"signInAudience": value}, ApplicationFacts(), position=THERE, **more))


SEVERAL = {"audiences": {"azureAdMultipleOrgs": {}, "personalMicrosoftAccount": {"state": "disabled"}}}
PERSONAL = {"audiences": {"personalMicrosoftAccount": SINCE}}
BOTH = "AzureADandPersonalMicrosoftAccount"
AUDIENCES: list[tuple[dict[str, Any], dict[str, Any] | None, Create, list[Notice]]] = [
    (
        SEVERAL,
        None,
        audience("AzureADMultipleOrgs"),
        [sentence("refuses `signInAudience: AzureADMultipleOrgs`", catalogue.AUDIENCE_POLICY.advice)],
    ),
    (
        SEVERAL,
        None,
        audience(BOTH, positions={"signInAudience": HERE}),
        [sentence(f"refuses `signInAudience: {BOTH}`", catalogue.AUDIENCE_POLICY.advice, HERE)],
    ),
    (SEVERAL, None, audience("PersonalMicrosoftAccount"), []),
    (
        PERSONAL,
        None,
        audience(BOTH),
        [
            sentence(
                f"refuses `signInAudience: {BOTH}` (for applications made since 2026-11-01)",
                catalogue.AUDIENCE_POLICY.advice,
            )
        ],
    ),
    (PERSONAL, {"createdDateTime": "2026-10-31T00:00:00Z"}, audience(BOTH), []),
    (PERSONAL, None, audience("AzureADMultipleOrgs"), []),
    (SEVERAL, {"signInAudience": BOTH}, audience(BOTH), []),
    (SEVERAL, {"signInAudience": BOTH}, audience("AzureADMyOrg"), []),
    (SEVERAL, None, audience(None), []),
]


@pytest.mark.parametrize(("chosen", "body", "change", "said"), AUDIENCES)
def test_audiences(
    chosen: dict[str, Any], body: dict[str, Any] | None, change: Create, said: list[Notice]
) -> None:
    """One that was there already is no conflict."""
    assert conflicts(change, found(held(chosen), body)) == said


LIVES_LONGER = sentence(
    "refuses certificate `own`, which lives longer than P90D", catalogue.LIFETIME_POLICY.advice, HERE
)
UNKNOWN_ISSUER = sentence(
    "refuses certificate `own` where its issuer is none of the authorities that it trusts",
    catalogue.APP_POLICY.advice,
    HERE,
)
NAMED = f"entra-config:ring:{'0' * 16}.{'a' * 20}"


@pytest.mark.parametrize(
    ("chosen", "certificate", "body", "said"),
    [
        (keys(LONG), CERTIFICATE, None, [LIVES_LONGER]),
        (keys(LONG), replace(CERTIFICATE, not_after="2026-04-01"), None, []),
        (keys(LONG), replace(CERTIFICATE, not_before=None), None, []),
        (keys(LONG), replace(CERTIFICATE, not_after=None), None, []),
        (keys({**LONG, "maxLifetime": "long"}), CERTIFICATE, None, []),
        (keys(LONG, AUTHORITY), CERTIFICATE, None, [LIVES_LONGER, UNKNOWN_ISSUER]),
        (keys(AUTHORITY), CERTIFICATE, {"keyCredentials": [{"customKeyIdentifier": "T1", "keyId": "k"}]}, []),
        (
            keys(AUTHORITY),
            CERTIFICATE,
            {"keyCredentials": [{"customKeyIdentifier": "T2", "keyId": "k"}]},
            [UNKNOWN_ISSUER],
        ),
        (keys(), CERTIFICATE, {"keyCredentials": None}, []),
    ],
)
def test_certificates(
    chosen: dict[str, Any], certificate: Certificate, body: dict[str, Any] | None, said: list[Notice]
) -> None:
    """How long one lives and who issued it; nothing is said of one that is there."""
    assert conflicts(CREATED, found(held(chosen), body), certificates=(certificate,)) == said


MADE_LONGER = sentence(
    "refuses certificate `ring`, which `credentials rotate` is to make and lives longer than P90D",
    catalogue.LIFETIME_POLICY.advice,
    HERE,
)
MADE_HERE = sentence(
    "refuses certificate `ring`, which `credentials rotate` is to make and names itself as its issuer",
    catalogue.APP_POLICY.advice,
    HERE,
)


@pytest.mark.parametrize(
    ("chosen", "days", "body", "said"),
    [
        (keys(LONG, AUTHORITY), 91, None, [MADE_LONGER, MADE_HERE]),
        (keys(LONG), 91, {"keyCredentials": [{"displayName": "by hand"}, {}]}, [MADE_LONGER]),
        (keys(LONG, AUTHORITY), 91, {"keyCredentials": [{"displayName": NAMED}]}, []),
        (keys(LONG), 90, None, []),
        (keys({**LONG, "maxLifetime": "long"}), 91, None, []),
        (keys(AUTHORITY), 1, {"keyCredentials": None}, [MADE_HERE]),
        (keys(), 91, None, []),
    ],
)
def test_certificates_that_are_to_be_made(
    chosen: dict[str, Any], days: int, body: dict[str, Any] | None, said: list[Notice]
) -> None:
    """One of ours names itself as its issuer, and lives as long as the manifest says."""
    generated = {"ring": replace(MADE, lifetime=timedelta(days=days))}
    assert conflicts(CREATED, found(held(chosen), body), generated=generated) == said


SECRET = sentence(
    "refuses a secret for api, which has no other credential", catalogue.SECRET_POLICY.advice, HERE
)


@pytest.mark.parametrize(
    ("declared", "body", "said"),
    [
        ({"type_": "web"}, None, [SECRET]),
        ({"type_": "daemon"}, None, [SECRET]),
        ({"type_": "spa"}, None, []),
        ({"type_": "web"}, {"id": "1"}, []),
        ({"type_": "web", "certificates": (CERTIFICATE,)}, None, []),
        ({"type_": "web", "generated": {"ring": MADE}}, None, []),
        ({"type_": "web", "federated_credentials": {"a": FederatedCredential("a", "i", "s")}}, None, []),
    ],
)
def test_an_application_that_could_only_have_a_secret(
    declared: dict[str, Any], body: dict[str, Any] | None, said: list[Notice]
) -> None:
    """It is new, proves who it is, and has nothing else to do so with."""
    policies = held({"passwordCredentials": [NO_SECRET]})
    assert conflicts(CREATED, found(policies, body), position=HERE, **declared) == said
    assert conflicts(CREATED, found(Policies(), body), position=HERE, **declared) == []


@pytest.mark.parametrize(
    ("own", "said"), [({}, []), ({"api-id": {"restrictions": {"applicationRestrictions": SEVERAL}}}, 1)]
)
def test_a_policy_of_its_own_is_known_by_its_id(own: dict[str, Any], said: Any) -> None:
    """And nothing is held to it that has none."""
    change = audience("AzureADMultipleOrgs")
    assert len(conflicts(change, found(Policies(own=own), {"id": "api-id"}))) == len(own)
    assert conflicts(change, found(Policies(own=own), {"id": "other"})) == []
