"""Programs call the API's own host with what `entra-config settings` wrote for them, as with option D."""

from pathlib import Path

import pytest

from options.httpd.tests.world import Httpd
from tests.e2e.programs import all_call

pytestmark = pytest.mark.options


def test_newman_and_curl_call_the_api_as_with_option_d(world: Httpd, tmp_path: Path) -> None:
    """E's API behind the httpd that verifies tokens."""
    all_call(world.base, tmp_path)
