"""Where an application signs in to be proven, and what is told of a sign-in that was refused."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from entra_config.errors import SignInError, UsageError
from entra_config.graph import authority, clouds
from entra_config.graph.authority import Authority, SignInTry
from entra_config.graph.clouds import Cloud
from entra_config.graph.endpoint import Endpoint
from entra_config.hidden import Hidden


def test_of_a_cloud_its_own_address_and_of_an_emulator_the_one_that_runs() -> None:
    """With the emulator's CA, and no CA for any other."""
    for name in clouds.CLOUDS:
        assert authority.where(name, None) == (clouds.named(name), None)
    address = Cloud("emulator", "https://localhost:8443", "https://localhost:8443")
    running = Endpoint(address, Path("ca.pem"), "t", "c", "hush")
    assert authority.where("emulator", running) == (address, Path("ca.pem"))
    with pytest.raises(SignInError, match="no emulator runs"):
        authority.where("emulator", None)
    with pytest.raises(UsageError):
        authority.where("elsewhere", None)


def responding(*responses: httpx.Response | Exception) -> tuple[httpx.MockTransport, list[httpx.Request]]:
    """Return what answers sign-ins one after another, and the requests that it got."""
    waiting, got = list(responses), []

    def response(request: httpx.Request) -> httpx.Response:
        got.append(request)
        found = waiting.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    return httpx.MockTransport(response), got


def tried(response: httpx.Response | Exception, secret: str = "a-secret") -> SignInTry:
    """Sign in with a secret, and return what became of it."""
    transport, _ = responding(response)

    async def run() -> SignInTry:
        opened = await authority.opened("global", "tenant", transport=transport)
        async with opened.client:
            return await opened.sign_in("app", Hidden(secret))

    return asyncio.run(run())


def refused(status: int, description: object) -> httpx.Response:
    """Return what Entra answers to a sign-in that it refuses."""
    return httpx.Response(status, json={"error": "invalid_client", "error_description": description})


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (httpx.Response(200, json={"access_token": "x"}), SignInTry()),
        (httpx.Response(200, json={"access_token": ""}), SignInTry("HTTP 200")),
        (httpx.Response(200, json=["access_token"]), SignInTry("HTTP 200")),
        (httpx.Response(400, json={"access_token": "x"}), SignInTry("HTTP 400")),
        (refused(401, "AADSTS7000222: It expired.\r\nTrace ID: 1"), SignInTry("AADSTS7000222: It expired.")),
        *(
            (refused(401, f"{code}: Not yet.\r\nTrace ID: 1"), SignInTry(f"{code}: Not yet.", passes=True))
            for code in ("AADSTS7000215", "AADSTS700016", "AADSTS7000229", "AADSTS700027")
        ),
        (httpx.Response(400, json={"error": "invalid_client"}), SignInTry("invalid_client")),
        (httpx.Response(428, json={}), SignInTry("HTTP 428")),
        (httpx.Response(429, json={}), SignInTry("HTTP 429", passes=True)),
        (httpx.Response(503, json={}), SignInTry("HTTP 503", passes=True)),
        (httpx.Response(403, text="<html>"), SignInTry("HTTP 403")),
        (httpx.Response(428, text="<html>"), SignInTry("HTTP 428")),
        (httpx.Response(429, text="<html>"), SignInTry("HTTP 429", passes=True)),
        (httpx.Response(502, text="<html>"), SignInTry("HTTP 502", passes=True)),
        (httpx.ConnectTimeout("slow"), SignInTry("no response came (ConnectTimeout)", passes=True)),
        (refused(401, "AADSTS7000222: 'a-secret' expired."), SignInTry("AADSTS7000222: '…' expired.")),
    ],
)
def test_what_became_of_a_sign_in(response: httpx.Response | Exception, expected: SignInTry) -> None:
    """What passes by waiting says so; a refusal is its first line, and names no secret."""
    assert tried(response) == expected


def test_a_sign_in_asks_its_tenant_for_a_token_of_graph() -> None:
    """As an application, with a secret or any other proof, at the cloud's own address."""
    transport, got = responding(*[httpx.Response(200, json={"access_token": "x"})] * 2)

    async def run(cloud: str) -> Authority:
        opened = await authority.opened(cloud, "tenant", transport=transport)
        async with opened.client:
            await opened.proven("app", {"client_assertion": "proof"})
        return opened

    for cloud, address in (("usgov", clouds.named("usgov")), ("emulator", clouds.GLOBAL)):
        opened = asyncio.run(run(cloud))
        assert (opened.address, opened.scope) == (address.authority, address.scope)
        request = got.pop()
        assert str(request.url) == f"{address.authority}/tenant/oauth2/v2.0/token" == opened.token_url
        assert parse_qs(request.content.decode()) == {
            "grant_type": ["client_credentials"],
            "client_id": ["app"],
            "scope": [address.scope],
            "client_assertion": ["proof"],
        }
