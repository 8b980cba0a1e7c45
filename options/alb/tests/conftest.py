"""One running world for all tests of this option."""

from collections.abc import Iterator

import pytest

from options.alb.tests import world as worlds
from options.alb.tests.world import USERS, Alb, Browser


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alb]:
    """Run all of it once."""
    with worlds.running(tmp_path_factory.mktemp("alb") / "world") as running:
        yield running


@pytest.fixture
def writer(world: Alb) -> Browser:
    """Return a Writer's browser, signed in."""
    browser = world.browser()
    browser.sign_in(USERS["writer"])
    return browser
