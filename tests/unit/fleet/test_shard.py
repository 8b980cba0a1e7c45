"""One shard done: each verb by its own command, what goes wrong as a result, and what it was before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli import drift
from entra_config.cli.findings import of_drift
from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_config.errors import EntraConfigError, RefusedError, UsageError
from entra_config.manifest.tenants.shards import LoadedShard
from entra_config.report import drift_markdown, drift_text
from entra_fleet.report import kinds
from entra_fleet.report.document import FleetAppliedPart, Verb
from entra_fleet.run import apply, tenant_result, tenant_run
from entra_fleet.run.apply import NotLetInError
from entra_fleet.run.deciding import Flags
from entra_fleet.run.tenant_result import Task, TenantOutcome
from tests.unit.fleet.files import loaded
from tests.unit.fleet.fleet_made import GATE, ONE, applied, approval, fleet, hashed, result
from tests.unit.report.drifts import sample


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a fleet."""
    fleet(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


COMMON = Common(fleet=Path("fleet.yaml"), cloud="china", credential="cli", output=Output(quiet=True))
TASK = Task(ONE, "plan", "one", Path("r"), Flags())
OUTCOME = TenantOutcome(2, text="done")


def test_a_shard_is_done_as_its_own_command_does_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On its manifest, environment and tenant, which are loaded once; the result is written."""
    calls: list[Any] = []

    def do(common: Common, shard: LoadedShard, task: Task) -> TenantOutcome:
        calls.append((common, shard.placed.shard.name, task))
        return OUTCOME

    monkeypatch.setitem(tenant_run._DO, "plan", do)
    found = tenant_run.run(COMMON, TASK)
    ((common, name, task),) = calls
    assert (name, task, found.code, found.text) == (ONE, TASK, 2, "done")
    assert common == replace(
        COMMON, environment="customer", manifest=common.manifest, tenant="contoso", loaded=common.loaded
    )
    assert (common.manifest.parent.name, common.loaded.manifest.owner) == ("myapp", "myapp/customer")
    assert tenant_result.read(TASK.file) == (found, "")


@pytest.mark.parametrize(("error", "code"), [(UsageError("no"), 1), (RefusedError("too many"), 3)])
def test_what_goes_wrong_is_a_result(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: EntraConfigError, code: int
) -> None:
    """With its code and its words."""

    def fails(*_: object) -> TenantOutcome:
        raise error

    monkeypatch.setitem(tenant_run._DO, "plan", fails)
    found = tenant_run.run(COMMON, TASK)
    assert (found.code, found.error, found.change) == (code, str(error), None)


def test_another_checkout_does_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an apply the approval says what decides it."""
    monkeypatch.setitem(tenant_run._DO, "plan", lambda *_: OUTCOME)
    monkeypatch.setitem(tenant_run._DO, "apply", lambda *_: OUTCOME)
    assert tenant_run.run(COMMON, replace(TASK, hash="h")).error == tenant_run.OTHER
    assert tenant_run.run(COMMON, replace(TASK, hash=hashed(loaded(folder)[ONE]))).error == ""
    assert tenant_run.run(COMMON, replace(TASK, do="apply", hash="h", document=approval(ONE))).error == ""


def test_of_two_who_write_the_second_begins_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That the first has done."""
    held: list[str] = []

    @contextmanager
    def alone(task: Task) -> Iterator[None]:
        held.append(task.shard)
        yield

    monkeypatch.setattr(apply, "alone", alone)
    monkeypatch.setitem(tenant_run._DO, "apply", lambda *_: OUTCOME)
    task = replace(TASK, do="apply", document=approval(ONE))
    assert tenant_run.run(COMMON, task).text == "done"
    ended = result(ONE, do="apply", applied=applied("done"))
    task.file.write_text(ended.model_dump_json(by_alias=True))
    assert tenant_run.run(COMMON, task) == ended
    assert held == [ONE, ONE]
    failed = result(ONE, do="apply", applied=applied("failed", sent=0))
    task.file.write_text(failed.model_dump_json(by_alias=True))
    assert tenant_run.run(COMMON, task).text == "done"


def test_the_tenant_s_lock_is_a_file(tmp_path: Path) -> None:
    """One of each tenant, whatever the project."""
    task = replace(TASK, results=tmp_path / "new/r")
    with apply.alone(task):
        assert [path.name for path in task.results.iterdir()] == ["_lock.contoso"]


def test_a_shard_as_it_was(folder: Path) -> None:
    """None where there was none, in another tenant, or one that did not hold."""
    shard = loaded(folder)[GATE]
    assert tenant_run._was(TASK, shard) is None
    then = fleet(folder / "then")
    task = replace(TASK, base=then)
    was = tenant_run._was(task, shard)
    assert was is not None
    assert was.placed.shard.name == GATE
    text, path = then.read_text(), folder / "then/platform/entra-config.yaml"
    tenant = shard.manifest.tenant_id
    then.write_text(text.replace(tenant, "33333333-3333-3333-3333-333333333333"))
    assert tenant_run._was(task, shard) is None
    then.write_text(text.replace("[myapp, platform]", "[myapp]"))
    assert tenant_run._was(task, shard) is None
    then.write_text(text)
    path.write_text(path.read_text().replace("type: api", "type: nothing"))
    assert tenant_run._was(task, shard) is None


def find(common: Common, shard: LoadedShard, verb: Verb) -> TenantOutcome:
    """Run one verb that only finds."""
    return tenant_run._DO[verb](common, shard, replace(TASK, do=verb))


@pytest.mark.parametrize("findings", [True, False])
def test_a_drift_names_nobody_where_it_is_shared(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, findings: bool
) -> None:
    """Its own text does."""
    found = sample(findings=findings)

    async def check(_: Common) -> Any:
        return found

    monkeypatch.setattr(drift, "check", check)
    assert find(COMMON, loaded(folder)[ONE], "drift") == TenantOutcome(
        2 if findings else 0,
        kinds.of_findings(of_drift(found)),
        text=drift_text.render(found),
        unnamed=drift_markdown.render(found, people=False),
    )


MADE = TenantOutcome(0, text="the plan", digest="d")


@pytest.mark.parametrize(
    ("end", "made", "sent", "code", "outcome", "error"),
    [
        (0, True, 2, 0, "done", ""),
        (3, True, 2, 3, "partly", ""),
        (1, True, 2, 1, "failed", "after 2 steps were begun: `text` of its result says why"),
        (NotLetInError("moved", "it moved"), True, 0, 1, "moved", "it moved"),
        (NotLetInError("stopped", "not approved"), False, 0, 3, "stopped", "not approved"),
        (RefusedError("too many"), True, 0, 3, "refused", "too many"),
        (RefusedError("too many"), True, 1, 1, "failed", "too many"),
        (UsageError("no"), True, 0, 1, "failed", "no"),
    ],
)
def test_what_came_of_an_apply(  # noqa: PLR0917  # the columns of a table
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    end: int | EntraConfigError,
    made: bool,
    sent: int,
    code: int,
    outcome: Any,
    error: str,
) -> None:
    """Its plan stands in the result where it is known what came of it; what was said stands there too."""

    async def stand_in(common: Common, _: Any, __: Any, line: str, notes: Any) -> int:
        assert line == "line"
        common.output.say("it said so")
        notes.sent, notes.made = sent, MADE if made else None
        if isinstance(end, EntraConfigError):
            raise end
        return end

    monkeypatch.setattr(apply, "approved", lambda *_: "line")
    monkeypatch.setattr(apply, "_apply", stand_in)
    task = replace(TASK, do="apply", document=approval(ONE))
    whole = made and outcome != "failed"
    assert apply.outcome(COMMON, loaded(folder)[ONE], task) == replace(
        MADE if whole else TenantOutcome(1),
        code=code,
        error=error,
        text="the plan\nit said so\n" if whole else "it said so\n",
        applied=FleetAppliedPart(approval="a-1", outcome=outcome, sent=sent),
    )
