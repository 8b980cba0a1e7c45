"""An address and domains of a tenant in; what of it stays when what filled it is taken out, out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_PLAIN = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")


def host(address: str, domains: Iterable[str]) -> str | None:
    """Return scheme, host and port of an address, the host only if it is in none of some domains; None where
    it has none.
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").casefold(), parts.port
    except ValueError:
        return None
    if not host:
        return None
    # A browser reads `evil.example\\.ours.example` otherwise than this does.
    own = _PLAIN.fullmatch(parts.netloc) is not None and any(
        host == each or host.endswith(f".{each}") for each in domains
    )
    return f"{parts.scheme}://:{port}" if own else f"{parts.scheme}://{parts.netloc}"
