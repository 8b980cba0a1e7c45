"""What stands beside a refusal: why, what would change it, who else would get in, and the ways on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from entra_emulator import seed
from entra_emulator.login import flow, known
from entra_emulator.login.flow import Flow
from entra_emulator.login.in_words import words_of
from entra_emulator.login.known import ObjectLink, SignInKnowledge
from tests.conformance.login.login_world import REDIRECTS, World
from tests.unit.emulator.login.seen import party


def told(world: World, code: int, segment: str = seed.CONTOSO, **given: str) -> SignInKnowledge:
    """Return what is known of a refused request."""
    named = {name: world.app_ids.get(value, value) for name, value in given.items()}
    return known.known(world.service, segment, named, code)


def page(world: World, **parameters: str) -> Flow:
    """Return a request of the web client that waits on a page."""
    given = {"client_id": world.app_ids["web"], "response_type": "code", "scope": "openid", **parameters}
    return flow.begin(world.service, seed.CONTOSO, given)


def web(world: World) -> ObjectLink:
    """Return the link to the client's page."""
    return ObjectLink("Web", "registrations", world.application("web")["id"])


def bob(world: World) -> ObjectLink:
    """Return the link to the person's page."""
    return ObjectLink("Bob Baker", "users", world.user("bob")["id"])


@pytest.mark.parametrize(
    ("code", "given", "reason"),
    [
        (50011, {}, f"Web was asked to go back to nowhere. It registers {REDIRECTS['web']}."),
        (500113, {}, words_of(500113)),
        (65001, {}, "Nobody consented to all that Web asks for."),
        (90094, {}, "Nobody consented to all that Web asks for."),
        (650053, {}, words_of(650053)),
        (50020, {}, words_of(50020)),
        (7000112, {}, words_of(7000112)),
        (50057, {}, words_of(50057)),
        (50105, {}, words_of(50105)),
        (700016, {}, words_of(700016)),
    ],
)
def test_why_a_sign_in_was_refused(code: int, given: dict[str, str], reason: str) -> None:
    """In words; no key of a manifest, which an extension adds."""
    world = World()
    found = told(world, code, client_id="web", **given)
    assert found == SignInKnowledge(world.tenant, reason, (web(world),))


@pytest.mark.parametrize(
    ("requested", "proposed"),
    [
        ("https://web.localhost/callback2", "web"),
        ("https://web.localhost:444/callback", ""),
        ("http://web.localhost/callback", ""),
        ("http://localhost:3000/", "web"),
        ("http://127.0.0.1/x", "web"),
        ("https://evil.example/callback", ""),
        ("https://web.localhost@evil.example/callback", ""),
        ("https://web.localhost.evil.example/callback", ""),
        ("javascript:alert(1)", ""),
        ("https://[", ""),
    ],
)
def test_a_redirect_uri_is_proposed_only_where_its_host_is_registered(requested: str, proposed: str) -> None:
    """Hold that whoever writes the address of a sign-in page proposes no host: it is shown instead."""
    world = World()
    found = told(world, 50011, client_id="web", redirect_uri=requested)
    assert found.reason == f"Web was asked to go back to {requested}. It registers {REDIRECTS['web']}."
    given = {"application": world.application("web")["id"], "uri": requested, "platform": proposed}
    change = {"Add the redirect URI in the portal": f"edit/add-uri?{urlencode(given)}"}
    assert found.changes == (change if proposed else {})
    assert bool(found.strange_host) is not bool(proposed)


def test_the_nearest_name_is_said() -> None:
    """Of redirect URIs, scopes and client ids; a name that resembles none has no nearest."""
    world = World()
    world.set("web", web={"redirectUris": ["https://a.example/one", "https://b.example/two"]})
    near = told(world, 50011, client_id="web", redirect_uri="https://a.example/ome").reason
    assert near.endswith(" The nearest is https://a.example/one.")
    scope = told(world, 650053, client_id="web", scope="openid api://api/user.raed api://nowhere/x")
    assert scope.reason == "Api offers no scope user.raed. The nearest is user.read."
    assert scope.objects[0].name == "Api"
    mistyped = world.app_ids["web"][:-1] + "?"
    found = told(world, 700016, client_id=mistyped).reason
    assert found.endswith(
        f"has the client id {mistyped}. The nearest is {world.app_ids['web']}, that of Web."
    )
    other = told(world, 700016, client_id="nothing").reason
    assert other == "No application of Contoso has the client id nothing."


