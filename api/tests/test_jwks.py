"""The form of key documents: which keys of which documents are used."""

import json
from typing import Any

import pytest

from api.auth import jwks
from api.tests.issuer import LOGIN, OTHER_TENANT, TENANT, jwk, kid_of


@pytest.mark.parametrize(
    ("change", "used"),
    [
        ({}, True),
        ({"alg": "RS256"}, True),
        ({"issuer": f"{LOGIN}/{TENANT}/v2.0"}, True),
        ({"issuer": f"{LOGIN}/{OTHER_TENANT}/v2.0"}, False),
        ({"issuer": None}, True),
        ({"issuer": 1}, False),
        ({"use": "enc"}, False),
        ({"alg": "RS512"}, False),
        ({"alg": "HS256"}, False),
        ({"kty": "oct", "k": "c2VjcmV0"}, False),
        ({"kty": "EC"}, False),
        ({"kid": None}, False),
        ({"kid": 7}, False),
        ({"kid": ["one"]}, False),
        ({"n": ""}, False),
        ({"n": "!"}, False),
        ({"n": 5}, False),
        ({"n": None}, False),
        ({"e": "AA"}, False),
        ({"e": ["AQAB"]}, False),
    ],
    ids=str,
)
def test_which_keys_are_used(change: dict[str, Any], used: bool) -> None:
    """Only RSA signing keys that sign for this tenant are used; a broken entry harms no other."""
    document = json.dumps({"keys": [jwk("one", **change), jwk("two"), "junk", None, []]}).encode()
    assert set(jwks.parse(document, TENANT)) == {kid_of("two"), *([kid_of("one")] if used else [])}


def test_short_keys_are_not_used() -> None:
    """A key of 1024 bits can be broken."""
    from cryptography.hazmat.primitives.asymmetric import rsa
    from jwt.algorithms import RSAAlgorithm

    weak = RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 1024).public_key(), as_dict=True)
    document = json.dumps({"keys": [jwk("one", n=weak["n"]), jwk("two")]}).encode()
    assert set(jwks.parse(document, TENANT)) == {kid_of("two")}


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"keys": {}}',
        b'{"keys": []}',
        b'{"keys": [1]}',
        b"\xff",
        b" " * 1_000_001,
        b"[" * 100_000,
    ],
    ids=lambda document: repr(document[:12]),
)
def test_what_is_no_key_document_is_refused(document: bytes) -> None:
    """An error page, an empty set or a flood of bytes is an error, so that old keys stay."""
    with pytest.raises(jwks.JwksError):
        jwks.parse(document, TENANT)


def test_a_key_document_may_be_as_large_as_the_limit_and_no_larger() -> None:
    """Spaces behind it count: they are read too."""
    document = json.dumps({"keys": [jwk("one")]}).encode()
    assert set(jwks.parse(document.ljust(jwks.MAX_BYTES), TENANT)) == {kid_of("one")}
    with pytest.raises(jwks.JwksError, match="larger than"):
        jwks.parse(document.ljust(jwks.MAX_BYTES + 1), TENANT)
