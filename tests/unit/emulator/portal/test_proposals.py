"""What is asked before a person is changed or made."""

import pytest

from entra_emulator.portal.creation_proposals import new_user
from entra_emulator.portal.proposal import MADE, Input, Proposal
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.asking import asked
from tests.unit.emulator.portal.browsing import CONTOSO, Browser
from tests.unit.emulator.portal.showing import visit


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; nothing is changed in it."""
    return example.browser()


@pytest.mark.parametrize(
    ("edit", "given", "question"),
    [
        pytest.param("disable-user", {"user": "user:Bob Baker"}, """
Disable Bob Baker? [Disable | Leave it] destroys
PATCH users/user:Bob Baker {'accountEnabled': False}
− Each sign-in is refused with AADSTS50057.
= All roles and groups.
note: DRIFT
back to ~/users/user:Bob Baker
""", id="who is enabled"),
        pytest.param("enable-user", {"user": "user:Carol Clark"}, """
Enable Carol Clark? [Enable | Leave it] main
PATCH users/user:Carol Clark {'accountEnabled': True}
= All roles and groups.
note: DRIFT
back to ~/users/user:Carol Clark
""", id="who is disabled"),
        pytest.param("enable-user", {"user": "user:Bob Baker"}, """
refused: Bob Baker is enabled already.
""", id="who is enabled already"),
        pytest.param("disable-user", {"user": "user:Carol Clark"}, """
refused: Carol Clark is disabled already.
""", id="who is disabled already"),
        pytest.param("disable-user", {"user": "x"}, """
refused: There is no such user any more.
""", id="nobody"),
    ],
)  # fmt: skip
def test_a_person_is_disabled_or_enabled(
    browser: Browser, edit: str, given: dict[str, str], question: str
) -> None:
    """Hold the sentence, the request and its effects."""
    assert asked(browser, edit, given) == question.strip("\n")


@pytest.mark.parametrize("given", [{}, {"name": "New"}, {"upn": "new@contoso.com"}])
def test_a_person_without_a_name_or_a_upn_is_asked_about(browser: Browser, given: dict[str, str]) -> None:
    """Hold that both are asked for, and that nothing is said of what would come of it."""
    found = new_user(visit(browser), given)

    assert (found.question, found.gained) == ("Make which user?", ())
    assert found.inputs == (Input("name", "Name"), Input("upn", "UPN, such as somebody@contoso.com"))


def test_a_new_person_has_a_name_a_upn_and_a_password_that_nobody_knows(browser: Browser) -> None:
    """Hold the whole question: the password is random, and differs from process to process."""
    body = {
        "accountEnabled": True,
        "displayName": "New",
        "userPrincipalName": "new@contoso.com",
        "mailNickname": "new",
        "passwordProfile": {"password": browser.portal.door.token},
    }
    found = new_user(visit(browser), {"name": "New", "upn": "new@contoso.com"})

    assert found == Proposal(
        "Make the user New?",
        "Make",
        "Leave it",
        "POST",
        "users",
        f"{CONTOSO}/users",
        body,
        gained=("Nothing yet: no group, no role.",),
        note="Nobody here signs in with a password.",
        look="main",
        made="users",
        inverse=("delete-user", {"user": MADE}),
    )
