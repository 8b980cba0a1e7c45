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

NOBODY = "0d000000-0000-4000-8000-00000000000a"
Refused = tuple[int, str, str]


def refused(act: Callable[[], Any]) -> Refused:
    """Return the number, the OAuth error and the words of a refusal."""
    with pytest.raises(LoginError) as caught:
        act()
    return caught.value.code, caught.value.error, caught.value.text


@pytest.mark.parametrize(
    ("segment", "tenant_id"),
    [
        ("common", seed.CONTOSO),
        ("Organizations", seed.CONTOSO),
        (seed.FABRIKAM, seed.FABRIKAM),
        ("Fabrikam.com", seed.FABRIKAM),
        ("fabrikam.onmicrosoft.com", seed.FABRIKAM),
    ],
)
def test_the_tenant_of_a_path(segment: str, tenant_id: str) -> None:
    """Its id or a domain of it; the default one where none is named."""
    assert parties.find_tenant(World().directory, segment).tenant_id == tenant_id


@pytest.mark.parametrize(
    ("segment", "error", "code", "says"),
    [
        (NOBODY, None, 90002, "invalid_request"),
        (NOBODY, "invalid_tenant", 90002, "invalid_tenant"),
        ("nobody.example", None, 90002, "invalid_request"),
        ("consumers", "invalid_tenant", 900023, "invalid_request"),
        ("nobody", None, 900023, "invalid_request"),
    ],
)
def test_a_path_of_no_tenant(segment: str, error: str | None, code: int, says: str) -> None:
    """An id or a domain that is not here, and what is neither."""
    found = refused(lambda: parties.find_tenant(World().directory, segment, error=error))
    assert found[:2] == (code, says)
    assert f"'{segment}'" in found[2]


def test_redirect_uris_by_platform() -> None:
    """Each platform is there, whatever the registration has of it."""
    application: Any = {
        "web": {"redirectUris": ["a", "b"]},
        "spa": None,
        "publicClient": {"redirectUris": None},
    }
    assert Party("a", application, {}).redirect_uris() == {"web": ["a", "b"], "spa": [], "publicClient": []}


@pytest.mark.parametrize(
    ("principal", "party_id", "asks"),
    [({}, "", False), ({"id": "i", "appRoleAssignmentRequired": True}, "i", True)],
)
def test_what_a_party_without_a_service_principal_is(principal: Any, party_id: str, *, asks: bool) -> None:
    """Nothing in this tenant, where it asks for no assignment."""
    party = Party("a", {}, principal)
    assert (party.id, party.requires_assignment, party.is_graph) == (party_id, asks, False)
    assert Party(GRAPH_APP_ID, {}, {}).is_graph


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


def test_graph_where_a_tenant_lost_it() -> None:
    """It is there all the same, under its name."""
    world = World()
    world.tenant.service_principals.remove(world.principal("graph")["id"])
    found = parties.known_resource(world.directory, world.tenant, "https://graph.microsoft.com")
    assert found == Party(GRAPH_APP_ID, {}, {"displayName": "Microsoft Graph"})


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


@pytest.mark.parametrize(
    "requested", ["ID", "api://api", "api://api/", "API://API", "https://a.example", "own:only"]
)
def test_names_of_a_resource(requested: str) -> None:
    """Its id and its URIs, whatever the case, with or without the slash at their end."""
    world = World()
    names = [world.app_ids["api"], "api://api", "https://a.example/"]
    world.set("api", identifierUris=["api://api", "own:only"])
    world.set_principal("api", servicePrincipalNames=names)
    name = requested.replace("ID", world.app_ids["api"])
    found = parties.find_resource(world.directory, world.tenant, name)
    assert found == Party(world.app_ids["api"], world.application("api"), world.principal("api"))


@pytest.mark.parametrize(
    "requested", ["api://nobody/", NOBODY, "api://localhost", "https://[x", "https://localhost:x"]
)
def test_a_resource_that_nobody_knows(requested: str) -> None:
    """It is refused as it was asked for."""
    world = World()
    code, error, text = refused(lambda: parties.find_resource(world.directory, world.tenant, requested))
    assert (code, error) == (500011, "invalid_resource")
    assert requested in text
    assert "Contoso" in text


@pytest.mark.parametrize("requested", ["api://api", "ID"])
def test_a_resource_that_is_not_in_the_tenant(requested: str) -> None:
    """A registration alone is none: who asks needs its service principal."""
    world = World()
    world.tenant.service_principals.remove(world.principal("api")["id"])
    name = requested.replace("ID", world.app_ids["api"])
    assert refused(lambda: parties.known_resource(world.directory, world.tenant, name))[0] == 500011


def test_a_resource_that_is_switched_off() -> None:
    """It is known, and gives no token."""
    world = World()
    world.set_principal("api", accountEnabled=False)
    assert parties.known_resource(world.directory, world.tenant, "api://api").name == "Api"
    code, _, text = refused(lambda: parties.find_resource(world.directory, world.tenant, "api://api"))
    assert code == 500014
    assert "'api://api'" in text


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


def test_a_client_that_is_switched_off() -> None:
    """It is refused by its name."""
    world = World()
    world.set_principal("web", accountEnabled=False)
    code, _, text = refused(lambda: parties.find_client(world.directory, world.tenant, world.app_ids["web"]))
    assert code == 7000112
    assert text == f"Application '{world.app_ids['web']}'(Web) is disabled."


def test_clients_are_found_whatever_the_case() -> None:
    """Their id is in small letters then."""
    world = World()
    found = parties.find_client(world.directory, world.tenant, world.app_ids["web"].upper())
    assert found == Party(world.app_ids["web"], world.application("web"), world.principal("web"))


def test_a_user_of_another_tenant_is_refused() -> None:
    """With what he is called there, where that is, and what he wanted."""
    world = World()
    home = world.directory.tenants[seed.FABRIKAM]
    client = parties.find_client(world.directory, world.tenant, world.app_ids["web"])
    error = parties.external("https://o", home, {"userPrincipalName": "u@fabrikam.com"}, world.tenant, client)
    assert error.code == 50020
    for part in ("u@fabrikam.com", f"https://o/{seed.FABRIKAM}/", "Contoso", world.app_ids["web"], "Web"):
        assert f"'{part}'" in error.text or f"({part})" in error.text
    assert "''" in parties.external("https://o", home, {}, world.tenant, client).text


def test_a_user_without_assignment_is_refused() -> None:
    """By name, with the application's; a direct member of an assigned group is let in alone."""
    world = World()
    world.set_principal("web", appRoleAssignmentRequired=True)
    web = parties.find_client(world.directory, world.tenant, world.app_ids["web"])
    code, _, text = refused(lambda: parties.check_assignment(world.tenant, world.user("bob"), web))
    assert (code, "bob@contoso.com" in text, world.app_ids["web"] in text, "Web" in text) == (
        50105,
        True,
        True,
        True,
    )
    world.assign("group:MyApp Admins", "web", "default")
    (leads,) = (each for each in world.tenant.groups if each["displayName"] == "MyApp Leads")
    (admins,) = (each for each in world.tenant.groups if each["displayName"] == "MyApp Admins")
    principals = parties.principals_of(world.tenant, world.user("heidi"))
    assert principals > {world.user("heidi")["id"], leads["id"]}
    assert admins["id"] not in principals
    assert refused(lambda: parties.check_assignment(world.tenant, world.user("heidi"), web))[0] == 50105
    world.assign("user:heidi", "web", "default")
    parties.check_assignment(world.tenant, world.user("heidi"), web)
