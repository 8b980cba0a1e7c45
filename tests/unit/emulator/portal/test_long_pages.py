"""Pages of a person with many roles and of an API with many consents: paged, searched, cut, and quick."""

import html
import re
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.portal import labels
from entra_emulator.portal.listing import SIZE
from tests.unit.emulator.portal.browsing import Browser, text_of


def test_a_person_with_many_roles_is_paged_searched_and_still_explained(browser: Browser) -> None:
    """Twenty-five roles a page in the order of applications; why one of another page is there; a search."""
    world = browser.world
    carol = {**world.user("carol"), "type": "User"}
    for number in range(60):
        app = seed.add_application(world.tenant, f"Orders app {number:05}", appRoles=[_reader()])
        seed.assign(world.tenant, carol, seed.add_service_principal(world.tenant, app), _reader()["id"])
    page = f"users/{carol['id']}"
    first = browser.get(page).text
    assert "All roles 60 at 60 applications" in text_of(first)
    assert "1–25 of 60" in text_of(first)
    last = browser.get(f"{page}?page=3").text
    assert "Orders app 00059" in text_of(last)
    why = re.findall(r'href="([^"]*why=[^"]*page=3[^"]*)"', last)
    assert len(why) == 10
    assert "Why Carol Clark has Reader" in text_of(browser.get(html.unescape(why[-1])).text)
    assert "Orders app 00059" in text_of(browser.get(html.unescape(why[-1])).text).partition("All roles")[0]
    found = text_of(browser.get(f"{page}?q=app+00042").text).partition("All roles")[2]
    assert "Orders app 00042" in found
    assert "Orders app 00043" not in found
    assert "No role matches." in text_of(browser.get(f"{page}?q=nothing").text)
    text = text_of(browser.get(f"edit/delete-user?user={carol['id']}").text)
    assert text.count("Carol Clark loses") == 21
    assert "− Carol Clark loses roles at 40 more applications." in text


def test_a_page_of_many_roles_looks_once_at_each(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an assignment is declared is looked up for the rows that are shown, not for all."""
    world = browser.world
    carol = {**world.user("carol"), "type": "User"}
    requested: list[str] = []
    of = labels.of_assignment
    monkeypatch.setattr(labels, "of_assignment", lambda *each: (requested.append(each[2]), of(*each))[1])
    for number in range(200):
        app = seed.add_application(world.tenant, f"Orders app {number:05}", appRoles=[_reader()])
        seed.assign(world.tenant, carol, seed.add_service_principal(world.tenant, app), _reader()["id"])
    assert "200 at 200 applications" in text_of(browser.get(f"users/{carol['id']}").text)
    assert 0 < len(requested) <= SIZE + 1


def test_long_lists_on_other_pages_are_cut_and_say_so(browser: Browser) -> None:
    """A hundred consents on an API's page, and where the others are."""
    world, api = browser.world, browser.world.principal("api")
    for number in range(120):
        row = {
            "id": f"many-{number}", "clientId": world.principal("daemon")["id"], "resourceId": api["id"],
            "consentType": "AllPrincipals", "principalId": None, "scope": "user.read",
        }  # fmt: skip
        world.tenant.oauth2_permission_grants.put(row)
    text = text_of(browser.get(f"registrations/{world.application('api')['id']}").text)
    assert "Clients and scopes 124" in text
    assert "24 more" in text
    assert (
        text_of(browser.get(f"enterprise/{world.principal('daemon')['id']}").text).count("Api user.read")
        == 99
    )


def _reader() -> dict[str, Any]:
    return {
        "id": "9d000000-0000-4000-8000-000000000001", "value": "Reader", "displayName": "Reader",
        "description": "", "isEnabled": True, "allowedMemberTypes": ["User"],
    }  # fmt: skip
