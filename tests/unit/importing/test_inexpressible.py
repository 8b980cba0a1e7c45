"""Registrations that no manifest can say are left out of an import, with the reason."""

from __future__ import annotations

import asyncio

import pytest

from entra_config.errors import UsageError
from entra_config.importing.manifest import Written
from entra_config.importing.tenant import WantedRegistrations
from entra_config.plan.model import Plan
from tests.unit.importing.importer import EVERYTHING, Ground, assert_marks_only
from tests.unit.importing.legacy_registrations import overwrite, register
from tests.unit.importing.registrations import guid, scope


def test_what_no_manifest_can_say_stays_outside(ground: Ground) -> None:
    """A registration with a scope that has no value is left out and told; a client of it is adopted all
    the same.
    """

    async def tell() -> tuple[Plan, Plan, Written]:
        app, _ = await register(ground, "Odd scopes", api={"oauth2PermissionScopes": [scope("ok")]})
        odd = [scope("ok"), {**scope("none"), "value": None, "isEnabled": False}]
        overwrite(ground, "applications", app, api={**app["api"], "oauth2PermissionScopes": odd})
        requested = [{"resourceAppId": app["appId"], "resourceAccess": [{"id": guid("ok"), "type": "Scope"}]}]
        await register(ground, "Its client", requiredResourceAccess=requested)
        plan = await ground.imported(EVERYTHING)
        written = ground.written
        assert written is not None
        return plan, await ground.applied(), written

    first, second, written = asyncio.run(tell())

    assert_marks_only(first)
    assert second.empty
    assert [(name.split(" (")[0], "cannot be null" in why) for name, why in written.left_out.items()] == [
        ("Odd scopes", True)
    ]
    assert "its-client" in written.keys.values()
    assert not (ground.folder / "applications/odd-scopes.yaml").exists()


def test_nothing_that_can_be_said_is_an_error(ground: Ground) -> None:
    """The one registration that was asked for cannot be written: the error says what of it."""

    async def tell() -> None:
        app, _ = await register(ground, "Odd scopes", api={"oauth2PermissionScopes": [scope("ok")]})
        odd = [{**scope("none"), "value": None, "isEnabled": False}]
        overwrite(ground, "applications", app, api={**app["api"], "oauth2PermissionScopes": odd})
        await ground.imported(WantedRegistrations(names=("Odd scopes",)))

    with pytest.raises(
        UsageError, match=r"nothing to import that a manifest can say: Odd scopes .*: the value of scope"
    ):
        asyncio.run(tell())
