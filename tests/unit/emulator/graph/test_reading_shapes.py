"""What reads show: selected, expanded, and in another order than it was written."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph import render
from entra_emulator.graph.call import CollectionResponse
from entra_emulator.graph.entities.application import APPLICATION
from entra_emulator.graph.entities.service_principal import SERVICE_PRINCIPAL
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import ADVANCED, V1, World, short

SCOPES = [{"id": "s1"}, {"id": "s2"}]
LISTS = ("tags", "identifierUris", "appRoles", "requiredResourceAccess", "servicePrincipalNames", "replyUrls")
CLIENTS = [{"appId": "a1"}, {"appId": "a2"}]


def api(scopes: int, clients: int) -> Row:
    """Return an API with so many scopes and authorized clients."""
    return {"oauth2PermissionScopes": SCOPES[:scopes], "preAuthorizedApplications": CLIENTS[:clients], "x": 1}


def reordered(row: Row) -> Row:
    """Return an application or a service principal as a later read shows it."""
    own = {"servicePrincipalNames", "replyUrls"} & row.keys()
    return render._reversed(SERVICE_PRINCIPAL if own else APPLICATION, row)


@pytest.mark.parametrize(
    ("row", "changed"),
    [
        ({"id": "1", "notes": ["a", "b"]}, {}),
        *(
            ({name: ["a", "b", "c"]}, {name: ["c", "b", "a"]})
            for name in LISTS
        ),
        ({"tags": ["a"], "replyUrls": []}, {}),
        ({"tags": None}, {}),
        *(
            ({name: {"redirectUris": ["a", "b"], "x": 1}}, {name: {"redirectUris": ["b", "a"], "x": 1}})
            for name in ("web", "spa", "publicClient")
        ),
        ({"web": {"redirectUris": ["a"]}, "spa": {"redirectUris": []}, "publicClient": None}, {}),
        ({"api": api(2, 0)}, {"api": {**api(2, 0), "oauth2PermissionScopes": SCOPES[::-1]}}),
        ({"api": api(0, 2)}, {"api": {**api(0, 2), "preAuthorizedApplications": CLIENTS[::-1]}}),
        ({"api": api(2, 2)}, {"api": {"oauth2PermissionScopes": SCOPES[::-1], "x": 1,
                                      "preAuthorizedApplications": CLIENTS[::-1]}}),
        ({"api": None}, {}),
    ],
)  # fmt: skip
def test_what_is_reordered(row: Row, changed: Row) -> None:
    """Hold that lists of more than one are reversed, and that the row itself stays."""
    before = dict(row)
    assert reordered(row) == row | changed
    assert row == before


@pytest.mark.parametrize("single", [{"tags": ["a"]}, {"web": {"redirectUris": ["a"]}}, {"api": api(1, 0)}])
def test_what_needs_no_order(single: Row) -> None:
    """Hold that the row is shown itself, where no list of it has two."""
    assert reordered(single) is single


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


@pytest.mark.parametrize("query", ["", "?$select=*", "?$expand=owners"])
def test_what_is_shown_by_default(query: str) -> None:
    """Hold that everything is where nothing is selected."""
    made, app = world()
    body = shown(made.get(f"/applications/{app['id']}{query}"))
    assert body["@odata.context"] == f"{V1}/$metadata#applications/$entity"
    assert (body["tags"], body["keyCredentials"]) == (["b", "a"], [{"keyId": "k", "key": None}])
    assert ("owners" in body, "uniqueName" in body) == ("owners" in query, True)
    beta = shown(made.get(f"/applications/{app['id']}?$select=signInAudienceRestrictions", version="beta"))
    assert beta["signInAudienceRestrictions"]["kind"] == "unrestricted"


def test_lists() -> None:
    """Hold what is selected and expanded of each."""
    made, app = world()
    path = f"/applications?$select=id,displayName&$expand=owners($select=id)&$filter=id eq '{app['id']}'"
    alice = {"@odata.type": "#microsoft.graph.user", "id": made.user("alice")["id"]}
    assert shown(made.get(path)) == {
        "@odata.context": f"{V1}/$metadata#applications(id,displayName)",
        "value": [{"id": app["id"], "displayName": "App", "owners": [alice]}],
    }
    keys = shown(made.get(f"/applications/{app['id']}?$select=keyCredentials"))
    assert keys["keyCredentials"] == [{"keyId": "k", "key": "MII"}]


EXTENDED: list[tuple[str, str]] = [
    ("applications", "Application"),
    ("groups", "Group"),
    ("users", "User"),
    ("devices", "Device"),
]


@pytest.mark.parametrize(("table", "target"), EXTENDED)
def test_extensions_are_selected_of_their_targets(table: str, target: str) -> None:
    """Hold that a name of an extension is known of the types that it is for, and of no other."""
    made = World()
    made.tenant.tables["devices"].put({"id": "dddddddd-0000-4000-8000-000000000001", "displayName": "d"})
    made.app("App")
    made.tenant.tables["extensionProperties"].put(
        {"id": "e", "name": "extension_a_x", "targetObjects": [target]}
    )
    for other, _ in EXTENDED:
        found = made.short("GET", f"/{other}?$select=extension_a_x")
        assert found[:3] == ("200" if other == table else "400")
    assert made.short("GET", "/servicePrincipals?$select=extension_a_x")[:3] == "400"
    body: Any = made.get(f"/{table}?$select=extension_a_x").body or {}
    assert all(row == {"extension_a_x": None} for row in body["value"])
    assert body["value"]
