"""The `Host` of a request in; whether it names what the emulator listens on, out."""

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

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
    text = host.decode("latin-1").casefold()
    name = text[: text.rindex("]") + 1] if text.startswith("[") and "]" in text else text.partition(":")[0]
    return is_loopback(name) or (name != "" and name.strip("[]") == listening.casefold().strip("[]"))
