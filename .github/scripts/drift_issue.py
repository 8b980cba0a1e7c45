# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""A drift report in, one issue out: opened when drift appears, updated while it lasts, closed when it is
gone.

Usage: drift_issue.py ENVIRONMENT EXIT_CODE REPORT.md   (exit code of `entra-config drift`: 0 none, 2 drift)
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Python is started isolated (-I): the folder of this very script is added after the standard library, and
# nothing else is.
sys.path.append(str(Path(__file__).resolve().parent))

import room
from github_api import BODY_LIMIT, Api


@dataclass(frozen=True, slots=True)
class Topic:
    """What an issue is about: its label, its title, the artifact that has the whole report, what is said
    when it is over.
    """

    name: str
    title: str
    over: str

    @property
    def label(self) -> str:
        """Return the label that its issues bear."""
        return f"entra-{self.name}"


DRIFT = Topic("drift", "Drift in", "No drift any more.")


def open_issue(api: Api, topic: Topic, marker: str) -> dict[str, Any] | None:
    """Return the open issue of this environment, if there is one."""
    for issue in api.pages(f"/issues?state=open&labels={topic.label}&per_page=100"):
        # It is ours only under our own marker; the list holds pull requests too.
        if "pull_request" not in issue and (issue["body"] or "").startswith(marker):
            return dict(issue)
    return None


def settle(api: Api, environment: str, *, found: bool, report: str, topic: Topic = DRIFT) -> str:
    """Open, update or close the issue; return what was done."""
    marker = f"<!-- entra-config:{topic.name} environment={environment} -->"
    issue = open_issue(api, topic, marker)
    foot = f"[Run]({api.run_url})"
    whole = (
        f"the whole is the artifact `{topic.name}-{environment}` of [the run]({api.run_url}), and its "
        "summary."
    )
    text = f"{marker}\n{room.cut(report, BODY_LIMIT - len(marker) - len(foot) - 3, whole)}\n\n{foot}"
    match (found, issue):
        case (True, None):
            made = {"title": f"{topic.title} {environment}", "body": text, "labels": [topic.label]}
            return f"opened #{api.send('POST', '/issues', made)['number']}"
        case (True, dict()):
            api.send("PATCH", f"/issues/{issue['number']}", {"body": text})
            return f"updated #{issue['number']}"
        case (False, dict()):
            api.send(
                "POST", f"/issues/{issue['number']}/comments", {"body": f"{topic.over} [Run]({api.run_url})"}
            )
            api.send("PATCH", f"/issues/{issue['number']}", {"state": "closed", "state_reason": "completed"})
            return f"closed #{issue['number']}"
        case _:
            return f"nothing of {topic.name}, no issue"


if __name__ == "__main__":
    code = int(sys.argv[2])
    if code not in {0, 2}:
        raise SystemExit(f"entra-config drift ended with {code}: no report to file")
    print(settle(Api(), sys.argv[1], found=code == 2, report=Path(sys.argv[3]).read_text()))
