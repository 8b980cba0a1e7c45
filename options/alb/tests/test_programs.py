"""Programs call the API's own host with what `entra-config settings` wrote for them, as with option D; so
does a browser that opens an address of the API.
"""

from pathlib import Path

import httpx
import pytest

from options.alb.tests.world import USERS, Alb
from tests.e2e.programs import all_call

pytestmark = pytest.mark.options

PERSON = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_newman_and_curl_call_the_other_host_as_with_option_d(world: Alb, tmp_path: Path) -> None:
    """The load balancer checks the token, the API checks it again."""
    all_call(world.base, tmp_path)


def test_who_opens_an_address_at_the_programs_host_learns_where_to_sign_in(world: Alb) -> None:
    """By the API: the load balancer checks what comes as a token, and nothing else."""
    with httpx.Client(base_url=world.api_origin, verify=False, headers=PERSON) as call:
        opened = call.get("/me")
        assert (opened.status_code, opened.json()["signInPage"]) == (401, world.origin)
        assert opened.headers["www-authenticate"].startswith("Bearer ")
        before = world.log("balancer").count("jwt-validation: ")
        for value in ("Bearer x", "Basic x", "bEARER"):
            refused = call.get("/me", headers={"aUTHORIZATION": value})
            assert (refused.status_code, refused.headers.get("www-authenticate")) == (401, None)
        assert world.log("balancer").count("jwt-validation: ") == before + 3


def test_who_opens_an_address_of_the_pages_api_signs_in_and_is_back_there(world: Alb) -> None:
    """A script gets 401, and a write that says it is a page does too."""
    browser = world.browser()
    assert browser.get("/api/me").status_code == 401
    assert browser.get("/api/me", Accept="application/json").status_code == 401
    assert browser.post("/api/records", {"title": "x", "text": ""}, **PERSON).status_code == 401
    left = browser.get("/api/me", **PERSON)
    assert left.status_code == 302
    back = browser.client.get(browser.at_entra(left.headers["location"], USERS["reader"]))
    assert (back.status_code, back.headers["location"]) == (302, f"{world.origin}/api/me")
    assert browser.get("/api/me", **PERSON).json()["roles"] == ["Reader"]
