"""Plans of this run in, one comment on the pull request out: written once, then updated.

Usage: comment.py PULL_NUMBER FOLDER ENVIRONMENT...   (FOLDER holds ENVIRONMENT.md and ENVIRONMENT.json; the first is shown first)
With PLANNED=false, as the pull request changes no manifest: a comment that is there is updated, none is written.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# Python is started isolated (-I): the folder of this very script is added after the standard library, and nothing else is.
sys.path.append(str(Path(__file__).resolve().parent))

import room
from github_api import BODY_LIMIT, Api

MARKER = "<!-- entra-config:plan -->"
# What the run after the merge compares with takes this much of the comment; of a larger plan only the whole is compared.
DIGESTS = 10_000
NOTHING = "This pull request changes no manifest: nothing would be planned or applied."


def summary(plan: dict[str, Any]) -> dict[str, Any]:
    """Return a saved plan's digest, and a short digest of what it would do to each object."""
    objects = {name: _short(changed) for name, changed in plan["content"].items()}
    return {"digest": plan["digest"], "objects": objects}


def _short(changed: object) -> str:
    return hashlib.sha256(json.dumps(changed, sort_keys=True).encode()).hexdigest()[:8]


def hidden(plans: dict[str, dict[str, Any]]) -> str:
    """Return the summaries by environment, for the run after the merge; other people's names cannot end the HTML comment."""
    found = {name: summary(plan) for name, plan in plans.items()}
    for name in sorted(found, key=lambda name: len(found[name]["objects"]), reverse=True):
        if len(_written(found)) > DIGESTS:
            found[name]["objects"] = {}
    return _written(found)


def _written(found: dict[str, dict[str, Any]]) -> str:
    text = json.dumps(found, sort_keys=True, separators=(",", ":")).replace("<", "\\u003c").replace(">", "\\u003e")
    return f"<!-- entra-config:digests {text} -->"


def body(folder: Path, order: Sequence[str], run_url: str) -> str:
    """Return the comment: marker, what the run after the merge compares with, each environment's plan in its part of the room."""
    names = sorted((path.stem for path in folder.glob("*.md")), key=lambda name: (name not in order, [*order, name].index(name)))
    if not names:
        raise SystemExit(f"no plan in {folder}: the plan job wrote none")
    saved = {name: json.loads(file.read_text()) for name in names if (file := folder / f"{name}.json").exists()}
    head, foot = f"{MARKER}\n{hidden(saved)}", f"[Run]({run_url})"
    plans = [(folder / f"{name}.md").read_text().strip() for name in names]
    parts = room.share(plans, BODY_LIMIT - len(head) - len(foot) - 2 * (len(plans) + 1))
    wholes = [f"the whole is the artifact `plan-{name}` of [the run]({run_url}), and its summary." for name in names]
    shown = [room.cut(plan, part, whole) for plan, part, whole in zip(plans, parts, wholes, strict=True)]
    return "\n\n".join([head, *shown, foot])


def written(api: Api, pull: int) -> dict[str, Any] | None:
    """Return the comment that an earlier run wrote, if there is one."""
    for comment in api.pages(f"/issues/{pull}/comments?per_page=100"):
        # A person may quote the marker; only a workflow's own comment is ours.
        if comment["user"]["type"] == "Bot" and comment["body"].startswith(MARKER):
            return dict(comment)
    return None


def upsert(api: Api, pull: int, text: str) -> str:
    """Write the comment, or update the one that is there; return its URL."""
    if (before := written(api, pull)) is not None:
        return str(api.send("PATCH", f"/issues/comments/{before['id']}", {"body": text})["html_url"])
    return str(api.send("POST", f"/issues/{pull}/comments", {"body": text})["html_url"])


if __name__ == "__main__":
    client, number = Api(), int(sys.argv[1])
    if os.environ["PLANNED"] != "false":
        print(upsert(client, number, body(Path(sys.argv[2]), sys.argv[3:], client.run_url)))
    elif written(client, number) is not None:
        print(upsert(client, number, f"{MARKER}\n{NOTHING}\n\n[Run]({client.run_url})"))
