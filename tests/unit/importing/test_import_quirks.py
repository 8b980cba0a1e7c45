"""What old tenants have and a manifest cannot declare: it is listed with the reason, and the rest is imported
with ownership tags alone.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from entra_config.importing.manifest import Written
from entra_config.importing.tenant import WantedRegistrations
from entra_config.plan.model import Plan
from entra_emulator import seed
from tests.unit.importing import quirks
from tests.unit.importing.importer import EVERYTHING, Ground, assert_marks_only

Story = Callable[[Ground], Awaitable[None]]


def tell(ground: Ground, story: Story, wanted: WantedRegistrations = EVERYTHING) -> Written:
    """Import what a story made; the first plan writes ownership tags alone, the second nothing."""

    async def run() -> tuple[Plan, Plan]:
        await story(ground)
        return await ground.imported(wanted), await ground.applied()

    first, second = asyncio.run(run())
    assert first.changes
    assert_marks_only(first)
    assert second.empty
    assert ground.written is not None
    return ground.written


def test_default_access_next_to_roles(ground: Ground) -> None:
    """Who holds what stays as it is, and the reason is listed."""
    written = tell(ground, lambda where: quirks.default_next_to_roles(where, "Old api"))

    assert "old-api: unmanaged" in ground.text("access.yaml")
    assert "`default` is for applications without roles" in written.left_alone["old-api"][0]


@pytest.mark.parametrize("empty", ["", None])
def test_empty_consent_texts(ground: Ground, empty: str | None) -> None:
    """The scope without texts stays as it is; the other scope, the roles and the client are declared."""
    odd = {"adminConsentDisplayName": empty, "userConsentDescription": ""}
    written = tell(ground, lambda where: quirks.with_client(where, "Old api", scope=odd))

    assert [line.partition(":")[0] for line in written.left_alone["old-api"]] == [
        "`scopes.old.read`, which cannot be declared"
    ]
    assert "client-of-old-api" not in written.left_alone
    assert "ignoreChanges: [scopes]\n" in ground.text("applications/old-api.yaml")


def test_empty_texts_for_users_are_no_difference(ground: Ground) -> None:
    """The portal writes an empty text where nobody wrote one."""
    odd = {"userConsentDisplayName": "", "userConsentDescription": ""}
    assert tell(ground, lambda where: quirks.with_client(where, "Api", scope=odd)).left_alone == {}


def test_a_role_without_a_description(ground: Ground) -> None:
    """The role stays as it is, and so does who holds roles of its application."""
    written = tell(ground, lambda where: quirks.with_client(where, "Old api", role={"description": ""}))

    first, second = written.left_alone["old-api"]
    assert first.startswith("`appRoles.Odd`, which cannot be declared: `description` is empty")
    assert second == "`appRoleAssignments: { old-api: unmanaged }`, for what cannot be declared"


def test_an_external_namesake_of_an_own_application(ground: Ground) -> None:
    """The external API is known by its client ID, and as a holder by its object id."""
    assert tell(ground, lambda where: quirks.namesake(where, "Billing")).left_alone == {}
    assert "displayName" not in ground.text("access.yaml")


@pytest.mark.parametrize("text", ["a\x07b", "a\x00b", "\x1b[31m"])
def test_control_characters(ground: Ground, text: str) -> None:
    """Each text is listed; the clients of the application are declared in full."""
    odd = {"notes": text, "description": text, "principal": {"notes": text}}
    written = tell(ground, lambda where: quirks.with_client(where, "Old api", **odd))

    assert {line.partition(",")[0] for line in written.left_alone["old-api"]} == {
        "`notes`",
        "`properties.description`",
        "`enterpriseApplication.notes`",
    }
    assert list(written.left_alone) == ["old-api"]


@pytest.mark.parametrize("char", ["\u00a0", "\u200b", "\u202e", "\x85", "\u2028", "\u2029"])
def test_characters_that_cannot_be_seen(ground: Ground, char: str) -> None:
    """The application is declared in full; each character is an escape in quotes."""
    text = f"a{char}b"
    odd = {"notes": text, "principal": {"notes": text}}

    assert tell(ground, lambda where: quirks.with_client(where, f"Old{char}api", **odd)).left_alone == {}


def test_groups_whose_names_no_manifest_can_hold(ground: Ground) -> None:
    """They are declared by their object ids."""

    async def story(where: Ground) -> None:
        for number, name in enumerate(quirks.ODD):
            await quirks.odd_group(where, f"App {number}", name)

    assert tell(ground, story).left_alone == {}


@pytest.mark.parametrize("name", ["CON", "nul", "Aux", "prn", "COM1", "com¹", "LPT9"])
def test_names_that_windows_reserves(ground: Ground, name: str) -> None:
    """No file of the manifest has the name of a device, so every system can check it out."""
    written = tell(ground, lambda where: quirks.with_client(where, name))
    stems = [Path(path).name.partition(".")[0] for path in written.files]
    assert not [stem for stem in stems if re.fullmatch(r"con|prn|aux|nul|(com|lpt)\d", stem)]


@pytest.mark.parametrize("number", range(24))
def test_any_quirks_together(ground: Ground, number: int) -> None:
    """Whatever is left is listed, the rest is adopted with ownership tags alone."""
    written = tell(ground, lambda where: quirks.drawn(where, number))

    every = {str(app["appId"]) for app in ground.embedded.directory.default.applications}
    skipped = {line.rpartition("(")[2].removesuffix(")") for line in written.left_out}
    assert {*written.keys, *skipped} == every - {seed.DEPLOYER_APP_ID}
