"""A fleet by the machines of `infra/fleet.yaml`, as MiniStack runs them, with the real `fleet run` in each
task, beside the contract driven by `xargs` alone (`make test-options`). No AWS was met.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from entra_config.testing import populating
from entra_emulator import background, seed
from entra_emulator.server_options import ServerOptions
from tests import fleet_results
from tests.infra import fleet_engine
from tests.infra.fleet_files import TENANTS
from tests.infra.stack_parameters import IMAGES, manifest, written
from tests.infra.templates import ROOT, Json

SHARDS = [f"{each}/myapp" for each in TENANTS]
LARGEST = 8192  # characters of a task's overrides
ALONE = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "--map-root-user", "sh", "-c"]
# By itself, as docs/fleet.md types it.
CONTRACT = r"""
set -e
fleet() { "$0" -m entra_config fleet "$@"; }
each() { xargs -P 2 -n 1 "$0" -m entra_config fleet run --results ../results "$@"; }
fleet list --names | each --do plan --run plan-1
report=$(fleet report ../results --format json | sed -n 's/^  "id": "\(.*\)",$/\1/p')
fleet approve ../results --report "$report" --out ../approval.json
for wave in 1 2; do
  fleet check ../results --approval ../approval.json --wave $wave
  fleet list --names --wave $wave | each --do apply --approval ../approval.json
done
"""
KNOWN = {*TENANTS.values(), seed.DEPLOYER_APP_ID, seed.GRAPH_APP_ID}

pytestmark = pytest.mark.options


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the engine works."""
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """Begin to drive the contract by `xargs` on an emulator of its own, beside the machines."""
    folder = tmp_path_factory.mktemp("contract")
    fleet_engine.checkout(folder)
    options = ServerOptions(state=folder / "state", port=0)
    background.start(options, prepare=populating.prepare([], [folder / "checkout/fleet.yaml"]))
    environ = {
        **os.environ,
        "ENTRA_CONFIG_CLOUD": "emulator",
        "ENTRA_CONFIG_EMULATOR_STATE": str(folder / "state"),
    }
    with (folder / "said.txt").open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            ["bash", "-c", CONTRACT, sys.executable],
            cwd=folder / "checkout", env=environ, stdout=said, stderr=said, text=True,
        )  # fmt: skip
    yield folder, process
    process.kill()
    process.wait()
    background.end(folder / "state")


@pytest.fixture(scope="module")
def alone(contract: tuple[Path, subprocess.Popen[str]]) -> Path:
    """Return the folder of the contract once it was driven to its end."""
    folder, process = contract
    assert process.wait() == 0, (folder / "said.txt").read_text(encoding="utf-8")[-4000:]
    return folder


@pytest.fixture(scope="module")
def reported(folder: Path, contract: tuple[Path, subprocess.Popen[str]]) -> Json:
    """Plan, approve and apply by the machines, in a network namespace of its own, while the contract runs."""
    given = {
        **written(manifest(folder)),
        **IMAGES,
        "Fleet": "on",
        "ReaderClientId": seed.READER_APP_ID,
        "FleetImage": f"1.dkr.ecr.us-east-1.amazonaws.com/myapp-prod/fleet@sha256:{'d' * 64}",
    }
    script = 'ip link set lo up && exec "$0" -m tests.infra.fleet_engine'
    ran = subprocess.run(
        [*ALONE, script, sys.executable],
        input=json.dumps({"folder": str(folder), "given": given}),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    found: Json = json.loads(ran.stdout)
    return found


def said(task: Json) -> dict[str, str]:
    """Return what a machine added to a task's environment."""
    return {each["name"]: each["value"] for each in task["overrides"]["environment"]}


def of_run(reported: Json, run: str) -> list[Json]:
    """Return the tasks of one execution."""
    return [each for each in reported["tasks"] if said(each)["FLEET_RUN"] == run]


def test_plans_are_read_by_the_reader_a_task_for_each_chunk(reported: Json) -> None:
    """Then a report of all of it, in the bucket."""
    assert reported["executions"]["plan"]["status"] == "SUCCEEDED", reported["tasks"]
    tasks = of_run(reported, "plan-1")
    assert [said(each)["FLEET_DO"] for each in tasks] == ["plan", "plan", "report-plan"]
    assert sorted(said(each).get("FLEET_CHUNK", "") for each in tasks) == ["", "1", "2"]
    assert {(each["role"], each["code"]) for each in tasks} == {("myapp-prod-fleet-reader", 0)}
    assert {"plans/contoso.myapp.json", "plans/fabrikam.myapp.json", "reports/plan-1.html"} <= set(
        reported["keys"]
    )


def test_an_approval_is_carried_out_wave_by_wave_after_its_gate(reported: Json) -> None:
    """By the writer; once more the check after the last wave. Of the file, the version said is taken."""
    assert reported["executions"]["apply"]["status"] == "SUCCEEDED", reported["tasks"]
    tasks = of_run(reported, reported["approval"])
    done = [(said(each)["FLEET_DO"], said(each)["FLEET_WAVE"]) for each in tasks]
    assert done == [("check", "1"), ("apply", "1"), ("check", "2"), ("apply", "2"), ("check", "3")]
    assert {(each["role"], each["code"]) for each in tasks} == {("myapp-prod-fleet-writer", 0)}
    assert {said(each)["FLEET_APPROVAL"] for each in tasks} == {reported["versions"][0]}
    assert len(set(reported["versions"])) == 2


def test_drift_is_looked_for_by_the_reader_and_what_was_applied_is_none(reported: Json) -> None:
    """As the schedule starts it: a task for the chunk, and a report."""
    tasks = of_run(reported, "drift-1")
    assert reported["executions"]["drift"]["status"] == "SUCCEEDED", tasks
    assert [said(each)["FLEET_DO"] for each in tasks] == ["drift", "report-drift"]
    assert {(each["role"], each["code"]) for each in tasks} == {("myapp-prod-fleet-reader", 0)}
    kept = {"drift/contoso.myapp.json", "drift/fabrikam.myapp.json", "reports/drift-1.html"}
    assert kept <= set(reported["keys"])


def test_an_execution_of_another_name_is_refused_before_anything_begins(reported: Json) -> None:
    """The file has another id: no wave is let in, and no task of a shard starts."""
    assert reported["executions"]["another"]["status"] != "SUCCEEDED"
    (check,) = of_run(reported, "another")
    assert said(check)["FLEET_DO"] == "check"
    assert check["code"] == 1
    assert f"is approval {reported['approval']}, and another was meant" in " ".join(check["said"].split())


def test_what_a_machine_says_is_short(reported: Json) -> None:
    """ECS takes 8,192 characters."""
    for task in reported["tasks"]:
        assert len(json.dumps(task["overrides"])) < LARGEST / 10


def test_the_results_are_those_of_the_contract_alone(reported: Json, folder: Path, alone: Path) -> None:
    """Each shard planned and applied, with the same text, kind, loss and end."""
    ours, theirs = (fleet_results.of_folder(each / "results", known=KNOWN) for each in (folder, alone))

    assert set(ours) == {(shard, verb) for shard in SHARDS for verb in ("plan", "apply")}
    assert ours == theirs
    assert {each["applied"]["outcome"] for (_, verb), each in ours.items() if verb == "apply"} == {"done"}
