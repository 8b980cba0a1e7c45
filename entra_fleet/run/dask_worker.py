"""A request of a driver in; a shard done on this worker, by its own checkout and its own sign-in, out.

It runs in a worker of Dask. What comes in is names, words and a hash, what goes out the bytes of a result.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from dataclasses import dataclass, field
from pathlib import Path

from entra_config.cli.options import CLOUD, CREDENTIAL, FLEET, Common
from entra_fleet.run import apart
from entra_fleet.run.tenant_process import ShardProcesses
from entra_fleet.run.tenant_result import Task

# Variables of a worker's environment: where its checkout's fleet is, and where it leaves results.
FLEET_FILE = "ENTRA_CONFIG_FLEET"
RESULTS = "ENTRA_CONFIG_FLEET_RESULTS"
_RESULTS = Path(".entra-config/fleet")


class ShardLostError(Exception):
    """A shard whose process left no result: why."""


@dataclass(slots=True)
class _Kept:
    """The fork server of this worker, for as long as it lives."""

    processes: ShardProcesses | None = None
    making: threading.Lock = field(default_factory=threading.Lock)

    def of(self, fleet: Path) -> ShardProcesses:
        with self.making:
            if self.processes is None:
                self.processes = ShardProcesses(fleet)
            return self.processes

    def close(self) -> None:
        """End it, and with it what still runs."""
        with self.making:
            if self.processes is not None:
                self.processes.close()
                self.processes = None


_KEPT = _Kept()


def carried(text: str) -> bytes:
    """Do one shard and return its result; raise ShardLostError where there is none."""
    request = json.loads(text)
    common = Common(
        cloud=os.environ.get(CLOUD, "global"),
        credential=os.environ.get(CREDENTIAL),
        fleet=Path(os.environ.get(FLEET_FILE, FLEET)),
    )
    task = Task.of_json(request["task"], Path(os.environ.get(RESULTS, _RESULTS)), common.cloud)
    if task.document is not None:
        _begin(request["attempt"])
    assert common.fleet is not None  # set above
    found, why = apart.run(_KEPT.of(common.fleet), common, task, float(request["seconds"]))
    if found is None:
        raise ShardLostError(why)
    return task.file.read_bytes()


def _begin(attempt: str) -> None:
    """Begin an apply once: where a worker dies or is cut off, Dask gives what it had to another one."""
    from distributed import Event

    begun = Event(f"entra-config-{attempt}")
    if begun.is_set():
        raise ShardLostError("its worker ended, or nobody could reach it, while it was applied")
    begun.set()


def dask_setup(*_: object) -> None:
    """Leave Ctrl-C to the driver: it lets shards end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def dask_teardown(*_: object) -> None:
    """End the fork server with the worker."""
    _KEPT.close()
