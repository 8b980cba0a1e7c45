# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""This run's ref and commit in; an error out unless the run is of main, and of the newest commit there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Python is started isolated (-I): the folder of this very script is added after the standard library, and
# nothing else is.
sys.path.append(str(Path(__file__).resolve().parent))

from github_api import Api


def objection(ref: str, sha: str, newest: str) -> str:
    """Return why this run must not go on, as a workflow command, or nothing."""
    if ref != "refs/heads/main":
        return (
            "::error title=Not main::Only main is planned for apply and applied, and this run is of "
            f"{ref}; nothing was changed."
        )
    if newest != sha:
        return (
            f"::error title=Superseded::This run is for {sha}, but main is at {newest}. The newer run "
            "applies; this did nothing."
        )
    return ""


if __name__ == "__main__":
    head = Api().send("GET", "/git/ref/heads/main")["object"]["sha"]
    if said := objection(os.environ["GITHUB_REF"], os.environ["GITHUB_SHA"], head):
        print(said)
        raise SystemExit(1)
