"""The portal of a tenant with an API of ours; a module that wants another one has a fixture of its own."""

import pytest

from tests.conformance.login.login_world import World
from tests.unit.emulator.portal.browsing import Browser


@pytest.fixture
def browser() -> Browser:
    """Give an API of ours with holders, a consent and a sign-in."""
    world = World()
    for name in ("api", "spa"):
        world.set(name, tags=["entra-config:owner=myapp/prod", f"entra-config:key={name}"])
    world.grant("spa", "api", "user.read user.old user.gone")
    world.grant("spa", "api", "user.write", user="bob")
    world.preauthorize("api", "spa", "user.write")
    world.preauthorize("api", "web", "user.write")
    world.assign("group:MyApp Admins", "api", "Admin")
    world.assign("user:mallory", "api", "Admin")
    world.assign("app:daemon", "api", "Admin")
    return Browser(world)
