"""Results of a fleet, read from a folder: which of them count, and why another is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entra_config.drift.fleet_base import FleetBase
from entra_config.errors import UsageError
from entra_config.manifest.tenants import reading
from entra_config.manifest.tenants.model import Fleet
from entra_fleet.run import run_results
from tests.unit.fleet.fleet_made import (
    GATE,
    ONE,
    TWO,
    Shards,
    applied,
    approval,
    fleet,
    hashed,
    result,
    store,
)


def rows(found: run_results.FleetResults) -> dict[str, str]:
    """Return why each shard has no result; "" where it has one."""
    assert all((each.result is None) == bool(each.reason) for each in found.every)
    return {each.shard.placed.shard.name: each.reason for each in found.every}


def put(folder: Path, shards: Shards, name: str, **changed: Any) -> None:
    """Write a result with the hash that it has today."""
    store(folder, result(name, **{"hash": hashed(shards[name]), **changed}))


def test_the_latest_run_is_read(known: Fleet, shards: Shards, tmp_path: Path) -> None:
    """Unless one is named; what is of another run is none."""
    put(tmp_path, shards, ONE, run="old", ended="2026-11-27T10:00:00+00:00")
    put(tmp_path, shards, TWO, run="new", ended="2026-11-27T11:00:00+00:00")
    other = "no result: there is one of another run"

    latest = run_results.of_folder(known, tmp_path, None)
    assert (latest.fleet, latest.run, latest.do) == (known, "new", "plan")
    assert rows(latest) == {ONE: other, TWO: "", GATE: "no result"}
    assert rows(run_results.of_folder(known, tmp_path, "old")) == {ONE: "", TWO: other, GATE: "no result"}
    assert rows(run_results.of_folder(known, tmp_path, None, "contoso")) == {ONE: "", GATE: "no result"}
    assert list(rows(run_results.of_folder(known, tmp_path, None, "fabrikam"))) == [TWO]


def test_a_folder_without_results_has_no_run(known: Fleet, tmp_path: Path) -> None:
    """Each shard is without one, and nothing was done."""
    found = run_results.of_folder(known, tmp_path, None)
    assert (found.run, found.do, set(rows(found).values())) == ("", "", {"no result"})


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"shard": TWO}, "no result: there is one of another shard or tenant"),
        ({"tenantId": "x"}, "no result: there is one of another shard or tenant"),
        ({"hash": "h"}, "no result: what decides it is not what it was then"),
        ({"cloud": "china"}, "no result: what decides it is not what it was then"),
        ({"allow": ["many"]}, "no result: what decides it is not what it was then"),
    ],
)
def test_a_result_of_something_else_is_none(
    known: Fleet, shards: Shards, tmp_path: Path, changed: dict[str, Any], reason: str
) -> None:
    """Of another shard or tenant, or of files and flags that are not what they were."""
    whole = result(ONE, **{"hash": hashed(shards[ONE]), **changed})
    (tmp_path / "contoso.myapp.json").write_text(whole.model_dump_json(by_alias=True))
    assert rows(run_results.of_folder(known, tmp_path, None))[ONE] == reason


def test_what_was_allowed_is_a_part_of_the_hash(known: Fleet, shards: Shards, tmp_path: Path) -> None:
    """A result is held against the flags that it says itself."""
    put(tmp_path, shards, ONE, allow=["last", "many"], hash=hashed(shards[ONE], "many", "last"))
    assert rows(run_results.of_folder(known, tmp_path, None))[ONE] == ""


def test_one_run_does_one_thing(known: Fleet, shards: Shards, tmp_path: Path) -> None:
    """A report on two verbs is none."""
    put(tmp_path, shards, ONE)
    put(tmp_path, shards, TWO, do="drift")
    with pytest.raises(UsageError, match=r"^run one did drift and plan in this folder: give each verb a run"):
        run_results.of_folder(known, tmp_path, None)


def test_what_is_not_there_is_no_folder(known: Fleet, tmp_path: Path) -> None:
    """Nor is a tenant that the fleet does not have."""
    with pytest.raises(UsageError, match=r"gone: there is no such folder$"):
        run_results.of_folder(known, tmp_path / "gone", None)
    with pytest.raises(UsageError, match="nowhere"):
        run_results.of_folder(known, tmp_path, None, "nowhere")


def test_what_came_of_an_approval_is_of_its_shards(known: Fleet, shards: Shards, tmp_path: Path) -> None:
    """In whatever runs; of another approval, tenant, or without an apply it is none."""
    document = approval(ONE, TWO)
    store(tmp_path, result(ONE, run="x", do="apply", applied=applied("done")), "a-1")
    put(tmp_path, shards, TWO, applied=applied("done"))

    found = run_results.of_approval(known, tmp_path, document)
    assert (found.fleet, found.run, found.do) == (known, "a-1", "apply")
    assert rows(found) == {ONE: "", TWO: "no result"}
    assert list(rows(run_results.of_approval(known, tmp_path, document, "fabrikam"))) == [TWO]

    other = "no result: there is one of another shard, tenant or approval"
    for changed in (
        {"applied": None},
        {"applied": applied("done", approval="a-2")},
        {"applied": applied("done"), "tenantId": "x"},
    ):
        store(tmp_path, result(TWO, do="apply", **changed), "a-1")
        assert rows(run_results.of_approval(known, tmp_path, document)) == {ONE: "", TWO: other}


def test_since_a_base_nobody_planned_what_is_as_it_was(known: Fleet, shards: Shards, tmp_path: Path) -> None:
    """What has a result all the same keeps it; what differs now is without one."""
    write = fleet(tmp_path / "then", **{"platform/entra-config.yaml": PLATFORM_THEN})
    put(tmp_path, shards, ONE)
    found = run_results.of_folder(known, tmp_path, None)

    since = found.since(FleetBase("v1", write, reading.read(write)))

    assert [(each.shard.placed.shard.name, each.as_at) for each in since.every] == [
        (GATE, ""), (ONE, ""), (TWO, "v1")
    ]  # fmt: skip
    assert (since.guards, since.run) == ((), "one")
    gone = found.since(FleetBase("v1", write, None, "there was no fleet"))
    assert (gone.guards, gone.every) == (("there was no fleet: all of it counts as new",), found.every)


PLATFORM_THEN = """\
project: platform
environments: { customer: { fleet: true, deployers: credential } }
applications: { gateway: { type: api, displayName: Gateway, notes: other } }
"""
