"""The page of a directory role: who has it, and what it allows as Graph does."""

import pytest

from entra_emulator.portal import powers
from tests.unit.emulator.portal.browsing import Browser, graph_of, text_of


def test_each_directory_role_has_a_page(browser: Browser) -> None:
    """A role that is not there has none, and those that somebody has are a filter of the list."""
    for name in powers.names(browser.world.tenant):
        assert browser.get(f"directory-roles/{name}").status_code == 200
    principal = browser.world.principal("api")["id"]
    for path in ("directory-roles/Nobody", f"roles/{principal}/nothing", "roles/nobody/nothing"):
        assert browser.get(path).status_code == 404
    shown = graph_of(browser, "directory-roles/Application%20Administrator")
    assert [row["principalId"] for row in shown["value"]] == [browser.world.user("alice")["id"]]
    assert "Directory Readers" not in text_of(browser.get("directory-roles?held=yes").text)


@pytest.mark.parametrize("role", ["Groups Administrator", "User Administrator", "Application Administrator"])
def test_what_a_directory_role_allows_is_what_graph_lets_its_holder_do(role: str) -> None:
    """Each sentence about members, people and applications against a request of a person who has it alone."""
    browser = Browser()
    world = browser.world
    world.tenant.directory_roles[world.user("bob")["id"]] = [role]
    browser.post("as", {"as": world.user("bob")["id"]})
    admins = world.tenant.one("groups", "displayName", "myapp admins")
    assert admins
    tried = {
        "Change groups and their members": ("put-in", {"group": admins["id"], "person": "carol@contoso.com"}),
        "Change, disable and delete people": ("disable-user", {"user": world.user("carol")["id"]}),
        "Change, delete and restore every application, and add secrets to it": (
            "add-secret",
            {"application": world.application("api")["id"], "name": "x"},
        ),
    }
    for words, (edit, given) in tried.items():
        response = browser.post(f"edit/{edit}", {**given, "sure": "yes"})
        assert (response.status_code == 200) == (words in powers.allowed(role)), words
