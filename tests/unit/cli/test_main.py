"""The program itself: its version and its list, extras that are not there, bugs, signals."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.unit.cli.program import environment
from tests.unit.cli.ran import ROOT, Run


def test_the_version_is_told_with_commit_and_extras() -> None:
    """`python -m entra_config --version` says version, the checkout's commit and the extras that are
    installed; exit code 0.
    """
    ran = subprocess.run(
        [sys.executable, "-m", "entra_config", "--version"],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )
    head = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[0] == f"entra-config {version('entra-config')} (commit {head[:12]})"
    assert "emulator" in ran.stdout.splitlines()[1]


@pytest.mark.parametrize("module", ["uvicorn", "starlette"])
def test_a_command_that_lacks_its_extra_says_the_line_that_installs_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    """Without the emulator's libraries `emulator start` says what to install, and that it is no bug."""
    for name in [
        name for name in sys.modules if name.startswith("entra_emulator") or name.split(".")[0] == module
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    ran = run("emulator", "start")

    assert ran.code == 1
    assert "the extra `emulator`, which is not installed: pip install " in ran.err
    assert "[emulator]" in ran.err
    assert "bug" not in ran.err


def test_common_options_have_a_block_of_their_own(run: Run) -> None:
    """After the options of the command, which include `--help`."""
    own, heading, common = run("lock", "--help").out.partition("\nGlobal options:\n")

    assert heading
    assert "--accept" in own
    assert "--help" in own
    assert "--environment" not in own
    assert "--environment" in common
    assert "--accept" not in common


def test_an_unexpected_error_is_a_bug_not_a_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever slips through is called a bug; -v shows where."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("by \x1b[31mzero")

    monkeypatch.setattr("entra_config.cli.wiring.manifest", broken)
    silent, reported = run("plan"), run("plan", "-v")

    assert silent.code == reported.code == 1
    assert "This is a bug in entra-config" in silent.err
    assert "Traceback" not in silent.err
    assert "\x1b" not in silent.err
    assert "Traceback" in reported.err


def test_a_reader_that_has_enough_is_no_error() -> None:
    """`entra-config schema | head -1` ends without a traceback."""
    ran = subprocess.run(
        f"{sys.executable} -m entra_config.cli.main schema | head -1",
        shell=True, check=True, capture_output=True, text=True, env=environment(),
    )  # fmt: skip

    assert ran.stdout.startswith("{")
    assert "Traceback" not in ran.stderr


STOPPED = """
import asyncio, os, signal, sys
from entra_config.cli import main
from entra_config.cli.demo.story import session
from entra_config.cli.options import Session
from entra_emulator.embedded import Embedded

class Slow:
    def __init__(self, inner): self.inner, self.writes = inner, 0
    async def handle_async_request(self, request):
        if b"\\"tags\\"" in request.content:
            self.writes += 1
            if self.writes == 1:
                os.kill(os.getpid(), signal.{signal})
                for _ in range(100):  # the loop handles the signal meanwhile
                    await asyncio.sleep(0)
        return await self.inner.handle_async_request(request)
    async def aclose(self): pass
    async def __aenter__(self): return self
    async def __aexit__(self, *_): pass

tenant = Embedded.create()
whole = session(tenant)
import httpx
class Transport(Slow, httpx.AsyncBaseTransport): pass
slow = Session(Transport(whole.transport), whole.credential)
code = main.main(["apply", "-e", "dev", "--auto-approve", "--events", "json"], slow)
again = main.main(["apply", "-e", "dev", "--auto-approve", "--quiet"], whole)
print("codes", code, again)
"""


READING = """
import os, signal, sys
import httpx
from entra_config.cli import main
from entra_config.cli.demo.story import session
from entra_config.cli.options import Session
from entra_emulator.embedded import Embedded

signal.signal(signal.SIGINT, {ignored})

class Ending(httpx.AsyncBaseTransport):
    def __init__(self, inner): self.inner = inner
    async def handle_async_request(self, request):
        os.kill(os.getpid(), signal.SIGTERM)
        return await self.inner.handle_async_request(request)

whole = session(Embedded.create())
ending = Session(Ending(whole.transport), whole.credential)
print("code", main.main(sys.argv[1:], ending))
"""


@pytest.mark.parametrize("ignored", ["signal.default_int_handler", "signal.SIG_IGN"])
@pytest.mark.parametrize(
    "arguments",
    [
        "plan -e dev",
        "apply -e dev --auto-approve",
        "drift -e dev",
        "list",
        "access -e dev",
        "import --all --output new",
    ],
)
def test_sigterm_ends_a_command_that_reads(folder: Path, arguments: str, ignored: str) -> None:
    """It ends as by Ctrl-C, in the foreground and in the background of a script: one line, exit code 1."""
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            READING.replace("{ignored}", ignored),
            *arguments.split(),
        ],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
        cwd=folder,
    )

    assert ran.stdout.splitlines()[-1] == "code 1", ran.stderr
    assert ran.stderr.splitlines()[-1] == "error: interrupted"
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_apply_in_order(name: str, folder: Path) -> None:
    """What is in flight is finished, the rest is said to be not tried, exit code 1; the next apply goes
    on.
    """
    assert getattr(signal, name)
    ran = subprocess.run(
        [sys.executable, "-c", STOPPED.replace("{signal}", name)],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
        cwd=folder,
    )
    events = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith('{"event"')]

    assert "codes 1 0" in ran.stdout, ran.stderr
    assert events[-1]["stopped"] is True
    assert events[-1]["done"] > 0
    assert events[-1]["notAttempted"] > 0
    assert events[-1]["failed"] == 0
    assert "stopping: what is in flight is finished" in ran.stderr
