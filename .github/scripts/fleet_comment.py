# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""A report on a fleet in; one comment on the pull request out, written or updated.

Usage: fleet_comment.py PULL_NUMBER REPORT.md
"""

from __future__ import annotations

import sys
from pathlib import Path

# Python is started isolated (-I): the folder of this very script is added after the standard library, and
# nothing else is.
sys.path.append(str(Path(__file__).resolve().parent))

import room
from github_api import BODY_LIMIT, Api

MARKER = "<!-- entra-config:fleet -->"


def upsert(api: Api, pull: int, report: str) -> str:
    """Write the comment, or update the one that is there; return its URL."""
    foot = f"[Run]({api.run_url})"
    whole = f"the whole is the artifact `fleet-report` of [the run]({api.run_url}), and its summary."
    body = f"{MARKER}\n{room.cut(report, BODY_LIMIT - len(MARKER) - len(foot) - 3, whole)}\n\n{foot}"
    for comment in api.pages(f"/issues/{pull}/comments?per_page=100"):
        # A person may quote the marker; only a workflow's own comment is ours.
        if comment["user"]["type"] == "Bot" and comment["body"].startswith(MARKER):
            return str(api.send("PATCH", f"/issues/comments/{comment['id']}", {"body": body})["html_url"])
    return str(api.send("POST", f"/issues/{pull}/comments", {"body": body})["html_url"])


if __name__ == "__main__":
    print(upsert(Api(), int(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="utf-8")))
