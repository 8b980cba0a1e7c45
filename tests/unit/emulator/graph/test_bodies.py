"""What a request's body makes of a row: merged as PATCH merges, completed as Graph completes it."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from entra_emulator.graph import bodies, schema
from entra_emulator.graph.entities.application import make_application
from entra_emulator.graph.entities.user import make_user
from entra_emulator.graph.errors import ODataError
from entra_emulator.table import Row
from tests.unit.emulator.graph.certificates import certificate, key, pem
from tests.unit.emulator.graph.sending import World, refusal

FIXED = "400 Request_BadRequest: Property '{}' is read-only and cannot be set."
APP = make_application("1", "2", "2026-01-01T00:00:00Z", "contoso.com") | {
    "displayName": "App",
    "web": {
        "homePageUrl": "https://a.test",
        "logoutUrl": None,
        "redirectUris": ["https://a.test/x"],
        "implicitGrantSettings": {"enableAccessTokenIssuance": True, "enableIdTokenIssuance": True},
        "redirectUriSettings": [],
    },
}
LOCK = {"isEnabled": False, "allProperties": None, "credentialsWithUsageVerify": None,
        "credentialsWithUsageSign": None, "identifierUris": None, "tokenEncryptionKeyId": None}  # fmt: skip
BLANK = make_application("", "", "", "")


def merged(kind: str, old: Row, body: Row, **more: Any) -> Row | str:
    """Return what of a row changes, or the refusal."""
    before = dict(old)
    entity = schema.entity_of(kind)
    assert entity is not None
    try:
        new = bodies.merge(entity, old, body, **more)
    except ODataError as error:
        return refusal(error)
    assert old == before
    return {name: value for name, value in new.items() if name not in old or value != old[name]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {}),
        ({"notes": "n", "tags": ["t"]}, {"notes": "n", "tags": ["t"]}),
        ({"displayName": None}, {"displayName": None}),
        ({"tags": None}, {}),
        ({"id": "1", "appId": None, "publisherDomain": "contoso.com", "verifiedPublisher": None}, {}),
        ({"id": "other"}, FIXED.format("id")),
        ({"createdDateTime": "2027-01-01T00:00:00Z"}, FIXED.format("createdDateTime")),
        ({"web": {"homePageUrl": "https://b.test"}}, {"web": {**APP["web"], "homePageUrl": "https://b.test"}}),
        ({"web": {"redirectUris": None}}, {"web": {**APP["web"], "redirectUris": []}}),
        ({"web": {"implicitGrantSettings": {"enableIdTokenIssuance": False}}},
         {"web": {**APP["web"], "implicitGrantSettings": {"enableAccessTokenIssuance": True,
                                                          "enableIdTokenIssuance": False}}}),
        ({"web": {"implicitGrantSettings": None}},
         {"web": {**APP["web"], "implicitGrantSettings": BLANK["web"]["implicitGrantSettings"]}}),
        ({"web": None}, {"web": BLANK["web"]}),
        ({"parentalControlSettings": None}, {}),
        ({"parentalControlSettings": {"countriesBlockedForMinors": ["DE"]}},
         {"parentalControlSettings": {"countriesBlockedForMinors": ["DE"], "legalAgeGroupRule": "Allow"}}),
        ({"optionalClaims": {"idToken": []}},
         {"optionalClaims": {"idToken": [], "accessToken": [], "saml2Token": []}}),
        ({"optionalClaims": None}, {}),
        ({"servicePrincipalLockConfiguration": {"isEnabled": True}},
         {"servicePrincipalLockConfiguration": {**LOCK, "isEnabled": True}}),
        ({"more": 1}, "400 Request_BadRequest: Invalid property 'more'."),
        ({"x@odata.type": "y"}, {}),
        ({"owners@odata.bind": ["x"]}, {}),
        ({"members@odata.bind": ["x"]}, "400 Request_BadRequest: Invalid property 'members@odata.bind'."),
    ],
)  # fmt: skip
def test_applications(body: Row, expected: Row | str) -> None:
    """Hold that complex values merge by property, lists replace, and null goes back to the default."""
    assert merged("application", APP, body, binds=("owners",)) == expected


def test_a_property_that_a_row_lacks() -> None:
    """Hold that it is refused for all but users, whose rows hold what was ever set."""
    old = {name: value for name, value in APP.items() if name != "notes"}
    text = "400 Request_BadRequest: Invalid value specified for property 'notes' of resource 'Application'."
    assert merged("application", old, {"notes": "n"}) == text


USER = make_user(
    "03020100-0504-0706-0b0a-09080f0e0d0c", "a@contoso.com", "2026-01-01T00:00:00Z", "contoso.com"
)
EMPLOYED = {**USER, "employeeOrgData": {"division": "d", "costCenter": "c"}}


@pytest.mark.parametrize(
    ("old", "body", "expected"),
    [
        (USER, {"city": "Bern"}, {"city": "Bern"}),
        (USER, {"employeeOrgData": {"division": "d"}},
         {"employeeOrgData": {"division": "d", "costCenter": None}}),
        (EMPLOYED, {"employeeOrgData": {"division": "e"}},
         {"employeeOrgData": {"division": "e", "costCenter": "c"}}),
        (EMPLOYED, {"employeeOrgData": None},
         {"employeeOrgData": None}),
        (USER, {"userType": None}, {"userType": None}),
        (USER, {"id": USER["id"]}, {}),
        (USER, {"createdDateTime": "2027-01-01T00:00:00Z"}, FIXED.format("createdDateTime")),
    ],
)  # fmt: skip
def test_users(old: Row, body: Row, expected: Row | str) -> None:
    """Hold that complex values merge where there was one, and are completed where there was none."""
    assert merged("user", old, body) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, {}, ""),
        (APP, {"uniqueName": "u"}, ""),
        ({**APP, "uniqueName": "u"}, {"uniqueName": "u"}, ""),
        ({**APP, "uniqueName": "u"}, {"uniqueName": "v"}, FIXED.format("uniqueName")),
        ({**APP, "uniqueName": "u"}, {"uniqueName": None}, FIXED.format("uniqueName")),
        (None, {"uniqueName": "u"}, ""),
        ({**APP, "passwordCredentials": ["s"]}, {"passwordCredentials": ["s"]}, ""),
        ({**APP, "passwordCredentials": ["s"]}, {"passwordCredentials": []}, ""),
        (APP, {"passwordCredentials": ["s"]}, ("400 Request_BadRequest: New password credentials "
                                              "must be generated "
                                              "using service actions.")),
        (None, {"passwordCredentials": ["s"]}, ("400 Request_BadRequest: New password credentials "
                                               "must be generated "
                                               "using service actions.")),
    ],
)  # fmt: skip
def test_what_an_application_is_refused_for(old: Row | None, new: Row, expected: str) -> None:
    """Hold that secrets come by actions alone, and that a unique name stays."""
    found = ""
    try:
        bodies.finish_application(World().call("PATCH", "/x"), old, {**APP, **new})
    except ODataError as error:
        found = refusal(error)
    assert found == expected


NAMES = (
    "customKeyIdentifier",
    "displayName",
    "endDateTime",
    "key",
    "keyId",
    "startDateTime",
    "type",
    "usage",
)


def credential(**more: Any) -> Row:
    """Return a key credential with every property."""
    return dict.fromkeys(NAMES) | more


def completed(old: Row | None, *sent: Row) -> list[Row] | str:
    """Return what becomes of key credentials, or the refusal."""
    try:
        return bodies.certificates(World().call("PATCH", "/x"), old, list(sent))
    except ODataError as error:
        return refusal(error)


def test_a_certificate_names_itself() -> None:
    """Hold what of a key credential comes from its certificate, in DER and PEM."""
    der = certificate().public_bytes(Encoding.DER)
    shown = credential(
        customKeyIdentifier=hashlib.sha1(der, usedforsecurity=False).hexdigest().upper(),
        displayName="CN=app",
        endDateTime="2026-04-01T00:00:00Z",
        key=key(),
        keyId=World().directory.ids.guid(),
        startDateTime="2026-01-01T00:00:00Z",
        type="AsymmetricX509Cert",
        usage="Verify",
    )
    assert completed(None, credential(key=key())) == [shown]
    assert completed(None, credential(key=pem())) == [
        {**shown, "key": base64.b64encode(certificate().public_bytes(Encoding.PEM)).decode()}
    ]


HELD = credential(key="held", keyId="k", displayName="d", usage="Verify")


@pytest.mark.parametrize(
    ("old", "sent", "expected"),
    [
        ([HELD], [credential(keyId="k")], [HELD]),
        ([HELD], [credential(keyId="k", displayName="e")], [{**HELD, "displayName": "e"}]),
        (
            [HELD, {**HELD, "keyId": "l"}],
            [credential(keyId="k"), credential(keyId="l")],
            [HELD, {**HELD, "keyId": "l"}],
        ),
        ([HELD], [credential(keyId="l")], "invalid"),
        ([HELD], [credential(keyId="k"), credential(keyId="l")], "invalid"),
        (None, [credential(keyId="k")], "invalid"),
        ([HELD], [credential(keyId="k", key="AAAA")], "key"),
        ([HELD], [credential(keyId="k", key="no base64")], "key"),
        ([HELD], [credential(keyId="k", key=f"{key()[:8]}%{key()[8:]}")], "key"),
    ],
)
def test_keys_that_are_there(old: list[Row] | None, sent: list[Row], expected: list[Row] | str) -> None:
    """Hold that one sent without its key is the one that is held, and that a new one needs a certificate."""
    words = {
        "invalid": "400 Request_BadRequest: Invalid value specified for property 'keyCredentials' "
        "of resource "
        "'Application'.",
        "key": "400 KeyCredentialsInvalidValue: Key credential value is invalid: it is not a certificate.",
    }
    found = completed(None if old is None else {"keyCredentials": old}, *sent)
    assert found == (words[expected] if isinstance(expected, str) else expected)
