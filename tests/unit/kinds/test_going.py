"""Which scopes and roles a plan takes from a live application."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entra_config.kinds.directory import Subject
from entra_config.kinds.entitlements import SCOPES
from entra_config.kinds.going import going, going_scopes
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.policy import Removed
from tests.unit.plan.estates import manifest

BODY = {
    "id": "1",
    "appId": "2",
    "appRoles": [
        {"id": "r", "value": "Read", "displayName": "Reads", "allowedMemberTypes": ["User"]},
        {"id": "b", "value": None, "displayName": "Bare", "allowedMemberTypes": ["User"]},
        {"id": "n", "allowedMemberTypes": ["User"]},
    ],
    "api": {"oauth2PermissionScopes": [{"id": "s", "value": "see", "type": "User"}]},
}
API = Subject("api", BODY)
ALL = {"r": "Read", "b": "Bare", "n": "n", "s": "see"}
ROLES = {id_: name for id_, name in ALL.items() if id_ != "s"}
SCOPES_KEPT = Application("api", "api", {}, ignore_changes=(SCOPES,))
BOTH_KEPT = Application("api", "api", {}, ignore_changes=(SCOPES, "appRoles"))
BARE = replace(manifest(), applications={})


@pytest.mark.parametrize(
    ("own", "gone", "scopes"),
    [
        (manifest(), ALL, {"see"}),
        (replace(manifest(), applications={"api": SCOPES_KEPT}), ROLES, set()),
        (replace(manifest(), applications={"api": BOTH_KEPT}), {}, set()),
        (BARE, {}, set()),  # nobody says anything of it
        (replace(BARE, removed={"api": Removed("api", destroy=True)}), ALL, {"see"}),
        (replace(BARE, removed={"api": Removed("api", destroy=False)}), {}, set()),  # let go with all it has
    ],
)
def test_what_no_line_keeps_goes(own: Manifest, gone: dict[str, str], scopes: set[str]) -> None:
    """Each is told by its value, else by its name, else by its id."""
    assert going(own, API) == gone
    assert going_scopes(own, API) == scopes
    assert going(own, Subject("api")) == {}
    assert going_scopes(own, Subject("api")) == set()
