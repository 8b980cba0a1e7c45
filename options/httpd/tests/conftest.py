"""One world for all tests here: it takes a while to start."""

from collections.abc import Iterator

import pytest

from options.bff.tests.world import USERS
from options.httpd.tests import world as worlds
from options.httpd.tests.world import Browser, Httpd


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Httpd]:
    """Run all of it once."""
    with worlds.running(tmp_path_factory.mktemp("httpd") / "world") as running:
        yield running


@pytest.fixture
def writer(world: Httpd) -> Browser:
    """Return a Writer's browser, signed in."""
    browser = world.browser()
    browser.sign_in(USERS["writer"])
    return browser
