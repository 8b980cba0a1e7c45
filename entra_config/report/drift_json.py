"""A drift in, versioned JSON out (its schema is published in docs/schemas/drift.schema.json)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from entra_config.drift.earlier import Earlier
from entra_config.drift.model import Attribution, Drift, Finding, KnownGroup, Objects, Overdue
from entra_config.drift.risks import risk
from entra_config.kinds.table import OBJECTS
from entra_config.plan import values
from entra_config.report import remedies
from entra_config.report.change_text import title
from entra_config.report.drift_document import DriftDocument
from entra_config.report.json import published, safe_value


def render(drift: Drift) -> str:
    """Return the report as JSON text: ASCII only, so that no name reaches a terminal raw."""
    return published(document(drift))


def read(text: bytes) -> tuple[Earlier, DriftDocument]:
    """Return what a report says that was written earlier; pydantic's ValidationError where it is none of
    this version.
    """
    found = DriftDocument.model_validate_json(text)
    since = {each.fingerprint: each.since for each in (*found.findings, *found.information)}
    whole = (each.address for each in found.findings if each.sign == "removed" and not each.path)
    gone = ((address, *address.partition(".")[::2]) for address in whole)
    missing = frozenset(key if kind in OBJECTS else address for address, kind, key in gone)
    known = found.objects
    groups = {name: KnownGroup(each.id, each.people) for name, each in known.groups.items()}
    objects = Objects(known.applications, known.entries, known.users, groups, known.service_principals)
    return Earlier(found.checked_at, found.manifest, since, missing, objects), found


def document(drift: Drift) -> DriftDocument:
    """Return the report as the published document."""
    content = {
        "version": 2,
        "kind": "drift",
        "project": drift.project,
        "environment": drift.environment,
        "tenant": {"id": drift.tenant.id, "name": drift.tenant.name},
        "base": drift.base,
        "manifest": drift.manifest,
        "checked_at": drift.checked_at,
        "since": drift.since,
        "drifted": drift.drifted,
        "findings": [_finding(drift, finding) for finding in drift.findings],
        "information": [_finding(drift, finding) for finding in drift.information],
        "overdue": [_overdue(each) for each in drift.overdue],
        "pending": [title(change) for change in drift.pending],
        "unmanaged": list(drift.unmanaged),
        "warnings": [notice.message for notice in drift.warnings],
        "objects": asdict(drift.objects),
    }
    return DriftDocument.model_validate(safe_value(content))


def _finding(drift: Drift, finding: Finding) -> dict[str, Any]:
    remedy = remedies.revert(finding, drift)
    return {
        "address": str(finding.address),
        "sign": finding.sign,
        "risk": risk(finding),
        "rule": finding.rule,
        "sentence": finding.sentence,
        "path": finding.path,
        "element": list(finding.element) if isinstance(finding.element, tuple) else finding.element,
        "ids": dict(finding.ends),
        "fingerprint": finding.fingerprint,
        "declared": _shown(finding.declared, finding.path),
        "live": _shown(finding.live, finding.path),
        "file": finding.position.file if finding.position else None,
        "line": finding.position.line if finding.position else None,
        "item": (finding.position.item.name or None) if finding.position else None,
        "since": finding.good_at,
        "attribution": _attribution(finding.attribution),
        "revert": remedy.command,
        "not_reverted": remedy.words,
    }


def _overdue(each: Overdue) -> dict[str, Any]:
    return {
        "address": str(each.address),
        "sentence": each.sentence,
        "until": each.until,
        "path": each.path,
        "element": each.element,
        "remedy": each.remedy,
        "file": each.position.file if each.position else None,
        "line": each.position.line if each.position else None,
        "item": (each.position.item.name or None) if each.position else None,
    }


def _shown(value: Any, path: str) -> Any:
    return values.SECRET if values.secret(path) and value is not None else values.to_json(value)


def _attribution(who: Attribution) -> dict[str, Any]:
    return {
        "grade": who.grade,
        "reason": who.reason,
        "actor": asdict(who.actor),
        "when": who.when,
        "first": who.first if who.first != who.when else None,
        "others": [asdict(other) for other in who.others],
        "suspects": who.suspects,
        "as_of": who.as_of,
        "ours": who.ours,
        "record": who.record_id,
    }
