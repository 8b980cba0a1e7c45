"""Values of an application's State in; what a request says of them, out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from entra_config.kinds import allowed_tenants
from entra_config.kinds.writes import WriteView
from entra_config.manifest.fields.field import RESTRICTIONS
from entra_config.resource import Value

REQUIRED = "requiredResourceAccess"
CERTIFICATES = "keyCredentials"


def on_wire(path: str, value: Value, view: WriteView) -> Value:
    """Return a value of our State as Graph takes it."""
    if path == REQUIRED:
        return nested(value)
    if path == CERTIFICATES:
        return [_key_credential(item, view) for item in value]
    if path == RESTRICTIONS:
        return allowed_tenants.on_wire(value)
    return list(value) if isinstance(value, tuple) else value


def nested(required: list[Mapping[str, Any]]) -> list[Value]:
    """Return requested permissions as Graph nests them, resource by resource."""
    resources: dict[Value, list[Value]] = {}
    for item in required:
        resources.setdefault(item["resourceAppId"], []).append({"id": item["id"], "type": item["type"]})
    return [{"resourceAppId": app_id, "resourceAccess": access} for app_id, access in resources.items()]


def _key_credential(item: Mapping[str, Any], view: WriteView) -> Value:
    if "keyId" in item:
        # A live one is sent back without its key: Graph keeps what it holds under this keyId.
        return {key: value for key, value in item.items() if key != "key"}
    for application in view.manifest.applications.values():
        for certificate in application.certificates or ():
            if certificate.thumbprint.upper() == item["customKeyIdentifier"]:
                return {
                    "type": "AsymmetricX509Cert",
                    "usage": certificate.usage,
                    "key": certificate.der,
                    "displayName": certificate.display_name,
                }
    raise AssertionError(item["customKeyIdentifier"])


def keep_keys(before: Value, after: list[Mapping[str, Any]]) -> list[Value]:
    """Return certificates as they become: of those that are there, what Graph shows of them."""
    live = {item["customKeyIdentifier"]: item for item in before or []}
    return [live.get(item["customKeyIdentifier"], item) for item in after]
