"""Which tenant, client and resource the words of a request mean, and in which words others are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from entra_emulator.callers import GRAPH_APP_ID
from entra_emulator.login import parties
from entra_emulator.login.errors import LoginError
from entra_emulator.login.parties import MANAGEMENT_APP_ID, Party
from tests.conformance.login.login_world import World

Refused = tuple[int, str, str]


def refused(act: Callable[[], Any]) -> Refused:
    """Return the number, the OAuth error and the words of a refusal."""
    with pytest.raises(LoginError) as caught:
        act()
    return caught.value.code, caught.value.error, caught.value.text


@pytest.mark.parametrize(
    "requested",
    [
        "",
        "/",
        GRAPH_APP_ID,
        GRAPH_APP_ID.upper(),
        "https://graph.microsoft.com",
        "https://graph.microsoft.com/",
        "https://localhost:8443/",
        "http://127.0.0.1",
    ],
)
def test_names_of_graph(requested: str) -> None:
    """Its id, its URL, the emulator's own, and none at all."""
    world = World()
    found = parties.find_resource(world.directory, world.tenant, requested)
    assert found == Party(GRAPH_APP_ID, {}, world.principal("graph"))


@pytest.mark.parametrize(
    "requested",
    ["https://management.azure.com/", "https://management.core.windows.net/", MANAGEMENT_APP_ID],
)
def test_names_of_azure_s_management(requested: str) -> None:
    """It has no object of its own that sign-in needs."""
    world = World()
    found = parties.find_resource(world.directory, world.tenant, requested)
    name = "Windows Azure Service Management API"
    assert found == Party(MANAGEMENT_APP_ID, {}, {"displayName": name})
