"""`fleet check` and `fleet run --do apply`: what was approved and nothing else, wave by wave, once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_emulator import seed
from entra_emulator.fault_plan import FaultPlan
from entra_fleet.approval import approval_file
from entra_fleet.report.document import FleetAppliedPart
from entra_fleet.run import apart, tenant_run
from entra_fleet.run.deciding import Flags
from entra_fleet.run.tenant_process import ShardProcesses
from entra_fleet.run.tenant_result import Task
from tests.unit.fleet.files import NAMES
from tests.unit.fleet.fleet_ran import Fleet, opened, result_of, state


def test_an_approved_fleet_is_applied_wave_by_wave_and_then_plans_nothing(approved: Fleet) -> None:
    """A wave needs its check, a check the results of the waves before; what is done is not done again."""
    assert (approved.check(2).code, approved.check(1).code) == (3, 0)
    approved.apply(*NAMES)
    assert [approved.came(each) for each in NAMES] == ["done", "done", "stopped"]
    assert approved.check(2).code == 0
    before = Path("results").stat().st_mtime_ns
    ran = approved.apply("contoso/myapp", options=("--run", "another"))
    assert "contoso/myapp: ended under this approval" in ran.err
    assert Path("results").stat().st_mtime_ns == before
    approved.apply("fabrikam/myapp")
    report = approved.report("--approval", "approval.json")
    assert (report["code"], report["failed"], report["withoutResult"]) == (0, [], [])
    assert {each["outcome"] for each in report["groups"]} == {"done"}
    assert "Done · " in approved("fleet", "report", "results", "--approval", "approval.json").out

    approved.run(*NAMES, run="again")
    assert approved.report()["code"] == 0


def test_a_plan_that_moved_since_is_not_carried_out(approved: Fleet) -> None:
    """Somebody applied it by hand meanwhile: the plan is another one, and nothing is written."""
    opened(approved)
    words = ("apply", "--tenant", "fabrikam", "-f", "myapp", "--auto-approve")
    assert approved(*words, session=approved.session("fabrikam")).code == 0
    before = state(approved)
    approved.apply("fabrikam/myapp")
    assert (approved.came("fabrikam/myapp"), state(approved)) == ("moved", before)
    ran = approved("fleet", "report", "results", "--approval", "approval.json")
    assert (ran.code, "The plan moved · " in ran.out) == (1, True)


@pytest.mark.parametrize("options", [(), ("--run", "two")])
def test_an_approval_is_used_once(approved: Fleet, options: tuple[str, ...]) -> None:
    """What a colleague took back since has the old digest again; it is not done again, in no run."""
    opened(approved)
    before = state(approved)
    directory = approved.tenant.directory
    kept = directory.fork()
    approved.apply("fabrikam/myapp")
    assert approved.came("fabrikam/myapp") == "done"
    assert state(approved) != before
    directory.replace(kept.fork())
    assert state(approved) == before
    assert "ended under this approval" in approved.apply("fabrikam/myapp", options=options).err
    assert state(approved) == before
    # Another approval of the very same plan does it.
    approved.run(*NAMES, run="three")
    approved.approve()
    opened(approved)
    approved.apply("fabrikam/myapp")
    assert approved.came("fabrikam/myapp") == "done"
    assert state(approved) != before


def test_an_apply_that_another_worker_has_ended_is_not_one_that_nobody_knows_of(approved: Fleet) -> None:
    """Whoever was frozen meanwhile, or waited for the lock, leaves the other one's result as it is."""
    opened(approved)
    approved.apply("fabrikam/myapp", options=("--run", "theirs"))
    common = Common(fleet=Path("fleet.yaml"), cloud="emulator", output=Output(quiet=True))
    [shard] = tenant_run.load(common, ["fabrikam/myapp"])
    document = approval_file.read(Path("approval.json"))
    task = Task("fabrikam/myapp", "apply", "ours", Path("results"), Flags(), document)
    before = task.file.read_bytes()
    assert apart.lost(task, shard, "its process ended").applied == FleetAppliedPart(
        approval=document.id, outcome="done", sent=json.loads(before)["applied"]["sent"]
    )
    with ShardProcesses(Path("fleet.yaml")) as processes:
        found, why = apart.run(processes, common, task, 60)
    assert (found is not None and found.run, why) == ("theirs", "")
    assert (approved.came("fabrikam/myapp"), task.file.read_bytes()) == ("done", before)


