"""The images of the command line and of the emulator, built here and run without rights on a read-only root
(`make images`).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from entra_emulator import seed
from tests.images import building

NAMES = {"cli": "entra-config", "emulator": "entra-config-emulator"}
RECIPE = (building.ROOT / "Dockerfile").read_text(encoding="utf-8")
STATE = {"ENTRA_EMULATOR_STATE": "/state", "XDG_STATE_HOME": "/state/record"}

SERVE = """
PROGRAM COMMAND & pid=$!
id -u
for n in $(seq 200); do PROGRAM status && break; sleep 0.1; done
cat /state/ca.pem
echo READY
read line
kill $pid
wait $pid
echo ENDED $?
"""
WORK = """
cp -r /opt/manifests manifests
entra-config emulator start --port 0
export ENTRA_CONFIG_CLOUD=emulator
entra-config plan -e dev
entra-config apply -e dev --auto-approve
entra-config plan -e dev
entra-config emulator stop
"""

pytestmark = pytest.mark.images


@pytest.fixture(scope="module")
def roots() -> Iterator[Mapping[str, str]]:
    """Give the root of a container of each image."""
    if lacking := building.missing():
        pytest.fail(lacking)
    building.base()
    for target, name in NAMES.items():
        building.build("Dockerfile", name, target)
    with building.mounted(NAMES["cli"]) as cli, building.mounted(NAMES["emulator"]) as emulator:
        yield {"cli": cli, "emulator": emulator}


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """Give a folder that the images' user may write to."""
    folder = tmp_path / "state"
    folder.mkdir()
    os.chown(folder, 10001, 10001)
    return folder


@pytest.fixture
def manifests(tmp_path: Path) -> Path:
    """Give a folder with the example in it, which anybody may read."""
    folder = tmp_path / "from"
    shutil.copytree(building.ROOT / "manifests", folder / "manifests")
    return folder


def ran(root: str, *command: str, **mounted: Any) -> subprocess.CompletedProcess[str]:
    """Run a command in a container."""
    words = building.inside(root, *command, **mounted)
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)


@contextmanager
def served(root: str, state: Path) -> Iterator[tuple[int, ssl.SSLContext]]:
    """Give the port of an emulator that runs by the command of its image, and whom to trust; it must end
    with 0 when it is told to.
    """
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    stage = _stage("emulator")
    (program,) = json.loads(re.findall(r"^ENTRYPOINT (.+)$", stage, re.MULTILINE)[-1])
    words = json.loads(re.findall(r"^CMD (.+)$", stage, re.MULTILINE)[-1])
    script = SERVE.replace("PROGRAM", program).replace("COMMAND", f"{' '.join(words)} --port {port}")
    command = building.inside(root, "sh", "-c", script, binds={"/state": state}, environ=STATE)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    said = ""
    while "READY" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    assert said.startswith("10001\n")
    pem = re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", said, re.DOTALL)[-1]
    try:
        yield port, ssl.create_default_context(cadata=pem)
    finally:
        process.stdin.write("\n")
        process.stdin.close()
        ended = process.stdout.read()
        process.wait(60)
    assert "ENDED 0" in ended


def responded(port: int, trust: ssl.SSLContext) -> Any:
    """Return what the emulator answers to who asks for the deployer's token, once it serves."""
    body = {"client_id": seed.DEPLOYER_APP_ID, "scope": "https://graph.microsoft.com/.default"}
    request = urllib.request.Request(f"https://localhost:{port}/emulator/token", json.dumps(body).encode())
    deadline = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(request, context=trust, timeout=5) as response:
                return json.load(response)
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_the_emulator_serves_and_the_command_line_plans_against_it(
    roots: Mapping[str, str], shared: Path, manifests: Path
) -> None:
    """Two containers with one network and one folder: the one gives tokens and stops when it is told to, the
    other finds it by the folder.
    """
    with served(roots["emulator"], shared) as (port, trust):
        assert responded(port, trust)["token_type"] == "Bearer"
        planned = ran(
            roots["cli"],
            *("entra-config", "plan", "-e", "dev", "-f", "/work/manifests"),
            binds={"/state": shared, "/work": manifests},
            environ=STATE | {"ENTRA_CONFIG_CLOUD": "emulator"},
        )
    assert "Plan: 21 to add" in planned.stdout, planned.stderr


