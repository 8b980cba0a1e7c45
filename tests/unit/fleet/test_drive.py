"""A wave given to a cluster: so many at once, one of a tenant at a time, each result written or said lost."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from entra_config.cli.output import Output
from entra_config.errors import UsageError
from entra_config.manifest.tenants.shards import LoadedShard
from entra_fleet.report.document import FleetResultDocument
from entra_fleet.run import tenant_result
from entra_fleet.run.deciding import Flags
from entra_fleet.run.driver import ClusterDriver
from entra_fleet.run.tenant_result import Task
from tests.unit.fleet.fleet_made import GATE, ONE, TWO, Shards, applied, approval, hashed, result


class Future:
    """Stands in for what a cluster was given: what came of it, and what was done with it."""

    def __init__(self, came: object, status: str = "finished") -> None:
        self.came, self.status, self.ends = came, status, list[str]()

    def done(self) -> bool:
        """Tell whether it came back; what is slow has at the second look."""
        if self.status == "slow":
            self.status = "finished"
            return False
        return self.status != "pending"

    def result(self) -> object:
        """Return what came of it, or raise it."""
        if isinstance(self.came, Exception):
            raise self.came
        return self.came

    def release(self) -> None:
        """Forget it."""
        self.ends.append("released")

    def cancel(self) -> None:
        """End it."""
        self.ends.append("cancelled")


class Cluster:
    """Stands in for a cluster: keeps what it was given, and how many of it were in flight at once."""

    def __init__(self, future: Callable[[dict[str, Any]], Future]) -> None:
        self.future, self.requests, self.settings = future, list[dict[str, Any]](), list[dict[str, Any]]()
        self.most, self.given = 0, list[Future]()
        self.status, self.scheduler = (
            "running",
            SimpleNamespace(address="tls://127.0.0.1:8786", identity=None),
        )

    def sync(self, _: object, **settings: Any) -> dict[str, int]:
        """Answer for the scheduler."""
        assert settings == {"n_workers": 0, "callback_timeout": 10.0}
        return {"n_workers": 1}

    def submit(self, _: object, request: str, **settings: Any) -> Future:
        """Take one."""
        self.requests.append(json.loads(request))
        self.settings.append(settings)
        self.given.append(self.future(self.requests[-1]))
        return self.given[-1]

    def wait(self, futures: Sequence[Future], **settings: Any) -> None:
        """Wait for the first, for a second at most."""
        assert settings == {"timeout": 1.0, "return_when": "FIRST_COMPLETED"}
        self.most = max(self.most, len(futures))
        raise TimeoutError


def driver(
    monkeypatch: pytest.MonkeyPatch, future: Callable[[dict[str, Any]], Future], parallel: int = 8
) -> tuple[ClusterDriver, Cluster]:
    """Return a driver of a cluster that does what is given."""
    cluster = Cluster(future)
    module = ModuleType("distributed")
    module.__dict__.update(wait=cluster.wait, CancelledError=CancelledError)
    monkeypatch.setitem(sys.modules, "distributed", module)
    return ClusterDriver(cluster, Output(no_color=True), parallel, 2.5), cluster


def tasks(shards: Shards, folder: Path, *names: str) -> list[tuple[Task, LoadedShard]]:
    """Return what is to be done in some shards."""
    return [(Task(name, "plan", "one", folder, Flags()), shards[name]) for name in names]


def right(shards: Shards) -> Callable[[dict[str, Any]], Future]:
    """Return what does each shard as it should be."""

    def future(request: dict[str, Any]) -> Future:
        name = request["task"]["shard"]
        found = result(name, hash=hashed(shards[name]))
        return Future(found.model_dump_json(by_alias=True).encode())

    return future


def test_a_wave_is_done_one_of_a_tenant_at_a_time(
    shards: Shards, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Each result is written; what has one already is not given again."""
    drive, cluster = driver(monkeypatch, right(shards))
    every = tasks(shards, tmp_path, GATE, ONE, TWO)
    drive.wave(2, every)

    assert capsys.readouterr().err.splitlines() == [
        f"wave 2, 1/3: {GATE}: changes pending, or drift found",
        f"wave 2, 2/3: {TWO}: changes pending, or drift found",
        f"wave 2, 3/3: {ONE}: changes pending, or drift found",
    ]
    assert ([each["task"]["shard"] for each in cluster.requests], cluster.most) == ([GATE, TWO, ONE], 2)
    assert [each.ends for each in cluster.given] == [["released"]] * 3
    assert {task.shard: tenant_result.read(task.file)[0] for task, _ in every} == {
        name: result(name, hash=hashed(shards[name])) for name in (GATE, ONE, TWO)
    }
    (task, _), *_ = every
    first = cluster.requests[0]
    assert first == {
        "task": {**task.json(), "hash": hashed(shards[GATE])}, "attempt": first["attempt"], "seconds": 2.5
    }  # fmt: skip
    assert len(first["attempt"]) == 32
    assert cluster.settings[0] == {"pure": False, "retries": 2, "key": first["attempt"]}

    drive.wave(2, [*every, *tasks(shards, tmp_path / "other", ONE)])
    assert capsys.readouterr().err.splitlines() == [
        "wave 2: 3 of 4 shards have a result",
        f"wave 2, 4/4: {ONE}: changes pending, or drift found",
    ]
    drive.wave(1, [])
    assert (len(cluster.requests), capsys.readouterr().err) == (4, "")


