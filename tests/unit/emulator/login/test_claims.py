"""The claims of access tokens and id_tokens, whole, for people and for applications, of either version."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.login import claims
from entra_emulator.login.claims import AccessTokenInput, IdTokenRequest
from tests.conformance.login.login_world import ORIGIN, World
from tests.unit.emulator.login.tokens import entropy, given, identity, opaque, signed_in, sub, times

# What `entropy` makes of 60 to 90 minutes, and of 20 to 28 hours.
PERSON, REVOCABLE = 4503, 86_456
CP1 = {"xms_cc": {"values": ["cp1"]}}


def access(world: World, asked: AccessTokenInput) -> dict[str, Any]:
    """Return the claims of an access token; their order is checked."""
    found = claims.access_claims(asked, world.clock.now(), entropy)
    names = list(found)
    assert names[:5] == ["aud", "iss", "iat", "nbf", "exp"]
    assert names[5:] == sorted(names[5:])
    return found


def test_an_application_s_token_of_version_2() -> None:
    """For the API's id, for an hour, with the roles that it holds."""
    world = World()
    common = {
        **times(world, 3600),
        **opaque(world, "api"),
        "aud": world.app_ids["api"],
        "iss": f"{ORIGIN}/{world.tenant.tenant_id}/v2.0",
        "azp": world.app_ids["daemon"],
        "azpacr": "1",
        "oid": world.principal("daemon")["id"],
        "sub": world.principal("daemon")["id"],
        "tid": world.tenant.tenant_id,
        "ver": "2.0",
    }
    assert access(world, given(world, client="daemon")) == common
    world.assign("app:daemon", "api", "Reader")
    assert access(world, given(world, client="daemon")) == {**common, "roles": ["Reader"]}


@pytest.mark.parametrize("version", [None, 1])
def test_an_application_s_token_of_version_1(version: int | None) -> None:
    """For the string by which it asked; it names who vouches for the application."""
    world = World()
    world.set("api", api={"requestedAccessTokenVersion": version})
    issuer = f"{ORIGIN}/{world.tenant.tenant_id}/"
    assert access(world, given(world, client="daemon")) == {
        **times(world, 3600),
        **opaque(world, "api"),
        "aud": "api://api",
        "iss": issuer,
        "appid": world.app_ids["daemon"],
        "appidacr": "1",
        "idp": issuer,
        "oid": world.principal("daemon")["id"],
        "sub": world.principal("daemon")["id"],
        "tid": world.tenant.tenant_id,
        "ver": "1.0",
    }


def test_a_person_s_token_of_version_2() -> None:
    """For more than an hour, with scopes and roles; what a person lacks is left out."""
    world = World()
    world.assign("user:bob", "api", "Writer")
    who = signed_in(world)
    common = {
        **times(world, PERSON),
        **opaque(world, "api"),
        "aud": world.app_ids["api"],
        "iss": f"{ORIGIN}/{world.tenant.tenant_id}/v2.0",
        "azp": world.app_ids["web"],
        "azpacr": "1",
        "name": who.user["displayName"],
        "oid": who.user["id"],
        "preferred_username": "bob@contoso.com",
        "roles": ["Writer"],
        "scp": "user.write user.read",
        "sid": "session",
        "sub": sub(world, "bob", "api"),
        "tid": world.tenant.tenant_id,
        "ver": "2.0",
    }
    asked = given(world, who=who, scopes=("user.write", "user.read"))
    assert access(world, asked) == common
    nameless = replace(who, user={"id": who.user["id"]})
    without = {name: value for name, value in common.items() if name not in {"name", "preferred_username"}}
    assert access(world, replace(asked, who=nameless)) == without


def test_a_person_s_token_of_version_1() -> None:
    """It says how and from where he signed in, and his names."""
    world = World()
    world.set("api", api={"requestedAccessTokenVersion": None})
    who = signed_in(world)
    found = access(world, given(world, who=who, scopes=("user.read",)))
    names = {"aud", "iss", "iat", "nbf", "exp", "aio", "rh", "uti", "xms_ftd"}
    assert {name: value for name, value in found.items() if name not in names} == {
        "acr": "1",
        "amr": ["pwd"],
        "appid": world.app_ids["web"],
        "appidacr": "1",
        "family_name": who.user["surname"],
        "given_name": who.user["givenName"],
        "ipaddr": "10.0.0.1",
        "name": who.user["displayName"],
        "oid": who.user["id"],
        "scp": "user.read",
        "sid": "session",
        "sub": sub(world, "bob", "api"),
        "tid": world.tenant.tenant_id,
        "unique_name": "bob@contoso.com",
        "upn": "bob@contoso.com",
        "ver": "1.0",
    }
    assert found["aud"] == "api://api"


GRAPH_URL = "https://graph.microsoft.com"


@pytest.mark.parametrize(
    ("requested", "audience"),
    [
        (GRAPH_URL, GRAPH_URL),
        (f"{GRAPH_URL}/", f"{GRAPH_URL}/"),
        (seed.GRAPH_APP_ID, GRAPH_URL),
        ("https://localhost:8443", GRAPH_URL),
        ("", GRAPH_URL),
    ],
)
def test_the_audience_of_a_token_for_graph(requested: str, audience: str) -> None:
    """Its own URL, however the client named it."""
    world = World()
    asked = replace(given(world, "graph"), requested=requested)
    assert access(world, asked)["aud"] == audience


