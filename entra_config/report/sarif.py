"""What all SARIF 2.1.0 logs of this program share: the log around rules and results, a place, a fingerprint.

GitHub reads the first location and `primaryLocationLineHash` only; the hash is of what a result is about, so
that a moved line does not open a second alert.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from entra_config import __version__
from entra_config.errors import Position

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# Of a run GitHub keeps the 5,000 first results.
MOST = 5_000


def log(
    category: str, rules: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]], *, left: str
) -> dict[str, Any]:
    """Return a log of one run; a new upload replaces the last one of its category.

    `left` says what a cut leaves out, and where it is.
    """
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "entra-config", "semanticVersion": __version__, "rules": rules}},
        "automationDetails": {"id": category},
        "columnKind": "utf16CodeUnits",
        "results": results[:MOST],
    }
    if len(results) > MOST:
        left_out = f"{len(results) - MOST} of {len(results)} {left}"
        run["invocations"] = [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [{"level": "warning", "message": {"text": left_out}}],
            }
        ]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def written(content: Mapping[str, Any]) -> str:
    """Return a log as JSON text."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def result(
    rule: str, index: int, level: str, message: str, where: Position | None, *, root: str, fingerprint: str
) -> dict[str, Any]:
    """Return one result; what has no line of its own is shown at the root file."""
    return {
        "ruleId": rule,
        "ruleIndex": index,
        "level": level,
        "message": {"text": f"{message}{where.of_item if where else ''}"},
        "locations": [location(where, root)],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }


def fingerprint(identity: str) -> str:
    """Return what stands for an identity in a log."""
    return hashlib.sha256(identity.encode(errors="replace")).hexdigest()[:32]


def location(where: Position | None, root: str) -> dict[str, Any]:
    """Return a place as a log has it; what has none is at the root file."""
    region = {"startLine": where.line if where else 1, "startColumn": where.column if where else 1}
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(where.file if where else root)},
            "region": region,
        }
    }
