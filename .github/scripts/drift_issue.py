"""A drift report in, one issue out: opened when drift appears, updated while it lasts, closed when it is gone.

Usage: drift_issue.py ENVIRONMENT EXIT_CODE REPORT.md   (exit code of `entra-config drift`: 0 none, 2 drift)
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

# Python is started isolated (-I): the folder of this very script is added after the standard library, and nothing else is.
sys.path.append(str(Path(__file__).resolve().parent))

import room
from github_api import BODY_LIMIT, Api

LABEL = "entra-drift"


def open_issue(api: Api, marker: str) -> dict[str, Any] | None:
    """Return the open issue of this environment, if there is one."""
    for issue in api.pages(f"/issues?state=open&labels={LABEL}&per_page=100"):
        # Graph's drift is ours only under our own marker; the list holds pull requests too.
        if "pull_request" not in issue and (issue["body"] or "").startswith(marker):
            return dict(issue)
    return None


def settle(api: Api, environment: str, *, drifted: bool, report: str) -> str:
    """Open, update or close the issue; return what was done."""
    marker = f"<!-- entra-config:drift environment={environment} -->"
    issue = open_issue(api, marker)
    foot = f"[Run]({api.run_url})"
    whole = f"the whole is the artifact `drift-{environment}` of [the run]({api.run_url}), and its summary."
    text = f"{marker}\n{room.cut(report, BODY_LIMIT - len(marker) - len(foot) - 3, whole)}\n\n{foot}"
    match (drifted, issue):
        case (True, None):
            created = api.send("POST", "/issues", {"title": f"Drift in {environment}", "body": text, "labels": [LABEL]})
            return f"opened #{created['number']}"
        case (True, dict()):
            api.send("PATCH", f"/issues/{issue['number']}", {"body": text})
            return f"updated #{issue['number']}"
        case (False, dict()):
            api.send("POST", f"/issues/{issue['number']}/comments", {"body": f"No drift any more. [Run]({api.run_url})"})
            api.send("PATCH", f"/issues/{issue['number']}", {"state": "closed", "state_reason": "completed"})
            return f"closed #{issue['number']}"
        case _:
            return "no drift, no issue"


if __name__ == "__main__":
    code = int(sys.argv[2])
    if code not in {0, 2}:
        raise SystemExit(f"entra-config drift ended with {code}: no report to file")
    print(settle(Api(), sys.argv[1], drifted=code == 2, report=Path(sys.argv[3]).read_text()))
