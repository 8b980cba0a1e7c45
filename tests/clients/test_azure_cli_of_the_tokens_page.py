"""The Azure CLI's commands of docs/tokens.md, run by an unmodified azure-cli against the emulator."""

import base64
import json
import re
import shlex
import subprocess
from pathlib import Path
from string import Template
from typing import Any

import pytest

from tests.clients.azure_cli import CACHE, ENDPOINTS, Az
from tests.clients.browsing import enter_device_code
from tests.clients.running import TENANT, Emulator

pytestmark = pytest.mark.clients

PAGE = Path(__file__).parents[2] / "docs" / "tokens.md"
AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"


def commands(app_id_uri: str) -> list[list[str]]:
    """Return the page's commands, without `az` and with their variables filled."""
    block = re.search(r"^```console\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert block
    lines = Template(block[1]).substitute(TENANT_ID=TENANT, API_APP_ID_URI=app_id_uri).splitlines()
    return [shlex.split(line)[1:] for line in lines]


def sign_in(emulator: Emulator, az: Az, arguments: list[str]) -> str:
    """Run `az login`, with a code instead of a browser of its own; return what it complained of."""
    command = [str(CACHE / "bin" / "python"), "-m", "azure.cli", *arguments, "--use-device-code"]
    with subprocess.Popen(
        command, env=az.environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if code := re.search(r"enter the code (\w{9})", line):
                enter_device_code(
                    f"{emulator.origin}/devicelogin", code[1], "grace@contoso.com", emulator.trust
                )
                break
        _, complaint = process.communicate(timeout=60)
    return complaint


def test_the_azure_cli_gets_a_token_once_it_is_authorized(emulator: Emulator, az: Az, tmp_path: Path) -> None:
    """The two commands print a token for the API: with the Azure CLI among its authorized clients, as the
    page says.
    """
    del az  # it is installed now
    api: dict[str, Any] = emulator.register_api("tokens-page")
    scope = api["api"]["oauth2PermissionScopes"][0]["id"]
    authorized = {"preAuthorizedApplications": [{"appId": AZURE_CLI, "delegatedPermissionIds": [scope]}]}
    assert emulator.graph.patch(f"/applications/{api['id']}", json={"api": authorized}).is_success
    own = Az(emulator, tmp_path)
    flags = [part for name in ENDPOINTS for part in (f"--endpoint-{name}", emulator.origin)]
    own("cloud register -n emulator --skip-endpoint-discovery", *flags)
    own("cloud set -n emulator")
    login, get_token = commands(api["identifierUris"][0])
    complaint = sign_in(emulator, own, login)
    done = own.run(*get_token)
    assert done.returncode == 0, complaint + done.stderr
    payload = done.stdout.strip().split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert (claims["aud"], claims["scp"], claims["azp"]) == (api["appId"], "user.read", AZURE_CLI)
