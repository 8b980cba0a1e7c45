"""Claims of a token, each with its reason: who asked, since when, and by whom a scope was granted."""

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.login.explain import explain, reasons
from tests.conformance.login.login_world import World


def why(world: World, claims: dict[str, Any]) -> dict[str, str]:
    """Return the reason of each claim."""
    return {each.name: each.why for each in reasons(claims, world.directory)}


@pytest.mark.parametrize(
    ("names", "client"),
    [
        ({"azp": "spa", "appid": "web", "aud": "api"}, "Spa"),
        ({"appid": "web", "aud": "api"}, "Web"),
        ({"azp": "", "appid": "web", "aud": "api"}, "Web"),
    ],
)
def test_the_client_is_named_by_the_claim_of_its_version(names: dict[str, str], client: str) -> None:
    """Version 2 has azp, version 1 appid; whom the token is for is another question."""
    world = World()
    claims = {claim: world.app_ids.get(name, "") for claim, name in names.items()}
    found = why(world, claims)
    assert found["appid"] == f"The client that asked: {client}."
    assert "Api" in found["aud"]


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("iat", "Dated back five minutes, as Entra does."),
        ("nbf", "The same as iat."),
        ("exp", "60 minutes for applications"),
    ],
)
def test_a_time_is_told_as_people_read_it(claim: str, text: str) -> None:
    """To the second, in UTC, with what it rests on."""
    assert why(World(), {claim: 1_790_000_000})[claim].startswith(f"2026-09-21 14:13:20 UTC. {text}")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ([("user.read user.write", None)], "an administrator consented for everybody"),
        ([("user.read", "bob")], "the user consented"),
        ([("user.write", None), ("user.read", "bob")], "the user consented"),
        ([("user.readers", None)], "no longer granted"),
        ([("", None)], "no longer granted"),
        ([], "no longer granted"),
    ],
)
def test_a_scope_says_by_whom_it_was_granted(given: list[tuple[str, str | None]], reason: str) -> None:
    """By the grants of now: one that was taken back is said to be."""
    world = World()
    for scope, user in given:
        world.grant("spa", "api", scope, user)
    claims = {"azp": world.app_ids["spa"], "aud": world.app_ids["api"], "scp": "user.read"}
    (found,) = [each for each in reasons(claims, world.directory) if each.name == "scp"]
    assert found.parts == {"user.read": reason}
    assert found.why == f"user.read: {reason}."


def test_a_grant_without_scopes_grants_none() -> None:
    """Not even one that is called like nothing in Python."""
    world = World()
    world.grant("spa", "api", "")
    (row,) = [each for each in world.tenant.oauth2_permission_grants if not each["scope"]]
    world.tenant.oauth2_permission_grants.put({**row, "scope": None})
    claims = {"azp": world.app_ids["spa"], "aud": world.app_ids["api"], "scp": "None"}
    assert why(world, claims)["scp"] == "None: no longer granted."


@pytest.mark.parametrize(
    ("claims", "version", "audience"),
    [
        ({"azp": "spa", "aud": "api"}, 2, "The appId of Api: with version 2 it is the audience"),
        ({"appid": "spa", "aud": "api"}, 1, "The string by which the client asked for Api, which takes"),
        ({"azp": "spa", "aud": "gone"}, 2, "The string by which the client asked for an application that is"),
        ({"aud": "api"}, 2, "An id_token is for the client that signed the user in: Api."),
    ],
)
def test_whom_a_token_is_for_and_of_which_version(
    claims: dict[str, str], version: int, audience: str
) -> None:
    """The API's registration decides about an access token, the client's endpoint about an id_token."""
    world = World()
    world.set("api", api={"requestedAccessTokenVersion": version})
    found = why(world, {claim: world.app_ids.get(name, name) for claim, name in claims.items()} | {"ver": ""})
    assert found["aud"].startswith(audience)
    decides = "The version of the endpoint" if len(claims) == 1 else "requestedAccessTokenVersion of"
    assert found["ver"].startswith(decides)


