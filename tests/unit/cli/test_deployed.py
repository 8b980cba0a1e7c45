"""Drift's base by default: what a job of GitHub or GitLab deployed last, or the files as they are and why."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from entra_config.drift import deployed
from tests.unit.cli.ran import Run

NAMES = ("GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_TOKEN", "GH_TOKEN", "CI_JOB_TOKEN")


class Hub(ThreadingHTTPServer):
    """Answers what it was given, by path, to whoever has the token; keeps what was asked and how."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.responses: dict[str, Any] = {}
        self.requested: list[str] = []

    @property
    def url(self) -> str:
        """Return where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def deploys(
        self, number: int, commit: str, job: str, *, ended: str, state: str = "success", **more: Any
    ) -> None:
        """Let a job have deployed a commit; `more` is what is said of it otherwise."""
        state = more.get("conclusion", "success")
        listed = self.responses.setdefault("/repos/o/r/deployments", [])
        listed.insert(0, {"id": number, "sha": commit, "created_at": f"2026-11-{number:02}T00:00:00Z"})
        log = f"https://github.com/o/r/actions/runs/9/job/{number}" if job else ""
        self.responses[f"/repos/o/r/deployments/{number}/statuses"] = [
            {"state": "inactive", "log_url": log},
            {"state": state, "log_url": log},
        ]
        reported = {"name": job, "conclusion": state, "head_sha": commit, "completed_at": ended}
        self.responses[f"/repos/o/r/actions/jobs/{number}"] = {**reported, **more}


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    def do_GET(self) -> None:
        """Answer what was given, 403 to a stranger and 404 for all else."""
        hub = self.server
        assert isinstance(hub, Hub)
        path = self.path.partition("?")[0]
        hub.requested.append(f"{self.command} {self.path}")
        known = self.headers.get("Authorization") == "Bearer t" or self.headers.get("JOB-TOKEN") == "t"
        body = hub.responses.get(path)
        self.send_response(403 if not known else 404 if body is None else 200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """Return a hub whose job this is."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    with Hub() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        for name, value in {
            "GITHUB_ACTIONS": "true",
            "GITHUB_TOKEN": "t",
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_API_URL": server.url,
        }.items():
            monkeypatch.setenv(name, value)
        yield server
        server.shutdown()


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody with a name."""
    who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def commits(tmp_path: Path) -> list[str]:
    """Return three commits of main, and one that is in no history of it."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    found = []
    for number in range(3):
        (tmp_path / "file").write_text(str(number))
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "--quiet", "-m", str(number))
        found.append(git(tmp_path, "rev-parse", "HEAD"))
    git(tmp_path, "checkout", "--quiet", "-b", "aside", found[0])
    git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", "aside")
    found.append(git(tmp_path, "rev-parse", "HEAD"))
    git(tmp_path, "checkout", "--quiet", "main")
    return found


def test_the_newest_successful_apply_is_the_base(hub: Hub, commits: list[str], tmp_path: Path) -> None:
    """Neither a failed one, a rotation, one of no job, nor a commit that main does not have."""
    hub.deploys(1, commits[0], "Apply prod", ended="2026-11-01T10:00:00Z")
    hub.deploys(2, commits[1], "entra / Apply prod", ended="2026-11-02T10:00:00Z")
    hub.deploys(3, commits[2], "Apply prod", ended="2026-11-03T10:00:00Z", conclusion="failure")
    hub.deploys(4, commits[2], "entra / Rotate prod", ended="2026-11-04T10:00:00Z")
    hub.deploys(5, commits[2], "", ended="2026-11-05T10:00:00Z")
    hub.deploys(6, commits[3], "Apply prod", ended="2026-11-06T10:00:00Z")
    hub.deploys(7, commits[2], "Take away what is over in prod", ended="2026-11-07T10:00:00Z")
    found = deployed.last("prod", tmp_path, os.environ)
    assert found is not None
    assert (found.commit, found.why) == (commits[1], "")
    assert found.name == f"the deployment of {commits[1][:12]}, 2026-11-02 10:00 UTC"
    assert all(each.startswith("GET ") for each in hub.requested), "nothing is written"


def test_an_old_job_that_is_told_again_stays_old(hub: Hub, commits: list[str], tmp_path: Path) -> None:
    """Whoever may write deployments can point to a job, and not change when it ended nor what it deployed."""
    hub.deploys(1, commits[1], "Apply prod", ended="2026-11-02T10:00:00Z")
    hub.deploys(2, commits[0], "Apply prod", ended="2026-11-01T10:00:00Z")
    hub.deploys(3, commits[0], "Apply prod", ended="2026-11-09T10:00:00Z", head_sha=commits[2])
    assert deployed.last("prod", tmp_path, os.environ) == deployed.last("prod", tmp_path, os.environ)
    found = deployed.last("prod", tmp_path, os.environ)
    assert found is not None
    assert found.commit == commits[1]


