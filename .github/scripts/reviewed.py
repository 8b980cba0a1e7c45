# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""The merged commit's plan in, Markdown out that tells what differs from the plan that was shown in review.

Usage: reviewed.py ENVIRONMENT PLAN.json   (reads GITHUB_SHA; only tells, never decides)
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

# Python is started isolated (-I): the folder of this very script is added after the standard library, and
# nothing else is.
sys.path.append(str(Path(__file__).resolve().parent))

from comment import MARKER, summary
from github_api import Api

_DIGESTS = re.compile(r"<!-- entra-config:digests (\{.*?\}) -->")


def shown(api: Api, sha: str, environment: str) -> tuple[int, dict[str, Any]] | None:
    """Return the pull request that brought the commit and the summary that its comment holds, or None."""
    for pull in api.pages(f"/commits/{sha}/pulls"):
        for comment in api.pages(f"/issues/{pull['number']}/comments?per_page=100"):
            found = _DIGESTS.search(comment["body"])
            if comment["user"]["type"] == "Bot" and comment["body"].startswith(MARKER) and found:
                plan = json.loads(found.group(1)).get(environment)
                if plan:
                    return int(pull["number"]), plan
    return None


def verdict(found: tuple[int, dict[str, Any]] | None, plan: dict[str, Any]) -> str:
    """Return the lines for the job summary."""
    if found is None:
        return "> ⚠️ No reviewed plan was found for this commit: read this one as new."
    number, reviewed = found
    now = summary(plan)
    if reviewed["digest"] == now["digest"]:
        return f"> Same plan as shown in review (#{number})."
    head = (
        f"> ⚠️ **Differs** from the plan that was shown in review (#{number}): the tenant or the "
        "manifest moved since."
    )
    if not reviewed["objects"]:
        return f"{head} The plan was too large to be compared object by object: read this one as new."
    return "\n".join([head, *_differences(reviewed["objects"], now["objects"])])


def _differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return a line for each object of which only one of the plans would change something, or another
    thing.
    """
    lines = []
    for name in sorted(before.keys() | after.keys()):
        said = "only in review" if name not in after else "new" if name not in before else "changes otherwise"
        if before.get(name) != after.get(name):
            # A display name may stand in an address: no markup begins in a code span without backticks.
            lines.append(f"> - `{name.replace('`', chr(39))}`: {said}")
    return lines


if __name__ == "__main__":
    environment, plan = sys.argv[1], json.loads(Path(sys.argv[2]).read_text())
    print(verdict(shown(Api(), os.environ["GITHUB_SHA"], environment), plan))
