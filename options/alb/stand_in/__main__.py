"""`python -m options.alb.stand_in`: what was deployed in, a listener on loopback out, until SIGTERM.

Keys are served on a second port, as AWS serves them on another host.
"""

import argparse
import asyncio
import json
import logging
import socket
from contextlib import ExitStack
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from options.alb.stand_in.app import LoadBalancer
from options.alb.stand_in.deployed import Deployed


def main() -> None:
    """Serve until it is told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    read = argparse.ArgumentParser(prog="python -m options.alb.stand_in")
    read.add_argument("--deployed", type=Path, required=True)
    read.add_argument("--port", type=int, required=True)
    read.add_argument("--keys-port", type=int, required=True)
    read.add_argument("--certificate", required=True)
    read.add_argument("--key", required=True)
    asyncio.run(_serve(read.parse_args()))


async def _serve(requested: argparse.Namespace) -> None:
    made = Deployed.read(json.loads(requested.deployed.read_text(encoding="utf-8")))
    # A cookie of a target's would be sent with the next person's request: none is kept.
    nothing = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    async with (
        httpx.AsyncClient(timeout=30, cookies=nothing) as http,
        # As AWS says of a load balancer: it takes whatever certificate a target has.
        httpx.AsyncClient(timeout=30, cookies=nothing, verify=False) as targets,  # noqa: S501
    ):
        balancer = LoadBalancer(made, http, targets=targets)
        keys = Starlette(routes=[Route("/{kid}", balancer.signer.serve)])

        async def by_port(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                app = keys if scope["server"][1] == requested.keys_port else balancer
                await app(scope, receive, send)

        config = uvicorn.Config(
            by_port,
            ssl_certfile=requested.certificate,
            ssl_keyfile=requested.key,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=5,
        )
        with ExitStack() as open_ones:
            sockets = [
                open_ones.enter_context(listen(port)) for port in (requested.port, requested.keys_port)
            ]
            await uvicorn.Server(config).serve(sockets)


def listen(port: int) -> socket.socket:
    """Return a listener on loopback; connections that it accepts send small writes at once."""
    listener = socket.create_server(("127.0.0.1", port))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


if __name__ == "__main__":
    main()
