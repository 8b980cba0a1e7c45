"""A job of GitHub or GitLab in; which commit it deployed last to an environment, or why nobody knows, out.

Nothing is written. A deployment counts where a job made it that succeeded with that very commit and is no
other of the pipeline's own (a rotation deploys no manifest), and the commit is in the history of what is
checked out. The newest is the one whose job ended last: whoever may write deployments may repeat an old one,
and not its job.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from entra_config.drift import base
from entra_config.errors import UsageError
from entra_config.moments import parse_moment

if TYPE_CHECKING:
    import httpx

SECONDS = 20
LOOKED_AT = 10  # deployments: older ones are not asked for
# The other jobs of `bootstrap` that deploy to an environment, and apply no manifest.
_OTHERS = ("Rotate ", "Take away what is over in ", "expire ")
_JOB = re.compile(r"/actions/runs/\d+/job/(\d+)")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class Deployed:
    """The commit that was deployed last, and when; or no commit, and why."""

    commit: str = ""
    when: datetime | None = None
    why: str = ""

    @property
    def name(self) -> str:
        """Return what a report calls it."""
        at = f", {self.when:%Y-%m-%d %H:%M} UTC" if self.when else ""
        return f"the deployment of {self.commit[:12]}{at}"


class _UnknownError(Exception):
    """Nobody tells; the text says why."""


def last(environment: str, folder: Path, job: Mapping[str, str]) -> Deployed | None:
    """Return what was deployed last; `job` are the process's variables, None where they are of no job."""
    if job.get("GITHUB_ACTIONS") == "true":
        deployments = _github
    elif job.get("GITLAB_CI") == "true":
        deployments = _gitlab
    else:
        return None
    import httpx

    try:
        with httpx.Client(timeout=SECONDS, follow_redirects=False) as client:
            return _first(deployments(client, environment, job), folder)
    except (_UnknownError, UsageError) as error:
        return Deployed(why=str(error))
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        return Deployed(why=f"its deployments could not be read: {type(error).__name__}")


def _first(found: Iterator[tuple[str, str]], folder: Path) -> Deployed:
    """Return the newest one whose commit is in the history of what is checked out."""
    missing = False
    for commit, at in found:
        if not _COMMIT.fullmatch(commit):
            continue
        ancestor = base.is_ancestor(folder, commit)
        if ancestor:
            return Deployed(commit, parse_moment(at))
        missing = missing or ancestor is None
    if missing and base.is_shallow(folder):
        raise _UnknownError(
            "the clone is shallow and lacks the deployed commit: `fetch-depth: 0`, or GIT_DEPTH: 0"
        )
    raise _UnknownError("no successful deployment of it is in the history of what is checked out")


def _github(client: httpx.Client, environment: str, job: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    token = job.get("GITHUB_TOKEN") or job.get("GH_TOKEN")
    repository = job.get("GITHUB_REPOSITORY", "")
    if not token or not repository:
        raise _UnknownError("the step has no GITHUB_TOKEN")
    server = job.get("GITHUB_API_URL") or "https://api.github.com"
    client.headers.update({"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"})
    root = f"{server}/repos/{repository}"
    listed = f"{root}/deployments?environment={quote(environment, safe='')}&per_page={LOOKED_AT}"
    found = [_job(client, root, each) for each in _get(client, listed, "deployments: read")]
    yield from sorted((each for each in found if each), key=lambda each: each[1], reverse=True)


def _job(client: httpx.Client, root: str, deployment: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the commit of a deployment and when its job ended; None where no job of an apply succeeded with
    it.
    """
    address = f"{root}/deployments/{int(deployment['id'])}/statuses?per_page=100"
    statuses = _get(client, address, "deployments: read")
    done: dict[str, Any] = next((each for each in statuses if each["state"] == "success"), {})
    found = _JOB.search(str(done.get("log_url") or done.get("target_url") or ""))
    if found is None:
        return None
    job = _get(client, f"{root}/actions/jobs/{found[1]}", "actions: read")
    named = str(job["name"]).rpartition(" / ")[2]
    whole = job["conclusion"] == "success" and job["head_sha"] == deployment["sha"]
    applied = whole and not named.startswith(_OTHERS)
    return (str(job["head_sha"]), str(job["completed_at"])) if applied else None


def _gitlab(client: httpx.Client, environment: str, job: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    token, server = job.get("CI_JOB_TOKEN"), job.get("CI_API_V4_URL")
    project = job.get("CI_PROJECT_ID")
    if not token or not server or not project:
        raise _UnknownError("the job has no CI_JOB_TOKEN")
    client.headers.update({"JOB-TOKEN": token})
    chosen = f"environment={quote(environment, safe='')}&status=success&per_page={LOOKED_AT}"
    address = f"{server}/projects/{quote(project, safe='')}/deployments?{chosen}&order_by=id&sort=desc"
    for each in _get(client, address, "read deployments"):
        by = each.get("deployable") or {}
        if by.get("status") == "success" and not str(by.get("name", "")).startswith(_OTHERS):
            yield str(each["sha"]), str(by.get("finished_at") or each["created_at"])


def _get(client: httpx.Client, address: str, right: str) -> Any:
    response = client.get(address)
    if response.status_code in {401, 403, 404}:
        raise _UnknownError(
            f"the job may not read its deployments (`{right}`): status {response.status_code}"
        )
    response.raise_for_status()
    return response.json()
