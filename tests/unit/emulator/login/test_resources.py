"""Which tenant, client and resource the words of a request mean, and in which words others are refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from entra_emulator import seed
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


def elsewhere(world: World, **properties: Any) -> str:
    """Register a multi-tenant application in the other tenant; give its id."""
    tenant = world.directory.tenants[seed.FABRIKAM]
    app = seed.add_application(
        tenant, "Far", signInAudience="AzureADMultipleOrgs", identifierUris=["api://far"], **properties
    )
    seed.add_service_principal(world.tenant, app)
    return str(app["appId"])


@pytest.mark.parametrize(
    ("allowed", "let_in"),
    [(None, True), ([seed.CONTOSO.upper()], True), ([seed.FABRIKAM], False), ([], False)],
)
def test_an_application_of_another_tenant_says_whom_it_lets(allowed: Any, *, let_in: bool) -> None:
    """As client and as resource alike; a client whose tenant is not known yet is not asked."""
    world = World()
    restrictions = None if allowed is None else {"allowedTenantIds": allowed}
    app_id = elsewhere(world, signInAudienceRestrictions=restrictions)
    find = partial(parties.find_client, world.directory, world.tenant, app_id)
    assert find(anywhere=True).app_id == app_id
    if let_in:
        assert find().name == parties.find_resource(world.directory, world.tenant, "api://far").name == "Far"
    else:
        code, error, text = refused(find)
        assert (code, error, app_id in text, "Contoso" in text) == (700016, "unauthorized_client", True, True)
        assert refused(lambda: parties.find_resource(world.directory, world.tenant, "api://far"))[0] == 500011


def test_clients_are_found_whatever_the_case() -> None:
    """Their id is in small letters then."""
    world = World()
    found = parties.find_client(world.directory, world.tenant, world.app_ids["web"].upper())
    assert found == Party(world.app_ids["web"], world.application("web"), world.principal("web"))
