"""The file of one shard's result: what of it is written, read, refused, and taken to another process."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli.options import Common
from entra_config.errors import UsageError
from entra_config.manifest.tenants.shards import LoadedShard
from entra_fleet.report.document import (
    FleetAppliedPart,
    FleetChangePart,
    FleetKindPart,
    FleetLossPart,
    FleetResultDocument,
)
from entra_fleet.run import apart, tenant_result, tenant_run
from entra_fleet.run.deciding import Flags
from entra_fleet.run.tenant_result import Task, TenantOutcome
from tests.unit.fleet.files import loaded
from tests.unit.fleet.fleet_made import ONE, TWO, applied, approval, fleet, hashed, kind, result

FLAGS = Flags(("many", "last"), "china")
TASK = Task(ONE, "plan", "one", Path("results"), FLAGS)


@pytest.fixture(scope="module")
def shard(tmp_path_factory: pytest.TempPathFactory) -> LoadedShard:
    """Load a shard of a fleet."""
    return loaded(fleet(tmp_path_factory.mktemp("fleet")).parent)[ONE]


def test_a_task_goes_to_another_process_and_back() -> None:
    """Without where results go and what the cloud is: these are of whoever does it."""
    said = {"shard": ONE, "do": "plan", "run": "one", "allow": ["many", "last"], "hash": "", "approval": None}
    assert TASK.json() == said
    assert Task.of_json(said, Path("there"), "usgov") == replace(
        TASK, results=Path("there"), flags=Flags(("many", "last"), "usgov")
    )
    based = replace(TASK, base=Path("before/fleet.yaml"), hash="h")
    assert based.json() == {**said, "base": "before/fleet.yaml", "hash": "h"}
    assert Task.of_json(based.json(), TASK.results, "china") == based
    old = {name: value for name, value in said.items() if name != "hash"}
    assert Task.of_json(old, TASK.results, "china") == TASK


def test_of_an_approval_a_process_has_its_own_line() -> None:
    """A thousand tenants' lines are not sent a thousand times."""
    whole = replace(TASK, do="apply", document=approval(TWO, ONE))
    mine = approval(ONE, approved=[])
    assert whole.json()["approval"] == mine.model_dump(mode="json", by_alias=True)
    assert Task.of_json(whole.json(), TASK.results, "china") == replace(whole, document=mine)


def test_where_a_result_stands() -> None:
    """What came under an approval stays, whatever is planned later."""
    assert TASK.file == Path("results/contoso.myapp.json")
    assert replace(TASK, document=approval(ONE)).file == Path("results/contoso.myapp.a-1.json")
    assert tenant_result.path_of(Path("r"), ONE, "a-2") == Path("r/contoso.myapp.a-2.json")


OUTCOME = TenantOutcome(
    2,
    FleetKindPart.model_validate(kind()),
    FleetLossPart(people=1, applications=2, deleted=3),
    text="of Ann",
    unnamed="of somebody",
    digest="d",
    lock="l",
    changes=(FleetChangePart(risk="low", following=False, lines=[]),),
)


def test_a_result_says_all_of_its_shard(shard: LoadedShard, tmp_path: Path) -> None:
    """It is read as it was written, by its owner alone; the hash is of the flags that it was planned with."""
    task = replace(TASK, results=tmp_path / "new/results")
    found = tenant_result.write(task, shard, OUTCOME)

    assert found == result(
        ONE, hash=hashed_with(shard), allow=["last", "many"], cloud="china", ended=found.ended,
        digest="d", loss={"people": 1, "applications": 2, "deleted": 3}, lock="l", text="of Ann",
        unnamed="of somebody", changes=[{"risk": "low", "following": False, "lines": []}],
    )  # fmt: skip
    assert len(found.ended) == len("2026-11-27T10:00:00.000000+00:00")
    assert tenant_result.read(task.file) == (found, "")
    assert stat.S_IMODE(task.file.stat().st_mode) == 0o600
    assert task.file.read_text().endswith("}\n")
    with pytest.raises(UsageError, match=r"contoso\.myapp\.json: cannot be written: "):
        tenant_result.write(replace(TASK, results=task.file), shard, OUTCOME)


def hashed_with(shard: LoadedShard) -> str:
    """Return the hash of a shard with the flags of these tests."""
    from entra_fleet.run import deciding

    return deciding.digest(shard, FLAGS, deciding.tool())


