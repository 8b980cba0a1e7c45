"""The import and the apply that adopts are stopped as processes: no manifest is there in part, and the next
start does what is left.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from entra_config.cli import emulator_running
from entra_config.graph import connect
from entra_emulator import background, server_options

APPLY = ("apply", "--auto-approve")


def control(state: Path) -> httpx.Client:
    """Return a client of the emulator's control requests."""
    where = emulator_running.find_endpoint(state)
    base = f"{where.cloud.base_url.removesuffix('/v1.0')}/_emulator/"
    return httpx.Client(base_url=base, verify=connect.trust(where.ca), trust_env=False)


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """Take SIGINT: a shell ignores it for what it runs in the background, and programs inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """Start an emulator that answers slowly, with the applications of its seed."""
    folder = tmp_path / "emulator"
    background.start(server_options.ServerOptions(folder, port=0))
    with control(folder) as client:
        assert client.put("faults", json={"latency_ms": 150}).is_success
    yield folder
    background.end(folder)


def start(state: Path, *words: str) -> subprocess.Popen[str]:
    """Start a command on the emulator."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"}
    }
    return subprocess.Popen(
        [sys.executable, "-m", "entra_config.cli.main", *words, "--cloud", "emulator", "--no-color"],
        env={**kept, "ENTRA_CONFIG_EMULATOR_STATE": str(state), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(state: Path, *words: str) -> tuple[int, str]:
    """Run a command to its end; return the exit code and the output."""
    process = start(state, *words)
    output, _ = process.communicate(timeout=60)
    return process.returncode, output


def stop(state: Path, name: str, answered: int, *words: str) -> tuple[int, str]:
    """Send a signal to a command once Graph answered some requests; return the exit code and the output."""
    with control(state) as client:
        wanted = client.get("requests").json()["total"] + answered
        process = start(state, *words)
        deadline = time.monotonic() + 60
        while process.poll() is None and client.get("requests").json()["total"] < wanted:
            assert time.monotonic() < deadline, f"Graph did not answer {answered} requests"
            time.sleep(0.01)
    process.send_signal(getattr(signal, name))
    output, _ = process.communicate(timeout=60)
    return process.returncode, output


def import_words(folder: Path) -> tuple[str, ...]:
    """Return the words that import everything into a folder."""
    return "import", "--all", "--project", "imported", "--output", str(folder)


@pytest.mark.parametrize("name", ["SIGINT", "SIGKILL"])
@pytest.mark.parametrize("answered", [1, 4, 8])
def test_an_import_that_is_stopped_leaves_no_manifest_in_part(
    answered: int, name: str, state: Path, tmp_path: Path
) -> None:
    """While it reads, it writes nothing; the same command imports afterwards."""
    folder = tmp_path / "m"
    code, output = stop(state, name, answered, *import_words(folder))
    assert code != 0
    assert "Traceback" not in output
    assert not folder.exists()
    assert run(state, *import_words(folder))[0] == 0


def test_an_apply_that_is_killed_while_it_adopts_is_continued(state: Path, tmp_path: Path) -> None:
    """Each start does what the ones before did not; in the end a plan is empty."""
    folder = tmp_path / "m"
    assert run(state, *import_words(folder))[0] == 0
    files = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    codes = [
        stop(state, name, answered, *APPLY, "-f", str(folder))[0]
        for name, answered in (("SIGKILL", 7), ("SIGINT", 6), ("SIGKILL", 6))
    ]
    code, output = run(state, *APPLY, "-f", str(folder))
    assert code == 0, output
    assert codes[0] == -signal.SIGKILL
    code, output = run(state, "plan", "-f", str(folder), "--detailed-exitcode")
    assert code == 0, output
    assert {path: path.read_bytes() for path in folder.rglob("*.yaml") if path in files} == files
