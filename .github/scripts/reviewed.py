"""The merged commit's plan in, one Markdown line out that tells whether it is the plan that was shown in review.

Usage: reviewed.py ENVIRONMENT PLAN.json   (reads GITHUB_SHA; only tells, never decides)
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

from comment import MARKER
from github_api import Api

_DIGESTS = re.compile(r"<!-- entra-config:digests (\{.*?\}) -->")


def shown(api: Api, sha: str, environment: str) -> tuple[int, str] | None:
    """Return the pull request that brought the commit and the digest that its comment showed, or None."""
    for pull in api.pages(f"/commits/{sha}/pulls"):
        for comment in api.pages(f"/issues/{pull['number']}/comments?per_page=100"):
            found = _DIGESTS.search(comment["body"])
            if comment["user"]["type"] == "Bot" and comment["body"].startswith(MARKER) and found:
                digest = json.loads(found.group(1)).get(environment)
                if digest:
                    return int(pull["number"]), str(digest)
    return None


def verdict(found: tuple[int, str] | None, digest: str) -> str:
    """Return the line for the job summary."""
    if found is None:
        return "> ⚠️ No reviewed plan was found for this commit: read this one as new."
    number, reviewed = found
    if reviewed == digest:
        return f"> Same plan as shown in review (#{number})."
    return f"> ⚠️ **Differs** from the plan that was shown in review (#{number}): the tenant or the manifest moved since."


if __name__ == "__main__":
    environment, plan = sys.argv[1], json.loads(Path(sys.argv[2]).read_text())
    print(verdict(shown(Api(), os.environ["GITHUB_SHA"], environment), plan["digest"]))
