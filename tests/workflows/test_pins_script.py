"""The job that proposes pins, by itself: what it takes, whose branch it touches, and what it does where
GitHub says no.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.github import GitHub
from tests.workflows.runner import environment
from tests.workflows.runs import PROJECT

JOB = "job actions:write,contents:write,pull-requests:write"
TENANT = "11111111-1111-1111-1111-111111111111"
WRITER = "d0000000-0000-4000-8000-000000000004"
BRANCH = "entra-config/pins-dev"


@dataclass
class Desk:
    """A repository on a stand-in for GitHub, and main's checkout as the job has it."""

    folder: Path
    hub: GitHub

    def __post_init__(self) -> None:
        """Make the repository and a clone."""
        self.origin, self.work = self.folder / "origin.git", self.folder / "work"
        self.hub.repository.path = self.origin
        subprocess.run(
            ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(self.origin)], check=True
        )
        seeded = self.folder / "seeded"
        subprocess.run(
            ["git", "clone", "--quiet", str(self.origin), str(seeded)], check=True, capture_output=True
        )
        for name in (".github", "manifests"):
            shutil.copytree(PROJECT / name, seeded / name)
        self.git(seeded, "checkout", "--quiet", "-B", "main")
        self.commit(seeded)

    def git(self, folder: Path, *arguments: str) -> str:
        """Run git as a person."""
        who = [
            "-c",
            "user.name=github-actions[bot]",
            "-c",
            "user.email=bot@users.noreply.github.com",
            "-c",
            "commit.gpgsign=false",
        ]
        done = subprocess.run(
            ["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, folder: Path, branch: str = "main") -> None:
        """Commit and push what lies in a clone."""
        self.git(folder, "add", "-A")
        self.git(folder, "commit", "--quiet", "-m", "x")
        self.git(folder, "push", "--quiet", "origin", f"HEAD:{branch}")

    def propose(self, made: dict[str, str], token: str = JOB, **changed: Any) -> tuple[int, str, str]:
        """Run the job for what an apply made; return exit code, output and summary."""
        shutil.rmtree(self.work, ignore_errors=True)
        (self.work / "pins").mkdir(parents=True)
        subprocess.run(["git", "clone", "--quiet", str(self.origin), str(self.work / "main")], check=True)
        document = {
            "version": 1,
            "kind": "pins",
            "project": "myapp",
            "environment": "dev",
            "tenantId": TENANT,
        } | changed
        rows = [
            {
                "key": key,
                "appId": app_id,
                "createdDateTime": f"2026-11-26T10:00:0{number}Z",
                "createdByAppId": WRITER,
            }
            for number, (key, app_id) in enumerate(made.items())
        ]
        (self.work / "pins/pins.json").write_text(json.dumps({**document, "pins": changed.get("pins", rows)}))
        summary = self.work / "summary"
        summary.touch()
        environ = environment(
            ENTRA_CONFIG_ENVIRONMENT="dev",
            ENTRA_CONFIG_MANIFEST="main/manifests",
            GITHUB_API_URL=self.hub.url,
            GITHUB_REPOSITORY="example/myapp",
            GITHUB_SHA=self.git(self.work / "main", "rev-parse", "HEAD"),
            GITHUB_STEP_SUMMARY=str(summary),
            GITHUB_TOKEN=token,
            DISPATCH_TOKEN="" if token.startswith("app") else token,
        )
        done = subprocess.run(
            ["bash", "main/.github/scripts/pins.sh"],
            cwd=self.work,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr, summary.read_text()

    def lines(self) -> list[str]:
        """Return the appIds that the branch adds to main."""
        text = self.git(self.origin, "diff", f"main...{BRANCH}", "--", "manifests/entra-config.dev.lock.yaml")
        return [line.split()[2] for line in text.splitlines() if line.startswith("+    appId: ")]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return the desk."""
    hub = GitHub()
    yield Desk(tmp_path, hub)
    hub.close()


def guid(number: int) -> str:
    """Return an appId."""
    return f"a0000000-0000-4000-8000-{number:012}"


def test_one_pull_request_is_updated(desk: Desk) -> None:
    """A second run adds its lines to the open one; a key that was made again has the newer id; a closed
    one is begun anew.
    """
    assert desk.propose({"api": guid(1), "spa": guid(2)})[0] == 0
    assert desk.propose({"nightly": guid(3)})[0] == 0
    assert sorted(desk.lines()) == [guid(1), guid(2), guid(3)]
    assert desk.propose({"spa": guid(4)})[0] == 0
    assert sorted(desk.lines()) == [guid(1), guid(3), guid(4)]
    (pull,) = desk.hub.pulls
    assert "by an earlier run, proposed before" in pull["body"]
    assert "created 2026-11-26T10:00:00Z by this run" in pull["body"]
    assert [each["ref"] for each in desk.hub.dispatched] == [BRANCH] * 3

    pull["state"] = "closed"
    assert desk.propose({"api": guid(5)})[0] == 0
    assert desk.lines() == [guid(5)]
    assert len(desk.hub.pulls) == 2


def test_a_branch_that_somebody_pushed_to_is_left_alone(desk: Desk) -> None:
    """A commit in the bot's name, but without GitHub's signature: nothing of it is taken over, and it is
    not overwritten.
    """
    assert desk.propose({"api": guid(1)})[0] == 0
    clone = desk.folder / "stranger"
    subprocess.run(["git", "clone", "--quiet", "--branch", BRANCH, str(desk.origin), str(clone)], check=True)
    lock = clone / "manifests/entra-config.dev.lock.yaml"
    lock.write_text(lock.read_text().replace(guid(1), guid(666)))
    desk.commit(clone, BRANCH)
    planted = desk.git(clone, "rev-parse", "HEAD")

    code, said, summary = desk.propose({"spa": guid(2)})

    assert code == 1
    assert "which no workflow committed" in said
    assert desk.git(desk.origin, "rev-parse", BRANCH) == planted
    assert guid(2) in summary
    assert guid(666) not in summary


def test_where_github_refuses_the_lines_are_in_the_summary(desk: Desk) -> None:
    """An organization may forbid Actions to open pull requests: the job says so and is not red."""
    desk.hub.refuses_pulls = True

    code, said, summary = desk.propose({"api": guid(1)})

    assert code == 0, said
    assert "::warning title=No pull request::GitHub said 403" in said
    assert f"`api`: `{guid(1)}`" in summary
    assert not desk.hub.dispatched


def test_with_an_app_github_starts_the_check(desk: Desk) -> None:
    """What an App's token opens is planned like anybody's; nothing is started by hand."""
    assert desk.propose({"api": guid(1)}, "app Iv1.pins")[0] == 0

    assert desk.hub.pulls[0]["by"] == "app"
    assert not desk.hub.dispatched


ROW = {"key": "api", "appId": guid(1), "createdDateTime": "2026-11-26T10:00:00Z", "createdByAppId": WRITER}


@pytest.mark.parametrize(
    "changed",
    [
        {"environment": "prod"},
        {"project": "other"},
        {"tenantId": guid(1)},
        {"version": 2},
        {"more": True},
        {"pins": [{**ROW, "key": "api: {appId: x}\nrejected"}]},
        {"pins": [{**ROW, "appId": "not-a-guid"}]},
        {"pins": [{**ROW, "createdByAppId": "x # y"}]},
        {"pins": [{**ROW, "createdDateTime": "2026-11-26T10:00:00Z\n  evil:"}]},
        {"pins": [{**ROW, "owners": [guid(2)]}]},
        {"pins": [ROW] * 1001},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_is_not_of_the_schema_is_proposed_nowhere(desk: Desk, changed: dict[str, Any]) -> None:
    """Project, environment, tenant, each key, id and time are checked before anything else reads them."""
    code, _, summary = desk.propose({}, **changed)

    assert code == 1
    assert not desk.hub.pulls
    assert not summary
    assert desk.git(desk.origin, "for-each-ref", "--format=%(refname)") == "refs/heads/main"


def test_what_main_has_is_not_proposed(desk: Desk) -> None:
    """A pin that is there already changes no line: no branch, no pull request."""
    assert desk.propose({"api": guid(1)})[0] == 0
    clone = desk.folder / "merged"
    subprocess.run(["git", "clone", "--quiet", "--branch", BRANCH, str(desk.origin), str(clone)], check=True)
    desk.git(clone, "push", "--quiet", "origin", "HEAD:main")
    desk.hub.pulls[0]["state"] = "closed"

    assert desk.propose({"api": guid(1)})[0] == 0

    assert len(desk.hub.pulls) == 1
    assert len(desk.hub.dispatched) == 1
