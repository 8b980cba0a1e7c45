"""A fresh tenant for each test of sign-in."""

import pytest

from tests.conformance.login.login_world import World


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    """Give a tenant in which nobody has signed in yet; it is made in this process, so elsewhere nothing
    would be shown.
    """
    if any(request.config.getoption(name, None) for name in ("--emulator-url", "--live")):
        pytest.skip("the tests of sign-in set their tenant up in this process: they show nothing of another")
    return World()
