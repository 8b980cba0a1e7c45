"""Who is asked what on the way to a code: the people of the page, hints, sessions, and consents."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.login import authorize, flow
from entra_emulator.login.flow import Flow
from tests.conformance.login.login_world import World
from tests.unit.emulator.login.seen import party

READ = "api://api/user.read"


def begun(world: World, scope: str = "openid", **changes: Any) -> Flow:
    """Return a request of the web client."""
    given = {"client_id": world.app_ids["web"], "response_type": "code", "scope": scope}
    return replace(flow.begin(world.service, seed.CONTOSO, given), **changes)


def test_of_many_people_the_page_names_fifty() -> None:
    """And says how many more there are; who is disabled is not among them."""
    world = World()
    able = sum(user.get("accountEnabled") is not False for user in world.tenant.users)
    for number in range(52 - able):
        seed.add_user(world.tenant, f"x{number}@contoso.com", f"X {number}")
    seed.add_user(world.tenant, "off@contoso.com", "Off")
    world.set_user("off", accountEnabled=False)
    text = html.unescape(world.authorize("web", "openid").text)
    assert len(set(re.findall(r"[a-z0-9]+@contoso\.com", text))) == 50
    assert "off@contoso.com" not in text
    assert "2 more are not listed" in text


@pytest.mark.parametrize(
    ("scope", "name"),
    [
        ("openid", "Web"),
        ("User.Read", "Web"),
        (f"api://gone/x User.Read {READ} api://other/user.read", "Api"),
    ],
)
def test_the_api_whose_roles_the_page_shows(scope: str, name: str) -> None:
    """The first that is there and is not Graph; else the client."""
    world = World()
    request = replace(begun(world), scope=scope)
    found = authorize._api(world.service, world.tenant, party(world, "web"), request)
    assert found.name == name


@pytest.mark.parametrize(
    ("requires", "scope", "refused"), [((), READ, False), (("web",), READ, True), (("api",), READ, True)]
)
def test_the_page_says_who_will_be_refused(requires: tuple[str, ...], scope: str, *, refused: bool) -> None:
    """With the roles that the others will have."""
    world = World()
    for each in requires:
        world.set_principal(each, appRoleAssignmentRequired=True)
    world.assign("user:carol", "api", "Reader")
    request, api = begun(world, scope), party(world, "api")
    bob = world.user("bob")
    assert authorize._with_roles(world.service, request, bob, api) == (bob, [], refused)
    carol = authorize._with_roles(world.service, request, world.user("carol"), api)
    assert carol == (world.user("carol"), ["Reader"], "web" in requires)
    gone = replace(request, scope="api://gone/x")
    assert authorize._with_roles(world.service, gone, bob, api)[2] is ("web" in requires)
