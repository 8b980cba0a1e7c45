"""Why a token lacks a claim or a value of one, and why a person lacks an assignment or a consent."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.login import absence
from tests.conformance.login.login_world import World

GONE = "The user or the application is gone."


def group(world: World, name: str, *members: str) -> str:
    """Add a group of people and groups; return its id."""
    row = seed.add_group(world.tenant, name)
    for member in members:
        world.tenant.members.add(row["id"], member)
    return str(row["id"])


def dora(world: World) -> dict[str, Any]:
    """Add a person who is in no group."""
    return seed.add_user(world.tenant, "dora@contoso.com", "Dora")


def reason(world: World, name: str, value: str = "", **claims: Any) -> str:
    """Return why dora's token of the web client for the API lacks something; with these claims."""
    user = world.tenant.user_by_name("dora@contoso.com") or dora(world)
    given = {
        "tid": world.tenant.tenant_id,
        "aud": world.app_ids["api"],
        "azp": world.app_ids["web"],
        "oid": user["id"],
        "scp": "user.read",
        **claims,
    }
    kept = {claim: content for claim, content in given.items() if content is not None}
    return absence.reason(kept, name, value, world.directory)


NEITHER = "of Api is assigned neither to dora@contoso.com nor to a group with that direct member:"


@pytest.mark.parametrize(
    ("name", "value", "claims", "expected"),
    [
        ("roles", "Reader", {}, f"Reader {NEITHER} no group."),
        ("roles", "", {}, f"A role {NEITHER} no group."),
        ("roles", "Boss", {}, "Api offers no role Boss."),
        ("roles", "Reader", {"scp": None}, "Reader of Api is not assigned to Web."),
        ("roles", "", {"scp": None}, "A role of Api is not assigned to Web."),
        (
            "roles",
            "Reader",
            {"azp": None, "appid": "SPA", "scp": None},
            "Reader of Api is not assigned to Spa.",
        ),
        ("roles", "", {"aud": "WEB"}, "Web offers no roles."),
        ("roles", "", {"aud": "WEB", "azp": None, "scp": None}, "Web offers no roles."),
        ("scp", "user.read", {"scp": None}, "An application by itself has roles, and no scopes."),
        ("scp", "user.gone", {}, "Api offers no scope user.gone."),
        (
            "scp",
            "user.read",
            {},
            "Nobody consented to user.read for Web, and Api does not list it as authorized for that.",
        ),
        (
            "scp",
            "",
            {},
            "Nobody consented to a scope for Web, and Api does not list it as authorized for that.",
        ),
        (
            "ctry",
            "",
            {},
            "Not among the claims that every token has, and optionalClaims.accessToken of Api adds none.",
        ),
        (
            "name",
            "",
            {},
            "Not among the claims that every token has, and optionalClaims.accessToken of Api adds none.",
        ),
        (
            "ctry",
            "",
            {"azp": None},
            "Not among the claims that every token has, and optionalClaims.idToken of Api adds none.",
        ),
        ("email", "", {"azp": None}, "The client did not ask for the scope `email`, or the user has none."),
        (
            "preferred_username",
            "",
            {"azp": None},
            "The client did not ask for the scope `profile`, or the user has none.",
        ),
        ("name", "", {"azp": None}, "The client did not ask for the scope `profile`, or the user has none."),
        (
            "name",
            "",
            {"azp": None, "appid": "SPA"},
            "Not among the claims that every token has, and optionalClaims.accessToken of Api adds none.",
        ),
        ("oid", "", {"azp": None}, "The client did not ask for the scope `profile`, or the user has none."),
        ("roles", "", {"aud": "nobody"}, "The application is gone."),
        ("roles", "", {"azp": "nobody"}, "The application is gone."),
        ("roles", "Reader", {"aud": "api://api", "tid": "gone"}, f"Reader {NEITHER} no group."),
        ("groups", "", {}, "groupMembershipClaims of Api is None: its tokens name no groups."),
    ],
)
def test_why_a_token_lacks_something(name: str, value: str, claims: dict[str, Any], expected: str) -> None:
    """By what it is, whom it is for, and who asked."""
    world = World()
    ids = {"WEB": world.app_ids["web"], "SPA": world.app_ids["spa"]}
    named = {claim: ids.get(str(content), content) for claim, content in claims.items()}
    assert reason(world, name, value, **named) == expected


def test_groups_that_a_token_lacks() -> None:
    """Whoever is in one, through another too, has it unless it is of another type."""
    world = World()
    world.set("api", groupMembershipClaims="DirectoryRole")
    user = dora(world)["id"]
    group(world, "Outer", group(world, "Inner", user))
    other = "groupMembershipClaims of Api is DirectoryRole, and no group of dora@contoso.com is of that type."
    assert reason(world, "groups") == other
    assert reason(world, "groups", "Outer") == other
    assert reason(world, "groups", "Elsewhere") == "dora@contoso.com is no member of Elsewhere."
    assert reason(world, "groups", scp=None) == "An application by itself is in no group here."


def test_a_role_of_a_group_around_a_group() -> None:
    """It is its direct members' alone, of whom the inner group is one and the person is none."""
    world = World()
    user = dora(world)["id"]
    one, two = group(world, "Zulu", user), group(world, "Alpha", user)
    group(world, "Beside", one)
    group(world, "Outer", one, two)
    other = seed.add_group(world.tenant, "Mike")
    world.tenant.members.add(other["id"], user)
    assert reason(world, "roles", "Reader") == f"Reader {NEITHER} Alpha, Mike, Zulu."
    world.assign("group:Outer", "api", "Writer")
    assert reason(world, "roles", "Reader") == f"Reader {NEITHER} Alpha, Mike, Zulu."
    world.assign("group:Outer", "api", "Reader")
    found = reason(world, "roles", "Reader")
    whose = "only: what is assigned to a group is its direct members'."
    assert found in {
        f"dora@contoso.com is in Outer through {names} {whose}" for names in ("Zulu, Alpha", "Alpha, Zulu")
    }
    world.assign("group:Mike", "api", "Reader")
    assert reason(world, "roles", "Reader") == found


@pytest.mark.parametrize(
    ("user", "client", "expected"),
    [
        ("nobody@contoso.com", "web", GONE),
        ("dora@contoso.com", "nobody", GONE),
        ("nobody@contoso.com", "nobody", GONE),
        ("dora@contoso.com", "web", f"Access {NEITHER.replace('Api', 'Web')} no group."),
    ],
)
def test_why_a_person_is_not_let_in(user: str, client: str, expected: str) -> None:
    """As a browser would be told."""
    world = World()
    dora(world)
    assert absence.unassigned(world.directory, user, world.app_ids.get(client, client)) == expected


@pytest.mark.parametrize(
    ("user", "client", "scope", "expected"),
    [
        ("nobody", "web", "openid", (GONE, [])),
        ("dora", "nobody", "openid", (GONE, [])),
        ("dora", "web", "openid", ("Nobody consented to anything that Web asks for for Web.", [])),
        (
            "dora",
            "web",
            "api://api/user.read api://api/user.write api://other/user.read",
            (
                "Nobody consented to user.read, user.write of Api and user.read of Other for Web.",
                ["api", "other"],
            ),
        ),
    ],
)
def test_which_consent_lacks(user: str, client: str, scope: str, expected: tuple[str, list[str]]) -> None:
    """API by API."""
    world = World()
    dora(world)
    app_id = world.app_ids.get(client, client)
    found = absence.unconsented(world.directory, f"{user}@contoso.com", app_id, scope)
    assert found == (expected[0], [world.app_ids[each] for each in expected[1]])
