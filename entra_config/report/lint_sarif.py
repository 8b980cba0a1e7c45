"""A lint report in, SARIF 2.1.0 out: each finding points to the manifest's line, each rule says why and
how to mend it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from entra_config.lint.model import LintFinding, Report, Rule
from entra_config.manifest.lint_policy import Severity
from entra_config.report import escape, sarif

LEVEL: Mapping[Severity, str] = {"E": "error", "W": "warning", "I": "note"}
# Above 7 is high, from 4 to 6.9 medium, below that low.
SEVERITY: Mapping[Severity, str] = {"E": "8.0", "W": "5.0", "I": "2.0"}


def render(report: Report, rules: Mapping[str, Rule], *, root: str) -> str:
    """Return the report as SARIF text; `root` is the root file, where what has no line of its own is
    shown.
    """
    return json.dumps(document(report, rules, root=root), indent=2, ensure_ascii=False) + "\n"


def document(report: Report, rules: Mapping[str, Rule], *, root: str) -> dict[str, Any]:
    """Return the report as a SARIF log; a rule that found nothing is in it too, so that its alerts close."""
    names = list(rules)
    identities = fingerprints(report)
    results = [
        sarif.result(
            each.rule,
            names.index(each.rule),
            LEVEL[each.severity],
            escape.text(f"{each.message} (in {', '.join(each.environments)})"),
            each.position,
            root=root,
            fingerprint=identity,
        )
        for each, identity in zip(report.findings, identities, strict=True)
    ]
    left = "findings are not in this log: `--format json` has all"
    return sarif.log(
        f"entra-config/{report.project}/lint/", [_rule(rule) for rule in rules.values()], results, left=left
    )


def fingerprints(report: Report) -> list[str]:
    """Return what each finding is known by from run to run; the second of two alike is the second."""
    seen: dict[str, int] = {}
    found = []
    for each in report.findings:
        seen[each.identity] = seen.get(each.identity, 0) + 1
        found.append(_fingerprint(each, seen[each.identity]))
    return found


def _fingerprint(each: LintFinding, number: int) -> str:
    return sarif.fingerprint(each.identity if number == 1 else f"{each.identity}|{number}")


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.finds},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.fix},
        "defaultConfiguration": {"level": LEVEL[rule.severity]},
        "properties": {
            "tags": ["security", "lint"],
            "precision": rule.confidence,
            "security-severity": SEVERITY[rule.severity],
        },
    }
