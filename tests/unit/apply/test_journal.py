"""Lines of a journal in; whether an apply of a plan died, and what it had done, out."""

from __future__ import annotations

import io
import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from entra_config.apply.journal import Died, Journal, died
from tests.unit.apply.ground import Ground, create, enlist, rule

AT = datetime(2026, 1, 1, tzinfo=UTC)
BEGAN = AT.isoformat()


def tried(step: str, status: int, method: str = "POST") -> str:
    """Return the line of one try."""
    return json.dumps({"at": BEGAN, "step": step, "method": method, "path": "/x", "status": status})


def lines(*parts: str | tuple[str, bool | int]) -> list[str]:
    """Return a journal: of each pair the beginning of a plan with its steps, or its end."""
    file = io.StringIO()
    journal = Journal(file, lambda: AT)
    for part in parts:
        match part:
            case (plan, bool(complete)):
                journal.ended(plan, complete=complete)
            case (plan, steps):
                journal.began(plan, steps)
            case line:
                file.write(f"{line}\n")
    return file.getvalue().splitlines()


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ([], None),
        ([("p", 3)], Died(BEGAN, 3, frozenset())),
        (
            [("p", 3), tried("a", 201), tried("b", 429), tried("c", 200, "GET")],
            Died(BEGAN, 3, frozenset("a")),
        ),
        ([("p", 3), tried("a", 201), ("p", True)], None),
        ([("p", 3), tried("a", 201), ("p", False)], Died(BEGAN, 3, frozenset("a"))),
        ([("q", 3), tried("a", 201)], None),
        ([("q", 3), tried("a", 201), ("p", 2), tried("b", 204)], Died(BEGAN, 2, frozenset("b"))),
        ([("p", 2), tried("b", 204), ("q", 3), tried("a", 201)], Died(BEGAN, 2, frozenset("b"))),
        # The rest was begun, too, under the same approval: what was done stays done.
        ([("p", 3), tried("a", 201), ("p", 2), tried("b", 299)], Died(BEGAN, 3, frozenset("ab"))),
        ([("p", 3), tried("a", 300), ("p", 2), ("p", True)], None),
        ([("p", 3), "", "[1]", '{"at": 1}', '{"at": "', tried("a", 201)], Died(BEGAN, 3, frozenset("a"))),
        ([tried("a", 201), ("p", 3)], Died(BEGAN, 3, frozenset())),
    ],
)
def test_how_an_apply_ended(written: list[str | tuple[str, bool | int]], found: Died | None) -> None:
    """It died unless its end says that all was done; another plan's lines are another's."""
    assert died(lines(*written), "p") == found


def test_a_journal_is_its_owners_alone_and_closed_with_what_was_done(tmp_path: Path) -> None:
    """Another run appends to it."""
    path = tmp_path / "state" / "journal"
    for plan in ("one", "two"):
        with Journal.open(path, lambda: AT) as journal:
            journal.began(plan, 1)
            assert path.read_text().count("\n") == (1 if plan == "one" else 2)  # a killed process leaves it
        with pytest.raises(ValueError, match="closed file"):
            journal.began(plan, 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_full_disk_is_an_error_that_names_the_journal(tmp_path: Path) -> None:
    """The line that cannot be written, and the end of the file."""
    path = tmp_path / "journal"
    path.symlink_to("/dev/full")
    journal = Journal.open(path, lambda: AT)
    for write in (lambda: journal.began("p", 1), journal.close):
        with pytest.raises(OSError) as caught:  # noqa: PT011  # its file name is what counts
            write()
        assert caught.value.filename == str(path)


def test_the_journal_tells_every_try_and_no_body() -> None:
    """Each line has time, step, request, status, request id and duration; nothing of what was sent."""
    ground = Ground(
        rules=[
            rule(
                "respond",
                "applications",
                "POST",
                status=429,
                code="TooManyRequests",
                message="slow",
                retry_after=2,
            )
        ]
    )
    file = io.StringIO()
    ground.apply(
        [create("a", notes="hush"), enlist("a")],
        journal=Journal(file, lambda: datetime(2026, 1, 1, tzinfo=UTC)),
        wait=False,
    )
    lines = [json.loads(line) for line in file.getvalue().splitlines()]
    assert [(line["step"], line["method"], line["status"]) for line in lines] == [
        ("application.a/create", "POST", 429),
        ("application.a/create", "POST", 201),
        ("enterpriseApplication.a/create", "POST", 201),
    ]
    assert all(line["requestId"] for line in lines[1:])
    assert lines[0]["at"] == "2026-01-01T00:00:00+00:00"
    assert "hush" not in file.getvalue()
