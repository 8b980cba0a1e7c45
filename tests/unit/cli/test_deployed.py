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

from entra_config.cli.demo import tampering
from entra_config.drift import deployed
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import Run

NAMES = ("GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_TOKEN", "GH_TOKEN")


class Hub(ThreadingHTTPServer):
    """Answers what it was given, by path, to whoever has the token."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.responses: dict[str, Any] = {}

    @property
    def url(self) -> str:
        """Return where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def deploys(self, commit: str, job: str) -> None:
        """Let a job have deployed a commit, and nothing else be deployed."""
        self.responses["/repos/o/r/deployments"] = [{"id": 1, "sha": commit}]
        log = "https://github.com/o/r/actions/runs/9/job/1"
        self.responses["/repos/o/r/deployments/1/statuses"] = [{"state": "success", "log_url": log}]
        ended = {"conclusion": "success", "completed_at": "2026-11-01T10:00:00Z"}
        self.responses["/repos/o/r/actions/jobs/1"] = {**ended, "name": job, "head_sha": commit}


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    def do_GET(self) -> None:
        """Answer what was given, 403 to a stranger and 404 for all else."""
        hub = self.server
        assert isinstance(hub, Hub)
        path = self.path.partition("?")[0]
        body = hub.responses.get(path)
        known = self.headers.get("Authorization") == "Bearer t"
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
    """Return the first of two commits of main, and one that is in no history of it."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", "one")
    git(tmp_path, "checkout", "--quiet", "-b", "aside")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", "aside")
    git(tmp_path, "checkout", "--quiet", "main")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", "two")
    return [git(tmp_path, "rev-parse", name) for name in ("HEAD~1", "aside")]


def test_a_shallow_clone_is_told(hub: Hub, commits: list[str], tmp_path: Path) -> None:
    """The deployed commit is not there, and what brings it is said."""
    hub.deploys(commits[0], "Apply prod")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", "1", tmp_path.as_uri(), str(shallow))
    found = deployed.last("prod", shallow, os.environ)
    assert found is not None
    assert found.commit == ""
    assert "shallow" in found.why
    assert "fetch-depth: 0" in found.why
    whole = deployed.last("prod", tmp_path, os.environ)
    assert whole is not None
    assert whole.name == f"the deployment of {commits[0][:12]}, 2026-11-01 10:00 UTC"
    # A whole clone lacks it too, or another branch has it: neither is a matter of depth.
    for commit in ("f" * 40, commits[1]):
        hub.deploys(commit, "Apply prod")
        lacking = deployed.last("prod", tmp_path, os.environ)
        assert lacking is not None
        assert lacking.why == "no successful deployment of it is in the history of what is checked out"


def test_jobs_that_cannot_be_read_are_no_deployments(hub: Hub, commits: list[str], tmp_path: Path) -> None:
    """Without `actions: read` nobody knows whether a job applied anything."""
    hub.deploys(commits[0], "Apply prod")
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


def test_what_is_not_applied_yet_accuses_nobody(run: Run, folder: Path) -> None:
    """With the files as they are the first line says what shows, and no finding names an unknown culprit."""
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    api = folder / "manifests/applications/api.yaml"
    role = "Auditor: { displayName: Auditor, description: A., allowedMemberTypes: [User] }"
    api.write_text(api.read_text().replace("    appRoles:\n", f"    appRoles:\n      {role}\n"))
    ran = run("drift", "-e", "dev")
    assert ran.code == 2
    assert "against the current manifest: what is not applied yet shows as drift" in ran.out.splitlines()[0]
    assert "perhaps nobody" in ran.out
    assert "by unknown" not in ran.out
    assert "1 difference: made by hand, or not applied yet." in ran.out
    assert "Next: entra-config plan -e dev  shows what would put it right" in ran.out


def test_what_was_deployed_is_the_base(
    run: Run, folder: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A role that is merged and not applied is no drift."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "one")
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    hub.deploys(git(folder, "rev-parse", "HEAD"), "Apply dev")
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


def test_a_revert_of_another_commit_than_the_deployed_one_is_stale(
    run: Run, folder: Path, hub: Hub, tenant: Embedded
) -> None:
    """A plan of a commit is applied only while the job knows that commit as the last one."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "one")
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    hub.deploys(git(folder, "rev-parse", "HEAD"), "Apply dev")
    tampering.tamper(tenant)
    revert = ("drift", "-e", "dev", "--revert", "application.spa", "--out", "r.json")
    planned = run(*revert)
    assert planned.code == 0, planned.err
    shown = run("drift", "-e", "dev").out
    assert f"--revert application.spa --out revert.json --base {git(folder, 'rev-parse', 'HEAD')}" in shown
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "two")
    hub.deploys(git(folder, "rev-parse", "HEAD"), "Apply dev")
    stale = run("apply", "-e", "dev", "r.json")
    assert stale.code == 1
    assert "which is not the last one that was deployed: the deployment of" in stale.err
    hub.responses.clear()
    unknown = run("apply", "-e", "dev", "r.json")
    assert unknown.code == 1
    assert "which is not the last one that was deployed: the job may not read its deployments" in unknown.err
    hub.deploys(git(folder, "rev-parse", "HEAD~1"), "Apply dev")
    assert run("apply", "-e", "dev", "r.json").code == 0
