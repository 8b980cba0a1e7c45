"""A drift in, the text that a terminal shows out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from entra_config.drift.model import Drift, Finding
from entra_config.drift.risks import risk
from entra_config.plan import values
from entra_config.report import drift_wording, escape, remedies
from entra_config.report.change_text import TITLES, title
from entra_config.report.lines import WIDTH, Line, format_lines, line, signed
from entra_config.report.risk_words import heading
from entra_config.resource import Value
from entra_config.risk import LEVELS

SIGNS = {"added": "+", "changed": "~", "removed": "-"}


def render(drift: Drift, width: int = WIDTH) -> str:
    """Return the report as plain text."""
    return format_lines(lines(drift), width)


def lines(drift: Drift) -> list[Line]:
    """Return the report line by line, for a terminal or a file."""
    tenant = escape.text(drift.tenant.name)
    head = (
        f"Drift of {drift.project}/{drift.environment} · {tenant} ({drift.tenant.id[:4]}…) · against "
        f"{escape.text(drift.base)}"
    )
    found = list(_findings(drift))
    return [
        line((head, "bold")),
        line(),
        *found,
        *([line()] if found else []),
        *_apart(drift),
        line((escape.text(drift_wording.headline(drift)), "bold" if drift.drifted else "bold green")),
    ]


def _findings(drift: Drift) -> Iterator[Line]:
    """Yield the findings by risk, each level below its own line."""
    levels = {level: [each for each in drift.findings if risk(each) == level] for level in LEVELS}
    for number, (level, found) in enumerate((level, found) for level, found in levels.items() if found):
        yield from [line()] if number else []
        yield heading(level)
        for finding in found:
            yield from _finding(drift, finding, TITLES[level])


def _finding(drift: Drift, finding: Finding, style: str) -> Iterator[Line]:
    shown = (escape.text(finding.sentence), style)
    yield signed(2, SIGNS[finding.sign], shown, right=finding.position)
    for path, before, after in _differences(finding):
        declared, live = values.pair(before, after, path)
        yield line(" " * 6, f"{escape.text(path)}: declared {declared}, is {live}")
    yield line(" " * 6, (escape.text(drift_wording.sentence(finding.attribution)), "dim"))
    yield line(" " * 6, "Revert: ", escape.text(remedies.revert(finding, drift).text))


def _differences(finding: Finding) -> Iterator[tuple[str, Value, Value]]:
    """Yield what differs of something that changed: of an entry each of its fields."""
    if finding.sign != "changed" or finding.event:
        return
    if isinstance(finding.live, Mapping) and isinstance(finding.declared, Mapping):
        for name in finding.live:
            yield name, finding.declared.get(name), finding.live[name]
    else:
        yield finding.path, finding.declared, finding.live


def _apart(drift: Drift) -> Iterator[Line]:
    for notice in drift.warnings:
        yield line(("Warning: ", "yellow"), escape.text(notice.message), right=notice.position)
    yield from _no_drift(drift)
    if drift.unmanaged:
        yield line(f"Nobody manages {len(drift.unmanaged)} of the tenant's registrations:")
        for name in drift.unmanaged:
            yield line("  · ", escape.text(name))
    if drift.warnings or drift.information or drift.overdue or drift.pending or drift.unmanaged:
        yield line()


def _no_drift(drift: Drift) -> Iterator[Line]:
    """Yield what happened, is over or is not applied yet, and is no drift."""
    if drift.information:
        yield line(drift_wording.information(drift))
        for finding in drift.information:
            yield line("  · ", escape.text(drift_wording.event(finding)), right=finding.position)
    if drift.overdue:
        yield line(escape.text(drift_wording.overdue(drift)))
        for each in drift.overdue:
            yield line("  · ", escape.text(drift_wording.late(each)), right=each.position)
    if drift.pending:
        yield line(escape.text(drift_wording.pending(drift)))
        for change in drift.pending:
            yield line("  · ", escape.text(title(change)))