def test_the_command_line_tells_the_whole_story(roots: Mapping[str, str]) -> None:
    """`demo` needs a temporary folder and nothing else, and says what it says from a wheel."""
    found = ran(roots["cli"], "entra-config", "demo", tmpfs=["/tmp"])

    assert found.returncode == 0, found.stderr
    assert "Nothing of myapp/dev is live" in found.stdout


def test_an_emulator_of_its_own_is_started_and_applied_to(roots: Mapping[str, str], manifests: Path) -> None:
    """`emulator start`, a plan, an apply, an empty plan: one session in one container of the command line."""
    session = ("sh", "-ec", f"cd /work\n{WORK}")
    record = {"XDG_STATE_HOME": "/tmp/state"}
    found = ran(roots["cli"], *session, tmpfs=["/work", "/tmp"], binds={"/opt": manifests}, environ=record)

    assert found.returncode == 0, found.stderr
    assert (
        found.stdout.index("Plan: 21 to add")
        < found.stdout.index("Applied: ")
        < found.stdout.index("No changes")
    )


@pytest.mark.parametrize("target", NAMES)
def test_nothing_can_be_written_and_nothing_installed(roots: Mapping[str, str], target: str) -> None:
    """Neither the root nor the program, and there is no pip to bring more; who runs is nobody."""
    for place in ("/x", "/venv/x", "/etc/x", "/work/x", "/tmp/x"):
        assert ran(roots[target], "touch", place).returncode != 0
    assert ran(roots[target], "id", "-u").stdout == "10001\n"
    assert ran(roots[target], "python", "-c", "import pip").returncode != 0
    assert ran(roots[target], "entra-config", "--version").stdout.endswith("extras: emulator\n")


def test_a_task_of_a_fleet_has_amazons_client_and_does_nothing_that_it_was_not_told(
    roots: Mapping[str, str],
) -> None:
    """By its own command, in whatever folder; it may write its results, and nothing of the checkout."""
    assert roots  # whose stages it begins with
    command = json.loads(re.findall(r"^ENTRYPOINT (.+)$", _stage("fleet"), re.MULTILINE)[-1])
    building.build("Dockerfile", "entra-config-fleet", "fleet")
    with building.mounted("entra-config-fleet") as root:
        reported = ran(root, *command, environ={"FLEET_DO": "plan", "FLEET_BUCKET": "results"})
        assert reported.returncode == 1
        assert "fleet_task: not told: FLEET_CHUNK, FLEET_CHUNKS, FLEET_RUN" in reported.stderr
        assert Path(f"{root}/results").stat().st_uid == 10001
        assert ran(root, "touch", "/work/x").returncode != 0


def test_what_the_images_do_by_themselves_stands_in_the_recipe() -> None:
    """As whom, what with, and what of the repository the build sees."""
    assert all(re.search(r"^USER 10001$", _stage(target), re.MULTILINE) for target in NAMES)
    stage = _stage("emulator")
    assert 'ENTRYPOINT ["entra-emulator"]' in stage
    assert 'CMD ["entra-emulator", "status"]' in stage
    assert RECIPE.count("--require-hashes --only-binary :all:") == 3
    ignored = (building.ROOT / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert ignored[0] == "*"


def _stage(name: str) -> str:
    """Return one stage of the recipe, from its FROM on."""
    return re.search(rf"^FROM \S+ AS {name}\n.*?(?=^FROM|\Z)", RECIPE, re.MULTILINE | re.DOTALL)[0]
