"""The portal in Chromium: a story from a question to its answer and back, and pages that attack it."""

import json
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from entra_emulator import background, seed, server_options
from entra_emulator.state import state_files
from tests.e2e.chromium import SCREENSHOTS, key_of

ROOT = Path(__file__).parents[2]
ALICE = seed.fixed_id(seed.CONTOSO, "user", "alice@contoso.com")

pytestmark = pytest.mark.browser


class _Evil(BaseHTTPRequestHandler):
    """A server on another port: an empty page, for whose script the test stands."""

    def do_GET(self) -> None:
        """Answer the page, whatever is asked."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>another page</title><body></body>")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def entra_config(*words: str) -> list[str]:
    """Write a command."""
    return [sys.executable, "-m", "entra_config", *words]


def emulator(*words: str) -> list[str]:
    """Write a command of the emulator."""
    return [sys.executable, "-m", "entra_emulator", *words]


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Run the story on an emulator with the worked example; give what was seen."""
    folder = tmp_path_factory.mktemp("portal")
    state = folder / "emulator"
    running = background.start(server_options.ServerOptions(state, port=0))
    trust = background.trust_of(state)
    evil = ThreadingHTTPServer(("127.0.0.1", 0), _Evil)
    files = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    files.load_cert_chain(state / state_files.CERTIFICATE_FILE, state / state_files.KEY_FILE)
    evil.socket = files.wrap_socket(evil.socket, server_side=True)
    threading.Thread(target=evil.serve_forever, daemon=True).start()
    try:
        environment = {
            **os.environ,
            "ENTRA_CONFIG_EMULATOR": running.origin,
            "ENTRA_CONFIG_EMULATOR_CA": str(state / state_files.CA_FILE),
            "ENTRA_CONFIG_EMULATOR_STATE": str(state),
        }
        manifest = ("-e", "prod", "--cloud", "emulator", "-f", str(ROOT / "manifests"))
        apply = entra_config("apply", *manifest, "--auto-approve", "--quiet")
        subprocess.run(apply, check=True, capture_output=True, env=environment, cwd=folder)

        def state_of() -> Any:
            found = httpx.get(f"{running.origin}/_emulator/state", verify=trust).json()
            faults = httpx.get(f"{running.origin}/_emulator/faults", verify=trust).json()
            return [found["tenants"], faults]

        tenant = state_of()[0][0]
        apps = {row["displayName"]: row for row in tenant["servicePrincipals"]}
        world = {
            "origin": running.origin,
            "alice": ALICE,
            "principal": apps["MyApp API"]["id"],
            "token": {
                "person": ALICE, "client": apps["MyApp SPA"]["appId"], "api": apps["MyApp API"]["appId"],
            },
            "drift": entra_config("drift", *manifest),
            "stop": emulator("stop", "--state", str(state)),
            "start": emulator("start", "--state", str(state), "--port", running.origin.rpartition(":")[2]),
            "environment": environment,
            "screenshots": str(SCREENSHOTS),
            "trustedKey": key_of(state / state_files.CERTIFICATE_FILE),
            "evilPort": evil.server_address[1],
            "chromium": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        }  # fmt: skip
        (folder / "world.json").write_text(json.dumps(world), encoding="utf-8")
        command = ["node", str(Path(__file__).with_name("portal_story.mjs")), str(folder / "world.json")]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180, cwd=folder)
        assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-3000:]
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        found: dict[str, Any] = {line["name"]: line["seen"] for line in lines}
        found["attacks"] = [line["seen"] for line in lines if line["name"] == "attack"]
        yield {**found, "state": state_of(), "trust": trust}
    finally:
        evil.shutdown()
        background.end(state)


def test_a_person_finds_out_why_and_changes_it(reported: dict[str, Any]) -> None:
    """Found by name; why she is Admin; taken out after a question; her next token has no Admin."""
    assert reported["found"].endswith(f"/users/{ALICE}")
    assert "Why Alice Archer has Admin" in reported["why"]
    assert "As a member of MyApp Admins, and that group holds Admin at MyApp API" in reported["why"]
    assert reported["before"] == '["Reader", "Writer", "Admin"]'
    assert "Alice Archer loses Admin at MyApp API." in reported["question"]
    assert "keeps Reader, Writer at MyApp API." in reported["question"]
    assert "Otherwise the change stays." in reported["question"]
    assert reported["focus"] == "Keep in"
    assert reported["after"] == '["Reader", "Writer"]'


def test_what_was_taken_away_is_drift_until_the_snapshot(reported: dict[str, Any]) -> None:
    """Drift finds the assignment, the page of changes finds both, going back undoes both."""
    declared = reported["declared"].replace(" ", "")
    assert "MissingAliceArcheraccess.yaml:5" in declared
    assert "access.yaml:6Takeaway…" in declared
    assert "alice@contoso.com" in reported["drift"]
    assert "No drift" not in reported["drift"]
    assert "Alice Archer in MyApp Admins" in reported["changes"]
    assert "Alice Archer has Writer of MyApp API" in reported["changes"]
    assert "Grace Green" in reported["changes"]
    assert reported["back"] == reported["before"]
    assert "No drift" in reported["drift-after"]


def test_the_traffic_came_live_and_the_pages_had_nothing_to_complain_of(reported: dict[str, Any]) -> None:
    """What the other page did stands in the list that was open all the while."""
    assert any("appRoleAssignedTo" in line and line.startswith("DELETE") for line in reported["live"])
    assert any("members" in line and line.startswith("DELETE") for line in reported["live"])
    assert reported["complaints"] == []


def test_the_traffic_is_live_again_after_a_restart_of_the_emulator(reported: dict[str, Any]) -> None:
    """The page waits, and is loaded again with what the new process needs to believe it."""
    assert reported["reconnected"] == "Live"


def test_no_page_of_another_origin_changes_or_reads_anything(reported: dict[str, Any]) -> None:
    """Form, fetch, EventSource, WebSocket: from another port, name of this machine, or rebound name."""
    assert len(reported["attacks"]) == 5
    for attack in reported["attacks"]:
        # Under the emulator's own server a rebound name reads its refusal, and nothing else.
        assert not [text for text in attack["read"] if _tells(text)], attack["where"]
        assert attack["heard"] == [], attack["where"]
    tenants, faults = reported["state"]
    assert faults["latency_ms"] == 0
    assert [name for name in reported["kept"] if "evil" in name or "test" in name] == ["before the test"]
    assert "evil" not in json.dumps(tenants)


def _tells(text: str) -> bool:
    """Tell whether an answer says anything of the tenant, or holds a token of the portal."""
    return any(word in text for word in ("Contoso", "Alice", "portal-token", "clipboard"))
