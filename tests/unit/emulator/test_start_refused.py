"""The emulator cannot start: the error names the file, the port or the host, and the way out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def start(state: Path, *options: str, limit: str = "") -> str:
    """Start an emulator that cannot start; return its error. Coverage writes files, so it is off."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, "-m", "entra_emulator", "start", "--state", str(state)]
    ran = subprocess.run(
        ["sh", "-c", f'{limit}exec "$@"', "sh", *command, "--port", "0", *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=environment | {"XDG_STATE_HOME": str(state.parent / "made")},
    )
    assert ran.returncode == 1, ran.stdout
    for never in ("bug in entra-config", "Traceback", "Entra refused"):
        assert never not in ran.stderr
    return ran.stderr


@pytest.mark.parametrize("damaged", [b'{"a": ', b"[]", b'{"format": 1}', b"\xff\xfe", b""])
@pytest.mark.parametrize("foreground", [["--foreground"], []])
def test_a_damaged_directory(tmp_path: Path, damaged: bytes, foreground: list[str]) -> None:
    """The file is named, and how to go on without it."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    (state / "directory.json").write_bytes(damaged)
    (state / "directory.json").chmod(0o600)
    error = start(state, *foreground)
    assert "directory.json is not a directory that this version of the emulator wrote" in error
    assert "Delete the file to start with a new directory" in error


@pytest.mark.parametrize("host", ["nosuch.invalid", "203.0.113.5"])
def test_an_address_of_no_interface(tmp_path: Path, host: str) -> None:
    """A host that does not resolve, or that is another machine's, is named."""
    error = start(tmp_path / "state", "--host", host, "--i-know-this-is-insecure-on-a-network")
    assert f"the emulator cannot listen on port 0 of {host}" in error
    assert "--host" in error


@pytest.mark.parametrize("foreground", [["--foreground"], []])
def test_no_room_for_the_directory(tmp_path: Path, foreground: list[str]) -> None:
    """The file that could not be written is named."""
    error = start(tmp_path / "state", *foreground, limit="ulimit -f 200; ")
    assert "state/directory.json: File too large" in error
