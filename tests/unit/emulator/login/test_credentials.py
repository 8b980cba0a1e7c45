"""How a client proves itself by a secret, when a secret is valid, and which Origin a platform needs."""

from __future__ import annotations

import asyncio

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
