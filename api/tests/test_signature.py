"""The reading of base64url, and of signed tokens."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.auth import signature
from api.auth.failures import TokenRefusedError
from api.tests.issuer import kid_of, rsa_key, sign, user_claims

SEGMENTS = st.one_of(
    st.text(max_size=60),
    st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()),
    st.binary(max_size=60).map(lambda raw: base64.b64encode(raw).decode().rstrip("=")),
    st.text("ABab01-_+/=.\n ", max_size=12),
)


@given(SEGMENTS)
def test_bytes_have_one_spelling(segment: str) -> None:
    """A segment is refused, or it is exactly how its bytes are written without padding."""
    try:
        decoded = signature.decode(segment.encode())
    except ValueError:
        return
    assert base64.urlsafe_b64encode(decoded).decode().rstrip("=") == segment


@given(st.binary(max_size=60))
def test_what_is_written_without_padding_is_read(raw: bytes) -> None:
    """The canonical spelling of any bytes is read as these bytes."""
    assert signature.decode(base64.urlsafe_b64encode(raw).rstrip(b"=")) == raw


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
