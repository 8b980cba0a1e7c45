"""A JWKS document in, the usable RSA keys by `kid` out."""

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm
from jwt.exceptions import InvalidKeyError

MAX_BYTES = 1_000_000
MIN_KEY_BITS = 2048


class JwksError(Exception):
    """The document holds no key that this API could use."""


def parse(document: bytes, tenant_id: str) -> dict[str, RSAPublicKey]:
    """Read the RSA signing keys that may sign tokens of the tenant."""
    if len(document) > MAX_BYTES:
        raise JwksError("larger than a key document can be")
    try:
        entries = json.loads(document)["keys"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise JwksError("not a JWKS document") from error
    if not isinstance(entries, list):
        raise JwksError("not a JWKS document")
    keys = {
        entry["kid"]: key
        for entry in entries
        if isinstance(entry, dict) and (key := _key(entry, tenant_id)) is not None
    }
    if not keys:
        raise JwksError("no usable key")
    return keys


def _key(entry: dict[str, Any], tenant_id: str) -> RSAPublicKey | None:
    # Entra's entries have no `alg`; x5c and the like are ignored: n and e decide.
    usable = (
        entry.get("use", "sig") == "sig"
        and entry.get("alg", "RS256") == "RS256"
        and isinstance(entry.get("kid"), str)
        and _signs_for(entry.get("issuer"), tenant_id)
    )
    if not usable:
        return None
    try:
        key = RSAAlgorithm.from_jwk({name: entry[name] for name in ("kty", "n", "e")})
    except (InvalidKeyError, ValueError, KeyError, TypeError, AttributeError):
        # One broken entry must not take the good ones along.
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= MIN_KEY_BITS else None


def _signs_for(issuer: object, tenant_id: str) -> bool:
    # Entra marks a key with the issuer that it signs for: all tenants (the
    # template {tenantid}) or one, such as that of personal accounts.
    if issuer is None:
        return True
    return isinstance(issuer, str) and not {"{tenantid}", tenant_id}.isdisjoint(issuer.split("/"))
