"""One running world for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from options.bff.tests import world as worlds
from options.bff.tests.world import USERS, Bff, Browser


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bff]:
    """Run all of it once."""
    with worlds.running(tmp_path_factory.mktemp("bff") / "world") as running:
        yield running


@pytest.fixture
def writer(world: Bff) -> Browser:
    """Return a Writer's browser, signed in."""
    browser = world.browser()
    browser.sign_in(USERS["writer"])
    return browser
