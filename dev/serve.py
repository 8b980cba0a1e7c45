"""`python -m dev.serve PORT CERTIFICATE KEY`: serve the example API and restart it when a file changes."""

import socket
import sys
from pathlib import Path

import uvicorn
from uvicorn.supervisors import ChangeReload

API = Path(__file__).parents[1] / "api"


def listen(config: uvicorn.Config) -> socket.socket:
    """Return uvicorn's listener; connections that it accepts send small writes at once.

    uvicorn makes the listener of a reloading server without naming its protocol, so asyncio does not set
    TCP_NODELAY on what it accepts. Accepted sockets inherit the option of the listener.
    """
    listener = config.bind_socket()
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    port, certificate, key = sys.argv[1:]
    config = uvicorn.Config(
        "dev.api:app",
        port=int(port),
        reload=True,
        reload_dirs=[str(API)],
        access_log=False,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    server = uvicorn.Server(config)
    ChangeReload(config, target=server.run, sockets=[listen(config)]).run()


if __name__ == "__main__":
    main()
