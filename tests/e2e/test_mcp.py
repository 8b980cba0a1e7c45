"""The official MCP client signs in and calls; the registrations that users got wrong fail as they report."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.e2e.mcp_world import BACK, URL, McpWorld, Reached, Stored, provider, running

SCRIPT = Path(__file__).with_name("mcp_sign_in.mjs")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[McpWorld]:
    """Run emulator and API once."""
    with running(tmp_path_factory.mktemp("mcp")) as found:
        yield found


class Browser:
    """Opens the address of a sign-in; remembers it, and what came back."""

    def __init__(self, user: str) -> None:
        """Open nothing yet."""
        self.user = user
        self.requested: dict[str, str] = {}
        self.response: dict[str, str] = {}

    async def opened(self, url: str) -> None:
        """Sign in in Chromium."""
        self.requested = dict(parse_qsl(urlsplit(url).query))
        command = ["node", str(SCRIPT), url, self.user, BACK]
        done = await asyncio.to_thread(
            subprocess.run, command, capture_output=True, text=True, timeout=90, check=False
        )
        assert done.returncode == 0, done.stderr
        self.response = dict(parse_qsl(urlsplit(done.stdout.strip()).query))

    async def came_back(self) -> dict[str, str]:
        """Return code and state."""
        return {name: self.response[name] for name in ("code", "state")}


async def called(world: McpWorld, auth: httpx2.Auth, *tools: tuple[str, dict[str, Any]]) -> list[str]:
    """Call tools one after another, as one client; return what each answers, as JSON."""
    async with (
        httpx2.AsyncClient(auth=auth, transport=Reached(world), timeout=120) as http,
        Client(streamable_http_client(URL, http_client=http)) as client,
    ):
        return [(await client.call_tool(name, given)).model_dump_json() for name, given in tools]


@pytest.mark.browser
def test_a_writer_signs_in_and_calls_both_tools(world: McpWorld) -> None:
    """By the 401's metadata, with PKCE although Entra does not advertise it, as a declared public client."""
    browser, stored = Browser("alice@contoso.com"), Stored(world.app_ids["client"])
    auth = provider(stored, browser.opened, browser.came_back)
    made, listed = asyncio.run(
        called(world, auth, ("create_record", {"title": "From a tool"}), ("list_records", {}))
    )
    assert "From a tool" in made
    assert "From a tool" in listed
    assert (browser.requested["resource"], browser.requested["code_challenge_method"]) == (URL, "S256")
    assert browser.requested["scope"].split() == [f"{URL}/user.read", f"{URL}/user.write"]
    assert stored.tokens is not None


def test_entra_offers_neither_registration_nor_pkce_in_its_metadata(world: McpWorld) -> None:
    """What the official client needs, it does without."""
    server = world.metadata["authorization_servers"][0]
    found = httpx.get(f"{server}/.well-known/openid-configuration", verify=world.trust).json()
    assert not {"registration_endpoint", "code_challenge_methods_supported"} & set(found)
    assert found["issuer"] == server


class RefusedError(Exception):
    """What came back instead of a code."""


def refused(world: McpWorld, metadata: dict[str, Any], *, without: str = "") -> str:
    """Let the official client begin at a server with this metadata; return what Entra says to it."""

    async def opened(url: str) -> None:
        parts = urlsplit(url)
        requested = {name: value for name, value in parse_qsl(parts.query) if name != without}
        async with httpx2.AsyncClient(verify=world.trust) as browser:
            response = await browser.get(parts._replace(query=urlencode(requested)).geturl())
        back = dict(parse_qsl(urlsplit(response.headers.get("location", "")).query))
        raise RefusedError(f"{back.get('error')}: {back.get('error_description', response.text)}")

    async def came_back() -> dict[str, str]:
        raise AssertionError("nobody came back")

    class Server(httpx2.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            if request.url.host != urlsplit(URL).hostname:
                return await Reached(world).handle_async_request(request)
            if "oauth-protected-resource" in request.url.path:
                return httpx2.Response(200, json=metadata)
            learn = (
                f'Bearer resource_metadata="https://{request.url.host}/.well-known/oauth-protected-resource"'
            )
            return httpx2.Response(401, headers={"WWW-Authenticate": learn})

    async def story() -> None:
        auth = provider(Stored(world.app_ids["client"]), opened, came_back)
        async with httpx2.AsyncClient(auth=auth, transport=Server()) as http:
            await http.post(URL, json={})

    with pytest.raises(RefusedError) as caught:
        asyncio.run(story())
    return str(caught.value)


def test_a_server_that_is_only_known_by_its_app_id(world: McpWorld) -> None:
    """Its only identifier URI is api://{appId}, and clients send its address: anomalyco/opencode#12308."""
    scope = f"api://{world.app_ids['bare']}/user.read"
    assert "invalid_target: AADSTS9010010" in refused(world, {**world.metadata, "scopes_supported": [scope]})
    # The registration is one that works for clients that send no resource.
    right = refused(world, {**world.metadata, "scopes_supported": [scope]}, without="resource")
    assert "AADSTS" not in right


def test_a_slash_at_the_end_of_the_resource(world: McpWorld) -> None:
    """One letter more than the identifier URI has: anthropics/claude-code#52871."""
    wrong = {**world.metadata, "resource": f"{URL}/"}
    assert "invalid_target: AADSTS9010010" in refused(world, wrong)


def test_scopes_without_the_address_in_front(world: McpWorld) -> None:
    """Graph is meant then: anthropics/claude-code#73460; with the resource anthropics/claude-ai-mcp#514."""
    wrong = {**world.metadata, "scopes_supported": ["user.write"]}
    graph = "scope 'user.write' that doesn't exist on the resource '00000003-0000-0000-c000-000000000000'"
    said = refused(world, wrong, without="resource")
    assert "invalid_client: AADSTS650053" in said
    assert graph in said
    assert "invalid_target: AADSTS9010010" in refused(world, wrong)


def test_the_right_one_gets_to_the_password(world: McpWorld) -> None:
    """The same client, with what `entra-config settings` wrote."""
    said = refused(world, world.metadata)
    assert "AADSTS" not in said
    assert "Sign in" in said
