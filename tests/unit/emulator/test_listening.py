"""Connections to our servers send small writes at once."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest
import uvicorn

from dev import serve
from entra_emulator import listening
from options.alb.stand_in.__main__ import listen as listen_as_load_balancer


def listen_as_reloading_api() -> socket.socket:
    """Return the listener of the example API as `make dev` starts it."""
    return serve.listen(uvicorn.Config("dev.api:app", port=0, log_config=None))


@pytest.mark.parametrize(
    "listen",
    [
        pytest.param(lambda: listening.listen("localhost", 0), id="emulator"),
        pytest.param(lambda: listening.listen("::1", 0), id="emulator on IPv6"),
        pytest.param(listen_as_reloading_api, id="example API"),
        pytest.param(lambda: listen_as_load_balancer(0), id="load balancer"),
    ],
)
def test_an_accepted_connection_does_not_wait_for_acknowledgements(
    listen: Callable[[], socket.socket],
) -> None:
    """Without TCP_NODELAY, a response whose header and body are written apart takes 40 ms longer."""
    accepted: list[int] = []

    async def serve_one() -> None:
        done = asyncio.Event()

        def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection = writer.get_extra_info("socket")
            accepted.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()
            done.set()

        listener = listen()
        server = await asyncio.start_server(accept, sock=listener)
        _, client = await asyncio.open_connection(*listener.getsockname()[:2])
        await done.wait()
        client.close()
        server.close()

    asyncio.run(serve_one())

    assert accepted == [1]
