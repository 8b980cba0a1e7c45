"""A rolling deployment of the API: an old version and a new one side by side, a token issued before and one
issued after, and none that one of the two refuses. In option D (and B, C) the API verifies, in E httpd.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from options.bff.tests.world import USERS
from options.httpd.tests.world import Httpd
from tests.e2e import loopback

pytestmark = pytest.mark.options

#: What a deployment changes in the settings: another page may call. And what would make tokens worthless.
MORE = {"CORS_ORIGINS=": "CORS_ORIGINS='[\"https://another.example.com\"]'"}
ANOTHER_AUDIENCE = {"API_CLIENT_ID=": "API_CLIENT_ID='99999999-9999-4999-8999-999999999999'"}


def changed(text: str, changes: Mapping[str, str]) -> str:
    """Return a settings file with some of its lines as a new version has them."""
    lines = text.splitlines()
    for begin, line in changes.items():
        (at,) = [number for number, each in enumerate(lines) if each.startswith(begin)]
        lines[at] = line
    return "\n".join([*lines, ""])


def token(world: Httpd) -> str:
    """Return a token that Entra issues now."""
    return world.base.token(USERS["writer"], "devClient", "user.read", "user.write")


def rotate(world: Httpd) -> None:
    """Have Entra sign with a key that nobody has seen who started before."""
    for _ in range(2):
        httpx.post(f"{world.base.emulator}/emulator/rotate-keys", verify=False).raise_for_status()


@contextmanager
def version(world: Httpd, option: str, changes: Mapping[str, str], folder: Path) -> Iterator[str]:
    """Run one version of the API as a task of the option has it, until it takes traffic."""
    port, before = loopback.free_ports(2)
    settings = folder / f"{port}.env"
    written = (world.base.settings / "api.env").read_text(encoding="utf-8")
    settings.write_text(changed(written, changes), encoding="utf-8")
    names = [f"api itself {port}"]
    try:
        world.run_api(names[0], port, settings, "proxy" if option == "E" else "bearer")
        if option == "E":
            names.append(f"api-{before}")
            text = (world.base.settings / "httpd-api.conf").read_text(encoding="utf-8")
            world.start(
                "api", {"BACKEND": f"http://127.0.0.1:{port}"}, before, changed(text, of_httpd(changes))
            )
        url = f"http://127.0.0.1:{before if option == 'E' else port}"
        assert httpx.get(f"{url}/readyz").status_code == 200
        yield url
    finally:
        world.stop(*reversed(names))


def of_httpd(changes: Mapping[str, str]) -> dict[str, str]:
    """Return those of the changes that httpd's file has too, as it has them."""
    found = [line.split("=", 1) for line in changes.values() if line.startswith("API_CLIENT_ID=")]
    return {f"Define {name} ": f'Define {name} "{value.strip(chr(39))}"' for name, value in found}


def refused(targets: Mapping[str, str], tokens: Mapping[str, str]) -> list[str]:
    """Return which version refuses which token, where a load balancer asks each in turn for a page that calls
    twice, to read and to write.
    """
    turns, found = itertools.cycle(targets.items()), []
    for when, bearer in tokens.items():
        for _ in range(2 * len(targets)):
            name, url = next(turns)
            headers = {"Authorization": f"Bearer {bearer}"}
            responses = [
                httpx.get(f"{url}/me", headers=headers),
                httpx.post(f"{url}/records", headers=headers, json={"title": "x"}),
            ]
            if [each.status_code for each in responses] != [200, 201]:
                found.append(
                    f"the {name} version refuses the token issued {when}: {responses[0].status_code}"
                )
    return sorted(set(found))


@pytest.mark.parametrize("option", ["D", "E"])
def test_both_versions_take_both_tokens_during_the_whole_deployment(
    world: Httpd, tmp_path: Path, option: str
) -> None:
    """Old tasks alone, both, new tasks alone; between the two tokens Entra's key changes."""
    with version(world, option, MORE, tmp_path) as new:
        with version(world, option, {}, tmp_path) as old:
            tokens = {"before": token(world)}
            assert refused({"old": old}, tokens) == []
            rotate(world)
            tokens["after"] = token(world)
            assert refused({"old": old, "new": new}, tokens) == []
        assert refused({"new": new}, tokens) == []
        requested = {"Origin": "https://another.example.com", "Access-Control-Request-Method": "GET"}
        response = httpx.request("OPTIONS", f"{new}/me", headers=requested)
        assert response.headers["access-control-allow-origin"] == requested["Origin"], (
            "the new version is the new"
        )


@pytest.mark.parametrize("option", ["D", "E"])
def test_a_version_with_another_audience_is_seen(world: Httpd, tmp_path: Path, option: str) -> None:
    """It answers its health check and refuses everybody: what the test above would tell."""
    with version(world, option, ANOTHER_AUDIENCE, tmp_path) as new:
        tokens = {"before": token(world)}
        status = {"D": 401, "E": 403}[option]
        assert refused({"new": new}, tokens) == [f"the new version refuses the token issued before: {status}"]