def test_what_graph_s_tokens_say_of_an_application() -> None:
    """Its name, its region, and the mark of applications."""
    world = World()
    found = access(world, given(world, "graph", "daemon"))
    assert {name: found[name] for name in ("app_displayname", "idtyp", "tenant_region_scope", "wids")} == {
        "app_displayname": "Daemon",
        "idtyp": "app",
        "tenant_region_scope": "EU",
        "wids": ["0997a1d0-0d1d-4acb-b408-d5ca73121e90"],
    }
    assert not {"acct", "xms_st", "xms_cc"} & set(found)


@pytest.mark.parametrize(
    ("user", "kind", "wids", "account"),
    [
        ("bob", "Member", [], 0),
        ("bob", None, [], 0),
        ("bob", "Guest", [], 1),
        ("grace", "Member", ["62e90394-69f5-4237-9190-012177145e10"], 0),
    ],
)
def test_what_graph_s_tokens_say_of_a_person(user: str, kind: Any, wids: list[str], account: int) -> None:
    """The directory roles that there are templates of, and who he is to the client."""
    world = World()
    world.set_user(user, userType=kind)
    world.tenant.directory_roles.setdefault(world.user(user)["id"], []).append("A role of nobody")
    found = access(world, given(world, "graph", who=signed_in(world, user)))
    assert (found["idtyp"], found["acct"]) == ("user", account)
    assert found["wids"] == [*wids, "b79fbf4d-3ef9-4689-8143-76b194e85509"]
    assert found["xms_st"] == {"sub": sub(world, user, "web")}
    world.tenant.directory_roles.pop(world.user(user)["id"])
    assert len(access(world, given(world, "graph", who=signed_in(world, user)))["wids"]) == 1


@pytest.mark.parametrize(
    ("resource", "person", "declared", "lives", "marked"),
    [
        ("graph", True, CP1, REVOCABLE, True),
        ("graph", True, {}, PERSON, False),
        ("graph", False, CP1, 3600, True),
        ("api", True, CP1, PERSON, False),
        ("api", False, {}, 3600, False),
    ],
)
def test_how_long_a_token_lives(
    resource: str, *, person: bool, declared: Any, lives: int, marked: bool
) -> None:
    """An hour for applications, more for people, and a day at Graph where it can be taken back."""
    world = World()
    who = signed_in(world) if person else None
    asked = given(world, resource, who=who, requested_claims=declared)
    found = access(world, asked)
    assert found["exp"] - found["iat"] == lives + 300
    assert found.get("xms_cc") == (["CP1"] if marked else None)


@pytest.mark.parametrize(
    ("drawn", "lives"), [(b"\0\0", (3600, 72_000)), (b"\xff\xff", (5399, 100_799)), (b"\1\0", (3607, 72_112))]
)
def test_the_bounds_of_a_person_s_token(drawn: bytes, lives: tuple[int, int]) -> None:
    """From 60 to 90 minutes; from 20 to 28 hours where it can be taken back."""
    world = World()
    who = signed_in(world)
    plain = given(world, who=who)
    revocable = given(world, "graph", who=who, requested_claims=CP1)
    assert (claims.lifetime(plain, lambda _: drawn), claims.lifetime(revocable, lambda _: drawn)) == lives


@pytest.mark.parametrize(
    ("entries", "by_id"),
    [
        ([{"name": "aud", "additionalProperties": ["use_guid"]}], True),
        ([{"name": "upn", "additionalProperties": ["use_guid"]}], False),
        ([{"name": "aud", "additionalProperties": []}], False),
        ([{"name": "aud"}, {"name": "aud", "additionalProperties": ["use_guid"]}], True),
        (None, False),
    ],
)
def test_a_version_1_token_may_be_for_an_id(entries: Any, *, by_id: bool) -> None:
    """Where the API's optional claims say so."""
    world = World()
    world.set("api", api={"requestedAccessTokenVersion": None}, optionalClaims={"accessToken": entries})
    expected = world.app_ids["api"] if by_id else "api://api"
    assert access(world, given(world))["aud"] == expected


def test_groups_of_a_person_are_in_his_tokens_alone() -> None:
    """Where the registration asks for them, of the recipient of each token."""
    world = World()
    world.set("api", groupMembershipClaims="SecurityGroup")
    assert "groups" in access(world, given(world, who=signed_in(world)))
    assert "groups" not in access(world, given(world, client="daemon"))
    asked, who = given(world, who=signed_in(world)), signed_in(world)
    assert "groups" not in identity(world, asked, who, IdTokenRequest((), None))
    world.set("web", groupMembershipClaims="SecurityGroup")
    asked = given(world, who=signed_in(world))
    assert "groups" in identity(world, asked, who, IdTokenRequest((), None))


def test_contexts_are_in_a_person_s_token_alone() -> None:
    """He has what he was asked for."""
    world = World()
    wanted = {"acrs": {"essential": True, "value": "c1"}}
    assert access(world, given(world, who=signed_in(world), requested_claims=wanted))["acrs"] == ["c1"]
    assert "acrs" not in access(world, given(world, requested_claims=wanted))
