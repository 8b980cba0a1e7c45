"""The image of option C's server, built here and run without rights on a read-only root (`make images`)."""

from __future__ import annotations

import base64
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.images import building
from tests.images.first_response import response

ENTRA = """\
ENVIRONMENT='prod'
PROTECTED='true'
TENANT_ID='11111111-1111-1111-1111-111111111111'
CLIENT_ID='22222222-2222-2222-2222-222222222222'
AUTHORITY='https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111'
ASSERTION_AUDIENCE='api://AzureADTokenExchange'
PAGE_URL='https://app.example.com'
API_URL='https://api.example.com'
API_SCOPES='["api://x/user.read"]'
"""
# What the recipe's HEALTHCHECK runs.
HEALTHY = "cd /app; python -m options.bff.alive"

# The first process of a namespace gets no signal from outside: a shell ends the server when it is told to.
SERVE = """
id -u
touch /app/x || echo READ-ONLY
cd /app
python -m options.bff & pid=$!
read line
kill $pid
wait $pid
echo ENDED $?
"""

pytestmark = pytest.mark.images


@pytest.fixture(scope="module")
def root() -> Iterator[str]:
    """Give the root of a container."""
    if lacking := building.missing():
        pytest.fail(lacking)
    building.base()
    building.build("options/bff/Dockerfile", "myapp-bff", "bff")
    with building.mounted("myapp-bff") as mounted:
        yield mounted


def test_it_serves_without_rights_on_a_read_only_root(root: str, tmp_path: Path) -> None:
    """It answers its health check, by TLS and with no place to keep a key, and ends by itself when it is told
    to; neither tests nor pip are in it.
    """
    settings = tmp_path / "settings"
    settings.mkdir()
    (settings / "bff.env").write_text(ENTRA, encoding="utf-8")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = int(other.getsockname()[1])
    environ = {
        "SERVER_SETTINGS_FILE": "/settings/bff.env",
        "SERVER_SESSION_KEYS": base64.b64encode(bytes(range(32))).decode(),
        "SERVER_HOST": "127.0.0.1",
        "SERVER_PORT": str(port),
        "SERVER_TLS": "on",
        "PYTHONPATH": "/app",
    }
    command = building.inside(root, "sh", "-c", SERVE, binds={"/settings": settings}, environ=environ)
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        responded = response(f"https://127.0.0.1:{port}/healthz", process)
        requested = building.inside(root, "sh", "-c", HEALTHY, environ=environ)
        healthy = subprocess.run(requested, check=False, timeout=60).returncode
    finally:
        said = process.communicate("\n", timeout=60)[0]
    assert (responded, healthy) == (b"ok\n", 0), said
    assert said.startswith("10001\n")
    assert "READ-ONLY" in said
    assert re.search(r"^ENDED (?:0|143)$", said, re.MULTILINE), said
    assert not list(Path(root).glob("app/options/bff/tests")) + list(Path(root).glob("venv/bin/pip*"))
