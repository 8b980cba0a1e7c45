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

import pytest

from tests.images import building
from tests.infra import resolved
from tests.infra.stack_parameters import manifest, written
from tests.infra.templates import read

RECIPES = {"spa": ("spa/Dockerfile", "spa"), "api": ("api/Dockerfile", ".")}
START = {"spa": "/usr/local/bin/start", "api": "cd /app; python -m api"}
# What the images' own ENV says, which a chroot does not.
ENV = {"spa": {}, "api": {"SERVER_HOST": "0.0.0.0", "SERVER_DATABASE": "/data/records.sqlite3"}}
SCHEMES = {"on": "https", "off": "http"}
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


def ran(name: str, root: str, folder: Path, tls: str, tried: str) -> list[str]:
    """Run one task of the stack with what `settings` writes, by TLS or not, and return what it says, line by
    line.
    """
    given = {**written(manifest(folder)), "TargetTls": tls}
    tasks = resolved.every({"services": read()["services"]}, "AWS::ECS::TaskDefinition", given)
    (container,) = tasks[f"{name.capitalize()}Task"]["ContainerDefinitions"]
    kind, *health = container["HealthCheck"]["Command"]
    assert kind == "CMD"
    script = RUN.replace("START", START[name]).replace("TRIED", tried)
    script = script.replace("HEALTH", f"{shlex.join(health)} 2>/dev/null")
    words = building.inside(
        root,
        *("sh", "-c", script),
        tmpfs=[each["ContainerPath"] for each in container["MountPoints"]],
        binds={"/dev": Path("/dev")},
        environ=ENV[name] | {each["Name"]: each["Value"] for each in container["Environment"]},
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


@pytest.mark.parametrize(("tls", "scheme"), SCHEMES.items())
def test_the_page_is_healthy_and_serves_its_configuration(
    roots: Mapping[str, str], tmp_path: Path, tls: str, scheme: str
) -> None:
    """As nginx's user, with a temporary folder alone, by TLS where that is on; its config.json is the
    parameter's.
    """
    get = "wget -q --no-check-certificate -O -"
    at = f"{scheme}://127.0.0.1:8080"
    tried = f'{get} {at}/ | grep -c "<title>"; config=$({get} {at}/config.json); echo "$config"'
    said = ran("spa", roots["spa"], tmp_path, tls, tried)

    assert {"LIVES", "USER 101", "1", "ENDED 0"} <= set(said)
    assert not [line for line in said if line.startswith("WROTE")]
    config = json.loads(next(line for line in said if line.startswith("{")))
    assert (config["environment"], config["apiBaseUrl"]) == ("prod", "https://api.example.com")


@pytest.mark.parametrize(("tls", "scheme"), SCHEMES.items())
def test_the_api_lives_without_entra_and_is_not_ready(
    roots: Mapping[str, str], tmp_path: Path, tls: str, scheme: str
) -> None:
    """Alone in its network it answers the task's check, and the load balancer's says why it gets nothing."""
    requested = (
        "import ssl, urllib.request as r; ssl._create_default_https_context = ssl._create_unverified_context"
    )
    requested += f"; r.urlopen('{scheme}://127.0.0.1:8000/readyz')"
    said = ran("api", roots["api"], tmp_path, tls, f'python -c "{requested}" 2>&1 | tail -1')

    # It ends what it serves, says so, and then as the signal asks.
    assert {"LIVES", "USER 10001", "ENDED 143"} <= set(said)
    assert not [line for line in said if line.startswith("WROTE")]
    assert "urllib.error.HTTPError: HTTP Error 503: Service Unavailable" in said
    lines = [json.loads(line) for line in said if line.startswith("{")]
    assert any(each["message"] == "started" and each["environment"] == "prod" for each in lines)
    assert any(each["message"] == "stopped" for each in lines)
