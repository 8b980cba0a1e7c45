"""Emulators that run in processes of their own, reached over HTTPS only, and azure-cli signed in to one."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from entra_emulator import background, seed
from entra_emulator.server_options import ServerOptions
from entra_emulator.state.records import Run
from tests.clients.azure_cli import CACHE, ENDPOINTS, VERSION, Az
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


@pytest.fixture(scope="module")
def az(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Az]:
    """Install azure-cli where it is missing, register the emulator as a cloud, and sign in."""
    if not (CACHE / "bin" / "python").exists():
        CACHE.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", str(CACHE)], check=True)
    pip = [
        str(CACHE / "bin" / "python"),
        "-c",
        "import azure.cli.core as c, sys; sys.exit(c.__version__ != sys.argv[1])",
    ]
    if subprocess.run([*pip, VERSION], check=False, capture_output=True).returncode:
        install = [
            str(CACHE / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        subprocess.run([*install, f"azure-cli=={VERSION}"], check=True)
    az = Az(emulator, tmp_path_factory.mktemp("az"))
    flags = [part for name in ENDPOINTS for part in (f"--endpoint-{name}", emulator.origin)]
    az("cloud register -n emulator --skip-endpoint-discovery", *flags)
    az("cloud set -n emulator")
    login = f"login --service-principal -u {seed.ADMIN_APP_ID} --tenant {TENANT} --allow-no-subscriptions"
    az(login, "-p", seed.ADMIN_SECRET)
    yield az
    az.run("logout")


def _run(state: Path) -> Iterator[Emulator]:
    running: Run = background.start(ServerOptions(state=state, port=0))
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
