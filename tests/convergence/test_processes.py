"""The command as a process, the emulator as another, HTTPS between them: what fails and what is stopped is
said, exit code 1.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from entra_config.cli import emulator_running
from entra_config.graph import connect
from entra_emulator import background, server_options
from tests.convergence.before_and_after import BEFORE
from tests.convergence.tenant import load

PARTIAL = {
    "action": "respond",
    "method": "POST",
    "path": "federatedIdentityCredentials",
    "scope": "part",
    "times": 1,
}
DENIED = {
    "status": 403,
    "code": "Authorization_RequestDenied",
    "message": "Insufficient privileges to complete the operation.",
}


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """Start an emulator on a free port."""
    folder = tmp_path / "emulator"
    background.start(server_options.ServerOptions(folder, port=0))
    yield folder
    background.end(folder)


def faults(state: Path, plan: dict[str, Any]) -> None:
    """Tell the emulator what shall go wrong."""
    where = emulator_running.find_endpoint(state)
    url = f"{where.cloud.base_url.removesuffix('/v1.0')}/_emulator/faults"
    with httpx.Client(verify=connect.trust(where.ca), trust_env=False) as client:
        assert client.put(url, json=plan).is_success


def command(folder: Path, state: Path) -> subprocess.Popen[str]:
    """Start an apply."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"}
    }
    environment = {**kept, "ENTRA_CONFIG_EMULATOR_STATE": str(state), "PYTHONUNBUFFERED": "1"}
    arguments = ["apply", "-f", str(folder), "--cloud", "emulator", "--auto-approve", "--events", "json"]
    program = [sys.executable, "-m", "entra_config.cli.main", *arguments]
    return subprocess.Popen(
        program, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, list[dict[str, Any]], str]:
    """Wait for the end; return the exit code, the events and what was said."""
    out, said = process.communicate(timeout=60)
    return process.returncode, [json.loads(line) for line in out.splitlines() if line.startswith("{")], said


def test_a_failed_step_stops_what_depends_on_it_and_the_next_apply_goes_on(
    state: Path, tmp_path: Path
) -> None:
    """One request is refused for good: named with its address and advice; all else is done; exit code 1,
    then 0.
    """
    load(tmp_path / "m", BEFORE)
    faults(state, {"rules": [{**PARTIAL, **DENIED}]})
    code, events, said = ended(command(tmp_path / "m", state))
    assert code == 1, said
    assert (events[-1]["failed"], events[-1]["stopped"]) == (1, False)
    assert events[-1]["done"] > 15
    (failed,) = [event for event in events if event["event"] == "failed"]
    assert "federatedCredential.nightly/" in json.dumps(failed)
    assert "Insufficient privileges" in json.dumps(failed)
    code, events, said = ended(command(tmp_path / "m", state))
    assert (code, events[-1]["failed"], events[-1]["done"]) == (0, 0, 1), said


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_lets_what_is_in_flight_finish(name: str, state: Path, tmp_path: Path) -> None:
    """Done and not tried are told, exit code 1; the next apply does the rest."""
    load(tmp_path / "m", BEFORE)
    faults(state, {"latency_ms": 400})
    process = command(tmp_path / "m", state)
    assert process.stdout
    first = process.stdout.readline()
    assert json.loads(first)["event"]
    process.send_signal(getattr(signal, name))
    code, events, said = ended(process)
    assert code == 1, said
    assert events[-1]["stopped"] is True
    assert events[-1]["failed"] == 0
    assert events[-1]["notAttempted"] > 0
    faults(state, {})
    done = events[-1]["done"]
    code, events, said = ended(command(tmp_path / "m", state))
    assert code == 0, said
    assert done + events[-1]["done"] > 15
