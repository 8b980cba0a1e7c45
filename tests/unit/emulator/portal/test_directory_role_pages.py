"""The page of a directory role: who has it, and what it allows as Graph does."""

import pytest

from entra_emulator.portal import powers
from tests.unit.emulator.portal.browsing import Browser


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
