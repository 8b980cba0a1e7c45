"""What tests of tokens' claims start from: chance that is always the same, and whom a token is for."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from entra_emulator import seed
from entra_emulator.login.claims import AccessTokenInput
from entra_emulator.login.keys import b64url
from entra_emulator.login.parties import SignedIn
from tests.conformance.login.login_world import ORIGIN, World
from tests.unit.emulator.login.seen import party


def entropy(count: int) -> bytes:
    """Return the middle of what chance can give."""
    return b"\x80" * count


def given(world: World, resource: str = "api", client: str = "web", **more: Any) -> AccessTokenInput:
    """Return all that decides an access token."""
    api = party(world, resource)
    return AccessTokenInput(world.tenant, ORIGIN, party(world, client), api, f"api://{resource}", "1", **more)


def signed_in(world: World, name: str = "bob") -> SignedIn:
    """Return a person who signed in a minute ago."""
    return SignedIn(world.user(name), "session", int(world.clock.now().timestamp()) - 60, "10.0.0.1")


def sub(world: World, name: str, app: str) -> str:
    """Return what a person is called towards an application."""
    app_id = world.app_ids.get(app, seed.GRAPH_APP_ID)
    key = f"{world.user(name)['id']}:{app_id}".encode()
    return b64url(hmac.digest(world.tenant.tenant_id.encode(), key, hashlib.sha256))


def times(world: World, lives: int) -> dict[str, int]:
    """Return the claims about time."""
    now = int(world.clock.now().timestamp())
    return {"iat": now - 300, "nbf": now - 300, "exp": now + lives}
