"""A lint report in, SARIF 2.1.0 out: each finding points to the manifest's line, each rule says why and
how to mend it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from entra_config.lint.model import LintFinding, Report, Rule
from entra_config.report import escape, sarif
from entra_config.risk import LEVELS

# Of a severity's number GitHub takes above 7 as high, from 4 to 6.9 as medium, below that as low.
_BY_SEVERITY = {each.lint: each for each in LEVELS.values()}


def render(report: Report, rules: Mapping[str, Rule], *, root: str) -> str:
    """Return the report as SARIF text; `root` is the root file, where what has no line of its own is
    shown.
    """
    return sarif.written(document(report, rules, root=root))


def document(report: Report, rules: Mapping[str, Rule], *, root: str) -> dict[str, Any]:
    """Return the report as a SARIF log; a rule that found nothing is in it too, so that its alerts close."""
    names = list(rules)
    identities = fingerprints(report)
    results = [
        sarif.result(
            each.rule,
            names.index(each.rule),
            _BY_SEVERITY[each.severity].sarif,
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
        "defaultConfiguration": {"level": _BY_SEVERITY[rule.severity].sarif},
        "properties": {
            "tags": ["security", "lint"],
            "precision": rule.confidence,
            "security-severity": _BY_SEVERITY[rule.severity].severity,
        },
    }
