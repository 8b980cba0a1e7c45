"""Pages of a person with many roles and of an API with many consents: paged, searched, cut, and quick."""

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.portal import labels
from entra_emulator.portal.listing import SIZE
from tests.unit.emulator.portal.browsing import Browser, text_of


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


def _reader() -> dict[str, Any]:
    return {
        "id": "9d000000-0000-4000-8000-000000000001", "value": "Reader", "displayName": "Reader",
        "description": "", "isEnabled": True, "allowedMemberTypes": ["User"],
    }  # fmt: skip
