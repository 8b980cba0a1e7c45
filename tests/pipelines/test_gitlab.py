"""`bootstrap gitlab` in an empty repository, and the jobs that it writes, each run by gitlab-ci-local on
the emulator.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from entra_config.emulator import background, seed
from entra_config.emulator.run_file import ServerOptions
from tests.pipelines import gitlab
from tests.pipelines.gitlab import GitLab
from tests.workflows.steps import PYTHON

pytestmark = pytest.mark.pipelines
ROOT = Path(__file__).parents[2]
RUNNER = ROOT / "tools/gitlab-ci-local/node_modules/.bin/gitlab-ci-local"
ROLES, ACCESS = "manifests/applications/api.yaml", "manifests/access.yaml"
Done = subprocess.CompletedProcess[str]


class Company:
    """A tenant on the emulator, a repository, a project on GitLab, and a machine that runs its jobs."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.state = folder, folder / "emulator"
        self.origin, self.desk = folder / "origin.git", folder / "desk"
        self.hub = GitLab(self.origin)
        background.start(
            ServerOptions(
                state=self.state, port=0, seed="workflows", issuer_keys={gitlab.URL: self.hub.jwks()}
            )
        )
        self.url = f"https://localhost:{json.loads((self.state / 'run.json').read_text())['port']}"
        self.runs = 0
        self._programs()
        self._repository()

    def close(self) -> None:
        """End the processes."""
        background.end(self.state)
        self.hub.close()

    def _programs(self) -> None:
        """Put programs in the place of the job image's: Python, which installs what is installed here
        already.
        """
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        command = self.bin / "entra-config-here"
        command.write_text(
            f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom entra_config.cli.main import run\nrun()\n"
        )
        text = PYTHON.format(python=sys.executable, command=command)
        for name in ("python", "python3"):
            (self.bin / name).write_text(text)
            (self.bin / name).chmod(0o755)

    def _repository(self) -> None:
        subprocess.run(
            ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(self.origin)], check=True
        )
        subprocess.run(
            ["git", "clone", "--quiet", str(self.origin), str(self.desk)], check=True, capture_output=True
        )
        for name in ("manifests", "api/generated", "spa/src/generated", "docs"):
            shutil.copytree(ROOT / name, self.desk / name)
        self.git("checkout", "--quiet", "-B", "main")
        self.push("Start")

    def environ(self, **more: str) -> dict[str, str]:
        """Return what every process finds: programs, the emulator, nothing of whoever runs the test."""
        node = Path(shutil.which("node") or "node").parent
        path = f"{self.bin}:{node}:/usr/bin:/bin"
        given = {"PATH": path, "HOME": str(self.folder), "LANG": "C.UTF-8", "ENTRA_CONFIG_CLOUD": "emulator"}
        return {**given, "ENTRA_CONFIG_EMULATOR_STATE": str(self.state), **more}

    def command(self, *words: str) -> Done:
        """Run entra-config at the desk, as the emulator's deployer."""
        whole = [sys.executable, str(self.bin / "entra-config-here"), *words]
        return subprocess.run(
            whole, cwd=self.desk, env=self.environ(), capture_output=True, text=True, check=False
        )

    def bootstrap(self, *more: str, code: int = 0) -> Done:
        """Run `bootstrap gitlab` at the desk."""
        wheel = self.folder / f"entra_config-{version('entra-config')}-py3-none-any.whl"
        wheel.write_bytes(b"PK")
        words = ["--project", gitlab.PROJECT_PATH, "--url", gitlab.URL, "--wheel", str(wheel), *more]
        done = self.command("bootstrap", "gitlab", *words)
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def git(self, *arguments: str) -> str:
        """Run git at the desk."""
        who = ["-c", "user.name=dev", "-c", "user.email=dev@example.com", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", "-C", str(self.desk), *who, *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def push(self, message: str, branch: str = "main") -> str:
        """Commit what lies on the desk, push it; return the commit."""
        self.git("add", "-A")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        self.git("push", "--quiet", "--force", "origin", f"HEAD:{branch}")
        return self.git("rev-parse", "HEAD")

    def start(self) -> None:
        """Stand on main as it is now."""
        self.git("fetch", "--quiet", "origin")
        self.git("checkout", "--quiet", "--force", "-B", "main", "origin/main")
        self.git("clean", "--quiet", "-fd")

    def edit(self, path: str, before: str, after: str) -> None:
        """Replace a text in a file at the desk; it must be there, once."""
        file = self.desk / path
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1, (path, before, text.count(before))
        file.write_text(text.replace(before, after), encoding="utf-8")

    def graph(self, method: str, path: str, body: Any = None) -> Any:
        """Send one request to Graph by hand, as an administrator."""
        trust = background.trust_of(self.state)
        form = {
            "grant_type": "client_credentials",
            "client_id": seed.ADMIN_APP_ID,
            "client_secret": seed.ADMIN_SECRET,
        }
        form["scope"] = "https://graph.microsoft.com/.default"
        token = httpx.post(f"{self.url}/{seed.CONTOSO}/oauth2/v2.0/token", data=form, verify=trust).json()[
            "access_token"
        ]
        response = httpx.request(
            method,
            f"{self.url}/v1.0{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            verify=trust,
        )
        assert response.is_success, response.text
        return response.json() if response.content else None

    def variables(self) -> dict[str, str]:
        """Return the variables of the project, as the lines that bootstrap prints set them."""
        pins = yaml.safe_load((self.desk / "pipeline/entra-config.tenant.lock.yaml").read_text())[
            "applications"
        ]
        return {key: each["appId"] for key, each in pins.items()}

    def pipeline(self, source: str, branch: str = "main", **more: str) -> Pipeline:
        """Start a pipeline of a branch."""
        self.runs += 1
        work = self.folder / f"run-{self.runs}"
        subprocess.run(
            ["git", "clone", "--quiet", "--branch", branch, str(self.origin), str(work)], check=True
        )
        return Pipeline(self, work, source, branch, more)


class Pipeline:
    """The jobs of one pipeline, on one checkout: each is started as GitLab would, with the token that it
    asks for.
    """

    def __init__(self, company: Company, work: Path, source: str, branch: str, more: dict[str, str]) -> None:
        self.company, self.work, self.source, self.branch, self.more = company, work, source, branch, more
        documents = list(yaml.safe_load_all((work / ".gitlab-ci.yml").read_text(encoding="utf-8")))
        self.jobs = {name: job for name, job in documents[-1].items() if "script" in job or "trigger" in job}

    def _given(self) -> dict[str, str]:
        given = {
            "CI_PIPELINE_SOURCE": self.source,
            "CI_API_V4_URL": self.company.hub.api,
            "CI_PROJECT_ID": str(gitlab.PROJECT_ID),
            "CI_PROJECT_PATH": gitlab.PROJECT_PATH,
            "CI_REPOSITORY_URL": str(self.company.origin),
            "CI_DEFAULT_BRANCH": "main",
            "CI_JOB_URL": "https://gitlab.com/job",
            **self.more,
        }
        if self.branch == "main":
            # What is protected is for main's pipelines alone.
            apps = self.company.variables()
            given |= {
                "ENTRA_TENANT_ID": seed.CONTOSO,
                "ENTRA_READER_CLIENT_ID": apps["reader"],
                "ENTRA_GITLAB_TOKEN": gitlab.TOKEN,
            }
        return given

    def _run(self, given: dict[str, str], *words: str) -> Done:
        sets = [word for name, value in given.items() for word in ("--variable", f"{name}={value}")]
        options = [
            "--force-shell-executor",
            "--shell-isolation",
            "--no-color",
            "--ignore-predefined-vars",
            ",".join(given),
        ]
        environ = self.company.environ(AZURE_AUTHORITY_HOST=self.company.url)
        return subprocess.run(
            [str(RUNNER), *options, *sets, *words],
            cwd=self.work,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )

    def listed(self) -> dict[str, dict[str, Any]]:
        """Return the jobs that this pipeline has, by name, as gitlab-ci-local reads the rules."""
        done = self._run(self._given(), "--list-json")
        assert done.returncode == 0, done.stdout + done.stderr
        rows = json.loads(done.stdout[done.stdout.index("[\n") :])
        return {row["name"]: row for row in rows if row["when"] != "never"}

    def job(self, name: str, **more: str) -> Done:
        """Run one job."""
        given = {**self._given(), **more}
        job = self.jobs[name]
        for token, requested in job.get("id_tokens", {}).items():
            given[token] = self.company.hub.token(self.branch, requested["aud"])
        if "environment" in job and self.branch == "main":
            given["ENTRA_WRITER_CLIENT_ID"] = self.company.variables()[f"writer-{job['environment']}"]
        return self._run(given, name)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Return the company: a repository with a manifest, and nothing of a pipeline."""
    made = Company(tmp_path_factory.mktemp("company"))
    yield made
    made.close()


def good(done: Done) -> str:
    """Return what a job said that must be green."""
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def bad(done: Done) -> str:
    """Return what a job said that must be red."""
    assert done.returncode != 0, done.stdout
    return done.stdout


def test_one_command_makes_the_pipeline_and_a_second_changes_nothing(company: Company) -> None:
    """Identities with a subject of main alone, an audience for each writer; the commands that set the
    variables.
    """
    done = company.bootstrap("--title", "GitLab", "--apply", "--allow", "dangerous", "--auto-approve")
    company.push("A pipeline")

    declared = yaml.safe_load((company.desk / "pipeline/identities.yaml").read_text())["applications"]
    ways = {key: each["federatedCredentials"]["main"] for key, each in declared.items()}
    assert {each["subject"] for each in ways.values()} == {
        f"project_path:{gitlab.PROJECT_PATH}:ref_type:branch:ref:main"
    }
    assert {key: each["audience"] for key, each in ways.items()} == {
        "reader": "api://AzureADTokenExchange",
        "writer-dev": "api://AzureADTokenExchange/dev",
        "writer-prod": "api://AzureADTokenExchange/prod",
    }
    apps = company.variables()
    assert (
        f"glab variable set ENTRA_WRITER_CLIENT_ID {apps['writer-prod']} --protected --scope prod"
        in done.stdout
    )
    company.bootstrap("--check")
    company.bootstrap("--auto-approve")
    assert not company.git("status", "--porcelain")
    assert company.command("lint", "-f", "pipeline").returncode == 0


def test_identities_that_somebody_else_applied_are_pinned_first(company: Company) -> None:
    """The variables are printed once the pins know them; until then it says how to pin them."""
    company.start()
    pins = company.desk / "pipeline/entra-config.tenant.lock.yaml"
    kept = pins.read_bytes()
    pins.unlink()
    done = company.bootstrap("--auto-approve")
    assert "next: nothing pins the identities: entra-config lock -f pipeline, " in done.stderr
    assert "variable set" not in done.stdout

    assert company.command("lock", "-f", "pipeline").returncode == 0
    done = company.bootstrap("--auto-approve")
    assert "glab variable set ENTRA_READER_CLIENT_ID" in done.stdout
    assert "next: set the variables above" in done.stderr
    pins.write_bytes(kept)


def test_a_pipeline_of_ones_own_is_not_written_over(company: Company) -> None:
    """It is refused with the place where it may stand, and included from there."""
    company.start()
    file = company.desk / ".gitlab-ci.yml"
    (company.desk / ".gitlab/ci.yml").write_text("own: { script: [echo own] }\n", encoding="utf-8")
    company.bootstrap("--auto-approve")
    assert "include:\n  - local: .gitlab/ci.yml\n" in file.read_text(encoding="utf-8")
    file.write_text("own: { script: [echo own] }\n", encoding="utf-8")
    done = company.bootstrap("--auto-approve", code=1)

    assert "move it to .gitlab/ci.yml" in done.stderr
    assert file.read_text(encoding="utf-8") == "own: { script: [echo own] }\n"
    company.start()


def test_each_event_starts_its_jobs_and_no_others(company: Company) -> None:
    """A merge request checks and starts main's pipeline; main reviews, plans and applies, reports drift."""
    ours = {"CI_MERGE_REQUEST_PROJECT_ID": "7", "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "7"}
    theirs = {**ours, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "99"}
    mine = company.pipeline("merge_request_event", **ours)

    assert set(mine.listed()) == {"check", "access tests", "start review"}
    assert mine.jobs["start review"]["trigger"]["branch"] == "$CI_DEFAULT_BRANCH"
    assert not {name for name in mine.listed() if "id_tokens" in mine.jobs[name]}
    assert set(company.pipeline("merge_request_event", **theirs).listed()) == {"check", "access tests"}
    assert set(company.pipeline("pipeline").listed()) == {"review"}
    assert set(company.pipeline("schedule").listed()) == {"drift dev", "drift prod", "pipeline"}
    by_hand = company.pipeline("web").listed()
    assert {name: each["when"] for name, each in by_hand.items()} == {
        "plan dev": "on_success",
        "plan prod": "on_success",
        "apply dev": "manual",
        "apply prod": "manual",
    }
    assert [each["job"] for each in by_hand["apply prod"]["needs"]] == ["plan prod", "apply dev"]


def test_main_is_applied_environment_by_environment(company: Company) -> None:
    """Each plan is carried out by its environment's writer, and is empty afterwards: then nobody signs in."""
    pipeline = company.pipeline("web")
    for name in ("dev", "prod"):
        assert "MyApp API" in good(pipeline.job(f"plan {name}"))
        assert f"entra-config lock -e {name} --pins pins.json" in good(pipeline.job(f"apply {name}"))
        made = [
            json.loads(file.read_text())
            for file in pipeline.work.glob(".gitlab-ci-local/artifacts/*/pins/pins.json")
        ]
        assert name in [each["environment"] for each in made]
    again = company.pipeline("web")
    good(again.job("plan dev"))
    assert "Nothing to write: nobody signs in." in good(again.job("apply dev"))


def propose(company: Company, number: int, *, fork: bool = False) -> str:
    """Open a merge request of what lies on the desk; return its commit."""
    company.git("checkout", "--quiet", "-B", f"change-{number}")
    company.push(f"Change {number}", f"change-{number}")
    return company.hub.open(number, f"change-{number}", fork=fork)


def test_a_merge_request_is_planned_by_main_as_one_note(company: Company) -> None:
    """One note and one green status; the same commit is planned once, a new one updates the note; a fork's
    is left alone.
    """
    company.start()
    company.edit(ROLES, "description: Reads everything.", "description: Reads all.")
    first = propose(company, 1)
    company.start()
    company.edit(ROLES, "description: Administers.", "description: Lets me in.")
    propose(company, 2, fork=True)
    company.start()
    (company.desk / "README.md").write_text("Words.\n", encoding="utf-8")
    words = propose(company, 3)

    good(company.pipeline("pipeline").job("review"))

    (note,) = company.hub.notes[1]
    body = note["body"]
    assert body.index("myapp/prod") < body.index("myapp/dev")
    assert "Reads all." in body
    assert not company.hub.notes.get(2)
    assert not company.hub.notes.get(3)
    assert [(each["sha"], each["state"]) for each in company.hub.statuses] == [
        (first, "success"),
        (words, "success"),
    ]
    assert company.hub.statuses[0]["pipeline_id"] == 1001

    good(company.pipeline("pipeline").job("review"))
    assert company.hub.notes[1][0]["writes"] == 1

    company.git("checkout", "--quiet", "change-1")
    company.edit(ROLES, "description: Reads all.", "description: Reads it all.")
    propose(company, 1)
    company.hub.notes[1].insert(0, {"id": 1, "author": {"id": gitlab.PERSON}, "body": body, "writes": 1})
    good(company.pipeline("pipeline").job("review"))
    _, note = company.hub.notes[1]
    assert note["writes"] == 2, "ours is updated, and a person's copy of it is a person's"
    assert "Reads it all." in note["body"]


def test_what_is_merged_is_told_to_be_the_plan_of_the_note(company: Company) -> None:
    """Before anybody approves; another manifest than the reviewed one is told, and a commit that nobody
    reviewed.
    """
    before = company.hub.git("rev-parse", "main")
    company.git("checkout", "--quiet", "--force", "-B", "main", "change-1")
    merged = company.push("Merge !1")
    company.hub.merge_requests[1] |= {"state": "merged", "as": merged}
    said = good(company.pipeline("web").job("plan prod"))
    company.edit(ROLES, "description: Reads it all.", "description: Reads it twice.")
    company.hub.merge_requests[1]["as"] = company.push("By hand")
    moved = good(company.pipeline("web").job("plan prod"))
    company.push("Nobody looked")
    unknown = good(company.pipeline("web").job("plan prod"))
    company.git("push", "--quiet", "--force", "origin", f"{before}:refs/heads/main")

    assert "Same plan as shown in review (!1)." in said
    assert "DIFFERS from the plan that was shown in review (!1)" in moved
    assert "No reviewed plan was found" in unknown


def test_what_must_not_be_merged_has_a_red_status(company: Company) -> None:
    """A failing access test, a refused plan and a link in the manifest: the note says it, and the status
    of the commit.
    """
    for number in (3,):
        company.hub.merge_requests[number]["state"] = "merged"
    company.start()
    company.edit(ACCESS, "    Reader: { groups: [All Staff] }", "    Reader: { groups: [] }")
    failing = propose(company, 4)
    company.start()
    (company.desk / "manifests/teams.yaml").symlink_to("/etc/passwd")
    linked = propose(company, 5)

    good(company.pipeline("pipeline").job("review"))

    states = {each["sha"]: (each["state"], each["description"]) for each in company.hub.statuses}
    assert states[failing][0] == states[linked][0] == "failed"
    assert "access test fails" in states[failing][1] or "refuses" in states[failing][1]
    assert "neither a file nor a folder" in company.hub.notes[5][0]["body"]
    assert "root:" not in company.hub.notes[5][0]["body"]


def test_a_merge_requests_own_pipeline_has_nothing_to_sign_in_with(company: Company) -> None:
    """Whatever a branch makes of the file: its token's subject is the branch's, for the reader and for
    each writer.
    """
    company.start()
    file = company.desk / ".gitlab-ci.yml"
    text = file.read_text(encoding="utf-8").replace(
        '$CI_PIPELINE_SOURCE == "web" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH', "$CI"
    )
    file.write_text(
        text.replace(
            '  rules:\n    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n    - if:',
            "  rules:\n    - if: $CI\n    - if:",
        )
    )
    propose(company, 6)
    apps = company.variables()
    known = {"CI": "true", "ENTRA_TENANT_ID": seed.CONTOSO, "ENTRA_READER_CLIENT_ID": apps["reader"]}
    pipeline = company.pipeline("web", "change-6", **known)
    job = pipeline.job(
        "plan dev", CI_REPOSITORY_URL=str(company.origin), CI_COMMIT_SHA=company.hub.git("rev-parse", "main")
    )

    assert re.search(r"AADSTS70021|AADSTS700213", bad(job))


def test_a_job_that_plans_holds_no_token_that_a_writer_opens_to(company: Company) -> None:
    """The subject is the same; the audience is not."""
    writer = company.variables()["writer-prod"]
    job = company.pipeline("schedule").job("drift prod", ENTRA_READER_CLIENT_ID=writer)

    assert "AADSTS7002" in bad(job)


def test_an_older_commit_that_runs_last_changes_nothing(company: Company) -> None:
    """The newer run applies; the older one says that it is superseded."""
    pipeline = company.pipeline("web")
    company.start()
    company.push("Newer")

    assert "Superseded" in bad(pipeline.job("plan dev"))


def test_drift_opens_an_issue_and_repair_closes_it(company: Company) -> None:
    """A hand in the tenant is an issue, once; when it is gone, the issue closes."""
    spa = company.graph("GET", "/applications?$filter=displayName eq 'MyApp SPA'")["value"][0]
    before = spa["spa"]["redirectUris"]
    company.graph(
        "PATCH", f"/applications/{spa['id']}", {"spa": {"redirectUris": [*before, "https://evil.example/cb"]}}
    )

    for _ in range(2):
        good(company.pipeline("schedule").job("drift prod"))
    (issue,) = company.hub.issues
    assert (issue["title"], issue["state"]) == ("Drift in prod", "opened")
    assert "https://evil.example/cb" in issue["description"]

    company.graph("PATCH", f"/applications/{spa['id']}", {"spa": {"redirectUris": before}})
    good(company.pipeline("schedule").job("drift prod"))
    assert issue["state"] == "closed"


def test_the_pipeline_is_checked_from_inside(company: Company) -> None:
    """It stands; without the reader's own subject it would not."""
    said = good(company.pipeline("schedule").job("pipeline"))

    assert f"project_path:{gitlab.PROJECT_PATH}:ref_type:branch:ref:main opens reader" in said
    assert "GitHub" not in said


def test_what_is_wrong_is_told_before_any_sign_in(company: Company) -> None:
    """`check` and `access tests` of a merge request, without a variable that is protected."""
    company.start()
    company.edit(ACCESS, "groups: [All Staff]", "gruops: [All Staff]")
    propose(company, 7)
    pipeline = company.pipeline("merge_request_event", "change-7")

    assert "manifests/access.yaml:" in bad(pipeline.job("check"))
    assert bad(pipeline.job("access tests"))
    assert not os.environ.get("ENTRA_ID_TOKEN")


def test_what_is_over_goes_by_the_schedule_when_somebody_starts_it(company: Company) -> None:
    """`bootstrap` adds the jobs once something ends; the plan is of what is over alone, and what it takes
    away is gone; then there is nothing to start.
    """
    company.start()
    for name in ("dev", "prod"):
        applied = company.pipeline("web")
        good(applied.job(f"plan {name}"))
        good(applied.job(f"apply {name}"))
    company.edit(
        ACCESS, "users: [alice@contoso.com]", "users: [{ name: alice@contoso.com, until: 2026-01-31 }]"
    )
    company.edit(ACCESS, "groups: [All Staff]", "groups: []")
    company.bootstrap("--auto-approve")
    company.push("Alice until January")
    assert set(company.pipeline("schedule").listed()) == {
        *(f"{job} {name}" for name in ("dev", "prod") for job in ("drift", "plan expired", "expire")),
        "pipeline",
    }
    pipeline = company.pipeline("schedule")
    reported = good(pipeline.job("plan expired dev"))
    assert "its last day was 31 Jan 2026" in reported
    assert "All Staff" not in reported.partition("only what is over")[2]
    good(pipeline.job("expire dev"))
    again = company.pipeline("schedule")
    good(again.job("plan expired dev"))
    assert "Nothing to write: nobody signs in." in good(again.job("expire dev"))
    company.start()
