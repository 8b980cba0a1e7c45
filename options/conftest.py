"""One running world of each option, for all tests of its folder and for the attacks on all of them."""

from collections.abc import Iterator

import pytest

from options.alb.tests import world as alb_worlds
from options.alb.tests.world import Alb
from options.bff.tests import world as bff_worlds
from options.bff.tests.world import Bff
from options.httpd.tests import world as httpd_worlds
from options.httpd.tests.world import Httpd


@pytest.fixture(scope="session")
def alb_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alb]:
    """Run option B once."""
    with alb_worlds.running(tmp_path_factory.mktemp("alb") / "world") as running:
        yield running


@pytest.fixture(scope="session")
def bff_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bff]:
    """Run option C once."""
    with bff_worlds.running(tmp_path_factory.mktemp("bff") / "world") as running:
        yield running


@pytest.fixture(scope="session")
def httpd_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Httpd]:
    """Run option E once."""
    with httpd_worlds.running(tmp_path_factory.mktemp("httpd") / "world") as running:
        yield running
