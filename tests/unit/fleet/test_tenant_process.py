"""The process of a shard: it ends with whoever asked for it, also where that one is only frozen."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from entra_fleet.run.tenant_process import ProcessEnd, ShardProcesses
from tests.unit.fleet.files import FILES, write

WORKER = """
import json, sys
from pathlib import Path
from entra_fleet.run.tenant_process import ShardProcesses
with ShardProcesses(Path("fleet.yaml"), silence=float(sys.argv[2])) as processes:
    print(processes.run(json.loads(sys.argv[1]), seconds=600, grace=600).code)
"""
LOADED = """
import sys, threading
from pathlib import Path
from entra_fleet.run import tenant_process
tenant_process.load([Path("fleet.yaml")])
tenant_process.load_modules(sys.argv[1:])
before, threads = set(sys.modules), threading.active_count()
from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_fleet.run import tenant_result, tenant_run
from entra_fleet.run.deciding import Flags
common = Common(output=Output(quiet=True, no_color=True), fleet=Path("fleet.yaml"))
found = tenant_run.run(common, tenant_result.Task("contoso/platform", "lint", "one", Path("loaded"), Flags()))
print(found.error, threads, *(name for name in sys.modules if name not in before))
"""
APPROVAL = {
    "version": 1, "kind": "fleetApproval", "id": "a-1", "approved": [], "run": "one", "shards": [],
    "made": "2026-11-27T00:00:00+00:00", "ends": "2026-11-27T00:00:00+00:00",
    "limits": {"failedTenants": 200, "people": 50, "applications": 20, "deleted": 0},
}  # fmt: skip


def _request(shard: str = "contoso/platform", do: str = "apply") -> dict[str, Any]:
    """Ask for an apply, which waits for whoever writes in its tenant."""
    task = {"shard": shard, "do": do, "run": "one", "allow": []}
    task["approval"] = APPROVAL if do == "apply" else None  # type: ignore[assignment]  # JSON
    return {
        "fleet": "fleet.yaml",
        "cloud": "emulator",
        "credential": None,
        "results": "results",
        "task": task,
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a fleet."""
    found = tmp_path_factory.mktemp("fleet")
    write(found, FILES)
    (found / "results").mkdir()
    return found


@pytest.fixture(scope="module")
def shared(folder: Path) -> Iterator[ShardProcesses]:
    """Keep one fork server for all tests of this file."""
    with ShardProcesses(folder / "fleet.yaml") as found:
        yield found


@pytest.fixture
def processes(folder: Path, shared: ShardProcesses, monkeypatch: pytest.MonkeyPatch) -> ShardProcesses:
    """Stand in the fleet's folder."""
    monkeypatch.chdir(folder)
    return shared


@pytest.fixture
def writer(folder: Path) -> Iterator[Path]:
    """Write in the tenant, so that the shard's process waits."""
    path = folder / "results/_lock.contoso"
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield path


def _waiting(path: Path) -> list[int]:
    """Return the processes that wait for a lock, as the system tells it."""
    text = Path("/proc/locks").read_text(encoding="utf-8")
    found = re.findall(r"-> FLOCK\s+\S+\s+\S+\s+(\d+)\s+\S+:(\d+) ", text)
    return [int(pid) for pid, inode in found if int(inode) == path.stat().st_ino]


def _waited_for(path: Path, number: int) -> list[int]:
    """Return the processes that wait once there are so many: minutes are for a busy machine."""
    for _ in range(3000):
        found = _waiting(path)
        if len(found) == number:
            return found
        time.sleep(0.1)
    pytest.fail(f"{len(found)} processes wait, not {number}")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_shard_ends_with_a_worker_that_is_killed_or_frozen(
    processes: ShardProcesses, writer: Path, how: signal.Signals
) -> None:
    """Nobody waits for its result, and another writer may begin: it must not go on."""
    words = [sys.executable, "-c", WORKER, json.dumps(_request()), "0.5"]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as worker:
        try:
            _waited_for(writer, 1)
            worker.send_signal(how)
            _waited_for(writer, 0)
        finally:
            worker.kill()


