"""Ids of a report, and what is done with them; workers, and clusters that somebody else has."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_config.errors import EntraConfigError, RefusedError, StalePlanError, UsageError
from entra_config.manifest.tenants import reading
from entra_fleet.cli import selection
from entra_fleet.run import apart, dask_cluster, dask_worker, run_results
from entra_fleet.run.deciding import Flags
from entra_fleet.run.tenant_result import Task
from tests.unit.fleet.files import loaded
from tests.unit.fleet.fleet_made import GATE, ONE, TWO, approval, fleet, hashed, kind, result, store

COMMON = Common(fleet=Path("fleet.yaml"), output=Output(no_color=True))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a fleet and results of two kinds, one of which is refused."""
    fleet(tmp_path)
    monkeypatch.chdir(tmp_path)
    shards = loaded(tmp_path)
    for name, id_, obstacle in ((ONE, "k1", ""), (TWO, "k1", ""), (GATE, "k2", "refused")):
        store(tmp_path / "r", result(name, hash=hashed(shards[name]), change=kind(id_, obstacle=obstacle)))
    return tmp_path


def ids() -> dict[str, str]:
    """Return the id of the report, and of each kind by its own."""
    found = run_results.of_folder(reading.read(Path("fleet.yaml")), Path("r"), None)
    return {"": found.id} | {each.kind: each.id for each in found.report(None, names=False).groups}


def chosen(kinds: list[str] | None, whole: str | None, do: str = "plan") -> list[str]:
    """Return which shards are meant."""
    results, found = selection.read(COMMON, Path("r"), do, None, ids=kinds, whole=whole)
    assert results.run == "one"
    return [each.shard.placed.shard.name for each in found]


@pytest.mark.parametrize(
    ("kinds", "whole", "do", "error", "said"),
    [
        (None, None, "plan", UsageError, "say which plans: --class ID, as often as needed, or --report ID"),
        ([], None, "lock", UsageError, "say which pins: --class ID, as often as needed, or --report ID"),
        (["k1"], "", "plan", UsageError, "say which plans: "),
        (["k1"], None, "lock", UsageError, "r: only pins are written, and run one did plan"),
        (None, "r-1", "plan", StalePlanError, "--report r-1: this folder is r-"),
        (
            ["c-1"],
            None,
            "plan",
            StalePlanError,
            "--class c-1: no kind in this folder: it is not what was read, ",
        ),
        (
            ["k2"],
            None,
            "plan",
            RefusedError,
            f"--class {{}}: {GATE}: refused: change what stands in the way, ",
        ),
    ],
)
def test_ids_that_mean_nothing_are_refused(  # noqa: PLR0917  # the columns of a table
    folder: Path, kinds: Any, whole: str | None, do: str, error: type[EntraConfigError], said: str
) -> None:
    """A folder that changed since it was read has none of them."""
    known = ids()
    given = [known.get(each, each) for each in kinds] if kinds is not None else None
    with pytest.raises(error) as refused:
        chosen(given, whole, do)
    assert str(refused.value).startswith(said.format(*given or [""]))


def test_where_nothing_can_be_approved_it_is_refused(folder: Path) -> None:
    """A folder without results did nothing at all."""
    for name in (ONE, TWO):
        (folder / f"r/{name.replace('/', '.')}.json").unlink()
    with pytest.raises(RefusedError, match=r"^nothing of this report can be approved$"):
        chosen(None, ids()[""])
    (folder / f"r/{GATE.replace('/', '.')}.json").unlink()
    with pytest.raises(UsageError, match=r"^r: only plans are approved, and run  did nothing$"):
        selection.read(COMMON, Path("r"), "plan", None, ids=None, whole="r-1")


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """Have a worker whose shards leave a result; collect what it was asked."""
    calls: list[Any] = []
    monkeypatch.chdir(tmp_path)
    for name in ("CLOUD", "CREDENTIAL", "FLEET", "FLEET_RESULTS"):
        monkeypatch.delenv(f"ENTRA_CONFIG_{name}", raising=False)

    def run(processes: Any, common: Common, task: Task, seconds: float) -> Any:
        calls.append((processes.fleet, common, task, seconds))
        if len(calls) == 2:
            return None, "it is gone"
        task.file.parent.mkdir(parents=True, exist_ok=True)
        task.file.write_bytes(b"bytes of a result")
        return "a result", ""

    monkeypatch.setattr(apart, "run", run)
    monkeypatch.setattr(dask_worker, "_KEPT", dask_worker._Kept())
    return calls


def request(task: Task, attempt: str = "a1") -> str:
    """Return what a driver sends."""
    return json.dumps({"task": task.json(), "attempt": attempt, "seconds": 2.5})


