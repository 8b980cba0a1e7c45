"""The text of a drift report: what a terminal shows of findings, and of what is no finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from entra_config.drift.model import Finding, Overdue
from entra_config.errors import Position
from entra_config.plan.model import Notice
from entra_config.report import drift_text
from entra_config.resource import Address
from tests.unit.report.drifts import sample


def test_each_finding_says_what_is_and_who_did_it() -> None:
    """A line with its sign and place, the two values where it changed, and the actor below it."""
    drift = sample()
    shown = drift_text.render(drift)

    assert shown.startswith(f"Drift of {drift.project}/{drift.environment}")
    changed = [each for each in drift.findings if each.sign == "changed"]
    assert shown.count(": declared ") == len(changed) > 0
    assert all(each.sentence.split()[0] in shown for each in drift.findings)


def test_what_is_no_finding_stands_apart_from_them() -> None:
    """Warnings with their place, what nobody applied yet, registrations that nobody manages; then the
    headline.
    """
    quiet = sample(findings=False)
    noisy = replace(
        quiet,
        warnings=(Notice("the log may be late", position=Position("manifests/a.yaml", 3, 5)),),
        unmanaged=("Old page", "Somebody's app"),
    )
    lines = drift_text.render(noisy).splitlines()

    assert any(
        line.startswith("Warning: the log may be late") and line.endswith("manifests/a.yaml:3")
        for line in lines
    )
    assert "Nobody manages 2 of the tenant's registrations:" in lines
    assert lines[lines.index("  · Old page") + 1] == "  · Somebody's app"
    assert lines[-2] == ""
    nothing = replace(quiet, warnings=(), pending=(), unmanaged=())
    assert len(drift_text.render(nothing).splitlines()) == 3


def test_each_field_of_a_changed_entry_is_said() -> None:
    """An app role that somebody edited: what is declared and what is, field by field, absent ones too."""
    edited = Finding(
        Address("application", "api"),
        "changed",
        "app-role-changed",
        "app role Reader of api",
        "appRoles",
        {"value": "Reader", "isEnabled": True},
        {"isEnabled": False, "description": "Reads"},
    )
    lines = drift_text.render(replace(sample(findings=False), findings=(edited,))).splitlines()

    assert [line.strip() for line in lines if ": declared " in line] == [
        "isEnabled: declared true, is false",
        'description: declared null, is "Reads"',
    ]


def test_what_is_over_and_still_there_is_said_with_what_takes_it_away() -> None:
    """Nobody's deed: it stands apart from findings, with its place."""
    late = Overdue(
        Address("application", "api"),
        date(2026, 11, 1),
        "User bob holds api/Reader",
        position=Position("manifests/access.yaml", 9, 7),
        remedy="entra-config apply --expired",
    )
    lines = drift_text.render(replace(sample(findings=False), overdue=(late,))).splitlines()

    said = next(
        number
        for number, line in enumerate(lines)
        if "Expired, not yet removed: 1 (nobody did that, no drift)." in line
    )
    assert "User bob holds api/Reader: until 1 Nov 2026" in lines[said + 1]
    assert "`entra-config apply --expired` takes it away" in lines[said + 1]
    assert lines[said + 1].endswith("manifests/access.yaml:9")
