"""One world for all tests here: it takes a while to start."""

import pytest

from options.bff.tests.world import USERS
from options.httpd.tests.world import Browser, Httpd


@pytest.fixture(scope="session")
def world(httpd_world: Httpd) -> Httpd:
    """Return what runs."""
    return httpd_world


@pytest.fixture
def writer(world: Httpd) -> Browser:
    """Return a Writer's browser, signed in."""
    browser = world.browser()
    browser.sign_in(USERS["writer"])
    return browser
