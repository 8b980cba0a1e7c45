"""A fresh tenant for each test of sign-in."""

import pytest

from tests.conformance.login.login_world import World


@pytest.fixture
def world() -> World:
    """Give a tenant in which nobody has signed in yet."""
    return World()