def bulky(number: int) -> tuple[FleetChangePart, ...]:
    """Return changes of so many characters."""
    return (
        FleetChangePart.model_validate(
            {"risk": "low", "following": True, "lines": [{"text": [("x" * number, "")], "place": ""}]}
        ),
    )


def test_what_is_too_large_is_refused_and_nothing_is_cut(shard: LoadedShard, tmp_path: Path) -> None:
    """Its changes go first: they are in its text too. What came of an apply is said all the same."""
    task = replace(TASK, results=tmp_path)
    whole = tenant_result.write(task, shard, OUTCOME)

    lean = tenant_result.write(task, shard, replace(OUTCOME, changes=bulky(1_000_000)))
    assert lean.model_copy(update={"ended": ""}) == whole.model_copy(update={"ended": "", "changes": []})

    error = "its report has more than 1,000,000 bytes: nothing of it is cut, so it is refused"
    large = replace(OUTCOME, text="x" * 1_000_000)
    expected = {"code": 3, "error": error, "change": None, "loss": None, "text": "", "unnamed": ""}
    expected |= {"changes": [], "digest": "", "lock": "", "ended": ""}
    found = tenant_result.write(task, shard, large)
    assert found.model_copy(update={"ended": ""}) == whole.model_copy(update=expected)

    part = FleetAppliedPart(approval="a-1", outcome="done", sent=3)
    done = tenant_result.write(task, shard, replace(large, applied=part, code=0))
    kept = {"code": 0, "applied": part, "loss": whole.loss, "digest": "d", "lock": "l"}
    assert done.model_copy(update={"ended": ""}) == whole.model_copy(update=expected | kept)


def test_as_large_as_can_be_is_read(shard: LoadedShard, tmp_path: Path) -> None:
    """To the byte: the largest that is written is the largest that is read."""
    task = replace(TASK, results=tmp_path)
    tenant_result.write(task, shard, replace(OUTCOME, text=""))
    room = 1_000_000 - task.file.stat().st_size

    assert tenant_result.write(task, shard, replace(OUTCOME, text="x" * room)).changes
    assert task.file.stat().st_size == 1_000_000
    assert tenant_result.read(task.file)[1] == ""
    assert not tenant_result.write(task, shard, replace(OUTCOME, text="x" * (room + 1))).changes


def test_what_is_no_result_is_not_read(tmp_path: Path) -> None:
    """Neither a link nor a pipe is opened, and of what is too large no more is read than tells it."""
    path = tmp_path / "r.json"
    assert tenant_result.read(path) == (None, "no result")
    path.symlink_to(tmp_path / "other")
    assert tenant_result.read(path) == (None, "its result cannot be read: Too many levels of symbolic links")
    path.unlink()
    os.mkfifo(path)
    assert tenant_result.read(path) == (None, "its result is no file")
    path.unlink()
    path.write_bytes(b" " * 1_000_001)
    assert tenant_result.read(path) == (None, "its result is larger than a result can be")
    path.write_bytes(b" " * 1_000_000)
    assert tenant_result.read(path)[1].startswith("its result is none of this version: it: Invalid JSON")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("text", "its result is no file"),
        (None, "its result is no file"),
        (
            result(ONE).model_dump_json(by_alias=True).replace('"code":2', '"code":"2"').encode(),
            "its result is none of this version: code: Input should be a valid integer",
        ),
        (b"{}", "its result is none of this version: version: Field required"),
        (
            b'{"version": 2}',
            (
                "its result was written by another version of entra-config: run `entra-config fleet run` "
                "again to write a new one"
            ),
        ),
    ],
)
def test_bytes_that_are_no_result(data: object, why: str) -> None:
    """The first that is wrong is said, with its place, and nothing of what stands there."""
    assert tenant_result.parsed(data) == (None, why)


