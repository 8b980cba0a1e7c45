"""What the audit log keeps of a consent, record by record."""

from __future__ import annotations

from typing import Any

from entra_emulator.login import consent_log
from entra_emulator.login.consent import Need
from tests.conformance.login.login_world import World
from tests.unit.emulator.login.seen import party


def consented(world: World, *names: str, everyone: bool, roles: bool = False) -> list[dict[str, Any]]:
    """Let bob consent to scopes of the API for the web client; return what the log has more."""
    before = len(world.tenant.audit)
    client = party(world, "web")
    needs = [Need(client, party(world, "api"), names)] if names else []
    consent_log.consented(
        world.service, world.tenant, client, needs, world.user("bob"), everyone=everyone, roles=roles
    )
    return world.tenant.audit[before:]


def test_who_consented_is_known_to_tests() -> None:
    """Where deeds are kept."""
    world = World()
    world.tenant.deeds = []
    consented(world, "user.read", everyone=False)
    assert world.tenant.deeds
    assert {deed.actor for deed in world.tenant.deeds} == {world.user("bob")["id"]}