def test_a_shard_lives_as_long_as_its_worker_does(
    processes: ShardProcesses, writer: Path, folder: Path
) -> None:
    """Longer than the silence that would end it; killed, it leaves how it ended."""
    with ShardProcesses(folder / "fleet.yaml", silence=0.5) as quick:
        ends: list[ProcessEnd] = []
        waiting = Thread(target=lambda: ends.append(quick.run(_request(), seconds=600, grace=600)))
        waiting.start()
        [pid] = _waited_for(writer, 1)
        time.sleep(1.5)
        assert _waiting(writer) == [pid]
        os.kill(pid, signal.SIGKILL)
        waiting.join()
    assert (ends[0].code, ends[0].late, ends[0].how) == (-signal.SIGKILL, False, "ended with signal 9")


def test_a_frozen_shard_is_ended_by_force(processes: ShardProcesses, writer: Path) -> None:
    """Asked to end it does nothing; the time of it is over, and then some more."""
    ends: list[ProcessEnd] = []
    waiting = Thread(target=lambda: ends.append(processes.run(_request(), seconds=3, grace=0.2)))
    waiting.start()
    os.kill(_waited_for(writer, 1)[0], signal.SIGSTOP)
    waiting.join()
    assert (ends[0].code, ends[0].late) == (-signal.SIGKILL, True)


def test_a_shard_that_is_late_is_asked_to_end_first(processes: ShardProcesses, writer: Path) -> None:
    """In order is enough where it listens."""
    end = processes.run(_request(), seconds=0.5, grace=60)
    assert (end.code, end.late, end.said) == (1, True, "interrupted\n")


def test_a_fork_server_that_was_killed_is_started_again(processes: ShardProcesses) -> None:
    """What a shard says last is told, whatever it was."""
    wrong = _request("contoso/nothing", "lint")
    first = processes.run(wrong, seconds=60, grace=1)
    assert processes._server is not None
    processes._server.kill()
    processes._server.wait()
    second = processes.run(wrong, seconds=60, grace=1)
    assert (first.code, second.code) == (1, 1)
    assert "`contoso/nothing` is not a shard of " in first.said
    assert second.said == first.said
    assert 0 < second.cpu < 60


def test_a_shard_has_neither_the_server_s_threads_nor_its_connections(processes: ShardProcesses) -> None:
    """The fork server has one thread, and no socket but the one that it is asked over."""
    processes.run(_request("contoso/nothing", "lint"), seconds=60, grace=1)
    assert processes._server is not None
    home = Path(f"/proc/{processes._server.pid}")
    assert len(list((home / "task").iterdir())) == 1
    kinds = [str(each.readlink()).partition(":")[0] for each in sorted((home / "fd").iterdir())]
    assert kinds.count("socket") == 1, kinds


def test_what_one_child_has_loaded_no_other_loads(folder: Path) -> None:
    """Importing takes a child more time than all the rest; the server has one thread all the same."""

    def loaded(*names: str) -> list[str]:
        command = [sys.executable, "-c", LOADED, *names]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
        return done.stdout.split()

    threads, *names = loaded()
    assert threads == "1"
    assert "entra_config.lint.run" in names
    assert loaded(*names) == ["1"]


def test_a_module_of_the_folder_takes_no_other_s_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the server nor in a child: the folder is a checkout, which a pull request can write."""
    write(tmp_path, FILES)
    for name in ("gc", "json", "entra_config", "tarfile"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(9)\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with ShardProcesses(tmp_path / "fleet.yaml") as fresh:
        assert fresh.run(_request(do="lint"), seconds=600, grace=1).code == 0


def test_each_thread_gets_the_exit_code_of_its_own_child(processes: ShardProcesses) -> None:
    """However many run at once."""
    ends: dict[int, int | None] = {}

    def run(number: int) -> None:
        request = _request("contoso/nothing" if number % 2 else "contoso/platform", "lint")
        ends[number] = processes.run(request, seconds=600, grace=1).code

    threads = [Thread(target=run, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert ends == {0: 0, 1: 1, 2: 0, 3: 1}
