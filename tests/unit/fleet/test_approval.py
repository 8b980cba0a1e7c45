"""An approval's file, its waves, and who may be applied by it."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli import wiring
from entra_config.errors import RefusedError, StalePlanError, UsageError
from entra_fleet.approval import approval_file
from entra_fleet.approval.wave_limits import ShardOutcome
from entra_fleet.report.approval_document import FleetApprovalDocument
from entra_fleet.report.document import FleetResultDocument
from entra_fleet.run import apply, wave_check
from entra_fleet.run.apply import NotLetInError
from entra_fleet.run.deciding import Flags
from entra_fleet.run.tenant_result import Task
from tests.unit.fleet.fleet_made import (
    GATE,
    ONE,
    TENANTS,
    TWO,
    Shards,
    applied,
    approval,
    hashed,
    result,
    store,
)

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Stop the clock."""
    now = [NOW]
    monkeypatch.setattr(wiring, "now", lambda: now[0])
    return now


def test_an_approval_is_read_as_it_was_written(tmp_path: Path) -> None:
    """By its owner alone, with the id of all else in it."""
    path = tmp_path / "approval.json"
    document = approval_file.identified(approval(ONE, TWO))
    approval_file.write(path, document)

    assert approval_file.read(path) == approval_file.read(path, document.id) == document
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().startswith('{\n "version": 1,')
    assert path.read_text().endswith("}\n")
    assert '"failedTenants": 200,' in path.read_text()
    assert document.id.startswith("a-")
    assert len(document.id) == 34
    assert approval_file.identified(document) == document
    assert approval_file.identified(approval(ONE)).id != document.id
    with pytest.raises(UsageError, match=r"gone/a: cannot be written: No such file or directory$"):
        approval_file.write(tmp_path / "gone/a", document)


def test_an_approval_that_is_not_what_was_approved_is_refused(tmp_path: Path) -> None:
    """Edited, another one, too large, none at all: each in its own words."""
    path = tmp_path / "a"
    document = approval_file.identified(approval(ONE))
    approval_file.write(path, document)
    with pytest.raises(StalePlanError) as other:
        approval_file.read(path, "a-2")
    assert str(other.value) == f"{path}: is approval {document.id}, and a-2 was meant; nothing was changed"

    path.write_text(path.read_text().replace(ONE, TWO))
    with pytest.raises(StalePlanError) as edited:
        approval_file.read(path)
    assert str(edited.value) == f"{path}: was edited since it was approved; nothing was changed"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"{}", "this is no approval of `fleet approve`: version: Field required"),
        (
            b'{"version": 2}',
            (
                "this approval was written by another version of entra-config. "
                "Write a new one:\n  entra-config fleet approve RESULTS --report ID --for 24h"
            ),
        ),
        (b"[", "this is no approval of `fleet approve`: it: Invalid JSON"),
        (b"1" * 20_000_000, "this is no approval of `fleet approve`: it: Invalid JSON"),
        (b"1" * 20_000_001, "larger than an approval can be"),
    ],
    ids=["gone", "empty", "other version", "no JSON", "largest", "too large"],
)
def test_what_is_no_approval_is_refused(tmp_path: Path, content: bytes | None, words: str) -> None:
    """The first that is wrong is said with its place."""
    path = tmp_path / "a"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        approval_file.read(path)
    assert str(refused.value).startswith(f"{path}: {words}")


def test_it_ends_at_the_very_moment(clock: list[datetime]) -> None:
    """Until then an apply may begin."""
    document = approval(ends=(NOW + timedelta(seconds=1)).isoformat())
    assert not approval_file.ended(document)
    clock[0] += timedelta(seconds=1)
    assert approval_file.ended(document)


