# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""A pull request in; out, as outputs of a step, its number and whether it changes anything that is planned.

In: MANIFESTS (their folder), GITHUB_REPOSITORY, GITHUB_REF_NAME, PULL_NUMBER (empty where the run was started
by hand or by entra-apply, on a branch).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Python is started isolated (-I): the folder of this very script is added after the standard library, and
# nothing else is.
sys.path.append(str(Path(__file__).resolve().parent))

from github_api import Api

# GitHub lists no more files than these; of a larger pull request everything counts as changed.
MOST_FILES = 3000


def pull_of(api: Api, branch: str) -> int:
    """Return the open pull request of a branch of this repository: asked for, as anybody can type a number
    into an input.
    """
    owner = api.repository.split("/")[0]
    for pull in api.pages(f"/pulls?state=open&base=main&head={owner}:{branch}&per_page=100"):
        return int(pull["number"])
    raise SystemExit(f"there is no open pull request of {branch} into main: nothing to comment on")


def changes(api: Api, pull: int, folder: str) -> bool:
    """Tell whether a pull request touches a file of the manifest, by its old name or its new one."""
    count = 0
    for file in api.pages(f"/pulls/{pull}/files?per_page=100"):
        count += 1
        if file["filename"].startswith(folder) or file.get("previous_filename", "").startswith(folder):
            return True
    return count >= MOST_FILES


if __name__ == "__main__":
    client = Api()
    number = int(os.environ["PULL_NUMBER"] or pull_of(client, os.environ["GITHUB_REF_NAME"]))
    planned = changes(client, number, os.environ["MANIFESTS"] + "/")
    print(f"pull={number}")
    print(f"planned={'true' if planned else 'false'}")