@pytest.mark.parametrize(
    ("changed", "hash_", "done"),
    [
        ({}, True, True),
        ({"code": 0}, True, True),
        ({"code": 3}, True, True),
        ({"code": 1}, True, False),
        ({"run": "other"}, True, False),
        ({"shard": TWO}, True, False),
        ({"do": "drift"}, True, False),
        ({}, False, False),
    ],
)
def test_a_run_does_nothing_twice(
    shard: LoadedShard, tmp_path: Path, changed: dict[str, Any], *, hash_: bool, done: bool
) -> None:
    """What has a result of this very run is done; an error is tried again."""
    task = replace(TASK, results=tmp_path)
    assert not tenant_run.done(task, shard)
    found = result(ONE, **{"hash": hashed_with(shard) if hash_ else hashed(shard), **changed})
    task.file.write_text(found.model_dump_json(by_alias=True))
    assert tenant_run.done(task, shard) is done


APPLY = replace(TASK, do="apply", document=approval(ONE))
ENDED = result(ONE, do="apply", applied=applied("done"))
FAILED = result(ONE, do="apply", applied=applied("failed", sent=0))


class Processes:
    """Stands in for the processes of shards: what one leaves, and what it was asked for."""

    def __init__(self, file: Path, left: FleetResultDocument | None, *, late: bool = False) -> None:
        self.file, self.left, self.late = file, left, late
        self.requests: list[tuple[Any, float, float]] = []

    def run(self, request: Any, *, seconds: float, grace: float) -> Any:
        """Leave a result; what stood there before is gone."""
        from entra_fleet.run.tenant_process import ProcessEnd

        assert not self.file.exists()
        self.requests.append((request, seconds, grace))
        if self.left is not None:
            self.file.write_text(self.left.model_dump_json(by_alias=True))
        return ProcessEnd(-9, f"  {'x' * 500}y ", self.late)


@pytest.mark.parametrize(
    ("task", "left", "late", "found", "why"),
    [
        (TASK, result(ONE), False, True, ""),
        (TASK, result(ONE, run="two"), False, False, f"left no result: {'x' * 399}y"),
        (TASK, result(ONE, do="drift"), False, False, "left no result: "),
        (TASK, result(TWO), False, False, "left no result: "),
        (TASK, None, False, False, "its process ended with signal 9 and left no result: "),
        (TASK, None, True, False, "ended after 2.5 seconds (--shard-timeout)"),
        (APPLY, ENDED, True, True, ""),
        (APPLY, result(ONE, run="two", do="apply", applied=applied("done")), False, True, ""),
        (APPLY, FAILED, False, True, ""),
        (APPLY, result(ONE, run="two", applied=applied("moved")), False, False, "left no result: "),
    ],
)
def test_what_a_process_leaves_counts_if_it_is_of_the_task(  # noqa: PLR0917  # the columns of a table
    tmp_path: Path, task: Task, left: FleetResultDocument | None, late: bool, found: bool, why: str
) -> None:
    """An apply that ended under the approval counts whoever carried it out; else it is said why there is
    none.
    """
    task = replace(task, results=tmp_path)
    task.file.write_text(result(TWO).model_dump_json(by_alias=True))
    processes: Any = Processes(task.file, left, late=late)
    common = Common(fleet=Path("fleet.yaml"), cloud="china", credential="cli")

    got, said = apart.run(processes, common, task, 2.5)

    assert (got, why in said, bool(said)) == (left if found else None, True, not found)
    request = {"fleet": "fleet.yaml", "cloud": "china", "credential": "cli", "results": str(tmp_path)}
    assert processes.requests == [
        ({**request, "task": task.json()}, 2.5, 30.0 if task.document is not None else 1.0)
    ]


def test_an_apply_that_has_ended_is_not_begun_again(shard: LoadedShard, tmp_path: Path) -> None:
    """Nor is its result lost; of a plan that is lost it is said why, of an apply that nobody knows."""
    task = replace(APPLY, results=tmp_path)
    task.file.write_text(ENDED.model_dump_json(by_alias=True))
    processes: Any = Processes(task.file, None)
    assert apart.run(processes, Common(), task, 1) == (ENDED, "")
    assert processes.requests == []
    assert apart.lost(task, shard, "silent") == ENDED
    assert tenant_run.done(task, shard)

    task.file.unlink()
    lost = apart.lost(task, shard, "silent")
    part = FleetAppliedPart(approval="a-1", outcome="unknown", sent=None)
    assert (lost.code, lost.error, lost.applied) == (1, "silent", part)
    plain = apart.lost(replace(TASK, results=tmp_path), shard, "silent")
    assert (plain.code, plain.error, plain.applied, plain.change) == (1, "silent", None, None)
    assert not tenant_run.done(task, shard)
