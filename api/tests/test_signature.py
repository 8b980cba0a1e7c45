"""The reading of base64url, against PyJWT's own."""

import base64
import binascii

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.auth import signature
from api.auth.failures import TokenRefusedError
from api.tests.issuer import kid_of, rsa_key, sign, user_claims

SEGMENTS = st.one_of(
    st.binary(max_size=60),
    st.binary(max_size=60).map(base64.urlsafe_b64encode),
    st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).rstrip(b"=")),
    st.text("ABab01-_+/=.\n ", max_size=12).map(str.encode),
)


def _read(reader: object, segment: bytes) -> bytes | None:
    try:
        return reader(segment, "any")  # type: ignore[operator,no-any-return]  # two functions of one shape
    except (jwt.DecodeError, binascii.Error):
        return None


@given(SEGMENTS)
def test_segments_are_read_as_pyjwt_reads_them(segment: bytes) -> None:
    """What PyJWT refuses is refused, what is read is read alike, and padding alone is stricter."""
    ours = _read(signature.decode, segment)
    theirs = _read(jwt.PyJWS._decode_base64url_segment, segment)
    assert ours == (None if b"=" in segment else theirs)


def test_pyjwt_still_asks_for_our_reading() -> None:
    """PyJWT has the method that is replaced; without it validation would be slower, not weaker."""
    assert "_decode_base64url_segment" in vars(jwt.PyJWS)
    assert signature.Jws()._decode_base64url_segment is signature.decode


def test_the_claims_of_a_signed_token_are_returned() -> None:
    """Kid and claims come out as they went in."""
    token = sign(user_claims())
    assert signature.kid_of(token) == kid_of("one")
    assert signature.verify(token, rsa_key("one").public_key(), kid_of("one")) == user_claims()


@given(st.text(max_size=80))
def test_no_text_is_a_token_by_chance(text: str) -> None:
    """Whatever is sent in place of a token is refused, never a crash."""
    with pytest.raises(TokenRefusedError):
        signature.kid_of(text)


@pytest.mark.parametrize("segment", [0, 1, 2])
@pytest.mark.parametrize("character", ["\u00e9", "\u0131", "\ud800"], ids=ascii)
def test_a_token_is_ascii_in_each_of_its_parts(segment: int, character: str) -> None:
    """What is not is malformed before anything is decoded."""
    parts = sign(user_claims()).split(".")
    parts[segment] += character
    with pytest.raises(TokenRefusedError, match="malformed"):
        signature.kid_of(".".join(parts))