def test_what_is_in_flight_is_waited_for(
    shards: Shards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When nothing more is to be begun, too."""

    def slow(request: dict[str, Any]) -> Future:
        return Future(right(shards)(request).came, "slow")

    drive, cluster = driver(monkeypatch, slow)
    every = tasks(shards, tmp_path, ONE, TWO)
    drive.wave(1, every)
    assert [each.ends for each in cluster.given] == [["released"]] * 2
    assert all(tenant_result.read(task.file)[0] for task, _ in every)


def test_no_more_are_in_flight_than_is_said(
    shards: Shards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other where one is."""
    drive, cluster = driver(monkeypatch, right(shards), parallel=1)
    drive.wave(1, tasks(shards, tmp_path, ONE, TWO))
    assert (len(cluster.requests), cluster.most) == (2, 1)


def test_an_apply_is_begun_once(shards: Shards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cluster that tries it again would write twice."""
    found = result(ONE, do="apply", hash=hashed(shards[ONE]), applied=applied("done"))
    drive, cluster = driver(monkeypatch, lambda _: Future(found.model_dump_json(by_alias=True).encode()))
    task = Task(ONE, "apply", "one", tmp_path, Flags(), approval(ONE))
    drive.wave(1, [(task, shards[ONE])])
    assert [each["retries"] for each in cluster.settings] == [0]
    assert tenant_result.read(task.file) == (found, "")


def sent(found: FleetResultDocument) -> bytes:
    """Return what a worker sends."""
    return found.model_dump_json(by_alias=True).encode()


LOST: list[tuple[Callable[[str], Future], str]] = [
    (lambda _: Future(None, "lost"), "the Dask scheduler ended, cannot be reached or lost it"),
    (lambda _: Future(ValueError("it broke"), "error"), "it broke"),
    (lambda _: Future(ValueError(), "error"), "ValueError"),
    # It was finished, and its worker ended before the result was fetched.
    (lambda _: Future(ValueError("its worker ended")), "its worker ended"),
    (lambda _: Future("text"), "its worker sent no result: its result is no file"),
    (lambda _: Future(sent(result(ONE))), "its worker's checkout is another one: its hash differs"),
    (lambda _: Future(sent(result(ONE, error="no such file"))), "no such file"),
    *(
        (
            lambda hash_, changed=changed: Future(sent(result(changed.get("x", ONE), hash=hash_, **{
                name: value for name, value in changed.items() if name != "x"
            }))),
            "its worker sent the result of something else",
        )
        for changed in (
            {"run": "two"}, {"x": TWO}, {"do": "drift"}, {"tenantId": "t"}, {"applied": applied("done")}
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("future", "why"), LOST)
def test_what_is_no_result_of_this_shard_is_lost(
    shards: Shards,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    future: Callable[[str], Future],
    why: str,
) -> None:
    """Why stands in its result, which is an error."""
    drive, _ = driver(monkeypatch, lambda _: future(hashed(shards[ONE])))
    every = tasks(shards, tmp_path, ONE)
    drive.wave(1, every)
    found, _ = tenant_result.read(every[0][0].file)
    assert found is not None
    assert (found.code, found.error, found.shard, found.change) == (1, why, ONE, None)


def test_an_apply_of_another_approval_is_lost(
    shards: Shards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows what came of it."""
    other = result(ONE, do="apply", hash=hashed(shards[ONE]), applied=applied("done", approval="a-2"))
    drive, _ = driver(monkeypatch, lambda _: Future(sent(other)))
    task = Task(ONE, "apply", "one", tmp_path, Flags(), approval(ONE))
    drive.wave(1, [(task, shards[ONE])])
    found, _ = tenant_result.read(task.file)
    assert found is not None
    assert (found.error, found.applied and found.applied.outcome) == (
        "its worker sent the result of something else", "unknown"
    )  # fmt: skip


def test_a_silent_worker_is_given_up(shards: Shards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time of a shard, and of what is beside it, for each time that it may be tried."""
    now = [0.0]
    drive, cluster = driver(monkeypatch, lambda _: Future(None, "pending"))
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    (each,) = tasks(shards, tmp_path, ONE)
    drive._feed([each])
    for now[0] in (0.0, (2.5 + 420) * 3):
        assert drive._landed() == []
    now[0] += 0.01
    ((_, found),) = drive._landed()
    assert (found.error, drive.flying, cluster.given[0].ends) == ("its worker is silent", {}, ["cancelled"])


def test_ctrl_c_lets_end_what_runs(
    shards: Shards, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Nothing more is begun; a second one ends at once; afterwards it is as it was before."""
    before = signal.getsignal(signal.SIGINT)

    def interrupted(request: dict[str, Any]) -> Future:
        signal.raise_signal(signal.SIGINT)
        return right(shards)(request)

    drive, cluster = driver(monkeypatch, interrupted)
    with pytest.raises(UsageError, match=r"^stopped: 1 shards of wave 1 were not begun$"):
        drive.wave(1, tasks(shards, tmp_path, ONE, TWO))
    assert capsys.readouterr().err.splitlines() == [
        "stopping: 1 shards that run end, nothing new is begun (once more to end at once)",
        f"wave 1, 1/2: {ONE}: changes pending, or drift found",
    ]
    assert len(cluster.requests) == 1
    assert signal.getsignal(signal.SIGINT) is before
    again = replace(drive, stopping=False)
    with again._interrupts():
        signal.raise_signal(signal.SIGINT)
        assert again.stopping
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_at_the_last_moment_is_said_too(
    shards: Shards, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """What came back has its line, then it is said that nothing more is begun."""
    drive, cluster = driver(monkeypatch, right(shards), parallel=1)
    monkeypatch.setattr(cluster, "wait", lambda *_, **__: signal.raise_signal(signal.SIGINT))
    sys.modules["distributed"].__dict__["wait"] = cluster.wait
    with pytest.raises(UsageError, match=r"^stopped: 1 shards of wave 1 were not begun$"):
        drive.wave(1, tasks(shards, tmp_path, ONE, TWO))
    assert capsys.readouterr().err.splitlines() == [
        f"wave 1, 1/2: {ONE}: changes pending, or drift found",
        "stopping: 0 shards that run end, nothing new is begun (once more to end at once)",
    ]


def test_a_scheduler_that_ended_is_given_nothing_more(
    shards: Shards, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """What it had has a result that says so, and the error names where it was."""

    def lost(_: dict[str, Any]) -> Future:
        cluster.status = "closed"
        return Future(None, "pending")

    drive, cluster = driver(monkeypatch, lost, parallel=1)
    with pytest.raises(UsageError, match=r"tls://127.0.0.1:8786: .* 1 shards were cut off, 2 were not begun"):
        drive.wave(1, tasks(shards, tmp_path, GATE, ONE, TWO))
    assert len(cluster.given) == 1
    found, _ = tenant_result.read(tmp_path / f"{GATE.replace('/', '.')}.json")
    assert found is not None
    assert "no worker any more" in found.error
    assert "waiting 180 seconds for one" in capsys.readouterr().err
