"""How a client proves itself by a secret, when a secret is valid, and which Origin a platform needs."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from entra_emulator.login import credentials
from entra_emulator.login.credentials import JWT_BEARER
from entra_emulator.login.errors import LoginError
from entra_emulator.login.service import TokenRequest
from tests.conformance.login.login_world import ORIGIN, SECRET, World
from tests.unit.emulator.login.seen import party


def asks(world: World, form: dict[str, str], client: str = "web", origin: str | None = None) -> TokenRequest:
    """Return a request to the token endpoint."""
    found = party(world, client)
    tenant = world.tenant
    return TokenRequest(world.service, tenant, tenant.tenant_id, form, found, ORIGIN, origin, "127.0.0.1")


def proven(request: TokenRequest, *, public: bool = False) -> str | int:
    """Return how the client proved itself, or the number of the refusal."""
    try:
        return asyncio.run(credentials.authenticate(request, public=public))
    except LoginError as error:
        return error.code


@pytest.mark.parametrize(
    ("form", "public", "found"),
    [
        ({}, True, "0"),
        ({"client_secret": ""}, True, "0"),
        ({"client_secret": SECRET}, True, 700025),
        ({"client_assertion": "x"}, True, 700025),
        ({}, False, 7000218),
        ({"client_secret": SECRET}, False, "1"),
        ({"client_secret": "nonsense"}, False, 7000215),
        ({"client_secret": SECRET, "client_assertion": "x"}, False, 900144),
        ({"client_assertion": "x", "client_assertion_type": "y"}, False, 900144),
        ({"client_assertion": "x", "client_assertion_type": JWT_BEARER}, False, 50027),
    ],
)
def test_how_a_client_proves_itself(form: dict[str, str], *, public: bool, found: str | int) -> None:
    """A public one not at all; an assertion goes before a secret."""
    assert proven(asks(World(), form), public=public) == found


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (None, None, "1"),
        ("2026-01-01T00:00:00Z", None, "1"),
        ("2026-01-01T00:00:01Z", None, 7000222),
        (None, "2026-01-01T00:00:01Z", "1"),
        (None, "2026-01-01T00:00:00Z", 7000222),
        ("2025-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "1"),
    ],
)
def test_when_a_secret_is_valid(start: str | None, end: str | None, found: Any) -> None:
    """From its beginning to before its end; who signs in with it is noted."""
    world = World()
    (row,) = world.application("web")["passwordCredentials"]
    world.set("web", passwordCredentials=[{**row, "startDateTime": start, "endDateTime": end}])
    assert proven(asks(world, {"client_secret": SECRET})) == found
    assert world.tenant.key_uses == ({row["keyId"]: "2026-01-01T00:00:00Z"} if found == "1" else {})


@pytest.mark.parametrize("held", [None, []])
def test_a_service_principal_may_have_the_secret(held: Any) -> None:
    """Though the registration has none, or lies elsewhere."""
    world = World()
    (row,) = world.application("web")["passwordCredentials"]
    world.set("web", passwordCredentials=held, keyCredentials=held)
    world.set_principal("web", passwordCredentials=None, keyCredentials=None)
    assert proven(asks(world, {"client_secret": SECRET})) == 7000215
    world.set_principal("web", passwordCredentials=[row])
    assert proven(asks(world, {"client_secret": SECRET})) == "1"
    request = asks(world, {"client_secret": SECRET})
    assert list(credentials._certificates(request)) == []
    world.set_principal("web", keyCredentials=[{"keyId": "k"}])
    assert list(credentials._certificates(asks(world, {}))) == [{"keyId": "k"}]
