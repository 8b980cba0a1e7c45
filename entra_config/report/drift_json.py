"""A drift in, versioned JSON out (its schema is published in docs/schemas/drift.schema.json)."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from entra_config.drift.model import Attribution, Drift, Finding
from entra_config.report import values
from entra_config.report.text import title

VERSION = 1


def render(drift: Drift) -> str:
    """Return the report as JSON text."""
    return json.dumps(document(drift), indent=2, ensure_ascii=False) + "\n"


def document(drift: Drift) -> dict[str, Any]:
    """Return the report as JSON values."""
    return {
        "version": VERSION,
        "project": drift.project,
        "environment": drift.environment,
        "tenant": {"id": drift.tenant.id, "name": drift.tenant.name},
        "base": drift.base,
        "checkedAt": _time(drift.checked_at),
        "since": _time(drift.since),
        "drifted": drift.drifted,
        "findings": [_finding(finding) for finding in drift.findings],
        "pending": [title(change) for change in drift.pending],
        "unmanaged": list(drift.unmanaged),
        "warnings": [notice.message for notice in drift.warnings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "address": str(finding.address),
        "sign": finding.sign,
        "rule": finding.rule,
        "sentence": finding.sentence,
        "path": finding.path,
        "declared": _shown(finding.declared, finding.path),
        "live": _shown(finding.live, finding.path),
        "file": finding.position.file if finding.position else None,
        "line": finding.position.line if finding.position else None,
        "attribution": _attribution(finding.attribution),
    }


def _shown(value: Any, path: str) -> Any:
    return values.SECRET if values.secret(path) and value is not None else values.plain(value)


def _attribution(who: Attribution) -> dict[str, Any]:
    return {
        "grade": who.grade,
        "reason": who.reason,
        "actor": asdict(who.actor),
        "when": _time(who.when),
        "others": [asdict(other) for other in who.others],
        "record": who.record_id,
    }


def _time(when: datetime | None) -> str | None:
    return when.isoformat().replace("+00:00", "Z") if when else None
