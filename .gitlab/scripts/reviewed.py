# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""The plan of what reached main in; a line that tells whether it is the plan that a merge request's note
showed. It only tells.

Usage: reviewed.py ENVIRONMENT PLAN.json
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

# Python is started isolated (-I): the folder of this very script is added after the standard library, and
# nothing else is.
sys.path.append(str(Path(__file__).resolve().parent))

from gitlab_api import Api
from review import DIGESTS, note_of


def shown(api: Api, commit: str, environment: str) -> tuple[int, str] | None:
    """Return the merge request that brought a commit, and the digest that its note has for an environment,
    or None.
    """
    own = api.own_id()
    for each in api.pages(f"/repository/commits/{commit}/merge_requests?state=merged"):
        note = note_of(api, int(each["iid"]), own)
        found = DIGESTS.search(note["body"]) if note else None
        digest = json.loads(found.group(1)).get(environment) if found else None
        if digest:
            return int(each["iid"]), str(digest)
    return None


def verdict(found: tuple[int, str] | None, digest: str) -> str:
    """Return what whoever approves the apply reads first."""
    if found is None:
        return "No reviewed plan was found for this commit: read this one as new."
    if found[1] == digest:
        return f"Same plan as shown in review (!{found[0]})."
    return (
        f"DIFFERS from the plan that was shown in review (!{found[0]}): the tenant or the manifest moved "
        "since."
    )


if __name__ == "__main__":
    name, plan = sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    if os.environ.get("ENTRA_GITLAB_TOKEN"):
        print(verdict(shown(Api(), os.environ["CI_COMMIT_SHA"], name), plan["digest"]))
    else:
        print("Not compared with what was reviewed: the variable ENTRA_GITLAB_TOKEN is not set.")
