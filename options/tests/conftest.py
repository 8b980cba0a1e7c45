"""All places of all options, and what was measured in them."""

import json
from collections.abc import Iterator

import pytest

from options.alb.tests.world import Alb
from options.bff.tests.world import Bff
from options.httpd.tests.world import Httpd
from options.tests import estate as estates
from options.tests import page
from options.tests.estate import Estate


@pytest.fixture(scope="session")
def estate(
    alb_world: Alb, bff_world: Bff, httpd_world: Httpd, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Estate]:
    """Open all places once."""
    with estates.of(alb_world, bff_world, httpd_world, tmp_path_factory.mktemp("attacks")) as opened:
        yield opened


@pytest.fixture(scope="session")
def measured() -> Iterator[dict[str, dict[str, str]]]:
    """Collect what comes of each attack, and leave it for `python -m options.tests.page`."""
    found: dict[str, dict[str, str]] = {}
    yield found
    page.MEASURED.parent.mkdir(exist_ok=True)
    page.MEASURED.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
