"""What a ring of signing keys publishes, when it is sound, and how its tokens are written."""

from __future__ import annotations

import datetime as dt
import json

import pytest
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


def test_a_key_of_another_kind_is_none() -> None:
    """The emulator signs as Entra does, with RSA."""
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(TypeError, match="RSA keys"):
        _ = SigningKey(other.decode(), b"").private


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
