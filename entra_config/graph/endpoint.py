"""A running emulator, as the engine reaches it: its loopback address, certificate and seeded deployer."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from entra_config.errors import SignInError
from entra_config.graph.clouds import EMULATOR, Cloud


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A running emulator: its cloud, the CA that vouches for it, and who may deploy there."""

    cloud: Cloud
    ca: Path
    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)


def require(emulator: Endpoint | None) -> Endpoint:
    """Return the emulator that runs; SignInError if there is none."""
    if emulator is None:
        raise SignInError("no emulator runs; start one with `entra-config emulator start`")
    return emulator


def cloud(url: str) -> Cloud:
    """Return the cloud that an emulator at `url` is; anything but https on loopback is refused."""
    if not is_loopback(url):
        raise SignInError(
            f"{url}: an emulator is reached over https on loopback only, and its tokens go nowhere else"
        )
    return Cloud(EMULATOR, url, url)


def is_loopback(url: str) -> bool:
    """Tell whether a URL is https on this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost" or host.endswith(".localhost")
    return parts.scheme == "https" and local
