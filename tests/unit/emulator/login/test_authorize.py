"""Who is asked what on the way to a code: the people of the page, hints, sessions, and consents."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.login import authorize, flow
from entra_emulator.login.errors import LoginError, RedirectError
from entra_emulator.login.flow import Flow
from entra_emulator.login.parties import SignedIn
from tests.conformance.login.login_outcomes import hidden
from tests.conformance.login.login_world import World
from tests.unit.emulator.login.seen import party

READ = "api://api/user.read"


def begun(world: World, scope: str = "openid", **changes: Any) -> Flow:
    """Return a request of the web client."""
    given = {"client_id": world.app_ids["web"], "response_type": "code", "scope": scope}
    return replace(flow.begin(world.service, seed.CONTOSO, given), **changes)


def who(name: str, session_id: str) -> SignedIn:
    """Return somebody who signed in at second 100."""
    return SignedIn({"id": name, "userPrincipalName": f"{name}@T"}, session_id, 100)


ONE, TWO, THREE = who("one", "s"), who("two", "s"), who("three", "s3")


@pytest.mark.parametrize(
    ("signed_in", "hint", "session_id", "found"),
    [
        ([], "", "", None),
        ([ONE], "", "", ONE),
        ([ONE, TWO], "", "", None),
        ([ONE, TWO], "TWO@t", "", TWO),
        ([ONE, TWO], "three@t", "", None),
        ([ONE], "three@t", "", None),
        ([ONE, TWO], "", "s", None),
        ([ONE, THREE], "", "s3", THREE),
        ([ONE, THREE], "", "s4", None),
        ([ONE, TWO, THREE], "two@t", "s3", TWO),
        ([ONE], "", "S", None),
    ],
)
def test_whom_a_request_means(
    signed_in: list[SignedIn], hint: str, session_id: str, found: SignedIn | None
) -> None:
    """The one who is there, or whom a hint or the session's id names."""
    request = begun(World(), login_hint=hint, session_id=session_id)
    assert authorize._hinted(signed_in, request) is found


@pytest.mark.parametrize(
    ("signed_in", "found", "changes", "code"),
    [
        ([ONE], ONE, {}, 0),
        ([ONE], ONE, {"max_age": 0}, 50058),
        ([], None, {}, 50058),
        ([ONE, TWO], None, {"login_hint": "x"}, 50058),
        ([ONE, TWO], None, {}, 16000),
        ([ONE, TWO], None, {"session_id": "s"}, 16000),
        ([ONE, TWO], None, {"session_id": "s4"}, 160021),
    ],
)
def test_a_silent_request_needs_one_session(
    signed_in: list[SignedIn], found: SignedIn | None, changes: dict[str, Any], code: int
) -> None:
    """And says which of the ways it has none."""
    world = World()
    request = begun(world, **changes)
    if not code:
        assert authorize._one_session(world.service, request, signed_in, found) is found
        return
    with pytest.raises(RedirectError) as caught:
        authorize._one_session(world.service, request, signed_in, found)
    assert caught.value.refusal.code == code


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


@pytest.mark.parametrize("decision", ["", "cancel", "nonsense"])
def test_who_does_not_consent_goes_back(decision: str) -> None:
    """With nothing; as does who is not signed in in this browser."""
    world = World()
    page = world.choose(world.authorize("web", READ), "bob")
    given = {"flow": hidden(page, "flow"), "user": hidden(page, "user"), "decision": decision}
    found = world.read(world.browser.post(f"/{seed.CONTOSO}/consent", data=given))
    assert (found.kind, found.code) == ("redirect", 65004)
    stranger = world.new_browser().post(f"/{seed.CONTOSO}/consent", data={**given, "decision": "accept"})
    assert world.read(stranger).code == 50058


@pytest.mark.parametrize("path", ["oauth2/authorize", "oauth2/v2.0/authorize"])
def test_a_parameter_that_is_there_twice_stays_on_a_page(path: str) -> None:
    """In the address, or once there and once in the form."""
    world = World()
    sent = {"client_id": world.app_ids["web"], "response_type": "code", "scope": "openid"}
    url = f"/{seed.CONTOSO}/{path}"
    twice = world.browser.get(f"{url}?state=1&state=2", params=None)
    assert "AADSTS9000411" in twice.text
    both = world.browser.post(f"{url}?state=1", data={**sent, "state": "2"})
    assert "AADSTS9000411" in both.text


def test_a_person_of_elsewhere() -> None:
    """Welcome at a client of all tenants on the common endpoint, and refused anywhere else."""
    world = World()
    name = "alice@fabrikam.com"
    plain = begun(world)
    with pytest.raises(LoginError) as caught:
        authorize.from_elsewhere(world.service, plain, world.tenant, name)
    assert caught.value.code == 50020
    common = replace(plain, segment="common")
    with pytest.raises(LoginError, match="fabrikam"):
        authorize.from_elsewhere(world.service, common, world.tenant, name)
    world.set("web", signInAudience="AzureADMultipleOrgs")
    with pytest.raises(LoginError, match="fabrikam"):
        authorize.from_elsewhere(world.service, plain, world.tenant, name)
    home = world.directory.tenants[seed.FABRIKAM]
    found = authorize.from_elsewhere(world.service, common, world.tenant, name)
    assert found == (replace(common, tenant_id=seed.FABRIKAM), home, home.user_by_name(name))
    nobody = authorize.from_elsewhere(world.service, common, world.tenant, "nobody@x.example")
    assert nobody == (common, world.tenant, None)
