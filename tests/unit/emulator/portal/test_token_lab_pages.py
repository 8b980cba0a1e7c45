"""The page of the token lab, value by value."""

import pytest

from entra_emulator.portal import token_lab
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import names, page, visit


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant after a snapshot and changes; nothing is changed in it."""
    return example.changed()


@pytest.mark.parametrize("sent", ["", " nonsense "])
def test_what_is_no_token_is_not_explained(browser: Browser, sent: str) -> None:
    """Hold the problem, and that nothing is shown of it."""
    opened = visit(browser, "", {"token": sent})
    problem = "This is not a JWT: three parts with dots between them are expected."

    assert token_lab.explain_pasted(opened).status_code == 200
    assert page(opened, names(browser.world)) == f"pasted.html 200 at token\nproblem: {problem}"


def test_a_pasted_token_is_explained_without_a_problem(browser: Browser) -> None:
    """Hold that spaces around it are nothing, and that its claims stand in rows."""
    token = browser.world.app_only("daemon", "api://api/.default").body["access_token"]
    opened = visit(browser, "", {"token": f"  {token} "})
    token_lab.explain_pasted(opened)

    assert (opened.template, opened.here, opened.values["problem"]) == ("pasted.html", "token", "")
    assert [words for words, _ in opened.values["rows"].parts] == [
        "What the API decides by",
        "Who it is about",
        "Protocol",
    ]
