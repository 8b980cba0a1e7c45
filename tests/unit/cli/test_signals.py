"""Ctrl-C and SIGTERM: every command ends by both alike, at whatever request or file it is."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from entra_config.cli.demo.story import session
from entra_config.cli.main import main
from entra_config.cli.options import Session
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import ROOT, without_variables

SIGNALS = (signal.SIGINT, signal.SIGTERM)
# Commands that write, and whether their environment is applied before.
WRITING = {
    "apply -e dev --auto-approve --pins write": False,
    "destroy -e dev --auto-approve --allow many --allow last": True,
    "lock -e dev": True,
    "import --all --output new": True,
    "disable api -e dev --auto-approve": True,
    "offboard alice@contoso.com": False,
    "move key spa front": False,
    "app-role add api/Auditor --description Audits": False,
}


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Have Ctrl-C do what it does in a terminal; in the background a process may be deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Interrupted(httpx.AsyncBaseTransport):
    """Sends this process a signal with one of its requests."""

    def __init__(self, inner: httpx.AsyncBaseTransport, interrupt: Callable[[], None]) -> None:
        self._inner, self._interrupt = inner, interrupt

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the signal when it is time, and the request."""
        self._interrupt()
        return await self._inner.handle_async_request(request)


@pytest.mark.parametrize("command", WRITING)
def test_a_command_that_writes_ends_by_both_alike(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its exit code, its last words and the files that it leaves are the same, whichever signal comes when
    it is at the first, a middle or the last of its requests and files.
    """
    without_variables(monkeypatch)
    replace = os.replace

    def run(number: signal.Signals, moment: int) -> tuple[int, int, str, list[str]]:
        folder = tmp_path / f"{number.name}{moment}"
        shutil.copytree(ROOT / "manifests", folder / "manifests")
        monkeypatch.chdir(folder)
        tenant = Embedded.create(seed="signals")
        if WRITING[command]:
            assert main(["apply", "-e", "dev", "--auto-approve", "--quiet"], session(tenant)) == 0
        steps = 0

        def interrupt() -> None:
            nonlocal steps
            steps += 1
            if steps == moment:
                os.kill(os.getpid(), number)

        def interrupted_replace(source: str, target: str) -> None:
            interrupt()
            replace(source, target)

        monkeypatch.setattr(os, "replace", interrupted_replace)
        whole = session(tenant)
        capsys.readouterr()
        code = main(command.split(), Session(Interrupted(whole.transport, interrupt), whole.credential))
        monkeypatch.setattr(os, "replace", replace)
        files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
        return steps, code, capsys.readouterr().err, files

    steps, code, error, _ = run(signal.SIGINT, 0)
    assert (code, steps > 0) == (0, True), error
    for moment in {1, (steps + 1) // 2, steps}:
        by_ctrl_c, by_sigterm = (run(number, moment) for number in SIGNALS)
        assert by_ctrl_c == by_sigterm
        assert "interrupted" in by_ctrl_c[2] or "stopping: " in by_ctrl_c[2]
        assert "bug" not in by_ctrl_c[2]
