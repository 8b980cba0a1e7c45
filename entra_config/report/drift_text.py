"""A drift in, the text that a terminal shows out."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.drift.model import Drift, Finding
from entra_config.plan import values
from entra_config.report import drift_wording, escape
from entra_config.report.lines import WIDTH, Line, line, plain, signed
from entra_config.report.text import title

SIGNS = {"added": "+", "changed": "~", "removed": "-"}


def render(drift: Drift, width: int = WIDTH) -> str:
    """Return the report as plain text."""
    return plain(lines(drift), width)


def lines(drift: Drift) -> list[Line]:
    """Return the report line by line, for a terminal or a file."""
    tenant = escape.text(drift.tenant.name)
    head = (
        f"Drift of {drift.project}/{drift.environment} · {tenant} ({drift.tenant.id[:4]}…) · against "
        f"{escape.text(drift.base)}"
    )
    found = [each for finding in drift.findings for each in _finding(finding)]
    return [
        line((head, "bold")),
        line(),
        *found,
        *([line()] if found else []),
        *_apart(drift),
        line((escape.text(drift_wording.headline(drift)), "bold red" if drift.drifted else "bold green")),
    ]


def _finding(finding: Finding) -> Iterator[Line]:
    yield signed(2, SIGNS[finding.sign], escape.text(finding.sentence), right=finding.position)
    if finding.sign == "changed":
        declared, live = values.pair(finding.declared, finding.live, finding.path)
        yield line(" " * 6, f"{escape.text(finding.path)}: declared {declared}, is {live}")
    yield line(" " * 6, (escape.text(drift_wording.sentence(finding.attribution)), "dim"))


def _apart(drift: Drift) -> Iterator[Line]:
    for notice in drift.warnings:
        yield line(("Warning: ", "yellow"), escape.text(notice.message), right=notice.position)
    if drift.overdue:
        yield line(escape.text(drift_wording.overdue(drift)))
        for each in drift.overdue:
            yield line("  · ", escape.text(drift_wording.late(each)), right=each.position)
    if drift.pending:
        yield line(escape.text(drift_wording.pending(drift)))
        for change in drift.pending:
            yield line("  · ", escape.text(title(change)))
    if drift.unmanaged:
        yield line(f"Nobody manages {len(drift.unmanaged)} of the tenant's registrations:")
        for name in drift.unmanaged:
            yield line("  · ", escape.text(name))
    if drift.warnings or drift.overdue or drift.pending or drift.unmanaged:
        yield line()
