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
from random import Random
from typing import Any

import pytest

from tests import seeds
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
    number: int = 0

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

    def make(self, made: dict[str, str], *, run: dict[str, Any] | None = None, **changed: Any) -> int:
        """Let a run be there that made applications; return its number."""
        self.number += 1
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
                "createdDateTime": f"2026-11-26T10:{self.number:02}:0{number}Z",
                "createdByAppId": WRITER,
            }
            for number, (key, app_id) in enumerate(made.items())
        ]
        data = json.dumps({**document, "pins": changed.get("pins", rows)}).encode()
        self.hub.run(self.number, self.head("main"), **(run or {}))
        self.hub.upload(self.number, "pins-dev", {"pins.json": data})
        return self.number

    def head(self, branch: str) -> str:
        """Return the commit of a branch."""
        return self.git(self.origin, "rev-parse", branch)

    def propose(self, made: dict[str, str], token: str = JOB, **changed: Any) -> tuple[int, str, str]:
        """Run the job for what an apply made; return exit code, output and summary."""
        return self.run_job(self.make(made, **changed), token)

    def run_job(self, number: int, token: str = JOB) -> tuple[int, str, str]:
        """Run the job of a run; return exit code, output and summary."""
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        subprocess.run(["git", "clone", "--quiet", str(self.origin), str(self.work / "main")], check=True)
        summary = self.work / "summary"
        summary.touch()
        environ = environment(
            ENTRA_CONFIG_ENVIRONMENT="dev",
            ENTRA_CONFIG_MANIFEST="main/manifests",
            GITHUB_API_URL=self.hub.url,
            GITHUB_REPOSITORY="example/myapp",
            GITHUB_RUN_ID=str(number),
            GITHUB_SHA=self.git(self.work / "main", "rev-parse", "HEAD"),
            GITHUB_STEP_SUMMARY=str(summary),
            GITHUB_TOKEN=token,
            RUNS_TOKEN=JOB,
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
    for key, number in (("api", 1), ("nightly", 2), ("spa", 3)):
        (line,) = [line for line in pull["body"].splitlines() if f"`{key}`" in line]
        assert f"by [run {number}](https://github.com/example/myapp/actions/runs/{number})" in line
    assert [each["ref"] for each in desk.hub.dispatched] == [BRANCH] * 3

    desk.hub.close_pull(pull["number"])
    assert desk.propose({"api": guid(5)})[0] == 0
    assert desk.lines() == [guid(5)]
    assert len(desk.hub.pulls) == 2


def test_each_attempt_of_a_run_has_its_pins(desk: Desk) -> None:
    """A run that failed half-way and was run again has two artifacts; GitHub lists the newest first."""
    first = desk.make({"api": guid(1)})
    again = desk.make({"nightly": guid(2)})
    for artifact in desk.hub.artifacts:
        artifact["workflow_run"]["id"] = first
    assert desk.run_job(first)[0] == 0
    assert again != first
    assert sorted(desk.lines()) == [guid(1), guid(2)]


def test_a_rename_that_was_applied_moves_the_pin(desk: Desk) -> None:
    """The pull request says so, with the run; a rename that the manifest does not have is not proposed."""
    clone = desk.folder / "renamed"
    desk.git(desk.folder, "clone", "--quiet", str(desk.origin), str(clone))
    file = clone / "manifests/entra-config.dev.lock.yaml"
    pin = f"    appId: {guid(1)}  # created 2026-11-26T10:00:00Z"
    file.write_text(f"{file.read_text()}applications:\n  api-before:\n{pin}\n")
    place = clone / "manifests/applications/api.yaml"
    place.write_text(place.read_text().replace("\n  api:\n", "\n  api:\n    previously: api-before\n", 1))
    desk.commit(clone)
    rows = [
        {"key": "api", "previously": "api-before", "appId": guid(1)},
        {"key": "spa", "previously": "page", "appId": guid(2)},
    ]
    code, out, _ = desk.propose({}, renamed=rows)
    assert code == 0, out
    (pull,) = desk.hub.pulls
    assert f"- `api`: `{guid(1)}`, renamed from `api-before` by [run 1](" in pull["body"]
    assert guid(2) not in pull["body"]
    assert "api-before:" not in desk.git(desk.origin, "show", f"{BRANCH}:manifests/{file.name}")


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
    desk.hub.close_pull(desk.hub.pulls[0]["number"])

    assert desk.propose({"api": guid(1)})[0] == 0

    assert len(desk.hub.pulls) == 1
    assert len(desk.hub.dispatched) == 1


def test_a_bot_s_commit_on_the_branch_is_not_believed(desk: Desk) -> None:
    """A workflow of anybody who can push can commit to the branch with GitHub's signature: its lines are
    replaced by those of the runs.
    """
    assert desk.propose({"api": guid(1)})[0] == 0
    plant_branch(desk, guid(666))

    assert desk.propose({"spa": guid(2)})[0] == 0

    assert sorted(desk.lines()) == [guid(1), guid(2)]
    assert guid(666) not in desk.hub.pulls[0]["body"]


def plant_branch(desk: Desk, app_id: str) -> None:
    """Commit a line to the branch as a workflow does that somebody else wrote."""
    clone = desk.folder / f"planted-{app_id}"
    subprocess.run(["git", "clone", "--quiet", str(desk.origin), str(clone)], check=True)
    lock = clone / "manifests/entra-config.dev.lock.yaml"
    known = lock.read_text() if lock.exists() else ""
    lines = f'  nightly:\n    appId: "{app_id}"  # created 2026-11-26T23:00:00Z by application {WRITER}\n'
    if "applications:\n" not in known:
        known += "applications:\n"
    lock.write_text(known.replace("applications:\n", f"applications:\n{lines}"))
    desk.git(clone, "add", "-A")
    desk.git(clone, "commit", "--quiet", "-m", "Pin what was created in dev")
    desk.git(clone, "push", "--quiet", "--force", "origin", f"HEAD:{BRANCH}")
    desk.hub.repository.signed.add(desk.git(clone, "rev-parse", "HEAD"))


def other_commit(desk: Desk) -> str:
    """Push a commit that is not part of main, and return it."""
    clone = desk.folder / f"topic-{desk.number}"
    subprocess.run(["git", "clone", "--quiet", str(desk.origin), str(clone)], check=True)
    (clone / "topic").write_text(f"{desk.number}\n")
    desk.commit(clone, f"topic-{desk.number}")
    return desk.git(clone, "rev-parse", "HEAD")


FOREIGN: dict[str, dict[str, Any]] = {
    "a fork's run": {"head_repository": {"id": 666}},
    "a run whose fork was deleted": {"head_repository": None},
    "another workflow": {"path": ".github/workflows/evil.yml"},
    "a workflow of that name in a folder": {"path": ".github/workflows/x/entra-apply.yml"},
    "a rotation": {"path": ".github/workflows/entra-credentials.yml"},
    "a pull request": {"event": "pull_request"},
    "pull_request_target": {"event": "pull_request_target"},
    "a run after another run": {"event": "workflow_run"},
    "an ended run with a later creation": {"status": "completed", "updated_at": "2026-11-26T09:00:00Z"},
}


REASONS = {
    "a fork's run": "the run belongs to another repository",
    "a run whose fork was deleted": "the run belongs to another repository",
    "another workflow": "the workflow .github/workflows/evil.yml does not apply manifests",
    "a workflow of that name in a folder": "x/entra-apply.yml does not apply manifests",
    "a pull request": "the event pull_request does not apply manifests",
    "pull_request_target": "the event pull_request_target does not apply manifests",
    "a run after another run": "the event workflow_run does not apply manifests",
    "an ended run with a later creation": "after the run's end",
}


def test_a_run_that_breaks_one_condition_is_refused(desk: Desk) -> None:
    """Each run breaks one condition and meets all others, so each condition has a line that only it keeps
    out. The reason is reported with the run.
    """
    expected = {}
    for number, what in enumerate((*FOREIGN, "a commit of a topic")):
        run = FOREIGN[what] if what in FOREIGN else {"head_sha": other_commit(desk)}
        # A key per run: a line that is wrongly accepted hides no other one. A rotation is not refused, so its
        # key is declared: nothing else keeps its line out.
        key = "nightly" if what == "a rotation" else f"other{number}"
        made = desk.make({key: guid(666_000 + number)}, run=run)
        expected[made] = REASONS.get(what, "is not part of the default branch")
    rotation = 1 + list(FOREIGN).index("a rotation")
    del expected[rotation]  # It is read, for its secrets alone.

    code, said, summary = desk.propose({"api": guid(1)})

    assert code == 0, said
    refused = {
        int(line.partition("/runs/")[2].partition(":")[0]): line
        for line in said.splitlines()
        if "Pins of a run are not proposed" in line
    }
    assert sorted(refused) == sorted(expected)
    for number, reason in expected.items():
        assert reason in refused[number]
    assert desk.lines() == [guid(1)]
    assert "a0000000-0000-4000-8000-000000666" not in desk.hub.pulls[0]["body"] + summary


@pytest.mark.parametrize("start", seeds.sample("branch of pins", range(0, 200, 4), 2))
def test_only_main_s_own_applies_become_lines(desk: Desk, start: int) -> None:
    """Four rounds: applies of main among branches that a bot committed, runs that are not main's apply, and
    artifacts that are damaged, expired or claim another time. The lines are those of the applies.
    """
    for seed in range(start, start + 4):
        rng = Random(seed)
        wanted: dict[str, str] = {}
        described = []
        for number in range(rng.randint(2, 5)):
            what = rng.choice([*FOREIGN, "a branch", "a commit of a topic", "too large", "no zip", "expired"])
            described.append(what)
            key, planted = rng.choice(("spa", "nightly", "api")), guid(666_000 + number)
            if what == "a branch":
                plant_branch(desk, planted)
            elif what == "a commit of a topic":
                desk.make({key: planted}, run={"head_sha": other_commit(desk)})
            else:
                desk.make({key: planted}, run=FOREIGN.get(what))
                damage(desk, what)
            if rng.random() < 0.5:
                key = rng.choice(("spa", "nightly"))
                wanted[key] = guid(1000 * seed + number)
                desk.make({key: wanted[key]})
        wanted["api"] = guid(1000 * seed + 900)
        code, said, summary = desk.propose({"api": wanted["api"]})

        assert code == 0, (seed, described, said)
        assert sorted(desk.lines()) == sorted(wanted.values()), f"{seed} {described} {said}"
        (pull,) = [pull for pull in desk.hub.pulls if pull["state"] == "open"]
        assert "a0000000-0000-4000-8000-000000666" not in pull["body"] + summary, (seed, described)
        assert pull["body"].count("by [run ") == len(wanted), (seed, described)
        desk.hub.close_pull(pull["number"])


def damage(desk: Desk, what: str) -> None:
    """Damage the last artifact as its case says."""
    artifact = desk.hub.artifacts[-1]
    if what == "no zip":
        desk.hub.archives[artifact["id"]] = b"no zip"
    elif what == "too large":
        desk.hub.archives[artifact["id"]] += b"0" * 2_000_001
    elif what == "expired":
        artifact["expired"] = True


def test_what_is_not_proposed_is_reported_with_its_run(desk: Desk) -> None:
    """An expired artifact's line names the command by which the tenant proves it."""
    desk.make({"spa": guid(2)})
    desk.hub.artifacts[-1]["expired"] = True
    desk.make({"spa": guid(3)}, run={"event": "pull_request"})

    _, said, _ = desk.propose({"api": guid(1)})

    runs = "https://github.com/example/myapp/actions/runs"
    assert f"{runs}/1: the artifact has expired." in said
    assert "entra-config lock -e dev" in said
    assert f"{runs}/2: the event pull_request does not apply manifests" in said
    assert desk.lines() == [guid(1)]
