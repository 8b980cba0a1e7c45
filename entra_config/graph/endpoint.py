"""The emulator's state folder in, its address, certificate and seeded deployer out. Loopback only."""

from __future__ import annotations

import ipaddress
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from entra_config.errors import SignInError
from entra_config.graph.clouds import EMULATOR, Cloud

FILE, CA_FILE = "run.json", "ca.pem"
FOLDER = Path(".entra-config/emulator")
FOLDER_VARIABLE = "ENTRA_CONFIG_EMULATOR_STATE"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A running emulator: its cloud, the CA that vouches for it, and who may deploy there."""

    cloud: Cloud
    ca: Path
    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)


def folder() -> Path:
    """Return the emulator's state folder: the variable's, else the one in the working directory."""
    return Path(os.environ.get(FOLDER_VARIABLE) or FOLDER)


def read(state: Path) -> Endpoint:
    """Return the emulator that runs on the folder `state`."""
    file = state / FILE
    try:
        run = json.loads(file.read_text(encoding="utf-8"))
        url = f"https://localhost:{int(run['port'])}"
        return Endpoint(
            cloud(url), state / CA_FILE, str(run["tenantId"]), str(run["clientId"]), str(run["clientSecret"])
        )
    except FileNotFoundError as error:
        raise SignInError(
            f"no emulator runs on {state}; start one with `entra-config emulator start`"
        ) from error
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise SignInError(
            f"{file}: not an emulator's run file ({error}); stop and start the emulator"
        ) from error


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
