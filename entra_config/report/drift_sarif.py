"""A drift in, SARIF 2.1.0 out: each finding points to the manifest's line."""

from __future__ import annotations

from typing import Any

from entra_config.drift.model import Drift, Finding, Overdue
from entra_config.drift.risks import risk
from entra_config.plan.model import Notice
from entra_config.report import drift_wording, escape, sarif
from entra_config.risk import LEVELS

HELP = {
    "added": (
        "Somebody added this to the tenant by hand. Add it to the manifest, or apply the manifest to "
        "take it away."
    ),
    "changed": (
        "Somebody changed this in the tenant by hand. Change the manifest, or apply it to change it back."
    ),
    "removed": (
        "Somebody removed this from the tenant by hand. Remove it from the manifest, or apply it to "
        "bring it back."
    ),
}


_WARNING: dict[str, Any] = {
    "id": "drift-warning",
    "shortDescription": {"text": "Warning of a drift report"},
    "fullDescription": {"text": "Something to know beside what was changed."},
    "help": {"text": "Nothing is taken away for it; the message says what can be done."},
    "properties": {"tags": ["drift"], "security-severity": LEVELS["low"].severity},
}


_OVERDUE: dict[str, Any] = {
    "id": "expired-not-removed",
    "shortDescription": {"text": "Expired, not yet removed"},
    "fullDescription": {"text": "Its `until` is over and the tenant has it still: nobody did that."},
    "help": {"text": "Nothing expires by itself: `entra-config apply --expired` takes it away."},
    "properties": {"tags": ["security", "drift"], "security-severity": LEVELS["medium"].severity},
}


_INFORMATION: dict[str, Any] = {
    "id": "drift-information",
    "shortDescription": {"text": "Information of a drift report"},
    "fullDescription": {"text": "Something was renamed, or a user left, and plan does nothing for it."},
    "help": {
        "text": "`entra-config lock` writes the new name down; a user who left can be removed from the files."
    },
    "properties": {"tags": ["drift"], "security-severity": LEVELS["low"].severity},
}


def render(drift: Drift, *, root: str) -> str:
    """Return the report as SARIF text; `root` is the manifest's root file, where what has no line of its
    own is shown.
    """
    return sarif.written(document(drift, root=root))


def document(drift: Drift, *, root: str) -> dict[str, Any]:
    """Return the report as a SARIF log."""
    gravest = {finding.rule: finding for finding in reversed(drift.findings)}
    rules = [_rule(name, gravest[name]) for name in sorted(gravest)]
    names = [rule["id"] for rule in rules]
    results = [_result(finding, names.index(finding.rule), root) for finding in drift.findings]
    if drift.warnings:
        rules.append(_WARNING)
        results += [_warning(notice, len(rules) - 1, root) for notice in drift.warnings]
    if drift.information:
        rules.append(_INFORMATION)
        results += [_told(each, len(rules) - 1, root) for each in drift.information]
    if drift.overdue:
        rules.append(_OVERDUE)
        results += [_late(each, len(rules) - 1, root) for each in drift.overdue]
    left = "findings and warnings are not in this log, the slightest ones: drift.json has all"
    return sarif.log(f"entra-config/{drift.project}/{drift.environment}/", rules, results, left=left)


def _rule(name: str, finding: Finding) -> dict[str, Any]:
    title = name.replace("-", " ").capitalize()
    return {
        "id": name,
        "shortDescription": {"text": title},
        "fullDescription": {"text": f"{title}: the tenant differs from the deployed manifest."},
        "help": {"text": HELP[finding.sign]},
        "properties": {"tags": ["security", "drift"], "security-severity": LEVELS[risk(finding)].severity},
    }


def _result(finding: Finding, index: int, root: str) -> dict[str, Any]:
    message = escape.text(f"{finding.sentence} ({drift_wording.sentence(finding.attribution)})")
    level = LEVELS[risk(finding)].sarif
    return sarif.result(
        finding.rule, index, level, message, finding.position, root=root, fingerprint=finding.fingerprint
    )


def _told(finding: Finding, index: int, root: str) -> dict[str, Any]:
    message = escape.text(drift_wording.event(finding))
    return sarif.result(
        _INFORMATION["id"],
        index,
        "note",
        message,
        finding.position,
        root=root,
        fingerprint=finding.fingerprint,
    )


def _late(each: Overdue, index: int, root: str) -> dict[str, Any]:
    identity = sarif.fingerprint(f"{each.address}|{each.path}|{each.element}|expired")
    message = escape.text(drift_wording.late(each))
    return sarif.result(
        _OVERDUE["id"], index, "warning", message, each.position, root=root, fingerprint=identity
    )


def _warning(notice: Notice, index: int, root: str) -> dict[str, Any]:
    identity = sarif.fingerprint(f"{notice.address}|{notice.message}")
    return sarif.result(
        _WARNING["id"],
        index,
        "note",
        escape.text(notice.message),
        notice.position,
        root=root,
        fingerprint=identity,
    )
