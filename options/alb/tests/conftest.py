"""One running world for all tests of this option."""

import pytest

from options.alb.tests.world import Alb


@pytest.fixture(scope="session")
def world(alb_world: Alb) -> Alb:
    """Return what runs."""
    return alb_world
