"""App management policies: the tenant's default, those of single applications, and what beta alone shows."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import app_policies
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import World, records

DEFAULT = "/policies/defaultAppManagementPolicy"
UNIQUE, OTHER = app_policies.UNIQUE, app_policies.NON_DEFAULT


def default(made: World) -> dict[str, Any]:
    """Return the default policy as beta shows it."""
    return dict(made.get(DEFAULT, version="beta").body or {})


@pytest.mark.parametrize(
    ("sent", "uris", "policy"),
    [
        ({}, {}, "default"),
        ({"applicationRestrictions": None}, {}, "default"),
        ({"applicationRestrictions": {"identifierUris": None}}, {}, "default"),
        ({"applicationRestrictions": {"identifierUris": {UNIQUE: {"state": "disabled"}}}},
         {UNIQUE: {"state": "disabled", "isStateSetByMicrosoft": False}}, "off"),
        ({"applicationRestrictions": {"identifierUris": {UNIQUE: {"excludeSaml": False}}}},
         {UNIQUE: {"excludeSaml": False, "isStateSetByMicrosoft": False}}, "default"),
        ({"applicationRestrictions": {"identifierUris": {UNIQUE: None}}},
         {UNIQUE: {"isStateSetByMicrosoft": False}}, "default"),
        ({"applicationRestrictions": {"identifierUris": {OTHER: {"state": "enabled"}}}},
         {OTHER: {"state": "enabled"}}, "default"),
    ],
)  # fmt: skip
def test_restrictions_on_identifier_uris(sent: Row, uris: Row, policy: str) -> None:
    """Hold that they merge, and that what an administrator wrote is Microsoft's no more."""
    made = World()
    before = default(made)["applicationRestrictions"]["identifierUris"]
    assert made.short("PATCH", DEFAULT, sent) == "204"
    after = default(made)["applicationRestrictions"]["identifierUris"]
    for name in (UNIQUE, OTHER):
        expected = {**(before[name] or {}), **uris[name]} if name in uris else before[name]
        if uris.get(name) == {"isStateSetByMicrosoft": False}:
            expected = {"isStateSetByMicrosoft": False, "state": "enabled"}
        assert {key: value for key, value in (after[name] or {}).items() if value is not None} == (
            expected or {}
        )
    assert made.tenant.choices.identifier_uri_policy == policy
    target = (app_policies.DEFAULT_ID, "Policy", "Default app management tenant policy", None, {})
    assert records(made) == [("Update policy", "Update", "ApplicationManagement", "", [target])]
