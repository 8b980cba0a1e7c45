"""The shards of a wave in; each given to a cluster, one of a tenant at a time, its result written, out."""

from __future__ import annotations

import json
import secrets
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from entra_config.errors import UsageError
from entra_fleet.run import apart, dask_worker, deciding, tenant_result, tenant_run

if TYPE_CHECKING:
    from entra_config.cli.output import Output
    from entra_config.manifest.tenants.shards import LoadedShard
    from entra_fleet.report.document import FleetResultDocument
    from entra_fleet.run.tenant_result import Task

RETRIES = 2  # of what leaves no result; an apply is begun once
_LOOKS = 1.0  # seconds between two looks at what is in flight
_LATE = 420.0  # seconds beside a shard's own: code is loaded, and a process is ended in order
_ANSWER = 10.0  # seconds that a scheduler has to answer
WORKERLESS = 180.0  # seconds without a worker after which a run ends: a machine of a cluster starts in less


@dataclass(frozen=True, slots=True)
class _Flight:
    task: Task
    shard: LoadedShard
    until: float


@dataclass(slots=True)
class ClusterDriver:
    """Feeds a cluster: so many shards in flight, never two of one tenant."""

    client: Any
    output: Output
    parallel: int
    seconds: float
    stopping: bool = False
    notified: bool = False
    flying: dict[Any, _Flight] = field(default_factory=dict)
    # Since when the cluster has had no worker, if it has none.
    workerless: float | None = None
    address: str = field(init=False)

    def __post_init__(self) -> None:
        """Note where the scheduler is: a client that lost it does not know any more."""
        self.address = self.client.scheduler.address

    def wave(self, number: int, every: Sequence[tuple[Task, LoadedShard]]) -> None:
        """Do the shards of one wave. Ctrl-C: nothing more is begun, what runs ends; once more: at once."""
        waiting = [each for each in every if not tenant_run.done(*each)]
        done, whole = len(every) - len(waiting), len(every)
        if done:
            self.output.say(f"wave {number}: {done} of {whole} shards have a result")
        with self._interrupts():
            while self.flying or (waiting and not self.stopping):
                self._check_workers(waiting)
                self._feed(waiting)
                self._notify()
                for flight, found in self._landed():
                    done += 1
                    self.output.say(f"wave {number}, {done}/{whole}: {_described(flight, found)}")
            self._notify()
        if waiting:
            raise UsageError(f"stopped: {len(waiting)} shards of wave {number} were not begun")

    @contextmanager
    def _interrupts(self) -> Iterator[None]:
        """Take Ctrl-C as a wish: raised in the middle of a step, it would lose what that step has begun."""

        def stop(*_: object) -> None:
            if self.stopping:
                raise KeyboardInterrupt
            self.stopping = True

        try:
            before = signal.signal(signal.SIGINT, stop)
        except ValueError:  # not in the main thread, where nobody types
            yield
            return
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _check_workers(self, waiting: list[tuple[Task, LoadedShard]]) -> None:
        """Raise UsageError if no worker can be waited for; what was begun then has a result that says so."""
        if self._has_worker():
            self.workerless = None
            return
        now = time.monotonic()
        if self.workerless is None:
            self.workerless = now
            self.output.say(
                f"{self.address}: the Dask cluster has no worker; waiting {WORKERLESS:.0f} seconds for one"
            )
        if self.client.status != "closed" and not self.stopping and now - self.workerless < WORKERLESS:
            return
        flights = list(self.flying.values())
        for flight in flights:
            _lost(flight, f"{self.address}: the Dask cluster has no worker any more")
        run = (flights[0].task if flights else waiting[0][0]).run
        raise UsageError(
            f"{self.address}: the Dask cluster has no worker any more, or its scheduler ended. "
            f"{len(flights)} shards were cut off, {len(waiting)} were not begun. Find out why in the logs of "
            f"the workers and start them again. Then run the same command with --run {run}: finished shards "
            "are not repeated"
        )

    def _has_worker(self) -> bool:
        if self.client.status == "closed":
            return False
        with suppress(OSError):
            identity = self.client.sync(self.client.scheduler.identity, n_workers=0, callback_timeout=_ANSWER)
            return bool(identity["n_workers"])
        return False

    def _notify(self) -> None:
        if self.stopping and not self.notified:
            self.notified = True
            self.output.say(
                f"stopping: {len(self.flying)} shards that run end, nothing new is begun "
                "(once more to end at once)"
            )

    def _feed(self, waiting: list[tuple[Task, LoadedShard]]) -> None:
        busy = {each.shard.manifest.tenant_id for each in self.flying.values()}
        for task, shard in list(waiting):
            if self.stopping or self.client.status != "running" or len(self.flying) >= self.parallel:
                return
            if shard.manifest.tenant_id not in busy:
                waiting.remove((task, shard))
                busy.add(shard.manifest.tenant_id)
                self.flying[self._submitted(task, shard)] = _Flight(
                    task, shard, time.monotonic() + (self.seconds + _LATE) * (1 + RETRIES)
                )

    def _submitted(self, task: Task, shard: LoadedShard) -> Any:
        expected = deciding.digest(shard, task.flags, deciding.tool())
        request = {
            "task": {**task.json(), "hash": expected},
            "attempt": secrets.token_hex(16),
            "seconds": self.seconds,
        }
        retries = 0 if task.document is not None else RETRIES
        return self.client.submit(
            dask_worker.carried, json.dumps(request), pure=False, retries=retries, key=request["attempt"]
        )

    def _landed(self) -> list[tuple[_Flight, FleetResultDocument]]:
        """Wait a moment; return what came back, with its result written."""
        from distributed import CancelledError, wait

        # Cancelled: the client lost its scheduler, and each of them is done without a result.
        with suppress(TimeoutError, CancelledError):
            wait(list(self.flying), timeout=_LOOKS, return_when="FIRST_COMPLETED")
        if not self.flying:
            time.sleep(_LOOKS)
        found = []
        for future, flight in list(self.flying.items()):
            late = time.monotonic() > flight.until
            if future.done() or late:
                # One that does not come back has ended itself: its worker is silent.
                landed = _result(flight, future) if future.done() else _lost(flight, "its worker is silent")
                del self.flying[future]
                future.cancel() if late else future.release()
                found.append((flight, landed))
        return found


