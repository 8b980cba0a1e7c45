"""`fleet run --all` by a cluster in this process: each shard once, what is lost again, and what travels."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dask
import httpx
import pytest
from distributed import Client

from entra_config.cli.main import main
from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_fleet.run import dask_cluster, dask_worker, driver, tenant_result, tenant_run
from tests.unit.fleet.files import NAMES
from tests.unit.fleet.fleet_ran import result_of

Carried = Callable[[str], bytes]
REAL = dask_worker.carried
_STANDS_IN: dict[str, Carried] = {}


def _carried(text: str) -> bytes:
    """Do what the test says in the worker's place: a function travels by its name."""
    return _STANDS_IN[""](text)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Keep a scheduler and a worker in this process for all tests of this file."""
    with _cluster() as found:
        yield found


@contextmanager
def _cluster() -> Iterator[Client]:
    """Start a scheduler and a worker in this process."""
    with (
        dask.config.set(dask_cluster.QUIET | {"distributed.worker.preload": []}),
        Client(
            processes=False,
            n_workers=1,
            threads_per_worker=4,
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs=dask_cluster.NO_DASHBOARD,
        ) as found,
    ):
        yield found


@pytest.fixture
def run(
    fleet: Path, client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Return what runs all shards by the cluster of this process, and a worker that does something else."""

    @contextmanager
    def here(common: Common, results: Path, parallel: int) -> Iterator[Client]:
        yield client

    monkeypatch.setattr(dask_cluster, "local", here)

    def ran(carried: Carried, *options: str) -> tuple[int, str]:
        monkeypatch.setitem(_STANDS_IN, "", carried)
        monkeypatch.setattr(dask_worker, "carried", _carried)
        capsys.readouterr()
        code = main(
            ["fleet", "run", "--all", "--do", "lint", "--results", "results", "--run", "one", *options]
        )
        return code, capsys.readouterr().err

    return ran


def _done(text: str) -> bytes:
    """Do it in this process."""
    request = json.loads(text)
    task = tenant_result.Task.of_json(request["task"], Path("theirs"), "global")
    tenant_run.run(Common(fleet=Path("fleet.yaml"), output=Output(quiet=True)), task)
    return task.file.read_bytes()


def test_a_cluster_serves_no_pages(client: Client) -> None:
    """Dask's are plain HTTP, and show what failed."""
    port = client.scheduler_info()["services"]["dashboard"]
    for path in ("/", "/status", "/health", "/info/main/workers.html", "/json/counts.json", "/metrics"):
        assert httpx.get(f"http://127.0.0.1:{port}{path}").status_code == 404, path


def test_what_leaves_no_result_is_tried_again_and_a_refusal_is_not(
    run: Callable[..., tuple[int, str]],
) -> None:
    """A process that was killed, twice; whatever the worker answers is the answer."""
    tried: dict[str, int] = {}

    def dying(text: str) -> bytes:
        shard = json.loads(text)["task"]["shard"]
        tried[shard] = tried.get(shard, 0) + 1
        if shard == "contoso/platform" or (shard == "contoso/myapp" and tried[shard] < 3):
            raise dask_worker.ShardLostError("its process ended with signal 9")
        return _done(text)

    assert run(dying)[0] == 0
    assert tried == {"contoso/platform": 3, "contoso/myapp": 3, "fabrikam/myapp": 1}
    assert result_of("contoso/platform")["error"] == "its process ended with signal 9"
    assert result_of("contoso/myapp")["error"] == ""


@pytest.mark.parametrize("ends_by", ["", "SIGINT", "SIGTERM"])
def test_a_cluster_without_workers_is_an_error_that_names_it(
    run: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch, ends_by: str
) -> None:
    """Its workers were killed with what restarts them: the run ends, and what was begun has a result."""
    if not ends_by:
        monkeypatch.setattr(driver, "WORKERLESS", 0.0)
    over = threading.Event()
    with _cluster() as alone:
        scheduler = alone.cluster.scheduler

        @contextmanager
        def here(common: Common, results: Path, parallel: int) -> Iterator[Client]:
            yield alone

        def lose(_: str) -> bytes:
            for address in list(scheduler.workers):
                alone.cluster.sync(scheduler.remove_worker, address, stimulus_id="test")
            if ends_by:
                os.kill(os.getpid(), signal.Signals[ends_by])
            over.wait(60)
            return b""

        monkeypatch.setattr(dask_cluster, "local", here)
        code, said = run(lose, "--parallel", "1")
        over.set()
    assert code == 1
    assert f"error: {scheduler.address}: the Dask cluster has no worker any more, or" in said
    assert "1 shards were cut off, 2 were not begun" in said
    assert "the same command with --run one: finished shards are not repeated" in said
    assert result_of(NAMES[0])["error"]


def test_a_worker_s_own_process_does_the_shard(run: Callable[..., tuple[int, str]]) -> None:
    """With the real worker: by its own checkout, in a process of its own."""
    try:
        code, said = run(REAL)
        assert code == 0, said
        assert [result_of(each)["error"] for each in NAMES] == ["", "", ""]
        assert Path(".entra-config/fleet").is_dir()
    finally:
        dask_worker.dask_teardown(None)
