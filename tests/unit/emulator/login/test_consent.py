"""Which delegated permissions hold, which still need consent, who may give it, and what it writes."""

from __future__ import annotations

import pytest

from entra_emulator import seed
from entra_emulator.login import consent
from entra_emulator.login.consent import AZURE_CLI_APP_ID
from entra_emulator.login.errors import LoginError
from entra_emulator.login.parties import Party
from entra_emulator.login.scopes import parse
from tests.conformance.login.login_world import World
from tests.unit.emulator.login.seen import party

Needs = list[tuple[str, str, tuple[str, ...]]]


def lists(world: World, client: str, **resources: str) -> None:
    """Let a registration list scopes of resources, as what it requires."""
    entries = [
        {
            "resourceAppId": world.app_ids[name],
            "resourceAccess": [{"id": seed.fixed_id(name, each), "type": "Scope"} for each in values.split()],
        }
        for name, values in resources.items()
    ]
    world.set(client, requiredResourceAccess=entries)


def needed(world: World, scope: str, *, again: bool = False) -> Needs:
    """Return what the page asks bob for a web client, by name."""
    client = party(world, "web")
    found = consent.needed(
        world.directory, world.tenant, client, parse(scope), world.user("bob"), again=again
    )
    return [(each.client.name, each.resource.name, each.names) for each in found]


@pytest.mark.parametrize(
    ("client", "resource", "some"),
    [
        (Party(AZURE_CLI_APP_ID, {}, {}), Party("graph", {}, {}), True),
        (Party(AZURE_CLI_APP_ID, {"x": 1}, {}), Party("graph", {}, {}), False),
        (Party(AZURE_CLI_APP_ID, {}, {}), Party("api", {"x": 1}, {}), False),
        (Party("other", {}, {}), Party("graph", {}, {}), False),
    ],
)
def test_microsoft_s_clients_hold_scopes_of_microsoft_s_apis(
    client: Party, resource: Party, *, some: bool
) -> None:
    """No grant shows it; of anybody's registration it is not true."""
    assert ("user_impersonation" in consent.preauthorized(client, resource)) is some
    assert bool(consent.preauthorized(client, resource)) is some


@pytest.mark.parametrize(
    ("grants", "scope", "again", "found"),
    [
        (
            "",
            "api://api/user.read api://api/user.write",
            False,
            [("Web", "Api", ("user.read", "user.write"))],
        ),
        ("user.read", "api://api/user.read api://api/user.write", False, [("Web", "Api", ("user.write",))]),
        ("user.read", "api://api/user.read", False, []),
        ("user.read", "api://api/user.read", True, [("Web", "Api", ("user.read",))]),
        ("", "api://api/user.read api://api/user.read", False, [("Web", "Api", ("user.read",))]),
        ("", "openid profile", False, []),
        ("", "openid profile", True, [("Web", "Microsoft Graph", ("openid", "profile"))]),
        ("", "openid User.Read", False, [("Web", "Microsoft Graph", ("User.Read",))]),
        ("", "openid User.Read", True, [("Web", "Microsoft Graph", ("User.Read", "openid"))]),
        (
            "",
            "api://api/user.read api://other/user.write",
            False,
            [("Web", "Api", ("user.read",)), ("Web", "Other", ("user.write",))],
        ),
        ("user.admin", "api://api/.default", False, []),
        (
            "user.admin",
            "api://api/.default",
            True,
            [("Web", "Api", ("user.read",)), ("Web", "Other", ("user.read", "user.write"))],
        ),
        (
            "",
            "api://api/.default",
            False,
            [("Web", "Api", ("user.read",)), ("Web", "Other", ("user.read", "user.write"))],
        ),
    ],
)
def test_what_a_page_asks_for(grants: str, scope: str, again: bool, found: Needs) -> None:
    """What nobody granted, resource by resource; all of it where it is asked again."""
    world = World()
    lists(world, "web", api="user.read", other="user.write user.read")
    if grants:
        world.grant("web", "api", grants)
    assert needed(world, scope, again=again) == found


def test_a_registration_that_lists_what_nobody_knows() -> None:
    """It is refused as what is not in this tenant."""
    world = World()
    world.set("web", requiredResourceAccess=[{"resourceAppId": seed.FABRIKAM, "resourceAccess": []}])
    with pytest.raises(LoginError, match=seed.FABRIKAM):
        needed(world, "api://other/.default")
