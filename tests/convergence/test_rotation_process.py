"""The command as a process, killed by the system while it waits for an answer or at any moment; then
everything is searched.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from entra_config.cli import emulator_running
from entra_config.graph import connect
from entra_config.graph.endpoint import Endpoint
from entra_emulator import background, seed, server_options
from entra_emulator.identifiers import secret_digest
from entra_emulator.server_options import ServerOptions
from entra_emulator.state import state_files
from tests.convergence.leaks import holds

# The emulator with a memory: each value that it makes, in a file that nobody else knows of.
EMULATOR = """
import os, runpy, sys
from entra_emulator.identifiers import Identifiers
make = Identifiers.secret
def secret(self):
    value = make(self)
    with open(os.environ["MADE"], "a") as file:
        file.write(value + "\\n")
    return value
Identifiers.secret = secret
runpy.run_module("entra_emulator.server_process", run_name="__main__")
"""
# The command, so many seconds later.
COMMAND = """
import os, sys
from datetime import timedelta
from entra_config.cli import main, wiring
now, later = wiring.now, timedelta(seconds=float(os.environ["LATER"]))
wiring.now = lambda: now() + later
sys.exit(main.main(sys.argv[1:]))
"""


@dataclass
class Ground:
    """An emulator, a manifest, a sink, and folders that are searched."""

    folder: Path
    state: Path
    made: Path
    kept: Path
    later: float = 0.0

    def advance(self, seconds: float) -> None:
        """Let time pass, here and in the tenant."""
        self.later += seconds
        self.admin("POST", "clock", {"advance": seconds})

    @property
    def values(self) -> list[str]:
        """Return each value that the emulator made since the manifest was applied."""
        return self.made.read_text().split() if self.made.exists() else []

    @cached_property
    def where(self) -> Endpoint:
        """Find the emulator."""
        return emulator_running.find_endpoint(self.state)

    @cached_property
    def client(self) -> httpx.Client:
        """Connect to the emulator once: a client for each look would slow down the process under test."""
        return httpx.Client(verify=connect.trust(self.where.ca), trust_env=False, timeout=120)

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """Talk to the emulator's own endpoints."""
        url = f"{self.where.cloud.base_url.removesuffix('/v1.0')}/_emulator/{path}"
        response = self.client.request(method, url, json=body)
        assert response.is_success, response.text
        return response.json() if response.content else None

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command; its talk goes to a file that is searched too."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"}
        }
        own = {
            "ENTRA_CONFIG_EMULATOR_STATE": str(self.state),
            "TMPDIR": str(self.folder / "temporary"),
            "LATER": str(self.later),
        }
        program = [sys.executable, "-c", COMMAND, *words]
        arguments = ["-v", "-f", str(self.folder / "checkout/manifests"), "--cloud", "emulator"]
        with (self.folder / "talk").open("a") as talk:
            return subprocess.Popen(
                [*program, *arguments],
                env=kept | own,
                cwd=self.folder / "temporary",
                stdout=talk,
                stderr=talk,
                text=True,
            )

    def run(self, *words: str) -> None:
        """Run a command to its end."""
        assert self.start(*words).wait(timeout=120) == 0, (self.folder / "talk").read_text()

    def rows(self) -> list[dict[str, Any]]:
        """Return the secrets of the application."""
        form = {"client_id": self.where.client_id, "client_secret": self.where.client_secret}
        token = self.sign_in(form).json()["access_token"]
        path = "/applications?$filter=displayName eq 'Web'&$select=id,appId,passwordCredentials"
        headers = {"Authorization": f"Bearer {token}"}
        (found,) = self.client.get(self.where.cloud.base_url + path, headers=headers).json()["value"]
        self.app_id, self.object_id = found["appId"], found["id"]
        return list(found["passwordCredentials"])

    def sign_in(self, form: dict[str, str]) -> httpx.Response:
        """Ask for a token by client credentials."""
        form = form | {"grant_type": "client_credentials", "scope": self.where.cloud.scope}
        return self.client.post(f"{self.where.cloud.authority}/{seed.CONTOSO}/oauth2/v2.0/token", data=form)

    def portal_page(self) -> str:
        """Return the page of the application in the emulator's portal."""
        origin = self.where.cloud.base_url.removesuffix("/v1.0")
        url = f"{origin}/portal/{seed.CONTOSO}/registrations/{self.object_id}"
        return self.client.get(url, follow_redirects=True).raise_for_status().text

    def opens(self, value: str) -> bool:
        """Tell whether a value signs in as the application."""
        self.rows()
        return self.sign_in({"client_id": self.app_id, "client_secret": value}).is_success

    def process_shows(self, process: subprocess.Popen[str]) -> list[str]:
        """Return where a running process shows a value to whoever lists processes."""
        found = []
        for name in ("cmdline", "environ"):
            try:
                data = Path(f"/proc/{process.pid}/{name}").read_bytes()
            except OSError:
                # Nobody but root reads it, or it is gone.
                continue
            found += [name for value in self.values if holds(data, value)]
        return found

    def leaks(self) -> list[str]:
        """Return where a value stands: a file, what was said, the emulator's own log of requests."""
        places = {}
        for path in self.folder.rglob("*"):
            if path.is_file() and path != self.kept:
                # The emulator writes its state beside and puts it in place: what is gone was just that.
                with contextlib.suppress(FileNotFoundError):
                    places[str(path)] = path.read_bytes()
        places["requests"] = json.dumps(self.admin("GET", "requests")).encode()
        return [place for place, data in places.items() if any(holds(data, value) for value in self.values)]


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    """Start the emulator, write the manifest, apply it."""
    folder = tmp_path / "searched"
    state = folder / "emulator"
    for path in (state, folder / "temporary", folder / "kept", folder / "checkout/manifests"):
        path.mkdir(parents=True)
    made = Ground(folder, state, tmp_path / "made", folder / "kept/web")
    options = ServerOptions(state, port=0)
    log = state / state_files.LOG_FILE
    state_files.write_private(log, b"")
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", EMULATOR, server_options.dump_options(options)],
            env=os.environ | {"MADE": str(made.made)},
            stdout=output,
            stderr=output,
        )
    background._wait(options, process, log)
    secrets = {"web": {"sink": "web", "lifetime": "P90D", "overlap": "P14D"}}
    web = {"type": "web", "displayName": "Web", "credentials": {"secrets": secrets}}
    places = {"prod": {"tenantId": seed.CONTOSO, "sinks": {"web": {"file": str(made.kept)}}}}
    root = {"project": "myapp", "environments": places, "applications": {"web": web}}
    (folder / "checkout/manifests/entra-config.yaml").write_text(yaml.safe_dump(root), encoding="utf-8")
    made.run("apply", "--auto-approve", "--pins", "write")
    made.made.unlink(missing_ok=True)
    yield made
    made.client.close()
    background.end(state)
    process.wait(timeout=120)


