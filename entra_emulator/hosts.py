"""The `Host` of a request in; whether it names what the emulator listens on, out."""

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache

# A name or address, and perhaps a port: nothing before, between or after them.
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]@/\s]+)(?::[0-9]{1,5})?")
MISDIRECTED = (
    b'{"error":{"code":"MisdirectedRequest","message":"The emulator does not listen on this host name."}}'
)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches the host."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def names_us(headers: Iterable[tuple[bytes, bytes]], listening: str) -> bool:
    """Tell whether a request is for a loopback name or the address that was given to listen on.

    A page of another site may have its own name lead to this machine: its requests come with that name.
    """
    host = next((value for name, value in headers if name == b"host"), b"")
    return _ours(host, listening)


@lru_cache(maxsize=256)
def _ours(host: bytes, listening: str) -> bool:
    found = _HOST.fullmatch(host.decode("latin-1").casefold())
    if found is None:
        return False
    name = found[1]
    return is_loopback(name) or name.strip("[]") == listening.casefold().strip("[]")
