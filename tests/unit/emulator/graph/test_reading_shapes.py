"""What reads show: selected, expanded, and in another order than it was written."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph import render
from entra_emulator.graph.call import CollectionResponse
from entra_emulator.graph.entities.application import APPLICATION
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import ADVANCED, V1, World, short

SCOPES = [{"id": "s1"}, {"id": "s2"}]


CLIENTS = [{"appId": "a1"}, {"appId": "a2"}]


def api(scopes: int, clients: int) -> Row:
    """Return an API with so many scopes and authorized clients."""
    return {"oauth2PermissionScopes": SCOPES[:scopes], "preAuthorizedApplications": CLIENTS[:clients], "x": 1}


@pytest.mark.parametrize("single", [{"tags": ["a"]}, {"web": {"redirectUris": ["a"]}}, {"api": api(1, 0)}])
def test_what_needs_no_order(single: Row) -> None:
    """Hold that the row is shown itself, where no list of it has two."""
    unused: Any = None
    assert render._reversed(unused, APPLICATION, single) is single


def world() -> tuple[World, Row]:
    """Return a world with an application that has keys, roles and an owner."""
    made = World()
    key = {"keyId": "k", "key": "MII"}
    app = made.app("App", keyCredentials=[key], tags=["a", "b"], uniqueName="u")
    made.tenant.owners.add(app["id"], made.user("alice")["id"])
    made.tenant.tables["extensionProperties"].put(
        {"id": "e", "name": "extension_a_badge", "targetObjects": ["Application"], "_application": app["id"]}
    )
    row = {**app, "_extensions": {"extension_a_badge": "7"}}
    made.tenant.applications.put(row)
    return made, row


def shown(response: CollectionResponse) -> Row:
    """Return the body of a response without its owners' properties."""
    assert response.status == 200, short(response)
    return response.body or {}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("$select=id,tags", {"id", "tags"}),
        ("$select=extension_a_badge", {"extension_a_badge"}),
        ("$select=id&$expand=owners", {"id", "owners"}),
        ("$select=id&$count=true", {"id"}),
        ("$select=id&$expand=owners&$count=true", {"id", "owners"}),
        ("$select=signInAudienceRestrictions", None),
    ],
)
def test_what_is_selected_of_one(query: str, expected: set[str] | None) -> None:
    """Hold what is shown, and its context; a count is ignored where there is something to expand."""
    made, app = world()
    extension = f"/applications/{app['id']}/extensionProperties/e"
    assert made.short("GET", f"{extension}?$count=true", headers=ADVANCED)[:3] == "400"
    assert made.short("GET", f"{extension}?$select=id") == "200"
    path = f"/applications/{app['id']}?{query}"
    if expected is None:
        assert made.get(path, headers=ADVANCED).status == 400
        return
    body = shown(made.get(path, headers=ADVANCED))
    assert set(body) - {"@odata.context"} == expected
    names = query.removeprefix("$select=").partition("&")[0]
    assert body["@odata.context"] == f"{V1}/$metadata#applications({names})/$entity"
