"""The images of the example page and API, built here and run as a task of `infra/` runs them: without
rights, on a read-only root, asked by the task's own health check (`make images`).
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.images import building
from tests.infra.templates import Json, items, only
from tests.infra.test_parameters import manifest, written

RECIPES = {"spa": ("spa/Dockerfile", "spa"), "api": ("api/Dockerfile", ".")}
START = {"spa": "/usr/local/bin/start", "api": "cd /app; python -m api"}
# What the images' own ENV says, which a chroot does not.
ENV = {"spa": {}, "api": {"SERVER_HOST": "0.0.0.0", "SERVER_DATABASE": "/data/records.sqlite3"}}
RUN = """
START & pid=$!
for n in $(seq 150); do HEALTH && break; sleep 0.1; done
HEALTH && echo LIVES
echo "USER $(id -u)"
for each in /x /etc/x /app/x /usr/share/nginx/html/x; do touch $each 2>/dev/null && echo "WROTE $each"; done
TRIED
kill $pid; wait $pid; echo "ENDED $?"
"""

pytestmark = pytest.mark.images


@pytest.fixture(scope="module")
def roots() -> Iterator[Mapping[str, str]]:
    """Give the root of a container of each image."""
    if lacking := building.missing():
        pytest.fail(lacking)
    building.base()
    for name, (recipe, context) in RECIPES.items():
        building.build(recipe, f"myapp-{name}", context=context)
    with building.mounted("myapp-spa") as spa, building.mounted("myapp-api") as api:
        yield {"spa": spa, "api": api}


def ran(name: str, root: str, folder: Path, tried: str) -> list[str]:
    """Run one task of the stack with what `settings` writes, and return what it says, line by line."""
    task = only("D")["services"].the(f"{name.capitalize()}Task")
    (container,) = items(task["ContainerDefinitions"])
    kind, *health = container["HealthCheck"]["Command"]
    assert kind == "CMD"
    script = RUN.replace("START", START[name]).replace("TRIED", tried)
    script = script.replace("HEALTH", f"{shlex.join(health)} 2>/dev/null")
    words = building.inside(
        root,
        *("sh", "-c", script),
        tmpfs=[each["ContainerPath"] for each in container["MountPoints"]],
        binds={"/dev": Path("/dev")},
        environ=ENV[name] | _environ(container, written(manifest(folder))),
        user=container["User"],
        alone=True,
    )
    # An engine gives a container's outputs to its user: nginx opens them by name.
    with (folder / "said").open("ab+") as said:
        os.fchown(said.fileno(), int(container["User"]), -1)
        subprocess.run(words, stdout=said, stderr=said, timeout=120, check=False)
        said.seek(0)
        lines = said.read().decode().splitlines()
    assert any(line.startswith("ENDED") for line in lines), lines[-20:]
    return lines


def _environ(container: Json, parameters: dict[str, str]) -> dict[str, str]:
    def value(said: Any) -> str:
        return parameters[said["Ref"]] if isinstance(said, dict) else str(said)

    return {each["Name"]: value(each["Value"]) for each in items(container["Environment"])}


def test_the_page_is_healthy_and_serves_its_configuration(roots: Mapping[str, str], tmp_path: Path) -> None:
    """As nginx's user, with a temporary folder alone; its config.json is the parameter's."""
    tried = 'wget -q -O - http://127.0.0.1:8080/ | grep -c "<title>"; wget -q -O - http://127.0.0.1:8080/config.json'
    said = ran("spa", roots["spa"], tmp_path, f"{tried}; echo")

    assert {"LIVES", "USER 101", "1", "ENDED 0"} <= set(said)
    assert not [line for line in said if line.startswith("WROTE")]
    config = json.loads(next(line for line in said if line.startswith("{")))
    assert (config["environment"], config["apiBaseUrl"]) == ("prod", "https://api.example.com")


def test_the_api_lives_without_entra_and_is_not_ready(roots: Mapping[str, str], tmp_path: Path) -> None:
    """Alone in its network it answers the task's check, and the load balancer's says why it gets nothing."""
    asked = "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz')"
    said = ran("api", roots["api"], tmp_path, f'python -c "{asked}" 2>&1 | tail -1')

    # It ends what it serves, says so, and then as the signal asks.
    assert {"LIVES", "USER 10001", "ENDED 143"} <= set(said)
    assert not [line for line in said if line.startswith("WROTE")]
    assert "urllib.error.HTTPError: HTTP Error 503: Service Unavailable" in said
    lines = [json.loads(line) for line in said if line.startswith("{")]
    assert any(each["message"] == "started" and each["environment"] == "prod" for each in lines)
    assert any(each["message"] == "stopped" for each in lines)
