"""Take URIs apart; a text that is not a URI has no host."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PARTS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(//(?P<host>[^/?#]*))?(?P<path>[^?#]*)")
_LOCAL = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])", re.IGNORECASE)


def scheme(uri: str) -> str:
    """Return the scheme in lower case, or ""."""
    found = _PARTS.match(uri)
    return found["scheme"].lower() if found else ""


def host(uri: str) -> str:
    """Return the host in lower case, without user and port, or ""."""
    found = _PARTS.match(uri)
    bare = (found["host"] or "").rpartition("@")[2] if found else ""
    return re.sub(r":\d*$", "", bare).lower()


def port(uri: str) -> str:
    """Return the port as written, or ""."""
    found = _PARTS.match(uri)
    at = re.search(r":(\d+)$", (found["host"] or "") if found else "")
    return at[1] if at else ""


def path(uri: str) -> str:
    """Return the path, or ""."""
    found = _PARTS.match(uri)
    return found["path"] if found else ""


def is_local(uri: str) -> bool:
    """Tell whether a URI is of the machine itself."""
    return bool(_LOCAL.fullmatch(host(uri)))


def below(name: str, domains: Iterable[str]) -> bool:
    """Tell whether a host is one of these domains, or below one."""
    return any(name == domain or name.endswith(f".{domain}") for domain in domains)