def held(ground: Ground, process: subprocess.Popen[str], rule: int = 0) -> bool:
    """Wait until a process waits for a response that a rule delays; return False if it ended by itself."""
    while process.poll() is None:
        if ground.admin("GET", "faults")["rules"][rule]["times"] == 0:
            return True
        time.sleep(0.02)
    return False


def check(ground: Ground, before: str, most: int) -> None:
    """Check what must hold after any kill."""
    assert ground.leaks() == []
    now = ground.kept.read_text() if ground.kept.exists() else ""
    assert now in {"", *ground.values}
    if before or now:
        assert ground.opens(now)
    assert len(ground.rows()) <= most


def test_a_process_that_waits_for_its_secret_shows_it_nowhere(ground: Ground) -> None:
    """Held while addPassword is answered: the process list and the files have nothing; killed, and the
    next run is clean.
    """
    ground.admin(
        "PUT",
        "faults",
        {
            "rules": [
                {"action": "cut_after", "path": "addPassword", "times": 1},
                {
                    "action": "delay",
                    "path": "applications",
                    "method": "GET",
                    "skip": 4,
                    "times": 1,
                    "seconds": 30,
                },
            ]
        },
    )
    process = ground.start("credentials", "rotate", "web")
    assert held(ground, process, rule=1)
    assert ground.process_shows(process) == []
    process.kill()
    process.wait()
    check(ground, "", 1)
    ground.admin("PUT", "faults", {})
    ground.run("credentials", "rotate", "--due", "--pins", "write")
    assert ground.opens(ground.kept.read_text())
    assert len(ground.rows()) == 1
    assert ground.leaks() == []
    # No apply came after the rotation, which sent the label of the new secret itself.
    assert "entra-config.yaml:5 (by its name alone)" in ground.portal_page()
    ground.run("credentials", "adopt", "web", ground.rows()[0]["keyId"])
    assert "(by its name alone)" not in ground.portal_page()


@pytest.mark.faults
def test_killed_at_every_request_of_the_process(ground: Ground) -> None:
    """The first secret, killed at each call to Graph in turn: SIGKILL, no time to tidy up."""
    for number in range(40):
        ground.admin(
            "PUT",
            "faults",
            {"rules": [{"action": "delay", "scope": "call", "skip": number, "times": 1, "seconds": 30}]},
        )
        process = ground.start("credentials", "rotate", "--due")
        was_held = held(ground, process)
        assert ground.process_shows(process) == []
        process.send_signal(signal.SIGKILL)
        process.wait()
        ground.admin("PUT", "faults", {})
        check(ground, "", 2)
        if not was_held:
            break
    assert number > 5
    ground.run("credentials", "rotate", "--due", "--pins", "write")
    assert len(ground.rows()) == 1
    assert ground.opens(ground.kept.read_text())


@pytest.mark.faults
def test_killed_at_random_requests_of_many_runs(ground: Ground) -> None:
    """SIGKILL at any request of a run, again and again: what the sink keeps signs in, and nothing leaks."""
    chance = random.Random("requests")
    aged = {""}
    for _ in range(30):
        before = ground.kept.read_text() if ground.kept.exists() else ""
        delay = {"action": "delay", "scope": "call", "skip": chance.randrange(12), "times": 1, "seconds": 30}
        ground.admin("PUT", "faults", {"rules": [delay]})
        process = ground.start("credentials", "rotate", "--due")
        held(ground, process)
        assert ground.process_shows(process) == []
        process.kill()
        process.wait()
        ground.admin("PUT", "faults", {})
        check(ground, before, 2)
        value = ground.kept.read_text() if ground.kept.exists() else ""
        if value not in aged:
            # Its time is over soon, and the next one is due; once for each, however often a run is killed.
            aged.add(value)
            ground.advance(80 * 86_400)
    digests = {secret_digest(value) for value in ground.values}
    assert len(digests) == len(ground.values)
