"""Registrations whose names no manifest can hold are skipped by an import, with the reason."""

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
    """A registration without a readable name is skipped and listed; the others are adopted all the same."""

    async def tell() -> tuple[Plan, Plan, Written]:
        app, _ = await register(ground, "Odd scopes", api={"oauth2PermissionScopes": [scope("ok")]})
        overwrite(ground, "applications", app, displayName="Odd\x07name")
        requested = [{"resourceAppId": app["appId"], "resourceAccess": [{"id": guid("ok"), "type": "Scope"}]}]
        await register(ground, "Its client", requiredResourceAccess=requested)
        plan = await ground.imported(EVERYTHING)
        written = ground.written
        assert written is not None
        return plan, await ground.applied(), written

    first, second, written = asyncio.run(tell())

    assert_marks_only(first)
    assert second.empty
    assert [(name.split(" (")[0], why) for name, why in written.left_out.items()] == [
        ("Odd\x07name", "`displayName` holds a control character")
    ]
    assert "its-client" in written.keys.values()
    assert not (ground.folder / "applications/odd-name.yaml").exists()


def test_nothing_that_can_be_said_is_an_error(ground: Ground) -> None:
    """The one registration that was asked for cannot be written: the error says what of it."""

    async def tell() -> None:
        app, _ = await register(ground, "Odd")
        overwrite(ground, "applications", app, displayName="Odd\x07name")
        await ground.imported(WantedRegistrations(app_ids=(app["appId"],)))

    with pytest.raises(
        UsageError,
        match=r"nothing to import that a manifest can declare: Odd.name .*: `displayName` holds a control",
    ):
        asyncio.run(tell())
