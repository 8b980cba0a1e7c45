"""What the Redis of a running world holds, past the server that keeps it there."""

import re
import socket
from urllib.parse import urlsplit

from options.bff.tests.world import Bff


def in_redis(world: Bff, *words: str) -> bytes:
    """Send one command to Redis; return its raw answer."""
    parts = urlsplit(world.redis_url)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), 10) as connection:
        sent = [f"*{len(words)}", *(each for word in words for each in (f"${len(word)}", word)), ""]
        connection.sendall("\r\n".join(sent).encode())
        connection.settimeout(10)
        return connection.recv(1_000_000)


def keys_in_redis(world: Bff) -> list[str]:
    """Return the names of all that is kept."""
    return re.findall(r"bff:[a-z-]+:[0-9a-f]+", in_redis(world, "KEYS", "*").decode())
