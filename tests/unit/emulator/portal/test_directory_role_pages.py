"""The page of a directory role: who has it, and what it allows as Graph does."""

import html

import pytest

from entra_emulator.portal import powers
from tests.unit.emulator.portal.browsing import CONTOSO, Browser, graph_of, text_of


def test_a_directory_role_says_who_has_it_and_what_it_allows(browser: Browser) -> None:
    """Its people, and the words of what Graph asks it for."""
    page = browser.get("directory-roles/Application%20Administrator").text
    text = text_of(page)
    assert "1 person has it in Contoso. Can add secrets to any application" in text
    assert "Alice Archer alice@contoso.com · directly" in text
    assert "Change, delete and restore every application" in text
    assert "Change, disable and delete people" not in text
    assert "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3" in text
    every = text_of(browser.get("directory-roles").text)
    assert every.index("Application Administrator") < every.index("nobody"), "those that somebody has first"
    listed = text_of(browser.get("directory-roles?held=yes").text)
    assert "2 shown by the filter" in listed
    assert "Directory Readers" not in listed
    assert browser.get("directory-roles/Nobody").status_code == 404
    for path in (f"roles/{browser.world.principal('api')['id']}/nothing", "roles/nobody/nothing"):
        assert browser.get(path).status_code == 404
    shown = graph_of(browser, "directory-roles/Application%20Administrator")
    assert [row["principalId"] for row in shown["value"]] == [browser.world.user("alice")["id"]]
    assert "/v1.0/roleManagement/directory/roleAssignments?$filter=roleDefinitionId" in html.unescape(page)
    alice = browser.get(f"users/{browser.world.user('alice')['id']}").text
    assert f"{CONTOSO}/directory-roles/Application%20Administrator" in alice
    for name in powers.names(browser.world.tenant):
        assert browser.get(f"directory-roles/{name}").status_code == 200


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