def test_a_worker_does_a_shard_by_its_own_sign_in(worker: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """And sends the bytes of its result; where there is none, it says why."""
    task = Task(ONE, "plan", "one", Path(".entra-config/fleet"), Flags(("many",)), hash="h")
    assert dask_worker.carried(request(task)) == b"bytes of a result"
    assert worker == [(Path("fleet.yaml"), Common(fleet=Path("fleet.yaml")), task, 2.5)]
    with pytest.raises(dask_worker.ShardLostError, match=r"^it is gone$"):
        dask_worker.carried(request(task))
    for name, value in (
        ("CLOUD", "china"),
        ("CREDENTIAL", "cli"),
        ("FLEET", "f.yaml"),
        ("FLEET_RESULTS", "here"),
    ):
        monkeypatch.setenv(f"ENTRA_CONFIG_{name}", value)
    dask_worker.carried(request(task))
    kept, common, its, _ = worker[2]
    assert kept == Path("fleet.yaml")  # the one that it began with
    assert common == Common(cloud="china", credential="cli", fleet=Path("f.yaml"))
    assert its == Task(ONE, "plan", "one", Path("here"), Flags(("many",), "china"), hash="h")
    dask_worker.dask_teardown()
    assert dask_worker._KEPT.processes is None
    dask_worker._KEPT.close()


def test_a_worker_begins_an_apply_once(worker: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a cluster gives to another one; a plan may be tried again."""
    begun: set[str] = set()

    class Event:
        def __init__(self, name: str) -> None:
            self.name = name

        def is_set(self) -> bool:
            """Tell whether it is begun."""
            return self.name in begun

        def set(self) -> None:
            """Begin it."""
            begun.add(self.name)

    module = ModuleType("distributed")
    module.__dict__["Event"] = Event
    monkeypatch.setitem(sys.modules, "distributed", module)
    task = Task(ONE, "apply", "one", Path("x"), Flags(), approval(ONE))
    assert dask_worker.carried(request(task)) == b"bytes of a result"
    with pytest.raises(dask_worker.ShardLostError, match=r"or nobody could reach it, while it was applied$"):
        dask_worker.carried(request(task))
    assert (begun, len(worker)) == ({"entra-config-a1"}, 1)


def test_a_worker_leaves_ctrl_c_to_the_driver() -> None:
    """It lets shards end."""
    before = signal.getsignal(signal.SIGINT)
    try:
        dask_worker.dask_setup()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


FILES = ("tls_ca_file", "tls_client_cert", "tls_client_key")
LACKS = "--scheduler tls://x: needs a client certificate: set DASK_DISTRIBUTED__"
NAMES = ("COMM__TLS__CA_FILE", "COMM__TLS__CLIENT__CERT", "COMM__TLS__CLIENT__KEY")


@pytest.mark.parametrize(
    ("address", "lacks", "said"),
    [
        ("tcp://x", (), "--scheduler tcp://x: whoever reaches a scheduler runs code; only tls:// is used"),
        (
            "tls://x",
            (0,),
            f"{LACKS}{NAMES[0]}",
        ),
        (
            "tls://x",
            (1, 2),
            f"{LACKS}{NAMES[1]}, DASK_DISTRIBUTED__{NAMES[2]}",
        ),
        ("tls://gone", (), "--scheduler tls://gone: nobody answers there within 10 seconds, or not to this "),
        ("tls://x", (), ""),
    ],
)
def test_a_cluster_is_reached_by_certificates_alone(
    monkeypatch: pytest.MonkeyPatch, address: str, lacks: tuple[int, ...], said: str
) -> None:
    """Whoever reaches a scheduler runs code."""
    found = SimpleNamespace(**{name: "" if place in lacks else "f" for place, name in enumerate(FILES)})
    made: list[Any] = []

    class Client:
        def __init__(self, address: str, **settings: Any) -> None:
            if "gone" in address:
                raise OSError(111, "refused")
            made.append((address, settings))

        def __enter__(self) -> str:
            return "client"

        def __exit__(self, *_: object) -> None:
            made.append("closed")

    module = ModuleType("distributed")
    module.__dict__["Client"] = Client
    monkeypatch.setitem(sys.modules, "distributed", module)
    monkeypatch.setattr("entra_config.extras.require", made.append)
    monkeypatch.setattr(dask_cluster, "security", lambda: found)
    if not said:
        with dask_cluster.remote(address) as client:
            assert isinstance(client, Client)
        assert made == ["fleet", (address, {"security": found, "timeout": 10}), "closed"]
        return
    with pytest.raises(UsageError) as refused, dask_cluster.remote(address):
        pass
    assert str(refused.value).startswith(said)
    assert made == ["fleet"]
