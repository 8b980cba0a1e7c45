"""A managed identity gets a role by the manifest, its token says so, and the example API accepts it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import jwt

from entra_emulator import background
from tests.e2e.loopback import Loopback, running

TOKEN = """
import sys
from azure.identity import ManagedIdentityCredential
print(ManagedIdentityCredential().get_token(sys.argv[1]).token)
"""


def _ask(world: Loopback, path: str, body: dict[str, object]) -> dict[str, str]:
    response = httpx.post(f"{world.emulator}{path}", json=body, verify=background.trust_of(world.state))
    return dict(response.raise_for_status().json())


def _token(world: Loopback) -> str:
    variables = _ask(world, "/emulator/managed-identity", {"name": "worker"})
    command = [sys.executable, "-c", TOKEN, f"api://{world.app_ids['api']}/.default"]
    done = subprocess.run(
        command, env={**os.environ, **variables}, capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout.strip()


def test_a_role_of_the_manifest_reaches_the_api(tmp_path: Path) -> None:
    """Without the role the emulator gives no token, since the API requires assignment; with it the API lets
    the identity write, and nothing that needs another role.
    """
    with running(tmp_path, page=False, managed_identity=True) as world:
        made = _ask(world, "/emulator/seed", {"preset": "system-assigned-identity", "displayName": "worker"})
        refused = subprocess.run(
            [sys.executable, "-c", TOKEN, f"api://{world.app_ids['api']}/.default"],
            env={**os.environ, **_ask(world, "/emulator/managed-identity", {"name": "worker"})},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert "AADSTS501051" in refused.stderr
        access = {"appRoleAssignments": {"api": {"Writer": {"servicePrincipals": ["worker"]}}}}
        (world.deployment.folder / "access.yaml").write_text(json.dumps(access), encoding="utf-8")
        world.deployment.run("apply", "--auto-approve")

        token = _token(world)
        claims = jwt.decode(token, options={"verify_signature": False})
        assert (claims["oid"], claims["roles"]) == (made["id"], ["Writer"])
        assert claims["idtyp"] == "app"
        assert claims["xms_mirid"].endswith("/containerApps/worker")

        trust, headers = background.trust_of(world.state), {"Authorization": f"Bearer {token}"}
        written = httpx.post(
            f"{world.api}/records", json={"title": "By a worker"}, headers=headers, verify=trust
        )
        assert written.status_code == 201, written.text
        assert httpx.delete(f"{world.api}/records/1", headers=headers, verify=trust).status_code == 403