def test_what_is_missing_leads_to_its_question_in_the_portal() -> None:
    """An assignment, a consent, a person who is disabled: each link has all that the question needs."""
    world = World()
    user = {"user": "bob@contoso.com"}
    enabled = told(world, 50057, client_id="web", **user)
    assert (enabled.reason, enabled.objects) == ("Bob Baker is disabled.", (web(world), bob(world)))
    change = f"edit/enable-user?user={world.user('bob')['id']}"
    assert enabled.changes == {"Enable Bob Baker in the portal": change}
    scope = "openid api://api/user.read api://api/user.write"
    consented = told(world, 65001, client_id="web", scope=scope, **user)
    assert consented.reason == "Nobody consented to user.read, user.write of Api that Web asks for."
    (change,) = consented.changes.values()
    assert change.startswith("edit/consent?")
    assert "who=bob%40contoso.com" in change
    (everybody,) = told(world, 90094, client_id="web", scope="api://api/user.admin", **user).changes.values()
    assert "who=everybody" in everybody
    assert "scopes=user.admin" in everybody
    world.set_principal("web", appRoleAssignmentRequired=True)
    assigned = told(world, 50105, client_id="web", scope="openid", **user)
    given = {"resource": world.app_ids["web"], "holder": world.user("bob")["id"]}
    assert assigned.changes == {"Give Bob Baker a role in the portal": f"edit/assign?{urlencode(given)}"}


@pytest.mark.parametrize(
    ("uri", "mode", "state", "back"),
    [
        ("https://a/b", "query", None, "https://a/b?error=access_denied&error_subcode=cancel"),
        ("https://a/b", "query", "s", "https://a/b?error=access_denied&error_subcode=cancel&state=s"),
        ("http://a/b?c", "query", "", "http://a/b?c&error=access_denied&error_subcode=cancel"),
        ("https://a/b?c", "fragment", None, "https://a/b?c#error=access_denied&error_subcode=cancel"),
        ("https://a/b", "form_post", None, None),
        ("msal1://auth", "query", None, None),
        ("javascript:1", "fragment", None, None),
    ],
)
def test_the_ways_on(uri: str, mode: str, state: str | None, back: str | None) -> None:
    """Another person for the same request; and back, where that is a page."""
    world = World()
    kept = replace(page(world, nonce="n"), redirect_uri=uri, response_mode=mode, state=state)
    ways = told(world, 1, flow=kept.sealed(world.service)).ways
    asked = {
        "client_id": world.app_ids["web"],
        "redirect_uri": uri,
        "response_type": "code",
        "response_mode": mode,
        "scope": "openid",
        **({"state": state} if state else {}),
        "nonce": "n",
        "code_challenge_method": "plain",
        "prompt": "select_account",
    }
    again = f"/{seed.CONTOSO}/oauth2/v2.0/authorize?{urlencode(asked)}"
    assert ways == {"Try again as somebody else": again} | ({"Back to the application": back} if back else {})


def refused_at(world: World, scope: str, **flow_of: Any) -> SignInKnowledge:
    """Return what is known where bob has no assignment."""
    return told(world, 50105, client_id="web", user="bob@contoso.com", scope=scope, **flow_of)


@pytest.mark.parametrize(
    ("requires", "scope", "name"),
    [
        (("web",), "openid", "Web"),
        (("api",), "api://nobody/x api://api/user.read", "Api"),
        (("web", "api"), "api://api/user.read", "Web"),
        (("other",), "api://api/user.read", "Web"),
        ((), "openid", "Web"),
    ],
)
def test_an_assignment_that_lacks(requires: tuple[str, ...], scope: str, name: str) -> None:
    """At the client or at an API that it asks for, whichever requires one."""
    world = World()
    for each in requires:
        world.set_principal(each, appRoleAssignmentRequired=True)
    found = refused_at(world, scope)
    start = f"{name} requires an assignment; Bob Baker has no role there and is in no group that gives one. "
    assert found.reason.startswith(f"{start}Access of {name} is assigned neither to bob@contoso.com")
    api = ObjectLink(name, "registrations", world.application(name.lower())["id"])
    assert found.objects == tuple(dict.fromkeys((api, web(world), bob(world))))
    assert (found.others, found.more) == ((), 0)


@pytest.mark.parametrize(("count", "more"), [(3, 0), (4, 1), (0, 0)])
def test_who_would_get_in(count: int, more: int) -> None:
    """Three by name, by themselves or by a group, and how many more; not who is disabled."""
    world = World()
    world.set_principal("web", appRoleAssignmentRequired=True)
    for number in range(count):
        seed.add_user(world.tenant, f"p{number}@contoso.com", f"P {9 - number}")
        user = world.user(f"p{number}")
        if number:
            seed.assign(world.tenant, {**user, "type": "User"}, world.principal("web"))
        else:
            group = seed.add_group(world.tenant, "Few")
            world.tenant.members.add(group["id"], user["id"])
            seed.assign(world.tenant, {**group, "type": "Group"}, world.principal("web"))
    seed.add_user(world.tenant, "off@contoso.com", "A")
    world.set_user("off", accountEnabled=False)
    world.assign("user:off", "web", "default")
    found = refused_at(world, "openid")
    names = sorted(f"P {9 - number}" for number in range(count))
    assert (found.others, found.more) == (tuple(names[:3]), more)
    assert known.admitted(world.tenant, party(world, "web")) == names


def test_an_application_without_registration_has_its_page_as_enterprise_application() -> None:
    """Microsoft's own, for example."""
    world = World()
    found = told(world, 65001, client_id=seed.GRAPH_APP_ID)
    assert found.objects == (ObjectLink("Microsoft Graph", "enterprise", world.principal("graph")["id"]),)
