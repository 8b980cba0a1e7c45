"""Claims of a token, each with its reason: who asked, since when, and by whom a scope was granted."""

from typing import Any

import pytest

from entra_config.emulator.login.explain import reasons
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


def test_an_id_token_is_for_the_client_that_its_audience_names() -> None:
    """It has no other claim that says who asked."""
    world = World()
    found = why(world, {"aud": world.app_ids["web"]})
    assert found["aud"] == "An id_token is for the client that signed the user in: Web."


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
