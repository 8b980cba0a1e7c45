"""Programs call the API's own host with what `entra-config settings` wrote for them, as with option D."""

from pathlib import Path

import httpx
import pytest

from options.alb.tests.world import Alb
from tests.e2e.programs import all_call

pytestmark = pytest.mark.options


def test_newman_and_curl_call_the_other_host_as_with_option_d(world: Alb, tmp_path: Path) -> None:
    """The rule checks the token, the API checks it again. Without one the load balancer itself says 401, and
    nothing of how to get one.
    """
    all_call(world.base, tmp_path, challenged=False)
    answer = httpx.get(f"{world.api_origin}/me", headers={"Accept": "text/html"}, verify=False)
    assert (answer.status_code, answer.headers.get("www-authenticate")) == (401, None)
