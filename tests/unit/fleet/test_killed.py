"""A fleet applied by a cluster whose worker is killed or frozen in the middle: nothing is made twice."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import httpx
import psutil
import pytest

from entra_emulator import background, seed
from entra_emulator.state import runs
from tests.unit.fleet.files import NAMES
from tests.unit.fleet.fleet_ran import Command, started

STATE = Path(".entra-config/emulator")
STALLED = 8.0  # seconds


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """Write a fleet, and start an emulator with its tenants."""
    with started(tmp_path, monkeypatch, capsys) as found:
        yield found


class Emulator:
    """The control endpoints of the emulator that runs here."""

    def __init__(self) -> None:
        run = runs.find_run(STATE)
        assert run is not None
        self._client = httpx.Client(
            base_url=f"{run.origin}/_emulator", verify=background.trust_of(STATE), timeout=60
        )

    def stall(self, seconds: float) -> None:
        """Let the next creation of an application take long; it takes effect all the same."""
        rule = {"action": "delay", "method": "POST", "path": "/applications$", "seconds": seconds}
        self._client.put("/faults", json={"rules": [rule]}).raise_for_status()

    def names(self) -> dict[str, Counter[str]]:
        """Return how often each application's name is there, by tenant."""
        return {
            each["tenantId"]: Counter(row["displayName"] for row in each["applications"])
            for each in self._client.get("/state").json()["tenants"]
        }


def _planned(command: Command, run: str) -> str:
    """Plan all, approve all that can be, and return the id of the approval."""
    assert command.run(*NAMES, run=run).code == 0
    report = command.report("--run", run)["id"]
    approved = command("fleet", "approve", "results", "--report", report, "--run", run)
    assert approved.code == 0, approved.err
    return approved.out.strip()


def _applied(command: Command) -> str:
    words = "fleet run --all --do apply --approval approval.json --results results --parallel 2"
    return command(*words.split(), "--cloud", "emulator").err


def _hurt_worker(how: signal.Signals) -> None:
    """Find the worker while its shards write, and kill it or freeze it for five seconds."""
    for _ in range(3000):
        shards = [
            each
            for each in psutil.Process().children(recursive=True)
            if "entra_fleet.run.tenant_process" in each.cmdline()
            and each.parent().cmdline() == each.cmdline()
        ]
        if len(shards) == 2:
            worker = shards[0].parent().parent()
            time.sleep(1)
            worker.send_signal(how)
            if how == signal.SIGSTOP:
                time.sleep(5)
                worker.send_signal(signal.SIGCONT)
            return
        time.sleep(0.1)


def _came(approval: str) -> dict[str, str]:
    found = {}
    for name in NAMES:
        path = Path(f"results/{name.replace('/', '.')}.{approval}.json")
        if not path.exists():
            continue  # what changes nothing any more is approved by nobody
        found[name] = str(json.loads(path.read_text(encoding="utf-8"))["applied"]["outcome"])
    return found


@pytest.mark.fleet
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_worker_that_is_killed_or_frozen_costs_its_shards_alone_and_makes_nothing_twice(
    command: Command, how: signal.Signals
) -> None:
    """What it had is `nobody knows`, the rest is done in that run, and one approval more brings all there."""
    emulator = Emulator()
    approval = _planned(command, "one")
    emulator.stall(STALLED)
    hurting = Thread(target=_hurt_worker, args=(how,))
    hurting.start()
    said = _applied(command)
    hurting.join()
    first = _came(approval)
    assert set(first.values()) == {"unknown", "done"}, said
    emulator.stall(0)
    # What a shard asked for before it died takes effect until then, as it may in a tenant.
    time.sleep(STALLED)

    approval = _planned(command, "two")
    said = _applied(command)
    again = _came(approval)
    assert set(again.values()) == {"done"}, said
    assert {name for name, came in first.items() if came == "unknown"} >= set(again), said
    assert command.run(*NAMES, run="three").code == 0
    assert command.report("--run", "three")["code"] == 0
    names = emulator.names()
    assert names[seed.CONTOSO]["Gateway"] == names[seed.CONTOSO]["MyApp One"] == 1
    assert names[seed.FABRIKAM]["MyApp Two"] == 1
