"""One running world for the tests of this folder."""

from __future__ import annotations

import pytest

from options.bff.tests.world import USERS, Bff, Browser


@pytest.fixture(scope="session")
def world(bff_world: Bff) -> Bff:
    """Return what runs."""
    return bff_world


@pytest.fixture
def writer(world: Bff) -> Browser:
    """Return a Writer's browser, signed in."""
    browser = world.browser()
    browser.sign_in(USERS["writer"])
    return browser
