"""A lint report in, versioned JSON out (its schema is published in docs/schemas/lint.schema.json)."""

from __future__ import annotations

from typing import Any

from entra_config.errors import Position
from entra_config.lint.model import LintFinding, Report
from entra_config.report.document import Place
from entra_config.report.json import published, safe_value
from entra_config.report.lint_document import LintDocument
from entra_config.report.lint_sarif import fingerprints


def render(report: Report) -> str:
    """Return the report as JSON text: ASCII only, so that no name reaches a terminal raw."""
    return published(document(report))


def document(report: Report) -> LintDocument:
    """Return the report as the published document."""
    findings = [
        _finding(each, identity) for each, identity in zip(report.findings, fingerprints(report), strict=True)
    ]
    suppressed = [
        {
            "rule": each.finding.rule,
            "message": each.finding.message,
            "position": _place(each.finding.position),
            "comment": _place(each.by),
            "because": each.because,
            "until": each.until.isoformat() if each.until else None,
        }
        for each in report.suppressed
    ]
    content = {
        "version": 2,
        "kind": "lint",
        "project": report.project,
        "environments": list(report.environments),
        "findings": findings,
        "suppressed": suppressed,
        "notRead": list(report.not_read),
    }
    return LintDocument.model_validate(safe_value(content))


def _finding(each: LintFinding, identity: str) -> dict[str, Any]:
    return {
        "rule": each.rule,
        "severity": each.severity,
        "confidence": each.confidence,
        "persona": each.persona,
        "message": each.message,
        "help": each.help,
        "position": _place(each.position),
        "application": each.application,
        "environments": list(each.environments),
        "live": each.live,
        "fixable": bool(each.fix),
        "fingerprint": identity,
    }


def _place(where: Position | None) -> dict[str, Any] | None:
    return Place.of(where).model_dump() if where else None
