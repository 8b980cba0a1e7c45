"""Lock files of a fleet that somebody read, written; and the rest of an approved plan, known again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli.main import main
from entra_config.manifest.environments import lock
from entra_config.manifest.environments.pins import Lock, Pin
from entra_config.manifest.reading.problems import Problems
from entra_config.plan import file
from entra_config.plan.model import Plan, TenantInfo
from entra_fleet.cli import selection
from entra_fleet.groups.classes import PlanKind, identified
from entra_fleet.run import rest
from entra_fleet.run.deciding import Flags
from entra_fleet.run.run_results import ReadResult
from entra_fleet.run.tenant_result import Task
from tests.unit.fleet.files import loaded
from tests.unit.fleet.fleet_made import ONE, TENANTS, TWO, result
from tests.unit.report.plans import worked_example

GROUP = "6f1c0000-0000-0000-0000-000000000001"
PLAN = worked_example()
TASK = Task(ONE, "apply", "one", Path("r"), Flags())
PATHS = {name: Path(f"myapp/locks/customer/{name.partition('/')[0]}.lock.yaml") for name in (ONE, TWO)}


def pins(tenant: str) -> Lock:
    """Return what a lock file holds."""
    return Lock(TENANTS.get(tenant, tenant), groups={"Staff": Pin(GROUP)})


def chosen(monkeypatch: pytest.MonkeyPatch, fleet_folder: Path, texts: dict[str, str]) -> list[Any]:
    """Let these pins be meant; collect how they were asked for."""
    calls: list[Any] = []
    shards = loaded(fleet_folder)

    def read(_: Any, where: Path, do: str, run: str | None, **how: Any) -> Any:
        calls.append((where, do, run, how))
        return None, [ReadResult(shards[name], result(name, lock=text), "") for name, text in texts.items()]

    monkeypatch.setattr(selection, "read", read)
    return calls


def test_lock_files_are_written_for_their_tenants(
    fleet_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where each stands is data; how many there are is said."""
    texts = {name: lock.write(pins(name.partition("/")[0]), "customer", "x") for name in (ONE, TWO)}
    calls = chosen(monkeypatch, fleet_folder, texts)
    assert main(["fleet", "lock", "r", "--class", "c-1", "--run", "one"]) == 0
    out, err = capsys.readouterr()
    assert [Path(line).relative_to(fleet_folder) for line in out.splitlines()] == list(PATHS.values())
    assert err == "wrote 2 lock files: review them like code\n"
    for name, path in PATHS.items():
        tenant = name.partition("/")[0]
        assert lock.read(path, Problems()) == pins(tenant)
        assert f"-e customer --tenant {tenant}`" in path.read_text()
    assert calls == [(Path("r"), "lock", "one", {"ids": ["c-1"], "whole": None})]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (lock.write(pins("33333333-3333-3333-3333-333333333333"), "customer"), "of tenant 33333333-"),
        ("groups: {}\n", "of tenant none; nothing was written"),
        ("groups: [", "the lock file of fabrikam/myapp:"),
    ],
)
def test_all_hold_before_the_first_is_written(
    fleet_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str,
    said: str,
) -> None:
    """Pins of another tenant are none of this one's."""
    chosen(monkeypatch, fleet_folder, {ONE: lock.write(pins("contoso"), "customer"), TWO: text})
    assert main(["fleet", "lock", "r", "--report", "r-1"]) == 1
    assert said in capsys.readouterr().err
    assert not any(path.exists() for path in PATHS.values())


def journal(*lines: dict[str, Any]) -> None:
    """Write the journal of an apply."""
    Path("r/_begun.contoso.myapp.journal").write_text("".join(f"{json.dumps(each)}\n" for each in lines))


BEGUN = {"at": "2026-11-25T12:00:00+00:00", "plan": file.digest(PLAN), "steps": 9}
DONE = {"step": "s1", "method": "PATCH", "status": 204}
OWN = PlanKind("own", ("does it",))


def test_what_is_kept_of_a_plan_goes_with_its_journal(fleet_folder: Path) -> None:
    """While something of it is left, it stays."""
    path, kept = rest.kept(TASK).begin(PLAN), Path("r/_begun.contoso.myapp.json")
    assert path == Path("r/_begun.contoso.myapp.journal")
    assert file.read(kept.read_bytes(), "x").digest == file.digest(PLAN)
    path.touch()
    rest.kept(TASK).end()
    assert kept.exists()
    path.unlink()
    rest.kept(TASK).end()
    assert not kept.exists()
    rest.kept(TASK).end()


def test_the_rest_of_a_plan_is_a_kind_of_its_own(fleet_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what was done and is to be done again; what is no rest has its own kind."""
    monkeypatch.setattr(file, "beyond", lambda saved, plan: [] if saved.project == plan.project else ["more"])
    assert rest.kind(TASK, PLAN, OWN) == OWN
    rest.kept(TASK).begin(PLAN)
    assert rest.kind(TASK, PLAN, OWN) == OWN
    journal(BEGUN, DONE)
    found = rest.kind(TASK, PLAN, OWN)
    said = ("the rest of what was approved, nothing else", "taken back since: s1", "does it")
    assert found == PlanKind(identified(["rest", ["s1"], "own"]), said)
    journal(BEGUN)
    alone = rest.kind(TASK, PLAN, OWN)
    assert alone == PlanKind(identified(["rest", [], "own"]), (said[0], "does it"))
    nothing = Plan("myapp", "prod", TenantInfo(PLAN.tenant.id, "contoso"), (), ())
    assert rest.kind(TASK, nothing, OWN) == OWN
    other = Plan("other", "prod", PLAN.tenant, PLAN.changes, PLAN.steps)
    assert rest.kind(TASK, other, OWN) == OWN
    journal(BEGUN, {**BEGUN, "complete": True})
    assert rest.kind(TASK, PLAN, OWN) == OWN
