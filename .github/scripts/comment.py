"""Plans of this run in, one comment on the pull request out: written once, then updated.

Usage: comment.py PULL_NUMBER FOLDER   (FOLDER holds ENVIRONMENT.md and ENVIRONMENT.json of each environment)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from github_api import Api, fit

MARKER = "<!-- entra-config:plan -->"


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of each environment's plan, by environment."""
    return {path.stem: json.loads(path.read_text())["digest"] for path in sorted(folder.glob("*.json"))}


def body(folder: Path, run_url: str) -> str:
    """Return the comment: marker, digests for the run after the merge, each environment's plan."""
    plans = [path.read_text().strip() for path in sorted(folder.glob("*.md"))]
    if not plans:
        raise SystemExit(f"no plan in {folder}: the plan job wrote none")
    marks = f"{MARKER}\n<!-- entra-config:digests {json.dumps(digests(folder), sort_keys=True)} -->"
    return fit("\n\n".join([marks, *plans, f"[Run]({run_url})"]), run_url)


def upsert(api: Api, pull: int, text: str) -> str:
    """Write the comment, or update the one that is there; return its URL."""
    for comment in api.pages(f"/issues/{pull}/comments?per_page=100"):
        # A person may quote the marker; only a workflow's own comment is ours.
        if comment["user"]["type"] == "Bot" and comment["body"].startswith(MARKER):
            return str(api.send("PATCH", f"/issues/comments/{comment['id']}", {"body": text})["html_url"])
    return str(api.send("POST", f"/issues/{pull}/comments", {"body": text})["html_url"])


if __name__ == "__main__":
    client = Api()
    print(upsert(client, int(sys.argv[1]), body(Path(sys.argv[2]), client.run_url)))
