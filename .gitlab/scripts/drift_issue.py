# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""A drift report in, one issue out: opened when drift appears, updated while it lasts, closed when it is
gone.

Usage: drift_issue.py ENVIRONMENT EXIT_CODE REPORT.md   (exit code of `entra-config drift`: 0 none, 2 drift)
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

# Python is started isolated (-I): the folder of this very script is added after the standard library, and
# nothing else is.
sys.path.append(str(Path(__file__).resolve().parent))

import room
from gitlab_api import BODY_LIMIT, Api, silent

LABEL = "entra-drift"


def open_issue(api: Api, marker: str) -> dict[str, Any] | None:
    """Return the open issue of this environment, if our own bot wrote one."""
    own = api.own_id()
    for issue in api.pages(f"/issues?state=opened&labels={LABEL}"):
        if issue["author"]["id"] == own and (issue["description"] or "").startswith(marker):
            return dict(issue)
    return None


def settle(api: Api, environment: str, *, drifted: bool, report: str) -> str:
    """Open, update or close the issue; return what was done."""
    marker = f"<!-- entra-config:drift environment={environment} -->"
    issue = open_issue(api, marker)
    foot = f"[Job]({api.run_url})"
    whole = f"the whole is in the artifacts of [the job]({api.run_url})."
    text = f"{marker}\n{silent(room.cut(report, BODY_LIMIT - len(marker) - len(foot) - 3, whole))}\n\n{foot}"
    if issue is None:
        if not drifted:
            return "no drift, no issue"
        made = api.send(
            "POST", "/issues", {"title": f"Drift in {environment}", "description": text, "labels": LABEL}
        )
        return f"opened #{made['iid']}"
    where = f"/issues/{issue['iid']}"
    if drifted:
        api.send("PUT", where, {"description": text})
        return f"updated #{issue['iid']}"
    api.send("POST", f"{where}/notes", {"body": f"No drift any more. {foot}"})
    api.send("PUT", where, {"state_event": "close"})
    return f"closed #{issue['iid']}"


if __name__ == "__main__":
    print(
        settle(
            Api(),
            sys.argv[1],
            drifted=sys.argv[2] == "2",
            report=Path(sys.argv[3]).read_text(encoding="utf-8"),
        )
    )
