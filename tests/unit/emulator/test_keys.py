"""Signing keys and sealed values."""

import jwt
import pytest

from entra_emulator.clock import ManualClock
from entra_emulator.login.keys import InvalidTokenError, KeyRing
from entra_emulator.login.seal import Seal

CLOCK = ManualClock()
RING = KeyRing.generate(CLOCK.now)


def claims() -> dict[str, int]:
    """Return the least that a token needs."""
    now = int(CLOCK.now().timestamp())
    return {"nbf": now - 300, "exp": now + 3600}


def test_a_token_comes_back() -> None:
    """What the ring signed it verifies, and so does anybody by the published key."""
    token = RING.sign({**claims(), "a": 1})
    assert RING.verify(token)["a"] == 1
    entry = next(key for key in RING.jwks("x")["keys"] if key["kid"] == RING.current.kid)
    key = jwt.PyJWK({**entry, "alg": "RS256"}).key
    assert (
        jwt.decode(token, key, algorithms=["RS256"], options={"verify_exp": False, "verify_nbf": False})["a"]
        == 1
    )


def test_a_token_with_a_nonce_is_nobody_elses_to_verify() -> None:
    """With a nonce in its header the ring alone verifies a token, and only as it is."""
    token = RING.sign(claims(), {"nonce": "n"})
    assert RING.verify(token)
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(
            token, RING.current.private.public_key(), algorithms=["RS256"], options={"verify_exp": False}
        )
    with pytest.raises(InvalidTokenError):
        RING.verify(RING.sign(claims(), {"nonce": "m"}).split(".")[0] + token[token.index(".") :])


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_other_algorithms_are_refused(algorithm: str) -> None:
    """Neither an unsigned token nor one signed with the public key as secret is accepted."""
    secret = None if algorithm == "none" else "x" * 32
    token = jwt.encode(claims(), secret, algorithm, headers={"kid": RING.current.kid})
    with pytest.raises(InvalidTokenError, match="Access token validation failure"):
        RING.verify(token)


@pytest.mark.parametrize("text", ["", "a.b.c", "nonsense", "🙂.x.y"])
def test_what_is_no_token_is_refused(text: str) -> None:
    """Any text but a token is refused, and nothing breaks."""
    with pytest.raises(InvalidTokenError):
        RING.verify(text)


def test_a_ring_survives_its_file() -> None:
    """What was signed before is verified after reading the ring from its text."""
    token = RING.sign(claims())
    again = KeyRing.load(RING.dump(), CLOCK.now)
    assert again.verify(token) == claims()
    assert again.current.kid == RING.current.kid


def test_retired_keys_sign_nothing_any_more() -> None:
    """After retirement the tokens of old keys are refused and the old keys are not published."""
    ring = KeyRing.load(RING.dump(), CLOCK.now)
    token, old = ring.sign(claims()), ring.current.kid
    ring.rotate()
    assert ring.verify(token)
    ring.retire()
    assert old not in {key["kid"] for key in ring.jwks("x")["keys"]}
    with pytest.raises(InvalidTokenError):
        ring.verify(token)


def test_what_is_sealed_for_one_purpose_does_not_open_for_another() -> None:
    """A refresh token is no code, and text of another emulator is nothing."""
    seal = Seal(b"a" * 32)
    text = seal.close("code", {"a": 1})
    assert seal.open("code", text) == {"a": 1}
    assert seal.open("refresh_token", text) is None
    assert Seal(b"b" * 32).open("code", text) is None
    assert seal.open("code", "🙂") is None
    assert "code" not in text
