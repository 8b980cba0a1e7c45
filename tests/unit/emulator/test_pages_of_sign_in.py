"""What the sign-in answers beside its endpoints, and to pages of other sites."""

import pytest

from tests.conformance.login.login_world import World


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere/at/all", 404, "NotFound"),
        ("PUT", "/devicelogin", 405, "MethodNotAllowed"),
        ("DELETE", "/common/oauth2/v2.0/token", 405, "MethodNotAllowed"),
    ],
)
def test_what_is_not_served_is_named(method: str, path: str, status: int, code: str) -> None:
    """With the method and the path that were asked for."""
    response = World().browser.request(method, path)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert response.json()["error"]["message"] == f"The emulator serves nothing at {method} {path}."