def test_an_apply_that_fails_after_a_write_is_not_begun_again(approved: Fleet) -> None:
    """The application is made and its service principal refused: the next wave waits, and nobody is named."""
    approved.check(1)
    _refusing(approved, "/servicePrincipals")
    ran = approved.apply("contoso/platform", "contoso/myapp")
    _refusing(approved, "")
    assert (approved.came("contoso/myapp"), "MyApp" in ran.err) == ("failed", False)
    assert approved.check(2).code == 3
    assert "contoso/myapp: ended under this approval" in approved.apply("contoso/myapp").err
    ran = approved("fleet", "report", "results", "--approval", "approval.json")
    assert (ran.code, "Failed: contoso/myapp: after " in ran.out) == (1, True)
    result = next(Path("results").glob("contoso.myapp.a-*.json")).read_text(encoding="utf-8")
    assert "Insufficient privileges." in json.loads(result)["text"]


def _refusing(command: Fleet, path: str) -> None:
    """Let Graph refuse to create what stands at a path, until nothing is given."""
    rule = {"action": "respond", "method": "POST", "path": path, "times": None, "status": 403}
    denied = rule | {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}
    command.tenant.app.faults.set(FaultPlan.from_data({"rules": [denied]} if path else {}))


REST = "the rest of what was approved, nothing else"


def _headline(command: Fleet, shard: str, run: str) -> list[str]:
    """Plan a shard; return what its kind says."""
    command.run(shard, run=run)
    return list(result_of(shard)["change"]["headline"])


def test_what_is_left_of_an_apply_that_died_is_a_kind_of_its_own(approved: Fleet) -> None:
    """It is approved like any other; once it is done, what somebody takes back is no rest."""
    approved.check(1)
    _refusing(approved, "/servicePrincipals")
    approved.apply("contoso/myapp")
    _refusing(approved, "")
    assert approved.came("contoso/myapp") == "failed"
    left = _headline(approved, "contoso/myapp", "two")
    assert left[0] == REST
    assert not [each for each in left if each.startswith("taken back")]
    approved.run(*NAMES, run="two")
    groups = approved.report()["groups"]
    assert [
        [each["shard"] for each in group["members"]] for group in groups if REST in group["headline"]
    ] == [["contoso/myapp"]]

    approved.approve()
    approved.check(1)
    approved.apply("contoso/myapp")
    assert approved.came("contoso/myapp") == "done"
    assert not list(Path("results").glob("_begun*"))
    tables = approved.tenant.directory.tenants[seed.CONTOSO]
    app = next(each for each in tables.applications if "entra-config:owner=myapp/customer" in each["tags"])
    tables.applications.remove(app["id"])
    assert REST not in _headline(approved, "contoso/myapp", "three")


def test_what_was_taken_back_since_it_died_stands_apart(approved: Fleet) -> None:
    """And what was approved in no plan makes it no rest."""
    approved.check(1)
    _refusing(approved, "appRoleAssignedTo")
    approved.apply("contoso/myapp")
    _refusing(approved, "")
    tables = approved.tenant.directory.tenants[seed.CONTOSO]
    app = next(each for each in tables.applications if "entra-config:owner=myapp/customer" in each["tags"])
    principal = next(each for each in tables.service_principals if each["appId"] == app["appId"])
    assert _headline(approved, "contoso/myapp", "two")[0] == REST
    tables.service_principals.remove(principal["id"])

    left = _headline(approved, "contoso/myapp", "three")

    assert left[:2] == [REST, "taken back since: enterpriseApplication.api/create"]
    app["notes"] = "Somebody's."
    assert REST not in _headline(approved, "contoso/myapp", "four")


def test_a_failure_after_a_write_keeps_the_next_wave_from_starting(approved: Fleet) -> None:
    """What fails before a write, is refused or moved, does not: a stranger could stop all by it."""
    opened(approved)
    document = approval_file.read(Path("approval.json"))
    for each in Path("results").glob("_wave*"):
        each.unlink()
    approved.check(1)
    approved.apply("contoso/platform", "contoso/myapp")
    path = Path(f"results/contoso.myapp.{document.id}.json")
    good = json.loads(path.read_text(encoding="utf-8"))
    for came, sent, code in (
        ("failed", 1, 3), ("failed", None, 3), ("unknown", None, 3), ("stopped", 0, 3),
        ("failed", 0, 0), ("refused", 0, 0), ("moved", 0, 0), ("partly", 4, 0), ("done", 4, 0),
    ):  # fmt: skip
        good["applied"] |= {"outcome": came, "sent": sent}
        path.write_text(json.dumps(good), encoding="utf-8")
        assert approved.check(2).code == code, came
    path.unlink()
    assert approved.check(2).code == 3
