"""Find the emulator that runs on a state folder: its loopback address, certificate and seeded deployer."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from entra_config.emulator_state import records, runs
from entra_config.emulator_state.state_files import DEFAULT_FOLDER, FOLDER_VARIABLE, StateError
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


def folder() -> Path:
    """Return the emulator's state folder: the variable's, else the one in the working directory."""
    return Path(os.environ.get(FOLDER_VARIABLE) or DEFAULT_FOLDER)


def read(state: Path) -> Endpoint:
    """Return the emulator that runs on the folder `state`."""
    try:
        run = runs.find(state)
        if run is None:
            raise SignInError(runs.explain_absence(state))
        ca = records.ca(state)
    except StateError as error:
        raise SignInError(str(error)) from error
    return Endpoint(cloud(run.origin), ca, run.tenant_id, run.client_id, run.client_secret)


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
