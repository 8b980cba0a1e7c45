"""Emulators that run in processes of their own, reached over HTTPS only."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from entra_config.emulator import background, seed
from entra_config.emulator.background import Running
from entra_config.emulator.run_file import ServerOptions
from tests.clients.running import TENANT, Emulator


@pytest.fixture(scope="session")
def other_issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """Run a second emulator, which the first knows only as the issuer of federated assertions."""
    yield from _run(tmp_path_factory.mktemp("issuer"))


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory, other_issuer: Emulator) -> Iterator[Emulator]:
    """Run the emulator; it trusts the other issuer's TLS certificate as it would any public one."""
    patch = pytest.MonkeyPatch()
    patch.setenv("SSL_CERT_FILE", str(other_issuer.ca))
    yield from _run(tmp_path_factory.mktemp("emulator"))
    patch.undo()


@pytest.fixture(scope="session")
def api(emulator: Emulator) -> dict[str, Any]:
    """Register an API with one scope."""
    return emulator.register_api("clients-api")


def _run(state: Path) -> Iterator[Emulator]:
    running: Running = background.start(ServerOptions(state=state, port=0))
    trust = background.trust_of(state)
    token = httpx.post(
        f"{running.origin}/{TENANT}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": seed.DEPLOYER_APP_ID,
            "client_secret": seed.DEPLOYER_SECRET,
            "scope": "https://graph.microsoft.com/.default",
        },
        verify=trust,
    ).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{running.origin}/v1.0", headers=headers, verify=trust) as graph:
        yield Emulator(running.origin, state / "ca.pem", graph)
    background.end(state)
