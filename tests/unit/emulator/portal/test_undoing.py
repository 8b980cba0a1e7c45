"""How each kind of change is undone, or why it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

import pytest

from entra_emulator.portal.pieces import ChangedPiece
from entra_emulator.portal.undoing import way_back
from entra_emulator.portal.visit import Visit


@dataclass
class Tenant:
    """What of a tenant is asked: what is deleted and can come back."""

    deleted_items: dict[str, Any] = field(default_factory=lambda: {"parked": {}})


@dataclass
class Seen:
    """A visit to it."""

    tenant: Tenant = field(default_factory=Tenant)


def way(place: str, kind: str, id_: str = "o", **more: Any) -> tuple[str, dict[str, str], str]:
    """Return the word, what it is told, and the reason."""
    piece = ChangedPiece(place, id_, cast("Any", kind), words="", on="o", ends=frozenset(), **more)
    found = way_back(cast("Visit", Seen()), piece, "then")
    return found.edit, dict(found.given or {}), found.reason.partition(".")[0].partition(":")[0]


ROW = {"resourceId": "r", "appRoleId": "1", "principalId": "p"}
UNDO = {"since": "then", "path": "", "element": ""}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (partial(way, "members", "added", "g/m"), ("take-out", {"group": "g", "member": "m"}, "")),
        (partial(way, "members", "removed", "g/m"), ("put-in", {"group": "g", "person": "m"}, "")),
        (partial(way, "appRoleAssignments", "added", "a"), ("take-away", {"assignment": "a"}, "")),
        (
            partial(way, "appRoleAssignments", "removed", "a", before=ROW),
            ("assign", {"resource": "r", "role": "1", "holder": "p"}, ""),
        ),
        (
            partial(way, "appRoleAssignments", "changed", "a"),
            ("", {}, "Graph writes the names of its ends by itself"),
        ),
        (partial(way, "oauth2PermissionGrants", "added", "g"), ("withdraw", {"grant": "g"}, "")),
        (
            partial(way, "oauth2PermissionGrants", "removed", "g"),
            ("undo", {**UNDO, "place": "oauth2PermissionGrants", "id": "g"}, ""),
        ),
        (
            partial(way, "oauth2PermissionGrants", "changed", "g", path="scope"),
            ("undo", {**UNDO, "place": "oauth2PermissionGrants", "id": "g", "path": "scope"}, ""),
        ),
        (partial(way, "owners", "added", "o/p"), ("undo", {**UNDO, "place": "owners", "id": "o/p"}, "")),
        (partial(way, "owners", "removed", "o/p"), ("undo", {**UNDO, "place": "owners", "id": "o/p"}, "")),
        (
            partial(way, "federatedIdentityCredentials", "removed", "f"),
            ("undo", {**UNDO, "place": "federatedIdentityCredentials", "id": "f"}, ""),
        ),
        (partial(way, "deletedItems", "added", "parked"), ("restore", {"object": "parked"}, "")),
        (partial(way, "deletedItems", "removed", "parked"), ("restore", {"object": "parked"}, "")),
        (
            partial(way, "deletedItems", "removed", "gone"),
            ("", {}, "It was deleted for good, or was there and is deleted no longer"),
        ),
        (partial(way, "applications", "added"), ("delete", {"application": "o"}, "")),
        (partial(way, "applications", "removed", "parked"), ("restore", {"object": "parked"}, "")),
        (partial(way, "users", "removed", "parked"), ("restore", {"object": "parked"}, "")),
        (
            partial(way, "groups", "removed", "gone"),
            ("", {}, "It was deleted for good, or was there and is deleted no longer"),
        ),
        (
            partial(way, "servicePrincipals", "added"),
            ("undo", {**UNDO, "place": "servicePrincipals", "id": "o"}, ""),
        ),
        (
            partial(way, "applications", "added", path="passwordCredentials", element="k"),
            ("remove-secret", {"application": "o", "key": "k"}, ""),
        ),
        (
            partial(way, "applications", "removed", path="passwordCredentials", element="k"),
            ("", {}, "A secret cannot be brought back"),
        ),
        *(
            found
            for platform in ("web", "spa", "publicClient")
            for found in (
                (
                    partial(way, "applications", "added", path=f"{platform}.redirectUris", element="u"),
                    ("remove-uri", {"application": "o", "uri": "u", "platform": platform}, ""),
                ),
                (
                    partial(way, "applications", "removed", path=f"{platform}.redirectUris", element="u"),
                    ("add-uri", {"application": "o", "uri": "u", "platform": platform}, ""),
                ),
            )
        ),
        (
            partial(way, "applications", "changed", path="displayName"),
            ("undo", {**UNDO, "place": "applications", "id": "o", "path": "displayName"}, ""),
        ),
        (
            partial(way, "applications", "removed", path="appRoles", element="1"),
            ("undo", {**UNDO, "place": "applications", "id": "o", "path": "appRoles", "element": "1"}, ""),
        ),
        (
            partial(way, "applications", "changed", path="publisherDomain"),
            ("", {}, "Graph writes it by itself"),
        ),
        (partial(way, "choices", "changed", path="x"), ("", {}, "Only going back to the snapshot undoes it")),
        (partial(way, "organization", "changed"), ("", {}, "Only going back to the snapshot undoes it")),
    ],
)
def test_each_change_has_its_way_back(
    found: Callable[[], tuple[str, dict[str, str], str]], expected: tuple[str, dict[str, str], str]
) -> None:
    """The portal's own change where it has one, else the value of before; what Graph writes by itself and
    what is nowhere any more says so.
    """
    assert found() == expected