def test_a_shallow_clone_is_told(hub: Hub, commits: list[str], tmp_path: Path) -> None:
    """The deployed commit is not there, and what brings it is said."""
    hub.deploys(1, commits[0], "Apply prod", ended="2026-11-01T10:00:00Z")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", "1", tmp_path.as_uri(), str(shallow))
    found = deployed.last("prod", shallow, os.environ)
    assert found is not None
    assert found.commit == ""
    assert "shallow" in found.why
    assert "fetch-depth: 0" in found.why
    # A whole clone lacks it too, or a shallow one lacks nothing: neither is a matter of depth.
    hub.responses["/repos/o/r/deployments"] = []
    hub.deploys(2, "f" * 40, "Apply prod", ended="2026-11-01T10:00:00Z")
    whole = deployed.last("prod", tmp_path, os.environ)
    hub.responses["/repos/o/r/deployments"] = []
    none = deployed.last("prod", shallow, os.environ)
    for each in (whole, none):
        assert each is not None
        assert each.why == "no successful deployment of it is in the history of what is checked out"


@pytest.mark.parametrize(
    ("token", "expected"),
    [("", "the step has no GITHUB_TOKEN"), ("x", "`deployments: read`): status 403")],
)
def test_who_may_not_read_them_is_told_the_right(
    hub: Hub, commits: list[str], monkeypatch: pytest.MonkeyPatch, token: str, expected: str
) -> None:
    """No deployment is guessed."""
    hub.deploys(1, commits[0], "Apply prod", ended="2026-11-01T10:00:00Z")
    monkeypatch.setenv("GITHUB_TOKEN", token)
    found = deployed.last("prod", Path(), os.environ)
    assert found is not None
    assert (found.commit, expected in found.why) == ("", True)


def test_jobs_that_cannot_be_read_are_no_deployments(hub: Hub, commits: list[str], tmp_path: Path) -> None:
    """Without `actions: read` nobody knows whether a job applied anything."""
    hub.deploys(1, commits[0], "Apply prod", ended="2026-11-01T10:00:00Z")
    del hub.responses["/repos/o/r/actions/jobs/1"]
    found = deployed.last("prod", tmp_path, os.environ)
    assert found is not None
    assert (found.commit, "`actions: read`" in found.why) == ("", True)


@pytest.mark.parametrize("response", [{"message": "x"}, [{"id": "../../x"}], "text", [None]])
def test_an_answer_that_is_none_is_told(hub: Hub, commits: list[str], tmp_path: Path, response: Any) -> None:
    """Whatever answers, drift goes on with the files as they are."""
    assert commits
    hub.responses["/repos/o/r/deployments"] = response
    found = deployed.last("prod", tmp_path, os.environ)
    assert found is not None
    assert found.commit == ""
    assert found.why


def test_gitlab_is_asked_likewise(
    hub: Hub, commits: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the project's own deployments, those whose job applied."""
    monkeypatch.delenv("GITHUB_ACTIONS")
    for name, value in {
        "GITLAB_CI": "true",
        "CI_JOB_TOKEN": "t",
        "CI_PROJECT_ID": "7",
        "CI_API_V4_URL": hub.url,
    }.items():
        monkeypatch.setenv(name, value)
    hub.responses["/projects/7/deployments"] = [
        {
            "sha": commit,
            "created_at": "2026-11-01T09:00:00Z",
            "deployable": {"name": name, "status": state, "finished_at": "2026-11-01T11:00:00.000+01:00"},
        }
        for commit, name, state in (
            (commits[2], "expire prod", "success"),
            (commits[2], "apply prod", "failed"),
            (commits[1], "apply prod", "success"),
        )
    ]
    found = deployed.last("prod", tmp_path, os.environ)
    assert found is not None
    assert found.name == f"the deployment of {commits[1][:12]}, 2026-11-01 10:00 UTC"
    assert "environment=prod&status=success" in hub.requested[0]


def test_elsewhere_nobody_is_asked(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's terminal is no job."""
    monkeypatch.delenv("GITHUB_ACTIONS")
    assert deployed.last("prod", tmp_path, os.environ) is None
    assert hub.requested == []


def test_what_is_not_applied_yet_accuses_nobody(run: Run, folder: Path) -> None:
    """With the files as they are the first line says what shows, and no finding names an unknown culprit."""
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    api = folder / "manifests/applications/api.yaml"
    role = "Auditor: { displayName: Auditor, description: A., allowedMemberTypes: [User] }"
    api.write_text(api.read_text().replace("    appRoles:\n", f"    appRoles:\n      {role}\n"))
    ran = run("drift", "-e", "dev")
    assert ran.code == 2
    assert "against the manifest in hand: what is not applied yet shows as drift" in ran.out.splitlines()[0]
    assert "perhaps nobody" in ran.out
    assert "by unknown" not in ran.out
    assert "1 difference: made by hand, or not applied yet." in ran.out


def test_what_was_deployed_is_the_base(
    run: Run, folder: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A role that is merged and not applied is no drift."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "one")
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    hub.deploys(1, git(folder, "rev-parse", "HEAD"), "Apply dev", ended="2026-11-01T10:00:00Z")
    api = folder / "manifests/applications/api.yaml"
    role = "Auditor: { displayName: Auditor, description: A., allowedMemberTypes: [User] }"
    api.write_text(api.read_text().replace("    appRoles:\n", f"    appRoles:\n      {role}\n"))
    git(folder, "commit", "--quiet", "-am", "two")
    ran = run("drift", "-e", "dev")
    assert ran.code == 0, ran.out + ran.err
    assert "against the deployment of" in ran.out.splitlines()[0]
    assert "1 change of the manifest not applied yet (no drift)." in ran.out
    monkeypatch.setenv("GITHUB_TOKEN", "x")
    reported = run("drift", "-e", "dev")
    assert reported.code == 2
    assert "compared with the files as they are: the job may not read its deployments" in reported.err