def _result(flight: _Flight, future: Any) -> FleetResultDocument:
    """Write what a worker sent, if it is a result of this very shard; else why it is none."""
    if future.status not in {"finished", "error"}:
        return _lost(flight, "the Dask scheduler ended, cannot be reached or lost it")
    try:
        sent = future.result()
    except Exception as error:  # noqa: BLE001  # whatever a worker raises
        # A finished one too: where its worker ends before the result is fetched, Dask asks another worker.
        return _lost(flight, str(error) or type(error).__name__)
    task, shard = flight.task, flight.shard
    found, why = tenant_result.parsed(sent)
    if found is None:
        return _lost(flight, f"its worker sent no result: {why}")
    if found.hash != deciding.digest(shard, task.flags, deciding.tool()):
        return _lost(flight, found.error or "its worker's checkout is another one: its hash differs")
    expected = (task.run, task.shard, task.do, shard.manifest.tenant_id)
    approval = found.applied.approval if found.applied is not None else None
    wanted = task.document.id if task.document is not None else None
    if (found.run, found.shard, found.do, found.tenant_id) != expected or approval != wanted:
        return _lost(flight, "its worker sent the result of something else")
    return tenant_result.kept(task, found)


def _lost(flight: _Flight, why: str) -> FleetResultDocument:
    return apart.lost(flight.task, flight.shard, why)


def _described(flight: _Flight, found: FleetResultDocument) -> str:
    from entra_fleet.report import wording

    return f"{flight.task.shard}: {wording.came(found)}"
