# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""Open merge requests in; each whose newest commit has no plan yet is planned as data: one note and one
status of it out.

Usage: review.py MANIFEST ENVIRONMENT... (in main's checkout, signed in as the reader; the first environment
is shown first)
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

# Python is started isolated (-I): the folder of this very script is added after the standard library, and
# nothing else is.
sys.path.append(str(Path(__file__).resolve().parent))

import room
from gitlab_api import BODY_LIMIT, Api, silent

MARKER = "<!-- entra-config:plan -->"
STATUS = "entra plan"
NOTHING = "This merge request changes no manifest: nothing would be planned or applied."
# GitLab lists no more files of one merge request; of a larger one everything counts as changed.
MOST_FILES = 1000
DIGESTS = re.compile(r"<!-- entra-config:digests (\{.*?\}) -->")
_COMMIT = re.compile(r"<!-- entra-config:commit ([0-9a-f]{40}) -->")
_MEANS = {
    0: "",
    1: "An access test fails; the note says which, and why.",
    3: "A policy or limit refuses the plan; the note says which word lifts it.",
}


@dataclass(frozen=True)
class Planned:
    """What became of a plan: what is shown of it, what it ended with, and its digest if there is one."""

    text: str
    code: int
    environment: str = ""
    digest: str = ""


def note_of(api: Api, merge_request: int, own: int) -> dict[str, Any] | None:
    """Return the note that an earlier run wrote."""
    for note in api.pages(f"/merge_requests/{merge_request}/notes?sort=asc"):
        if note["author"]["id"] == own and note["body"].startswith(MARKER):
            return dict(note)
    return None


def changes(api: Api, merge_request: int, folder: str) -> bool:
    """Tell whether a merge request touches a file of the manifest, by its old name or its new one."""
    below = f"{folder}/"
    count = 0
    for each in api.pages(f"/merge_requests/{merge_request}/diffs?unidiff=false"):
        count += 1
        if each["old_path"].startswith(below) or each["new_path"].startswith(below):
            return True
    return count >= MOST_FILES


def fetched(number: int, folder: Path) -> str:
    """Check a merge request's newest commit out; return it. Nothing of it is run."""
    git = ["git", "-C", str(folder), "-c", "advice.detachedHead=false", "-c", "core.hooksPath=/dev/null"]
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)  # noqa: S603, S607  # fixed words
    where = os.environ["CI_REPOSITORY_URL"]
    for command in (
        ["fetch", "--quiet", "--depth", "1", where, f"refs/merge-requests/{number}/head"],
        ["checkout", "--quiet", "FETCH_HEAD"],
    ):
        subprocess.run([*git, *command], check=True)  # noqa: S603  # the number is GitLab's
    said = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)  # noqa: S603  # fixed words
    return said.stdout.strip()


def odd(manifest: Path) -> bool:
    """Tell whether a folder holds, or is below, anything but files and folders: what a link leads to is
    not the change's.
    """
    if manifest.resolve() != manifest or not manifest.is_dir():
        return True
    return any(path.is_symlink() or not (path.is_file() or path.is_dir()) for path in manifest.rglob("*"))


def plan(environment: str, change: Path, folder: str) -> Planned:
    """Plan one environment of a change, which is data: no link in it is followed."""
    manifest = change.resolve() / folder
    if odd(manifest):
        return Planned(
            (
                "The manifest's folder is gone, or holds something that is neither a file nor a folder: "
                "it is not read."
            ),
            1,
        )
    command = ["entra-config", "plan", "--tests", "--format", "markdown", "-e", environment]
    saved = change.parent / f"{change.name}-{environment}.json"
    command += ["--manifest", str(manifest), "--base", folder, "--out", str(saved)]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)  # noqa: S603  # the environments are main's
    # The whole plan, whatever the note has room for.
    print(done.stdout)
    if done.returncode not in _MEANS or not done.stdout.strip():
        return Planned(f"`{environment}` could not be planned: the job's log says why.", 1)
    digest = json.loads(saved.read_text(encoding="utf-8"))["digest"] if saved.exists() else ""
    return Planned(done.stdout.strip(), done.returncode, environment, digest)


def body(commit: str, plans: Sequence[Planned], run_url: str) -> str:
    """Return the note: what was planned of which commit; what is too long is counted."""
    digests = json.dumps({each.environment: each.digest for each in plans if each.digest}, sort_keys=True)
    head = f"{MARKER}\n<!-- entra-config:commit {commit} -->\n<!-- entra-config:digests {digests} -->"
    foot = f"Plan of {commit[:8]}, [job]({run_url})"
    left = BODY_LIMIT - len(head) - len(foot) - 10
    parts = room.share([each.text for each in plans], left - 2 * len(plans))
    whole = f"the whole is in the log of [the job]({run_url})."
    shown = [room.cut(each.text, part, whole) for each, part in zip(plans, parts, strict=True)]
    return "\n\n".join([head, *map(silent, shown), foot])


def write(api: Api, number: int, note: dict[str, Any] | None, text: str) -> None:
    """Write the note, or update it."""
    where = f"/merge_requests/{number}/notes"
    if note is None:
        api.send("POST", where, {"body": text})
    else:
        api.send("PUT", f"{where}/{note['id']}", {"body": text})


def status(api: Api, merge_request: dict[str, Any], commit: str, why: str) -> None:
    """Say of the commit whether it may be merged as far as its plan goes."""
    reported: dict[str, Any] = {
        "state": "failed" if why else "success",
        "name": STATUS,
        "target_url": api.run_url,
    }
    reported["description"] = why or "Planned: the note shows it."
    if pipeline := (merge_request.get("head_pipeline") or {}).get("id"):
        reported["pipeline_id"] = pipeline
    api.send("POST", f"/statuses/{commit}", reported)


def review(api: Api, number: int, own: int, manifest: str, environments: Sequence[str]) -> None:
    """Plan one merge request, unless its newest commit is planned already."""
    merge_request = api.send("GET", f"/merge_requests/{number}")
    note = note_of(api, number, own)
    done = _COMMIT.search(note["body"]) if note else None
    if done and done.group(1) == merge_request["sha"]:
        return
    print(f"!{number}")
    if not changes(api, number, manifest):
        status(api, merge_request, merge_request["sha"], "")
        if note:
            write(api, number, note, body(merge_request["sha"], [Planned(NOTHING, 0)], api.run_url))
        return
    with TemporaryDirectory() as folder:
        change = Path(folder) / "change"
        commit = fetched(number, change)
        plans = [plan(name, change, manifest) for name in environments]
    # The note comes last: what names this commit as planned is not written where its status was not.
    status(api, merge_request, commit, " ".join(sorted({_MEANS[each.code] for each in plans} - {""})))
    write(api, number, note, body(commit, plans, api.run_url))


def main(manifest: str, environments: Sequence[str]) -> None:
    """Plan what is open, each whatever becomes of the others; a fork's merge request has no plan, as its
    branch is nobody's here.
    """
    api = Api()
    own = api.own_id()
    branch = os.environ["CI_DEFAULT_BRANCH"]
    failed = []
    for each in list(api.pages(f"/merge_requests?state=opened&target_branch={branch}")):
        if each["source_project_id"] != each["target_project_id"]:
            continue
        try:
            review(api, int(each["iid"]), own, manifest, environments)
        except Exception:  # noqa: BLE001  # what one branch makes go wrong must not end the others' reviews
            traceback.print_exc()
            failed.append(f"!{each['iid']}")
    if failed:
        raise SystemExit(f"Not reviewed, as said above: {', '.join(failed)}.")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
