"""The stand-in checks tokens as is documented of the real one, a fact a test.

Pages of AWS are named as in `listener`.
"""

import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from options.alb.tests.listener import ISSUER, KEY, World, checking, jwk, rule, run

TOKEN = {
    "iss": ISSUER,
    "aud": "the-api",
    "tid": "t",
    "exp": int(time.time()) + 86_400,
    "roles": ["Reader", "Writer"],
    "scp": "a b",
}


def token(key: Any = KEY, kid: str = "k1", alg: str = "RS256", **changes: Any) -> str:
    """Return a token; `...` takes a claim out."""
    claims = {name: value for name, value in {**TOKEN, **changes}.items() if value is not ...}
    return jwt.encode(claims, key, alg, headers={"kid": kid})


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 200),
        ({"exp": ...}, 401),
        ({"exp": 1}, 401),
        ({"iss": ...}, 401),
        ({"iss": "https://sts.windows.net/t/"}, 401),
        ({"nbf": int(time.time()) + 86_400}, 401),
        ({"nbf": 1, "iat": 1}, 200),
        ({"iat": int(time.time()) + 86_400}, 401),
        ({"aud": "another"}, 401),
        ({"aud": ...}, 401),
        ({"aud": ["the-api"]}, 401),
        ({"kid": "k2"}, 401),
        ({"key": rsa.generate_private_key(65537, 2048)}, 401),
        ({"key": "secret-of-thirty-two-characters-x", "alg": "HS256"}, 401),
        ({"key": None, "alg": "none"}, 401),
    ],
)
def test_a_token_is_validated(given: dict[str, Any], status: int) -> None:
    """ELB-jwt: signature, iss and exp; nbf and iat where they are; the claims that the rule names.
    A token of version 1 has another issuer.
    """

    async def story(world: World) -> None:
        sent = {"Authorization": f"Bearer {token(**given)}"}
        assert (await world.browser.get("/", headers=sent)).status_code == status
        if status == 200:
            assert world.seen["authorization"] == sent["Authorization"]

    run(story, rule(9, checking()))


@pytest.mark.parametrize(
    ("form", "name", "value", "status"),
    [
        ("single-string", "tid", "t", 200),
        ("single-string", "scp", "a", 401),
        ("single-string", "roles", "Reader", 401),
        ("string-array", "roles", "Writer", 200),
        ("string-array", "roles", "Admin", 401),
        ("string-array", "scp", "a", 401),
        ("space-separated-values", "scp", "b", 200),
        ("space-separated-values", "scp", "c", 401),
        ("space-separated-values", "roles", "Reader", 401),
    ],
)
def test_claims_have_three_formats(form: str, name: str, value: str, status: int) -> None:
    """ELB-jwt: single-string, string-array, space-separated-values."""

    async def story(world: World) -> None:
        sent = {"Authorization": f"Bearer {token()}"}
        assert (await world.browser.get("/", headers=sent)).status_code == status

    run(story, rule(9, checking(AdditionalClaims=[{"Name": name, "Format": form, "Values": [value]}])))


def test_without_an_audience_any_token_of_the_tenant_passes() -> None:
    """ELB-jwt: only the issuer and the times are checked unasked."""

    async def story(world: World) -> None:
        sent = {"Authorization": f"Bearer {token(aud='graph')}"}
        assert (await world.browser.get("/", headers=sent)).status_code == 200

    run(story, rule(9, checking(AdditionalClaims=[])))


@pytest.mark.parametrize(("count", "status"), [(10, 200), (11, 401)])
def test_a_load_balancer_reads_ten_keys(count: int, status: int) -> None:
    """ELB-limits: keys of a JWKS endpoint, 10; its size, 150 KB."""

    async def story(world: World) -> None:
        world.entra.keys = [jwk(f"k{n}") for n in range(1, count + 1)]
        sent = {"Authorization": f"Bearer {token()}"}
        assert (await world.browser.get("/", headers=sent)).status_code == status
        world.entra.keys = [{**jwk("k1"), "x5c": ["M" * 150_000]}]
        assert (await world.browser.get("/", headers=sent)).status_code == 401

    run(story, rule(9, checking()))


def test_the_address_of_keys_is_asked_as_it_stands() -> None:
    """ELB-jwt: JwksEndpoint. An application with mapped claims has keys of its own, at `keys?appid=`."""

    async def story(world: World) -> None:
        sent = {"Authorization": f"Bearer {token()}"}
        assert (await world.browser.get("/", headers=sent)).status_code == 200
        assert world.entra.keys_requested == [f"https://login.example/keys?appid={'a' * 36}"]

    run(story, rule(9, checking(JwksEndpoint=f"https://login.example/keys?appid={'a' * 36}")))


def test_a_rule_may_be_as_large_as_is_documented() -> None:
    """ELB-limits: ten claims, values and an address of 256 characters."""
    value = "v" * 256
    claims = [{"Name": f"c{n}", "Format": "single-string", "Values": [value]} for n in range(10)]
    address = f"https://login.example/{'k' * 234}"
    assert len(address) == 256

    async def story(world: World) -> None:
        for changes, status in (({}, 200), ({"c9": value[:-1]}, 401), ({"c0": ...}, 401)):
            given: dict[str, Any] = {**{f"c{n}": value for n in range(10)}, **changes}
            sent = {"Authorization": f"Bearer {token(**given)}"}
            assert (await world.browser.get("/", headers=sent)).status_code == status

    run(story, rule(9, checking(AdditionalClaims=claims, JwksEndpoint=address)))
