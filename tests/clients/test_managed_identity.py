"""azure-identity for Python and JavaScript and MSAL, unmodified, sign in as managed identities."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from entra_emulator import background
from entra_emulator.server_options import ServerOptions

PROJECT = Path(__file__).parents[2]
INSTALLED = PROJECT / "tools/graph-client/node_modules/@azure/identity"
SCOPE = "https://graph.microsoft.com/.default"
PYTHON = """
import json, os, sys
import msal, requests
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential
client_id = os.environ.get("AZURE_CLIENT_ID")
identity = msal.SystemAssignedManagedIdentity()
if client_id:
    identity = msal.UserAssignedManagedIdentity(client_id=client_id)
application = msal.ManagedIdentityClient(identity, http_client=requests.Session())
print(json.dumps([
    ManagedIdentityCredential(client_id=client_id).get_token(sys.argv[1]).token,
    DefaultAzureCredential().get_token(sys.argv[1]).token,
    application.acquire_token_for_client(resource=sys.argv[1].removesuffix("/.default"))["access_token"],
]))
"""


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    """Run an emulator with one identity of each kind."""
    state = tmp_path_factory.mktemp("azure")
    run = background.start(ServerOptions(state=state, port=0, managed_identity=True))
    trust = background.trust_of(state)
    for preset, name in (("user-assigned-identity", "orders"), ("system-assigned-identity", "web")):
        body = {"preset": preset, "displayName": name}
        httpx.post(f"{run.origin}/emulator/seed", json=body, verify=trust).raise_for_status()
    yield run.origin, trust
    background.end(state)


@pytest.mark.parametrize("language", ["python", pytest.param("javascript", marks=pytest.mark.clients)])
@pytest.mark.parametrize("machine", [False, True])
@pytest.mark.parametrize("name", ["orders", "web"])
def test_clients_sign_in(azure: tuple[str, Any], name: str, language: str, *, machine: bool) -> None:
    """With nothing but the variables that the emulator prints, each gets a token of the identity."""
    if language == "javascript":
        assert INSTALLED.is_dir(), "run `make test-clients`, which installs tools/graph-client"
    origin, trust = azure
    body = {"name": name, "machine": machine}
    response = httpx.post(f"{origin}/emulator/managed-identity", json=body, verify=trust)
    command = (
        [sys.executable, "-c", PYTHON]
        if language == "python"
        else ["node", str(PROJECT / "tests/clients/managed_identity.mjs")]
    )
    done = subprocess.run(
        [*command, SCOPE],
        env={**os.environ, **response.raise_for_status().json()},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    for token in json.loads(done.stdout):
        claims = jwt.decode(token, options={"verify_signature": False})
        assert (claims["idtyp"], claims["aud"]) == ("app", "https://graph.microsoft.com")
        assert claims["xms_mirid"].endswith(f"/{name}")
