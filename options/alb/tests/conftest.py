"""One running world for all tests of this option."""

import pytest

from options.alb.tests.world import USERS, Alb, Browser


@pytest.fixture(scope="session")
def world(alb_world: Alb) -> Alb:
    """Return what runs."""
    return alb_world


@pytest.fixture
def writer(world: Alb) -> Browser:
    """Return a browser in which a Writer is signed in."""
    browser = world.browser()
    browser.sign_in(USERS["writer"])
    return browser
