"""What the parameters of a request to sign in are read as."""

import pytest

from entra_emulator.login import claims_request
from entra_emulator.login.errors import LoginError


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        "1",
        '{"id_token": []}',
        '{"access_token": "x"}',
        '{"id_token": false}',
        "[" * 99_999,
    ],
)
def test_what_is_no_request_for_claims_is_refused(text: str) -> None:
    """As an invalid request."""
    with pytest.raises(LoginError) as refused:
        claims_request.read(text)
    assert (refused.value.code, refused.value.error, refused.value.status) == (
        9002313,
        "invalid_request",
        400,
    )
