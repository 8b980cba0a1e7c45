"""The text of a drift report: what a terminal shows of findings, and of what is no finding."""

from __future__ import annotations

from dataclasses import replace

from entra_config.errors import Position
from entra_config.plan.model import Notice
from entra_config.report import drift_text
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
