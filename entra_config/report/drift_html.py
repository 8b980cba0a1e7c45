"""A drift in, one self-contained HTML page out: the answer in a sentence, a square for each finding, then
each with who did it and both ways out; no external request, no script.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from entra_config.drift.model import Drift, Finding
from entra_config.drift.risks import class_of, risk
from entra_config.plan import values
from entra_config.report import drift_history, drift_wording, made, remedies, rendering
from entra_config.report.change_text import title
from entra_config.report.drift_history import Tally
from entra_config.report.made import HowMade
from entra_config.report.overview import Overview
from entra_config.report.pages import Fact, Listed, Named
from entra_config.risk import LEVELS

SIGNS = {"added": "+", "changed": "~", "removed": "−"}


class Row(NamedTuple):
    """One thing about a finding: a text, a text in code, a command, or an application."""

    name: str
    text: str = ""
    code: str = ""
    command: str = ""
    application: Named | None = None


def render(drift: Drift, *, earlier: Sequence[Tally] = (), how: HowMade | None = None) -> str:
    """Return the report as an HTML document; `earlier` are tallies of earlier reports, for its picture,
    `how` is how it was made.
    """
    how = how or HowMade(command=("drift", "-e", drift.environment))
    items = Overview([(_key(each), risk(each)) for each in drift.findings], "finding", drift.names)
    return rendering.html_page(
        "drift.html",
        title=f"Drift of {drift.project}/{drift.environment}",
        style=items.style,
        headline=drift_wording.headline(drift),
        detail=_detail(drift),
        rows=list(_facts(drift, how)),
        overview=items,
        history=drift_history.picture([*earlier, drift_history.of(drift)]),
        findings=[_finding(drift, each, items, how) for each in drift.findings],
        sections=[
            Listed("Warnings", [notice.message for notice in drift.warnings]),
            Listed("Information (no drift)", [drift_wording.event(each) for each in drift.information]),
            Listed(
                "Expired, not yet removed (no drift)",
                [drift_wording.late(each) for each in drift.overdue],
                "expired",
            ),
            Listed("Not applied yet (no drift)", [title(change) for change in drift.pending], "pending"),
            Listed("Registrations that nobody manages", list(drift.unmanaged)),
        ],
        footer=made.footer(how, drift.by),
    )


def _key(finding: Finding) -> str:
    return finding.application or finding.address.key


def _detail(drift: Drift) -> str:
    """Return what the high findings are, counted by what they are called."""
    counts = Counter(each.rule for each in drift.findings if risk(each) == "high")
    if not counts:
        return ""
    words = ((rule.replace("-", " ").replace(" uri", " URI"), number) for rule, number in counts.items())
    rules = [f"{number} × {name}" for name, number in words]
    high = counts.total()
    return f"{high} of them {'is' if high == 1 else 'are'} High: {', '.join(rules)}."


def _facts(drift: Drift, how: HowMade) -> Iterator[Fact]:
    yield Fact("Tenant", drift.tenant.name, drift.tenant.id)
    yield Fact("Compared with", drift.base)
    by = f", by {drift.by}" if drift.by else ""
    yield Fact("Checked", f"{drift_wording.moment(drift.checked_at)}{by}")
    if how.manifest:
        yield Fact("Manifest", code=how.manifest)
    if drift.since:
        yield Fact("Deployed", drift_wording.moment(drift.since))
    if drift.overdue:
        yield Fact("Expired, not yet removed", f"{len(drift.overdue)}, no drift", anchor="expired")
    if drift.pending:
        yield Fact("Not applied yet", f"{len(drift.pending)}, no drift", anchor="pending")


def _finding(drift: Drift, finding: Finding, items: Overview, how: HowMade) -> dict[str, Any]:
    level, why = risk(finding), class_of(finding).why
    return {
        "classes": items.classes(_key(finding), level),
        "level": LEVELS[level],
        "sign": SIGNS[finding.sign],
        "verb": finding.sign.capitalize(),
        "sentence": finding.sentence,
        "why": why[:1].upper() + why[1:],
        "rows": list(_rows(drift, finding, how)),
    }


def _rows(drift: Drift, finding: Finding, how: HowMade) -> Iterator[Row]:
    if _key(finding) in drift.names:
        yield Row("Application", application=Named.of(_key(finding), drift.names))
    if finding.path:
        yield Row("Property", code=finding.path)
    for name, value in (("Declared", finding.declared), ("Is", finding.live)):
        if value is not None:
            yield Row(name, code=values.format_value(value, finding.path))
    yield Row("By, when", drift_wording.sentence(finding.attribution).removeprefix("by "))
    if finding.position:
        yield Row("Manifest", code=finding.position.short)
    for name, remedy in (
        ("Accept", remedies.accept(finding, drift, how.where)),
        ("Revert", remedies.revert(finding, drift)),
    ):
        yield Row(name, remedy.words, command=remedy.command)
