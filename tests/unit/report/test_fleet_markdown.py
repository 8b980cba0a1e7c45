"""A report on a fleet as a comment: bounded in each part, and what is left out is counted."""

from __future__ import annotations

import pytest

from entra_fleet.report import wording
from entra_fleet.report.document import FleetGroupPart, FleetMemberPart, FleetReportDocument
from entra_fleet.report.markdown import MOST, render


def members(number: int, *, code: int | None = 2, reason: str = "") -> list[FleetMemberPart]:
    """Return so many shards."""
    return [
        FleetMemberPart(
            shard=f"tenant-{each}/shop",
            tenant_id="t",
            wave=1,
            code=code,
            reason=reason,
            place="fleet.yaml:1:1",
            digest="",
            counts=[],
            not_compared=[],
        )
        for each in range(1, number + 1)
    ]


def group(
    number: int = 1, *, lines: int = 1, risk: str = "high", outcome: str | None = None, obstacle: str = ""
) -> FleetGroupPart:
    """Return a kind of change of so many shards."""
    return FleetGroupPart.model_validate(
        {
            "id": "0123456789abcdef",
            "kind": "k",
            "outcome": outcome,
            "obstacle": obstacle,
            "after": "",
            "risk": risk,
            "headline": [f"line {each}" for each in range(1, lines + 1)],
            "distinct": [],
            "counts": [],
            "text": "",
            "changes": [],
            "members": [each.model_dump() for each in members(number)],
        }
    )


def report(*groups: FleetGroupPart, failed: int = 0, without: int = 0) -> FleetReportDocument:
    """Return a report of these kinds, and of so many shards that failed or have no result."""
    return FleetReportDocument(
        version=3,
        kind="fleetReport",
        id="i",
        run="r",
        do="plan",
        shards=sum(len(each.members) for each in groups) + failed + without,
        code=2,
        groups=list(groups),
        failed=members(failed, code=1, reason="of Ann"),
        without_result=members(without, code=None, reason="not run"),
        not_planned=[],
        lock_files_without_tenant=[],
        guards=[],
        waves=[],
        limits=[],
    )


@pytest.mark.parametrize(("number", "more"), [(MOST - 1, ""), (MOST, ""), (MOST + 1, "1"), (MOST + 2, "2")])
def test_fifty_of_each_are_shown_and_the_others_counted(number: int, more: str) -> None:
    """Kinds, shards that failed and shards without a result."""
    text = render(report(*[group() for _ in range(number)], failed=number, without=number))
    shown = min(number, MOST)

    assert text.count("**High · 1 shard**") == shown
    assert text.count("\n- `tenant-") == 2 * shown, "failed and without a result"
    kinds = {"": "", "1": "And 1 kind more", "2": "And 2 kinds more"}[more]
    assert ("of no higher risk" in text) == bool(kinds)
    assert kinds in text
    assert text.count(f"- and {more} more\n") == (2 if more else 0)
    assert "- and -" not in text
    assert "- and 0" not in text


def test_what_is_not_there_has_no_heading_and_why_something_failed_is_not_told() -> None:
    """A reason may quote names of people; why there is no result is the tool's own sentence."""
    text = render(report(group(2), failed=1, without=1))
    assert "**Failed**" in text
    assert "of Ann" not in text
    assert "`tenant-1/shop`: `not run`" in text
    assert text.startswith("### Fleet: 4 shards: 2 in 1 kind, 1 failed, 1 without a result\n")
    text = render(report(group(1)))
    assert text.startswith("### Fleet: 1 shard: 1 in 1 kind\n")
    assert "Failed" not in text
    assert "Without a result" not in text


@pytest.mark.parametrize(
    ("made", "title"),
    [
        (group(), "High · 1 shard"),
        (group(2, risk="none"), "No change · 2 shards"),
        (group(obstacle="refused"), "Refused · High · 1 shard"),
        (group(obstacle="withheld"), "Withheld · High · 1 shard"),
        (group(outcome="done"), "Done · High · 1 shard"),
        (group(outcome="moved", obstacle="refused"), "The plan moved · High · 1 shard"),
    ],
)
def test_a_kind_is_called_by_its_level(made: FleetGroupPart, title: str) -> None:
    """What came of it, or what is in its way, stands before."""
    assert wording.title(made) == title


@pytest.mark.parametrize("number", [0, 1, 11, 12, 13, 14])
def test_twelve_lines_and_names_are_the_first(number: int) -> None:
    """Of what a kind does, and of whom; one that does nothing says that."""
    made = group(max(1, number), lines=number)
    lines = [f"line {each}" for each in range(1, min(number, 12) + 1)]
    more = [f"and {number - 12} more"] if number > 12 else []
    assert wording.said(made) == ([*lines, *more] or ["nothing to do"])

    names = [f"tenant-{each}/shop" for each in range(1, min(max(1, number), 12) + 1)]
    end = f" and {number - 12} more" if number > 12 else ""
    assert wording.members(made) == ", ".join(names) + end
