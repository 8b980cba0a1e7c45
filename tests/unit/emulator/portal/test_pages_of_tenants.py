"""Pages of a tenant that is not there, pages that are not there, and forms with more than they may have."""

import pytest

from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import CONTOSO, SAME, Browser, text_of


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; nothing is changed in it."""
    return example.browser()


@pytest.mark.parametrize("path", ["/portal/nowhere.example", "/portal/nowhere.example/users"])
def test_a_tenant_that_is_not_there_has_no_page(browser: Browser, path: str) -> None:
    """Hold the status and the sentence."""
    response = browser.get(path)

    assert response.status_code == 404
    assert "There is no tenant nowhere.example." in text_of(response.text)


def test_a_page_that_is_not_there_says_so(browser: Browser) -> None:
    """Hold it for a path below a tenant, whoever asks by a form too."""
    words = f"The portal has no page {CONTOSO}/nothing."
    response = browser.get("nothing")
    assert (response.status_code, words in text_of(response.text)) == (404, True)
    response = browser.post("nothing")
    assert (response.status_code, words in text_of(response.text)) == (404, True)
    refused = browser.client.post(f"{CONTOSO}/nothing", headers={**SAME, "Origin": "https://evil.example"})
    assert (refused.status_code, words in refused.text) == (403, False)


def test_why_a_form_is_refused_is_said_by_where_it_came_from_first(browser: Browser) -> None:
    """Hold that one of another origin is told of its origin, though it is too large as well."""
    large = {"Content-Length": str(10**9)}
    elsewhere = browser.client.post(
        f"{CONTOSO}/as", headers={**SAME, "Origin": "https://evil.example", **large}
    )
    assert "It came from https://evil.example" in text_of(elsewhere.text)
    browser.get("")
    ours = browser.client.post(f"{CONTOSO}/as", headers={**SAME, **large})
    assert (ours.status_code, "It is larger than anything" in text_of(ours.text)) == (403, True)
