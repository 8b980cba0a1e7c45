"""What a ring of signing keys publishes, when it is sound, and how its tokens are written."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from entra_emulator.clock import ManualClock
from entra_emulator.login import keys
from entra_emulator.login.keys import InvalidTokenError, KeyRing, SigningKey

CLOCK = ManualClock()
RING = KeyRing.generate(CLOCK.now)
ONE, TWO = (SigningKey(each.pem, each.certificate) for each in RING._keys)
WEAK = keys._generate(CLOCK.now(), 1024)
NOW = int(CLOCK.now().timestamp())


@pytest.mark.parametrize(
    ("held", "current", "sound"),
    [
        ([ONE], 0, True),
        ([ONE, TWO], 1, True),
        ([ONE, TWO], 2, False),
        ([ONE], -1, False),
        ([], 0, False),
        ([ONE, WEAK], 0, False),
        ([SigningKey(ONE.pem, TWO.certificate)], 0, False),
    ],
    ids=["one", "the second", "none signs", "before the first", "no key", "weak", "another's certificate"],
)
def test_which_rings_are_sound(held: list[SigningKey], current: int, *, sound: bool) -> None:
    """Each key is of 2048 bits and its certificate's, and one of them signs."""
    assert KeyRing(held, current, CLOCK.now).sound() is sound


@pytest.mark.parametrize(("most", "sound"), [(2, True), (1, False)])
def test_a_ring_holds_no_more_than_it_may(most: int, *, sound: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files may come from anybody."""
    monkeypatch.setattr(keys, "MOST_KEYS", most)
    assert KeyRing([ONE, TWO], 0, CLOCK.now).sound() is sound


def test_a_key_of_another_kind_is_none() -> None:
    """The emulator signs as Entra does, with RSA."""
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(TypeError, match="RSA keys"):
        _ = SigningKey(other.decode(), b"").private


def test_what_is_published_of_a_key() -> None:
    """The public half, named by the certificate's SHA-1; of each key of the ring, in order."""
    first, second = RING.jwks("https://issuer")["keys"]
    numbers = ONE.private.public_key().public_numbers()
    kid = keys.b64url(hashlib.sha1(ONE.certificate, usedforsecurity=False).digest())
    assert first == {
        "kty": "RSA",
        "use": "sig",
        "kid": kid,
        "x5t": kid,
        "n": keys.b64url(numbers.n.to_bytes(256, "big")),
        "e": "AQAB",
        "x5c": [base64.b64encode(ONE.certificate).decode()],
        "cloud_instance_name": "microsoftonline.com",
        "issuer": "https://issuer",
    }
    assert len(kid) == 27
    assert second["kid"] == TWO.kid


def test_a_key_s_certificate_is_its_own() -> None:
    """Signed by itself, valid from now on for five years."""
    found = x509.load_der_x509_certificate(ONE.certificate)
    found.verify_directly_issued_by(found)
    assert found.not_valid_before_utc == CLOCK.now()
    assert found.not_valid_after_utc - found.not_valid_before_utc == dt.timedelta(days=1825)
    assert WEAK.private.key_size == 1024
    assert ONE.private.key_size == 2048
    assert KeyRing.generate(CLOCK.now, 1024).current.private.key_size == 1024


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (None, ["typ", "alg", "kid"]),
        ({}, ["typ", "alg", "kid"]),
        ({"x5t": "x", "other": 1}, ["typ", "alg", "x5t", "kid"]),
        ({"x5t": "x", "nonce": "n"}, ["typ", "nonce", "alg", "x5t", "kid"]),
    ],
)
def test_the_header_of_a_token(headers: dict[str, Any] | None, expected: list[str]) -> None:
    """In the order in which Entra writes it."""
    header = jwt.get_unverified_header(RING.sign({"nbf": NOW, "exp": NOW + 1}, headers))
    assert list(header) == expected
    assert (header["typ"], header["alg"], header["kid"]) == ("JWT", "RS256", ONE.kid)
    assert {name: header[name] for name in ("x5t", "nonce") if name in header} == {
        name: value for name, value in (headers or {}).items() if name != "other"
    }


@pytest.mark.parametrize(
    ("nbf", "exp", "valid"), [(0, 1, True), (-5, 0, False), (1, 5, False), (-5, 5, True)]
)
def test_when_a_token_is_valid(nbf: int, exp: int, *, valid: bool) -> None:
    """From its beginning to before its end."""
    token = RING.sign({"nbf": NOW + nbf, "exp": NOW + exp, "aud": "anybody"})
    if valid:
        assert RING.verify(token) == {"nbf": NOW + nbf, "exp": NOW + exp, "aud": "anybody"}
    else:
        with pytest.raises(InvalidTokenError, match=r"Lifetime validation failed, the token is expired\."):
            RING.verify(token)


def test_a_ring_under_another_clock_is_its_own() -> None:
    """The same keys; what one of them turns, the other does not."""
    later = ManualClock(CLOCK.now() + dt.timedelta(days=1))
    other = RING.at(later.now)
    token = RING.sign({"nbf": NOW, "exp": NOW + 60})
    assert RING.verify(token)
    with pytest.raises(InvalidTokenError):
        other.verify(token)
    other.rotate()
    assert other.current.kid == TWO.kid
    assert RING.current.kid == ONE.kid
    assert len(RING.jwks("")["keys"]) == 2
    assert len(other.jwks("")["keys"]) == 3
    assert json.loads(other.dump())["current"] == 1


def test_the_machine_s_time_does_not_count() -> None:
    """A ring whose clock is far ahead takes what it signed a moment ago."""
    far = ManualClock(dt.datetime(2199, 1, 1, tzinfo=dt.UTC))
    now = int(far.now().timestamp())
    claims = {"iat": now, "nbf": now, "exp": now + 60}
    ring = RING.at(far.now)
    assert ring.verify(ring.sign(claims)) == claims
