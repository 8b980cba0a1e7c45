"""Plans of this run in, one comment on the pull request out: written once, then updated.

Usage: comment.py PULL_NUMBER FOLDER   (FOLDER holds ENVIRONMENT.md and ENVIRONMENT.json of each environment)
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from github_api import Api, fit

MARKER = "<!-- entra-config:plan -->"
# The comment has 65,536 characters for everything; of a larger plan only the whole is compared.
MOST_OBJECTS = 300


def summary(plan: dict[str, Any]) -> dict[str, Any]:
    """Return a saved plan's digest, and a short digest of what it would do to each object."""
    objects = {name: _short(changed) for name, changed in plan["content"].items()}
    return {"digest": plan["digest"], "objects": objects if len(objects) <= MOST_OBJECTS else {}}


def _short(changed: object) -> str:
    return hashlib.sha256(json.dumps(changed, sort_keys=True).encode()).hexdigest()[:8]


def hidden(folder: Path) -> str:
    """Return the summaries by environment, for the run after the merge; other people's names cannot end the HTML comment."""
    found = {path.stem: summary(json.loads(path.read_text())) for path in sorted(folder.glob("*.json"))}
    text = json.dumps(found, sort_keys=True, separators=(",", ":")).replace("<", "\\u003c").replace(">", "\\u003e")
    return f"<!-- entra-config:digests {text} -->"


def body(folder: Path, run_url: str) -> str:
    """Return the comment: marker, what the run after the merge compares with, each environment's plan."""
    plans = [path.read_text().strip() for path in sorted(folder.glob("*.md"))]
    if not plans:
        raise SystemExit(f"no plan in {folder}: the plan job wrote none")
    return fit("\n\n".join([f"{MARKER}\n{hidden(folder)}", *plans, f"[Run]({run_url})"]), run_url)


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
