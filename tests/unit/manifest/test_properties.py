"""`properties:` against Graph's published schema."""

from __future__ import annotations

import pytest

from entra_config.manifest.fields.properties import table
from entra_config.manifest.fields.table import first_class
from entra_config.resource import Address, Ref, Text
from tests.unit.manifest.conftest import One, Problems


def test_properties_become_settings_by_path(one: One) -> None:
    """Nested maps become Graph paths; collections, enums, ids and references are read."""
    body = """type: web, properties: {
      serviceManagementReference: CMDB-1, info: { supportUrl: 'https://s.example/${appId}', marketingUrl: null },
      web: { implicitGrantSettings: { enableIdTokenIssuance: true } }, isDeviceOnlyAuthSupported: true,
      nativeAuthenticationApisEnabled: all, tokenEncryptionKeyId: 5C1B2F7E-0000-4000-8000-000000000000,
      servicePrincipalLockConfiguration: { isEnabled: true, allProperties: true }, requestSignatureVerification: null,
      addIns: [ { type: FileHandler, properties: [ { key: a, value: b } ] } ], parentalControlSettings: { countriesBlockedForMinors: [] } }"""
    settings = one(body).settings
    own = Ref(Address("application", "app"), "appId")
    expected = {
        "serviceManagementReference": "CMDB-1",
        "info.supportUrl": Text(("https://s.example/", own)),
        "info.marketingUrl": None,
        "web.implicitGrantSettings.enableIdTokenIssuance": True,
        "web.implicitGrantSettings.enableAccessTokenIssuance": False,
        "isDeviceOnlyAuthSupported": True,
        "nativeAuthenticationApisEnabled": "all",
        "tokenEncryptionKeyId": "5c1b2f7e-0000-4000-8000-000000000000",
        "servicePrincipalLockConfiguration.isEnabled": True,
        "servicePrincipalLockConfiguration.allProperties": True,
        "requestSignatureVerification": None,
        "addIns": [{"type": "FileHandler", "properties": [{"key": "a", "value": "b"}]}],
        "parentalControlSettings.countriesBlockedForMinors": [],
    }
    assert {path: settings[path].value for path in expected} == expected


# Owners and federated credentials are relationships, not properties.
OWN = [
    (path, key)
    for path, key in first_class("application").items()
    if path not in {"owners", "federatedIdentityCredentials"}
]


@pytest.mark.parametrize(("path", "key"), OWN)
def test_a_property_with_a_key_of_its_own_is_refused(problems: Problems, path: str, key: str) -> None:
    """There is one place for each field."""
    head, *rest = path.split(".")
    value = f"{{ {rest[0]}: x }}" if rest else "x"
    found = problems(
        f"applications: {{ a: {{ type: application, displayName: A, properties: {{ {head}: {value} }} }} }}\n"
    )
    assert any(
        f"has a key of its own: `{key}`" in line or f"`{head}`: expected a map" in line for line in found
    )


READ_ONLY = [path for path, shape in table("application").items() if "readOnly" in shape and "." not in path]


@pytest.mark.parametrize("path", [path for path in READ_ONLY if path not in {own for own, _ in OWN}])
def test_a_read_only_property_is_refused(problems: Problems, path: str) -> None:
    """What Graph would not take is told with its reason."""
    reason = table("application")[path]["readOnly"]
    found = problems(f"applications: {{ a: {{ type: api, displayName: A, properties: {{ {path}: x }} }} }}\n")
    assert any(f"`properties.{path}` cannot be written: {reason}" in line for line in found)
