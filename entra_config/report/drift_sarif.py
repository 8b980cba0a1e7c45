"""A drift in, SARIF 2.1.0 out: each finding points to the manifest's line.

GitHub reads the first location and `primaryLocationLineHash` only; the hash is of the finding's own identity, so that a moved
line does not open a second alert.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import quote

from entra_config import __version__
from entra_config.drift.model import Drift, Finding
from entra_config.report import drift_wording, escape

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HELP = {
    "added": "Somebody added this to the tenant by hand. Add it to the manifest, or apply the manifest to take it away.",
    "changed": "Somebody changed this in the tenant by hand. Change the manifest, or apply it to change it back.",
    "removed": "Somebody removed this from the tenant by hand. Remove it from the manifest, or apply it to bring it back.",
}


def render(drift: Drift, *, root: str) -> str:
    """Return the report as SARIF text; `root` is the manifest's root file, where what has no line of its own is shown."""
    return json.dumps(document(drift, root=root), indent=2, ensure_ascii=False) + "\n"


def document(drift: Drift, *, root: str) -> dict[str, Any]:
    """Return the report as a SARIF log."""
    rules = {finding.rule: finding.sign for finding in drift.findings}
    names = sorted(rules)
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "entra-config",
                        "semanticVersion": __version__,
                        "rules": [_rule(name, HELP[rules[name]]) for name in names],
                    }
                },
                # One category per environment: a new upload replaces the last of the same category only.
                "automationDetails": {"id": f"entra-config/{drift.project}/{drift.environment}/"},
                "columnKind": "utf16CodeUnits",
                "results": [_result(finding, names.index(finding.rule), root) for finding in drift.findings],
            }
        ],
    }


def _rule(name: str, help_text: str) -> dict[str, Any]:
    title = name.replace("-", " ").capitalize()
    return {
        "id": name,
        "shortDescription": {"text": title},
        "fullDescription": {"text": f"{title}: the tenant differs from the deployed manifest."},
        "help": {"text": help_text},
        "properties": {"tags": ["security", "drift"], "security-severity": "5.0"},
    }


def _result(finding: Finding, index: int, root: str) -> dict[str, Any]:
    where = finding.position
    told = f"{finding.sentence} ({drift_wording.sentence(finding.attribution)})"
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": "warning",
        "message": {"text": escape.text(told)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(where.file if where else root)},
                    "region": {"startLine": where.line if where else 1, "startColumn": where.column if where else 1},
                }
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": hashlib.sha256(finding.fingerprint.encode()).hexdigest()[:32]},
    }
