"""The application itself: what is declared of it, what is there, what else is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from entra_config.kinds.application import ApplicationKind
from entra_config.kinds.base import KEY_TAG, OWNER_TAG, application_address
from entra_config.kinds.details import ALLOWED_TENANTS, AllowedTenants
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.manifest.model import Application, Manifest, Setting
from entra_config.manifest.parts import Certificate
from entra_config.manifest.sinks import DeclaredSecret
from entra_config.resource import Ref
from tests.unit.kinds.clients import DIRECTORY, HERE, HR, OWN, THERE
from tests.unit.plan.estates import manifest as small

KIND = ApplicationKind()
API = application_address("api")
MARKS = [f"{KEY_TAG}api", f"{OWNER_TAG}myapp/prod"]
ROLES, SCOPES = "appRoles", "api.oauth2PermissionScopes"
REQUIRED, KEYS, AUDIENCE = "requiredResourceAccess", "keyCredentials", "signInAudience"
RESTRICTIONS = "signInAudienceRestrictions"
LOCK = "servicePrincipalLockConfiguration"
PARTS = ("credentialsWithUsageSign", "credentialsWithUsageVerify", "tokenEncryptionKeyId")
LOCKED = {f"{LOCK}.{part}": True for part in ("isEnabled", "allProperties", *PARTS)}
EMPTY = {"tags": MARKS, SCOPES: [], ROLES: [], "uniqueName": "myapp.prod.api", REQUIRED: []}
CERTIFICATE = Certificate("ci", "DER", "ab", "CI", position=HERE, until=date(2027, 1, 1))
MADE = DeclaredSecret("ring", "vault", timedelta(9), timedelta(1), type="certificate", until=date(2027, 2, 1))


def declaring(settings: dict[str, Any] | None = None, **more: Any) -> Manifest:
    """Return a manifest with the API."""
    named = {
        path: Setting(value, HERE if path == "notes" else None) for path, value in (settings or {}).items()
    }
    return replace(small(), applications={"api": Application("api", "api", named, position=THERE, **more)})


def reading(body: dict[str, Any] | None, **more: Any) -> Directory:
    """Return a tenant with the API."""
    tenants = more.pop("tenants", None)
    details = (
        {ALLOWED_TENANTS: (AllowedTenants(tenants, {"reported": tenants}),)} if tenants is not None else {}
    )
    subject = Subject("api", body, more.pop("principal", None), deleted=more.pop("deleted", False))
    return replace(DIRECTORY, live={"api": Live(subject, details)}, **more)


def values(declared: Manifest, directory: Directory = DIRECTORY) -> dict[str, Any]:
    """Return what is declared, besides what every application has."""
    (found,) = KIND.desired(declared, directory)
    return {path: value for path, value in found.values.items() if path not in EMPTY or value != EMPTY[path]}


BODY: dict[str, Any] = {"id": "1", "appId": "a", "displayName": "Live"}


def certificate(thumbprint: str, usage: str | None = "Verify") -> dict[str, Any]:
    """Return one as it is compared."""
    return {"customKeyIdentifier": thumbprint, "type": "AsymmetricX509Cert", "usage": usage}


SEVERAL, BOTH, ONE = "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount", "AzureADMyOrg"


@pytest.mark.parametrize(
    ("settings", "directory", "expected"),
    [
        ({AUDIENCE: SEVERAL}, reading(None), {AUDIENCE: SEVERAL, **LOCKED}),
        ({AUDIENCE: BOTH}, reading(None), {AUDIENCE: BOTH, **LOCKED}),
        ({AUDIENCE: ONE}, reading(None), {AUDIENCE: ONE}),
        ({AUDIENCE: SEVERAL}, reading(BODY), {AUDIENCE: SEVERAL}),
        (
            {AUDIENCE: SEVERAL, f"{LOCK}.isEnabled": False},
            reading(None),
            {AUDIENCE: SEVERAL, f"{LOCK}.isEnabled": False},
        ),
        (
            {AUDIENCE: ONE, f"{LOCK}.allProperties": True, f"{LOCK}.{PARTS[0]}": None},
            reading(None),
            {
                AUDIENCE: ONE,
                f"{LOCK}.allProperties": True,
                f"{LOCK}.{PARTS[0]}": None,
                **{f"{LOCK}.{part}": True for part in PARTS[1:]},
            },
        ),
        ({"tags": ["x", "a"]}, reading(None), {"tags": ["a", *MARKS, "x"]}),
        ({"tags": None}, reading(None), {}),
        ({RESTRICTIONS: ["t"]}, reading(None), {RESTRICTIONS: ["t"]}),
        ({RESTRICTIONS: []}, reading(None), {}),
        ({RESTRICTIONS: []}, reading(BODY), {RESTRICTIONS: []}),
        ({}, reading(BODY, tenants=("t",)), {RESTRICTIONS: []}),
        ({}, reading(BODY, tenants=()), {}),
        ({}, replace(DIRECTORY, live={}), {}),
    ],
)
def test_settings(settings: dict[str, Any], directory: Directory, expected: dict[str, Any]) -> None:
    """As they are written; one of several tenants is made locked, unless the manifest says of it, and a
    lock of all properties has all parts.
    """
    assert values(declaring(settings), directory) == expected


def test_what_it_requests() -> None:
    """Flat; nothing is said of it where an API or a permission is not known."""
    found = values(declaring(api_permissions={"hr": HR, "api": OWN}))
    assert found[REQUIRED] == [
        {"resourceAppId": "app-hr", "id": "s1", "type": "Scope"},
        {"resourceAppId": "app-hr", "id": "r1", "type": "Role"},
        {"resourceAppId": "app-api", "id": "s3", "type": "Scope"},
        {"resourceAppId": "app-api", "id": "r3", "type": "Role"},
    ]
    for unknown in (
        replace(HR, resource="x"),
        replace(HR, delegated=("x",)),
        replace(HR, application=("x",)),
    ):
        (made,) = KIND.desired(declaring(api_permissions={"hr": HR, "x": unknown}), DIRECTORY)
        assert REQUIRED not in made.values


def test_known_clients() -> None:
    """By the appIds that they have then."""
    expected = [Ref(application_address("job"), "appId")]
    assert values(declaring(known_clients=("job",))) == {"api.knownClientApplications": expected}
    assert values(declaring(known_clients=())) == {"api.knownClientApplications": []}


RING = f"entra-config:ring:{'0' * 16}.{'a' * 20}"
LIVE_KEYS = [
    {"keyId": "K1", "customKeyIdentifier": "C1", "displayName": RING, "usage": "Verify"},
    {"keyId": "K2", "customKeyIdentifier": "C2", "displayName": "by hand", "usage": "Sign"},
    {"keyId": "K3", "customKeyIdentifier": "C3", "displayName": "by hand"},
    {"keyId": "K4", "customKeyIdentifier": "AB", "displayName": RING},
]


def test_certificates_that_were_made_stay() -> None:
    """By their name, or as the lock file knows them; what is declared besides is there once."""
    declared = declaring(certificates=(CERTIFICATE,), generated={"ring": MADE})
    locked = replace(declared, rotated={"a": {"ring": ("k2",), "other": ("k3",)}, "b": {"ring": ("k3",)}})
    (found,) = KIND.desired(locked, reading({**BODY, KEYS: LIVE_KEYS}))
    assert found.values[KEYS] == [certificate("AB"), certificate("C1"), certificate("C2", "Sign")]
    assert found.ends == {
        (KEYS, "AB"): date(2027, 1, 1),
        (KEYS, "C1"): date(2027, 2, 1),
        (KEYS, "C2"): date(2027, 2, 1),
    }
    for until in (None, date(2027, 3, 1)):
        endless = declaring(
            certificates=(replace(CERTIFICATE, until=None),), generated={"ring": replace(MADE, until=until)}
        )
        (found,) = KIND.desired(endless, reading({**BODY, KEYS: LIVE_KEYS[:1]}))
        assert found.ends == ({(KEYS, "C1"): until} if until else {})
    assert KEYS not in values(declaring(), reading({**BODY, KEYS: LIVE_KEYS}))