def test_a_wave_is_let_in_by_a_file_of_its_own(tmp_path: Path) -> None:
    """Of another wave, of another approval, or one that is none, lets nobody in."""
    folder, document = tmp_path / "new/results", approval(ONE)
    assert not approval_file.is_wave_allowed(folder, document, 1)
    approval_file.allow_wave(folder, document, 1)
    path = folder / "_wave1.a-1.json"
    written = json.loads(path.read_text())

    assert approval_file.is_wave_allowed(folder, document, 1)
    assert written == {
        "version": 2, "kind": "fleetCheck", "approval": "a-1", "wave": 1,
        "allowedAt": "2026-11-27T12:00:00+00:00"
    }  # fmt: skip
    assert path.read_text().endswith("}\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for other in ({"wave": 2}, {"approval": "a-2"}, {"version": 1}):
        path.write_text(json.dumps(written | other))
        assert not approval_file.is_wave_allowed(folder, document, 1)
    with pytest.raises(UsageError, match=r"_wave2\.a-1\.json: cannot be written: "):
        approval_file.allow_wave(path, document, 2)


def test_the_next_wave_starts_unless_too_much_failed(tmp_path: Path, clock: list[datetime]) -> None:
    """In the first wave none may; once its time is over none starts."""
    document = approval(ONE, TWO, waves=(1, 2))
    wave_check.allow_wave(document, tmp_path, 1)
    assert approval_file.is_wave_allowed(tmp_path, document, 1)
    with pytest.raises(RefusedError) as refused:
        wave_check.allow_wave(document, tmp_path, 2)
    assert str(refused.value) == (
        "wave 2 may not start; what was done stays done\n"
        "wave 1: 1 of 1 tenants failed or have no result, and in the first wave none may"
    )
    store(tmp_path, result(ONE, do="apply", applied=applied("moved")), "a-1")
    clock[0] = datetime(2026, 11, 28, tzinfo=UTC)
    with pytest.raises(RefusedError, match=r"^the approval ended at 2026-11-28T00:00:00\+00:00; no wave"):
        wave_check.allow_wave(document, tmp_path, 2)
    assert not approval_file.is_wave_allowed(tmp_path, document, 2)
    clock[0] = NOW
    wave_check.allow_wave(document, tmp_path, 2)
    assert approval_file.is_wave_allowed(tmp_path, document, 2)


OUTCOMES: list[tuple[FleetResultDocument | None, bool]] = [
    (None, True),
    (result(ONE), True),
    (result(ONE, applied=applied("done")), False),
    (result(ONE, applied=applied("partly")), False),
    (result(ONE, applied=applied("moved", sent=0)), False),
    (result(ONE, applied=applied("refused", sent=0)), False),
    (result(ONE, applied=applied("failed", sent=0)), False),
    (result(ONE, applied=applied("failed")), True),
    (result(ONE, applied=applied("failed", sent=None)), True),
    (result(ONE, applied=applied("stopped", sent=0)), True),
    (result(ONE, applied=applied("unknown", sent=None)), True),
    (result(ONE, applied=applied("done", approval="a-2")), True),
    (result(ONE, applied=applied("done"), tenantId="x"), True),
]


@pytest.mark.parametrize(("found", "failed"), OUTCOMES)
def test_who_has_failed(tmp_path: Path, found: FleetResultDocument | None, *, failed: bool) -> None:
    """Who wrote something and failed, who was not let in, of whom nobody knows; nobody who is refused."""
    if found is not None:
        store(tmp_path, found, "a-1")
    document = approval(ONE, waves=(2,))
    assert list(wave_check.outcomes(tmp_path, document)) == [ShardOutcome(TENANTS["contoso"], 2, failed)]


def test_a_result_of_another_shard_is_none_of_this(tmp_path: Path) -> None:
    """Though the file bears its name."""
    path = store(tmp_path, result(ONE, applied=applied("done")), "a-1")
    path.write_text(result(GATE, applied=applied("done")).model_dump_json(by_alias=True))
    assert [each.failed for each in wave_check.outcomes(tmp_path, approval(ONE))] == [True]


@pytest.mark.parametrize(
    ("outcome", "sent", "id_", "ended"),
    [
        ("done", 1, "a-1", True),
        ("partly", 1, "a-1", True),
        ("failed", 1, "a-1", True),
        ("failed", None, "a-1", True),
        ("failed", 0, "a-1", False),
        ("moved", 0, "a-1", False),
        ("unknown", None, "a-1", False),
        ("done", 1, "a-2", False),
    ],
)
def test_what_has_ended_is_never_begun_again(
    outcome: str, sent: int | None, id_: str, *, ended: bool
) -> None:
    """Under the same approval: what a colleague took back since has the old digest."""
    found = result(ONE, applied=applied(outcome, sent=sent, approval=id_))
    assert apply.ended(found, approval(ONE)) is ended
    assert not apply.ended(None, approval(ONE))
    assert not apply.ended(result(ONE), approval(ONE))


def changed(document: FleetApprovalDocument, **line: Any) -> FleetApprovalDocument:
    """Return an approval whose first line is otherwise."""
    return document.model_copy(update={"shards": [document.shards[0].model_copy(update=line)]})


def test_who_may_be_applied(shards: Shards, tmp_path: Path, clock: list[datetime]) -> None:
    """Whose tenant, owner, hash and wave are what was approved, in its time, once the wave is let in."""
    shard = shards[ONE]
    right = changed(approval(ONE), hash=hashed(shard))
    over = "what decides it is not what was approved: files, lock file, --allow"
    rest = ", cloud or tool; nothing was changed"
    refused: list[tuple[FleetApprovalDocument, str, str]] = [
        (approval(TWO), "stopped", "not approved: the approval does not have it"),
        (
            changed(right, owner="x/y"),
            "moved",
            f"approved for x/y in tenant {TENANTS['contoso']}; nothing was changed",
        ),
        (
            changed(right, tenant_id="t"),
            "moved",
            "approved for myapp/customer in tenant t; nothing was changed",
        ),
        (changed(right, hash="h"), "moved", over + rest),
        (
            changed(right, hash="h", allow=["last", "many"]),
            "moved",
            f"{over} (it was planned with --allow last,many){rest}",
        ),
        (changed(right, wave=2), "moved", "approved in wave 2, and it is in wave 1 now; nothing was changed"),
        (right, "stopped", "wave 1 is not allowed to start: run `entra-config fleet check` first"),
    ]
    task = Task(ONE, "apply", "one", tmp_path, Flags())
    for document, outcome, reason in refused:
        with pytest.raises(NotLetInError) as stopped:
            apply.approved(replace(task, document=document), shard)
        assert (stopped.value.outcome, stopped.value.reason, str(stopped.value)) == (outcome, reason, reason)

    approval_file.allow_wave(tmp_path, right, 1)
    assert apply.approved(replace(task, document=right), shard) == right.shards[0]
    clock[0] += timedelta(days=1)
    with pytest.raises(NotLetInError, match=r"^the approval ended at .*; nothing was changed$"):
        apply.approved(replace(task, document=right), shard)
