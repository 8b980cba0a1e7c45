"""Microsoft's Graph client for JavaScript, unmodified from npm, against the running emulator."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from entra_emulator import seed
from tests.clients.running import TENANT, Emulator

PROJECT = Path(__file__).parents[2]
INSTALLED = PROJECT / "tools/graph-client/node_modules/@microsoft/microsoft-graph-client"

pytestmark = pytest.mark.clients


def tell(emulator: Emulator, *stories: str) -> dict[str, Any]:
    """Run the client through stories and return what it found."""
    assert INSTALLED.is_dir(), "run `make test-clients`, which installs tools/graph-client"
    form = {
        "grant_type": "client_credentials",
        "client_id": seed.ADMIN_APP_ID,
        "client_secret": seed.ADMIN_SECRET,
    }
    form["scope"] = "https://graph.microsoft.com/.default"
    token = httpx.post(
        f"{emulator.origin}/{TENANT}/oauth2/v2.0/token", data=form, verify=emulator.trust
    ).json()["access_token"]
    environment = {**os.environ, "ORIGIN": emulator.origin, "TOKEN": token, "STORIES": " ".join(stories)}
    environment["NODE_EXTRA_CA_CERTS"] = str(emulator.ca)
    command = ["node", str(PROJECT / "tests/clients/graph_client.mjs")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_batch_count_and_queries(emulator: Emulator) -> None:
    """A batch with a dependency, counts in both places, search with order, and a change are what the
    client makes of them.
    """
    found = tell(emulator, "batch", "count", "queries")
    assert found["batch"] == {
        "1": [201, "js-one"],
        "2": [201, "js-two"],
        "3": [404, "Request_ResourceNotFound"],
    }
    assert found["countInList"] == [2, 1]
    assert found["countAlone"] == len(emulator.graph.get("/applications?$top=999").json()["value"])
    assert found["countRefused"] == [True, 400, "Request_BadRequest", "$count is not currently supported."]
    assert found["ordered"] == ["js-two", "js-one"]
    assert (found["patched"], found["notes"]) == (None, "by JavaScript")
    for app in emulator.graph.get("/applications?$filter=startswith(displayName,'js-')").json()["value"]:
        assert emulator.graph.delete(f"/applications/{app['id']}").status_code == 204


def test_paging(emulator: Emulator) -> None:
    """The client's own iterator goes through all pages, each user once."""
    found = tell(emulator, "paging")
    users = emulator.graph.get("/users?$select=userPrincipalName&$top=999").json()["value"]
    assert (found["firstPage"], found["users"]) == (5, sorted(user["userPrincipalName"] for user in users))


def test_retry(emulator: Emulator) -> None:
    """A 429 with Retry-After is waited for by the client's own handler, which then gets its answer."""
    rule = {
        "action": "respond",
        "path": "/domains",
        "status": 429,
        "code": "TooManyRequests",
        "retry_after": 1,
    }
    control = emulator.origin + "/_emulator/faults"
    assert httpx.put(control, json={"rules": [rule]}, verify=emulator.trust).status_code == 200
    try:
        assert tell(emulator, "retried")["retried"] == 2
        requested = httpx.get(emulator.origin + "/_emulator/requests", verify=emulator.trust).json()["value"]
        assert [entry["status"] for entry in requested if entry["path"] == "/v1.0/domains"][-2:] == [429, 200]
    finally:
        httpx.delete(control, verify=emulator.trust)


def test_delta(emulator: Emulator) -> None:
    """A delta begins with everything, then tells the changed and the deleted only."""
    found = tell(emulator, "batch", "delta")
    assert (found["deltaBegins"], found["deltaOfNothing"]) == (2, 0)
    assert found["delta"] == [["js-renamed"], ["removed", "changed"]]
