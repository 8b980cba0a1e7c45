"""Why something is refused: the text of each error, which a traceback shows."""

import pytest

from api.auth.failures import ForbiddenError, KeysUnavailableError, Reason, TokenRefusedError
from api.refusals import RefusedRequestError


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (KeysUnavailableError("one"), "signing keys are unavailable"),
        (TokenRefusedError(Reason.EXPIRED, kid="k"), "expired"),
        (ForbiddenError("Not you.", client="c", scopes=()), "Not you."),
        (RefusedRequestError(421, "host", "Another host."), "Another host."),
    ],
    ids=repr,
)
def test_an_error_s_text_is_what_it_says_and_no_more(error: Exception, text: str) -> None:
    """Neither a key's name nor a client's."""
    assert str(error) == text