def test_an_optional_claim_is_that_of_the_kind_of_token_which_lists_it() -> None:
    """Of several that are listed; another's is as unknown as one that nobody lists."""
    world = World()
    lists = {"accessToken": [{"name": "ctry"}, {"name": "fwd"}], "idToken": [{"name": "vnet"}]}
    world.set("api", optionalClaims=lists)
    claims = {"aud": world.app_ids["api"], "ctry": "DE", "fwd": "1", "vnet": "x", "name": "Bob", "other": "y"}
    listed = "An optional claim that the registration of Api lists."
    unknown = "Not a claim that this emulator knows."
    access = why(world, claims | {"azp": world.app_ids["spa"]})
    identity = why(world, claims)
    names = ("ctry", "fwd", "vnet", "other")
    assert [access[name] for name in names] == [listed, listed, unknown, unknown]
    assert [identity[name] for name in names] == [unknown, unknown, listed, unknown]
    assert access["name"] == identity["name"] == "The display name; not for authorization."
    gone = why(world, {"azp": world.app_ids["spa"], "aud": "gone", "ctry": "DE"})
    assert gone["ctry"] == unknown


@pytest.mark.parametrize(
    ("client", "recipient", "reason"),
    [
        ("gone", "api", "its client or resource is gone"),
        ("spa", "gone", "its client or resource is gone"),
        ("spa", "other", "no longer granted"),
        ("spa", "api", "an administrator consented for everybody"),
    ],
)
def test_a_grant_is_of_one_client_at_one_resource(client: str, recipient: str, reason: str) -> None:
    """What another API granted by the same name says nothing."""
    world = World()
    world.grant("spa", "api", "user.read")
    claims = {"azp": world.app_ids.get(client, client), "aud": world.app_ids.get(recipient, recipient)}
    assert why(world, claims | {"scp": "user.read"})["scp"] == f"user.read: {reason}."


@pytest.mark.parametrize(
    ("recipient", "role", "assigned", "reason"),
    [
        ("api", "Reader", ["user:bob"], "assigned directly"),
        ("api", "Writer", ["group:MyApp Writers"], "through the group MyApp Writers"),
        (
            "api",
            "Reader",
            ["user:bob", "group:MyApp Writers"],
            "assigned directly and through the group MyApp Writers",
        ),
        ("api", "Reader", [], "no longer assigned"),
        ("api", "a-group", [], "a group, since the registration emits groups as roles"),
        ("gone", "Reader", [], "a group, since the registration emits groups as roles"),
    ],
)
def test_a_role_says_how_somebody_came_to_it(
    recipient: str, role: str, assigned: list[str], reason: str
) -> None:
    """Of the assignments of now."""
    world = World()
    for each in assigned:
        world.assign(each, "api", role)
    claims = {
        "azp": world.app_ids["spa"],
        "aud": world.app_ids.get(recipient, recipient),
        "oid": world.user("bob")["id"],
        "roles": [role],
    }
    assert why(world, claims)["roles"] == f"{role}: {reason}."


def test_subject_and_groups_are_told_by_the_application_that_they_are_for() -> None:
    """An application by itself is its own subject; what is gone is said to be."""
    world = World()
    world.set("api", groupMembershipClaims="All")
    claims = {"azp": "x", "aud": world.app_ids["api"], "oid": "o", "groups": []}
    assert why(world, claims | {"sub": "o"})["sub"].startswith("An application by itself")
    assert why(world, claims | {"sub": "s"})["sub"].startswith("The user towards Api only")
    assert why(world, claims)["groups"] == "groupMembershipClaims of Api is All."
    gone = why(world, claims | {"aud": "gone"})["groups"]
    assert gone == "groupMembershipClaims of an application that is gone is None."


def test_a_token_of_another_tenant_is_read_there() -> None:
    """Its people and applications are not those of the first one."""
    world = World()
    other = world.directory.find("fabrikam.com")
    assert other is not None
    app = seed.add_application(other, "Theirs", app_id=seed.fixed_id("explained", "theirs"))
    claims = {"azp": app["appId"], "aud": app["appId"]}
    assert why(world, claims | {"tid": other.tenant_id})["azp"] == "The client that asked: Theirs."
    assert "is gone" in why(world, claims | {"tid": world.tenant.tenant_id})["azp"]


def test_a_token_holds_while_it_lives_and_as_it_was_signed() -> None:
    """What is no token is none."""
    world = World()
    world.grant("spa", "api", "user.read")
    text = world.sign_in("spa", "bob", "api://api/user.read").body["access_token"]
    good = explain(text, world.directory, world.service.keys)
    changed = explain(text.rpartition(".")[0] + ".AAAA", world.directory, world.service.keys)
    assert good is not None
    assert changed is not None
    assert (good.valid, good.verdict) == (True, "Signed by this emulator and valid now.")
    assert (changed.valid, changed.verdict == good.verdict) == (False, False)
    assert explain("no token", world.directory, world.service.keys) is None
