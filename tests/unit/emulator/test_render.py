"""What a read shows of an object: by default, by `$select`, of each version; keys and hidden parts never."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest

from entra_emulator.clock import NEWEST
from entra_emulator.graph import render
from entra_emulator.graph.call import Call

KEY = {"keyId": "k", "displayName": "CN=x", "key": "MII"}
ROW = {
    "id": "1",
    "displayName": "Name",
    "keyCredentials": [KEY],
    "samlMetadataUrl": "https://saml.example.com",
    "isDisabled": True,
    "customSecurityAttributes": {"Engineering": {}},
    "_expands": "hidden",
    "_extensions": {"extension_a_badge": "7", "ext_more": {"one": 1}},
}


@dataclass
class Requested:
    """A read."""

    version: str = "v1.0"
    month: str = NEWEST


READ = cast("Call", Requested())


def shown(names: list[str] | None = None, version: str = "v1.0") -> dict[str, Any]:
    """Return what a read of a service principal shows."""
    return render.item(cast("Call", Requested(version)), "servicePrincipal", ROW, names)


@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_what_is_shown_without_being_asked_for(version: str) -> None:
    """Keys without what they hold; what comes on `$select` alone does not; beta's own properties in beta."""
    found = shown(version=version)

    assert {"id", "displayName", "keyCredentials"} <= found.keys()
    assert found["keyCredentials"] == [{**KEY, "key": None}]
    assert not {"customSecurityAttributes", "_expands", "_extensions", "extension_a_badge"} & found.keys()
    assert found.get("samlMetadataUrl") == (ROW["samlMetadataUrl"] if version == "beta" else None)
    assert ("samlMetadataUrl" in found) == (version == "beta")


def test_what_is_asked_for_is_shown_and_nothing_else() -> None:
    """A property that the object lacks is blank; the key itself comes by its name alone."""
    assert shown(["displayName", "isDisabled"]) == {"displayName": "Name", "isDisabled": True}
    assert shown(["id", "keyCredentials"]) == {"id": "1", "keyCredentials": [KEY]}
    assert shown(["id", "notes", "tags"]) == {"id": "1", "notes": None, "tags": []}
    assert shown(["_expands"]) == {}


def test_mixed_objects_say_their_type_first_and_show_no_key() -> None:
    """Of what was selected each shows what its type has."""
    found = render.mixed(READ, "servicePrincipal", ROW)
    assert next(iter(found)) == "@odata.type"
    assert found["@odata.type"] == "#microsoft.graph.servicePrincipal"
    assert found["keyCredentials"] == [{**KEY, "key": None}]
    assert "customSecurityAttributes" not in found
    assert render.mixed(READ, "servicePrincipal", ROW, ["id", "userPrincipalName", "notes"]) == {
        "@odata.type": "#microsoft.graph.servicePrincipal",
        "id": "1",
        "notes": None,
    }
