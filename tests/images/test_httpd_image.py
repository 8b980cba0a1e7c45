"""The image of option E's httpd, built here and run as both sites on a read-only root (`make images`)."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.images import building
from tests.images.first_response import response

TENANT = "11111111-1111-1111-1111-111111111111"
LOGIN = f"https://login.microsoftonline.com/{TENANT}"
VALUES = {
    "TENANT_ID": TENANT,
    "CLIENT_ID": "22222222-2222-2222-2222-222222222222",
    "API_CLIENT_ID": "33333333-3333-3333-3333-333333333333",
    "PAGE_URL": "https://app.example.com",
    "PAGE_HOST": "app.example.com",
    "API_URL": "https://api.example.com",
    "API_SCOPES": "api://x/user.read",
    "AUTHORITY": LOGIN,
    "ISSUER": f"{LOGIN}/v2.0",
    "JWKS_URL": f"{LOGIN}/discovery/v2.0/keys",
}

# A pipe of this shell's own is its user's, as an engine gives it; WINCH is what the recipe says to end it by.
SERVE = """
id -u
touch /app/x || echo READ-ONLY
(/app/start.sh 2>&1; echo ENDED $?) | cat &
read line
kill -s WINCH "$(cat /tmp/httpd.pid)"
wait
"""

pytestmark = pytest.mark.images


@pytest.fixture(scope="module")
def root() -> Iterator[str]:
    """Give the root of a container."""
    if lacking := building.missing():
        pytest.fail(lacking)
    building.base()
    building.build("options/httpd/Dockerfile", "myapp-httpd")
    with building.mounted("myapp-httpd") as mounted:
        yield mounted


@pytest.mark.parametrize(("site", "tls"), [("web", "on"), ("web", "off"), ("api", "on")])
def test_it_serves_without_rights_on_a_read_only_root(root: str, site: str, tls: str) -> None:
    """It answers its health check, by TLS where that is on, refuses a stranger, and ends when it is told to;
    no test is in it.
    """
    at = "https" if tls == "on" else "http"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = int(other.getsockname()[1])
    environ = {
        "SITE": site,
        "SERVER_TLS": tls,
        "LISTEN": f"127.0.0.1:{port}",
        "SETTINGS_CONF": "".join(f'Define {name} "{value}"\n' for name, value in VALUES.items()),
        "SESSION_KEYS": "a key of forty-three characters; for no one.",
        "CLIENT_SECRET": "not-a-secret",
    }
    # Shared memory is of the engine's making: it is there with a read-only root too.
    command = building.inside(root, "sh", "-c", SERVE, tmpfs=["/tmp", "/dev/shm"], environ=environ)
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        responded = response(f"{at}://127.0.0.1:{port}/healthz", process) if site == "web" else b""
        requested = building.inside(root, "/app/alive.sh", environ=environ)
        # That of the API is the API's own, and none is there.
        healthy = subprocess.run(requested, check=False, timeout=60).returncode == 0
        refused = status(f"{at}://127.0.0.1:{port}/me", process)
    finally:
        said = process.communicate("\n", timeout=60)[0]
    expected = (b"ok\n", True, 421) if site == "web" else (b"", False, 401)
    assert (responded, healthy, refused) == expected, said
    assert said.startswith("10001\n")
    assert "READ-ONLY" in said
    assert "ENDED 0" in said
    assert not list(Path(root).glob("app/**/tests"))


def status(url: str, process: subprocess.Popen[str]) -> int:
    """Return with what it answers a request of a stranger, once it does."""
    for _ in range(300):
        assert process.poll() is None
        try:
            return httpx.get(url, timeout=5, verify=False).status_code
        except httpx.TransportError:
            time.sleep(0.2)
    return 0
