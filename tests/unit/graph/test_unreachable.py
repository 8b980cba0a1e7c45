"""A host that nobody reaches: the error names it, the proxy and the reason, and blames nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import threading

import httpx
import pytest

from entra_config.errors import SignInError, UsageError
from entra_config.graph.clouds import GLOBAL
from entra_config.graph.connect import connect
from entra_config.graph.http import HttpDoor
from entra_config.graph.request import Request
from entra_config.graph.token import FixedToken, Identity, Token
from entra_config.graph.unreachable import check_proxies

IDENTITY = Identity(
    tenant_id="11111111-1111-1111-1111-111111111111", app_id="22222222-2222-2222-2222-222222222222"
)
TOKEN = FixedToken("token", IDENTITY)


@pytest.fixture(autouse=True)
def signed_in_by_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepare the environment for a client secret, and no proxy."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (("TENANT_ID", IDENTITY.tenant_id), ("CLIENT_ID", IDENTITY.app_id)):
        monkeypatch.setenv(f"AZURE_{name}", value)
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "secret")


@pytest.fixture
def closed_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def sign_in(credential: str = "environment") -> str:
    """Return why a sign-in fails."""
    with pytest.raises((SignInError, UsageError)) as failed:
        asyncio.run(connect("global", credential=credential))
    assert "Entra refused" not in str(failed.value)
    return str(failed.value)


def test_a_proxy_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, closed_port: int) -> None:
    """The proxy is named, without its password, and the variable."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:hidden@127.0.0.1:{closed_port}")
    assert sign_in() == (
        "environment: no response came from login.microsoftonline.com through the proxy "
        f"127.0.0.1:{closed_port}: Connection refused. "
        "Check the network, the name of the host, and the variables HTTPS_PROXY and NO_PROXY."
    )


def test_a_proxy_whose_name_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is in the error."""
    monkeypatch.setenv("HTTPS_PROXY", "http://nosuch.invalid:3128")
    assert "through the proxy nosuch.invalid:3128: " in sign_in()


@pytest.mark.parametrize(
    "address", ["nonsense://x", "ftp:/x", "ftp://x", "http:/x", "http://", "http://[x", "x:y", "x:0", "x/y"]
)
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"])
def test_a_proxy_that_is_no_address(monkeypatch: pytest.MonkeyPatch, name: str, address: str) -> None:
    """The variable is wrong, and no program is."""
    monkeypatch.setenv(name, address)
    expected = f"{name} is not the address of a proxy, such as http://proxy.example.com:8080"
    assert sign_in() == expected


@pytest.mark.parametrize("address", ["proxy.example.com", "proxy.example.com:8080", "https://u:p@[::1]:80/"])
def test_each_form_of_an_address_is_accepted(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Without a scheme it is an HTTP proxy, as for httpx and requests."""
    monkeypatch.setenv("HTTPS_PROXY", address)
    check_proxies()


def test_a_socks_proxy_without_its_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are no dependencies of ours: the error says what to install."""
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1080")
    monkeypatch.setitem(sys.modules, "socksio", None)
    assert "pip install" in sign_in()


def test_a_proxy_that_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own words are printed, and not the objects in which libraries wrap them."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        port = proxy.getsockname()[1]
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        threading.Thread(target=_refuse, args=(proxy,), daemon=True).start()
        assert sign_in() == (
            "environment: no response came from login.microsoftonline.com through the proxy "
            f"127.0.0.1:{port}: Tunnel connection failed: 403 Forbidden. "
            "Check the network, the name of the host, and the variables HTTPS_PROXY and NO_PROXY."
        )


def _refuse(proxy: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the test closes it
        while True:
            with proxy.accept()[0] as connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")


def test_a_managed_identity_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, closed_port: int) -> None:
    """Its own endpoint is named."""
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{closed_port}/token")
    monkeypatch.setenv("IDENTITY_HEADER", "x")
    assert "managed-identity: no response came from 127.0.0.1: " in sign_in("managed-identity")


def test_graph_behind_a_dead_proxy(monkeypatch: pytest.MonkeyPatch, closed_port: int) -> None:
    """A call that nothing answers names Graph's host and the proxy."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port}")

    async def call() -> str:
        client = httpx.AsyncClient()
        door = HttpDoor(
            client, GLOBAL.base_url, TOKEN, Token("token", float("inf"), IDENTITY), now=lambda: 0.0
        )
        try:
            return (await door.call(Request("GET", "/organization"))).message
        finally:
            await door.close()

    reached = f"no response came from graph.microsoft.com through the proxy 127.0.0.1:{closed_port}: "
    assert asyncio.run(call()).startswith(reached)
