"""An application of the world of sign-in, as sign-in sees it."""

from __future__ import annotations

from entra_emulator import seed
from entra_emulator.login import parties
from entra_emulator.login.parties import Party
from tests.conformance.login.login_world import World


def party(world: World, name: str) -> Party:
    """Return an application of the world as sign-in sees it."""
    found = parties.find_party(world.directory, world.tenant, world.app_ids.get(name, seed.GRAPH_APP_ID))
    assert found is not None
    return found
