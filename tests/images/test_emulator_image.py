"""The image of the emulator, built here and run without rights on a read-only root (`make images`)."""

from __future__ import annotations

import json
import re
import socket
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from entra_config.emulator import seed
from tests.images import building

NAME = "entra-config-emulator"
RECIPE = (building.ROOT / "emulator.Dockerfile").read_text(encoding="utf-8")

SERVE = """
COMMAND & pid=$!
id -u
for n in $(seq 200); do [ -s /state/run.json ] && break; sleep 0.1; done
cat /state/ca.pem
echo READY
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
    building.build("emulator.Dockerfile", NAME)
    with building.mounted(NAME) as folder:
        yield folder


def ran(root: str, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the container."""
    return subprocess.run(
        building.inside(root, *command), capture_output=True, text=True, timeout=60, check=False
    )


def test_it_serves_as_nobody_on_a_read_only_root(root: str) -> None:
    """The command of the image serves, gives tokens, and stops when it is told to."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    words = json.loads(RECIPE.rpartition("CMD ")[2])
    script = SERVE.replace("COMMAND", f"entra-config {' '.join(words)} --port {port}")
    process = subprocess.Popen(
        building.inside(root, "sh", "-c", script), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdin is not None
    said = ""
    while "READY" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    assert said.startswith("10001\n")
    pem = re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", said, re.DOTALL)[-1]
    trust = ssl.create_default_context(cadata=pem)
    body = {"client_id": seed.DEPLOYER_APP_ID, "scope": "https://graph.microsoft.com/.default"}
    request = urllib.request.Request(f"https://localhost:{port}/emulator/token", json.dumps(body).encode())
    deadline = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(request, context=trust, timeout=5) as answer:
                assert json.load(answer)["token_type"] == "Bearer"
            break
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    process.stdin.write("\n")
    process.stdin.close()
    assert "ENDED 0" in process.stdout.read()


def test_nothing_but_its_state_can_be_written(root: str) -> None:
    """Neither the root nor the program, and there is no pip to bring more."""
    for place in ("/x", "/venv/x", "/etc/x"):
        assert ran(root, "touch", place).returncode != 0
    assert ran(root, "touch", "/state/x").returncode == 0
    assert ran(root, "python", "-c", "import pip").returncode != 0


def test_it_has_the_whole_command_line(root: str) -> None:
    """The example that is in the package is applied, in the container, to its own emulator."""
    found = ran(
        root, "sh", "-c", "cd /state && entra-config init && entra-config validate && entra-config --version"
    )
    assert found.returncode == 0, found.stderr


def test_the_recipe_says_as_whom() -> None:
    """What the image does by itself stands in its recipe."""
    assert re.search(r"^USER 10001$", RECIPE, re.MULTILINE)
    assert RECIPE.count("--require-hashes --only-binary :all:") == 2
    ignored = Path(building.ROOT / "emulator.Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert ignored[0] == "*"
