"""Programs call the API's own host with what `entra-config settings` wrote for them, as with option D."""

from pathlib import Path

import pytest

from options.bff.tests.world import Bff
from tests.e2e.programs import all_call

pytestmark = pytest.mark.options


def test_newman_and_curl_call_the_api_as_with_option_d(world: Bff, tmp_path: Path) -> None:
    """C's API itself: the server that signs in serves the page alone."""
    all_call(world.base, tmp_path)
