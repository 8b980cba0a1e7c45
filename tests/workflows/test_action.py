"""The ten lines of docs/action.md, and the action, in a repository that has a manifest and nothing else of
this project.
"""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config.bootstrap.github import CLAIMS
from entra_config.bootstrap.github_called import CALLER
from entra_config.emulator import seed
from tests.workflows.estate import REPOSITORY, Estate
from tests.workflows.github import ISSUER
from tests.workflows.runs import PROJECT, Event, Result, assert_all
from tests.workflows.scripts import load

TOOL = "example/entra-config"
PIPELINE = f"{TOOL}/.github/workflows/pipeline.yml"
PAGE = (PROJECT / "docs/action.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.+?)```", PAGE, re.DOTALL)
# What the page lets in: the subjects of the reader and of a writer, as they are written there.
ROWS = re.findall(r"(?m)^ *\| (reader|writer of an environment) \| (`repo:.+`) \|$", PAGE)
SUBJECTS = {who.split()[0]: re.findall(r"`(.+?)`", listed) for who, listed in ROWS}
ROLES, ACCESS = "manifests/applications/api.yaml", "manifests/access.yaml"


class Caller(Estate):
    """A repository whose one workflow is the ten lines, with identities that trust one commit of the tool."""

    def __post_init__(self) -> None:
        """Make the pipeline as `bootstrap github --calling` does, and push it."""
        self.numbers = itertools.count()
        super().__post_init__()
        assert isinstance(self.runner.others, dict)
        self.runner.others[TOOL] = self.tool = self.folder / "tool.git"
        self.commit_of_tool = release(self.folder / "tool", self.tool)
        called = ("--calling", f"{TOOL}@{self.commit_of_tool}")
        self.bootstrap(*called, "--apply", "--allow", "dangerous", "--auto-approve")
        self.commit("Ten lines")
        self.git("push", "--quiet", "origin", "main")

    def opened(self, app_id: str) -> set[str]:
        """Return the subjects that open an application in the tenant."""
        held = f"/applications(appId='{app_id}')/federatedIdentityCredentials"
        return {each["subject"] for each in self.graph("GET", held)["value"]}

    def listed(self, who: str, environment: str = "") -> list[str]:
        """Return the subjects that the page lists for an identity, without what each begins with."""
        trusted = f"job_workflow_ref:{PIPELINE}@{self.commit_of_tool}"
        begin = "repo:OWNER@ID/REPO@ID:"
        assert all(each.startswith(begin) and each.endswith(":W") for each in SUBJECTS[who])
        bare = [each.removeprefix(begin).removesuffix("W") for each in SUBJECTS[who]]
        return [each.replace("ENVIRONMENT", environment) + trusted for each in bare]

    @property
    def reader(self) -> str:
        """Return the reader's appId."""
        return self.hub.settings.variables["ENTRA_READER_CLIENT_ID"]

    def trust(self, app_id: str, *subjects: str, keep: bool = False) -> None:
        """Let jobs of these subjects sign in as an application, and no others unless they are kept."""
        held = f"/applications(appId='{app_id}')/federatedIdentityCredentials"
        for each in [] if keep else self.graph("GET", held)["value"]:
            self.graph("DELETE", f"{held}/{each['id']}")
        for subject in subjects:
            body: dict[str, Any] = {"name": f"ten-{next(self.numbers)}", "issuer": ISSUER}
            body |= {
                "subject": f"{self.hub.settings.prefix}:{subject}",
                "audiences": ["api://AzureADTokenExchange"],
            }
            self.graph("POST", held, body)

    def write(self, text: str) -> None:
        """Write the one workflow."""
        (self.desk / ".github/workflows").mkdir(parents=True, exist_ok=True)
        (self.desk / ".github/workflows/entra.yml").write_text(text, encoding="utf-8")

    def event(self, name: str, sha: str, ref: str = "refs/heads/main", **inputs: str) -> dict[str, Result]:
        """Run the workflow for an event."""
        return self.runner.run("entra.yml", Event(name, ref, sha, inputs=inputs))

    def pull(self, number: int, message: str, *, fork: bool = False) -> dict[str, Result]:
        """Propose the desk, and run the workflow on its pull request."""
        return self.plan(number, self.propose(number, message), fork=fork, workflow="entra.yml")


def release(folder: Path, origin: Path) -> str:
    """Make the tool's repository of this checkout; return its commit."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(folder)], check=True)
    shutil.copytree(PROJECT / ".github", folder / ".github")
    shutil.copy(PROJECT / "action.yml", folder)
    return recorded(folder, origin)


def recorded(folder: Path, origin: Path) -> str:
    """Commit the tool's folder, and let it be what is fetched; return the commit."""
    who = ["-c", "user.name=tool", "-c", "user.email=tool@example.com", "-c", "commit.gpgsign=false"]
    for command in (["add", "-A"], ["commit", "--quiet", "-m", "Release"]):
        subprocess.run(["git", "-C", str(folder), *who, *command], check=True)
    if not origin.exists():
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(origin)], check=True)
    subprocess.run(
        ["git", "-C", str(folder), "push", "--quiet", "--force", str(origin), "HEAD:main"], check=True
    )
    said = subprocess.run(
        ["git", "-C", str(folder), "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    )
    return said.stdout.strip()


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """Return the company, its main branch applied to both environments by the ten lines."""
    made = Caller(tmp_path_factory.mktemp("estate"))
    made.first = made.event("push", made.git("rev-parse", "HEAD"))
    yield made
    made.close()


def test_the_page_has_ten_lines_and_they_are_one_workflow() -> None:
    """What the page shows is all of the file."""
    lines = BLOCKS[0].splitlines()
    assert len(lines) == 10
    assert set(yaml.safe_load(BLOCKS[0])) == {True, "jobs"}


def test_bootstrap_writes_the_ten_lines_and_nothing_that_runs_beside_them(estate: Caller) -> None:
    """The file is the page's, with this commit; no script, no action, no lock file, no environment for pins;
    again, nothing changes, and nobody has to say the commit.
    """
    head, *lines = (estate.desk / CALLER).read_text(encoding="utf-8").splitlines()
    page = BLOCKS[0].replace("0123456789abcdef0123456789abcdef01234567", estate.commit_of_tool)

    assert f"`entra-config bootstrap github --calling {TOOL}@{estate.commit_of_tool}`" in head
    assert lines == page.replace(" # v0.1.0", "").splitlines()
    written = estate.git("ls-files", ".github").splitlines()
    assert written == [".github/CODEOWNERS", CALLER]
    assert set(estate.hub.settings.environments) == {"dev", "prod"}
    estate.bootstrap("--check")


def test_bootstrap_lets_in_what_the_page_lists(estate: Caller) -> None:
    """To the letter, of this repository with its ids, and nothing else."""
    prefix = f"{estate.hub.settings.prefix}:"

    assert estate.opened(estate.reader) == {prefix + each for each in estate.listed("reader")}
    assert set(estate.writers) == {"dev", "prod"}
    for name, app_id in estate.writers.items():
        assert estate.opened(app_id) == {prefix + each for each in estate.listed("writer", name)}


def test_the_called_pipeline_stands(estate: Caller) -> None:
    """Doctor asks for no environment that this way has no use for."""
    said = estate.command("doctor", "--pipeline", GH_USER="ann", GITHUB_REPOSITORY=REPOSITORY)

    assert said.returncode == 0, said.stdout
    assert "environment  pins" not in said.stdout


def test_the_page_sets_up_what_the_pipeline_asks_for() -> None:
    """Each variable, claim and environment of the workflow is in the page's list, and it leads to no
    heading that is gone.
    """
    setup = PAGE.partition("### Set-up")[2].partition("## The action")[0]
    workflow = (PROJECT / ".github/workflows/pipeline.yml").read_text(encoding="utf-8")

    assert set(re.findall(r"^ +\| `(ENTRA_\w+)`", setup, re.MULTILINE)) == set(
        re.findall(r"vars\.(\w+)", workflow)
    )
    assert tuple(re.findall(r"include_claim_keys\[\]=(\w+)", setup)) == CLAIMS
    assert set(SUBJECTS) == {"reader", "writer"}
    assert ISSUER in setup
    assert "repo:OWNER/REPO:" not in PAGE
    for page, heading in re.findall(r"\]\(([\w-]+\.md)#([\w-]+)\)", PAGE):
        headings = re.findall(r"(?m)^#+ (.+)$", (PROJECT / "docs" / page).read_text(encoding="utf-8"))
        assert heading in {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("block", BLOCKS)
def test_what_the_page_shows_is_clean_to_zizmor(tmp_path: Path, block: str) -> None:
    """Who copies a workflow of the page gets nothing that a linter of workflows finds fault with."""
    file = tmp_path / ".github/workflows/entra.yml"
    file.parent.mkdir(parents=True)
    file.write_text(block, encoding="utf-8")
    command = [str(Path(sys.executable).parent / "zizmor"), "--offline", "--quiet", "--no-config", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_ten_lines_apply_stage_by_stage(estate: Caller) -> None:
    """A push makes dev and then prod as the manifest says, each as its own writer; there is no third
    stage, and no review.
    """
    ran = {name for name, job in estate.first.items() if not job.skipped}

    assert_all(estate.first, "success", "skipped")
    assert ran == {"entra", "begin", "plan-first", "apply-first", "plan-second", "apply-second"}
    assert "entra-config lock -e dev --pins pins.json" in estate.first["apply-first"].summary
    contexts = [subject.split(":job_workflow_ref:")[0] for subject in estate.hub.subjects]
    assert [each.removeprefix(f"{estate.hub.settings.prefix}:") for each in contexts] == [
        "ref:refs/heads/main",
        "environment:dev",
        "ref:refs/heads/main",
        "environment:prod",
    ]
    names = {each["displayName"] for each in estate.graph("GET", "/applications")["value"]}
    assert {"MyApp API (dev)", "MyApp API"} <= names


def test_a_pull_request_is_planned_commented_and_applied(estate: Caller) -> None:
    """One comment shows both environments, prod first; after the merge the plans are those of the comment."""
    for name in ("dev", "prod"):
        estate.entra("lock", "-e", name)
    estate.edit(ROLES, "description: Reads everything.", "description: Reads all.")

    jobs = estate.pull(1, "Say it shorter")

    assert_all(jobs, "success", "skipped")
    assert not {name for name, job in jobs.items() if name.startswith("apply") and not job.skipped}
    (comment,) = estate.hub.comments[1]
    assert 0 < comment["body"].index("myapp/prod") < comment["body"].index("myapp/dev")

    jobs = estate.event("push", estate.merge(1))

    assert_all(jobs, "success", "skipped")
    assert "Same plan as shown in review (#1)" in jobs["plan-second"].summary
    (api,) = estate.graph("GET", "/applications?$filter=displayName eq 'MyApp API'")["value"]
    assert "Reads all." in [role["description"] for role in api["appRoles"]]


def test_a_pull_request_that_changes_no_manifest_is_green_without_a_sign_in(estate: Caller) -> None:
    """Nobody signs in for it, and no comment is written."""
    estate.start()
    (estate.desk / "README.md").write_text("Words.\n", encoding="utf-8")
    signed_in = len(estate.hub.subjects)

    jobs = estate.pull(2, "Words")

    assert_all(jobs, "success", "skipped")
    assert jobs["plan/dev"].skipped
    assert len(estate.hub.subjects) == signed_in
    assert not estate.hub.comments.get(2)


def test_what_is_wrong_stops_before_any_sign_in(estate: Caller) -> None:
    """An invalid manifest and a fork's pull request are told without an identity."""
    estate.start()
    signed_in = len(estate.hub.subjects)
    estate.edit(ACCESS, "groups: [All Staff]", "gruops: [All Staff]")
    invalid = estate.pull(3, "A typo")
    estate.start()
    estate.edit(ROLES, "description: Administers.", "description: Does it.")
    fork = estate.pull(4, "From outside", fork=True)

    assert invalid["check"].result == "failure"
    assert "::error file=manifests/access.yaml,line=" in invalid["check"].log
    assert invalid["plan/dev"].skipped
    assert (fork["check"].result, fork["tests"].result, fork["plan/dev"].result) == (
        "success",
        "success",
        "skipped",
    )
    assert fork["comment"].skipped
    assert len(estate.hub.subjects) == signed_in


def test_whatever_a_pull_request_makes_of_the_ten_lines_opens_nothing(estate: Caller) -> None:
    """A branch's own copy of the pipeline, and another commit of the tool, get no token of Entra."""
    estate.start()
    ours = yaml.safe_load((estate.desk / ".github/workflows/entra.yml").read_text(encoding="utf-8"))
    other = recorded(estate.folder / "tool", estate.tool) if touched(estate) else ""
    for number, uses in (
        (5, f"{REPOSITORY}/.github/workflows/pipeline.yml@change-5"),
        (6, f"{PIPELINE}@{other}"),
    ):
        estate.start()
        shutil.copy(PROJECT / ".github/workflows/pipeline.yml", estate.desk / ".github/workflows")
        ours["jobs"]["entra"]["uses"] = uses
        estate.write(yaml.safe_dump(ours))
        estate.edit(ROLES, "description: Administers.", f"description: Does {number}.")
        for folder in ("actions", "called", "scripts"):
            shutil.copytree(PROJECT / ".github" / folder, estate.desk / ".github" / folder)

        jobs = estate.pull(number, "Mine")

        assert jobs["plan/dev"].result == jobs["plan/prod"].result == "failure"
        assert "AADSTS7002138" in jobs["plan/dev"].log or "AADSTS70021" in jobs["plan/dev"].log
        assert number not in estate.hub.comments


def touched(estate: Caller) -> bool:
    """Change the tool."""
    (estate.folder / "tool/README.md").write_text("Another commit.\n", encoding="utf-8")
    return True


def test_a_called_workflow_that_does_not_know_its_commit_ends_at_once(
    estate: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty repository and ref would be the caller's own to the checkout: nothing runs then."""
    workflow = estate.runner.workflow

    def unknown(*arguments: Any, **more: Any) -> Any:
        found = workflow(*arguments, **more)
        object.__setattr__(found, "sha", "")
        return found

    monkeypatch.setattr(estate.runner, "workflow", unknown)
    jobs = estate.event("push", estate.git("rev-parse", "origin/main"))

    assert jobs["begin"].result == "failure"
    assert "Too old" in jobs["begin"].log
    assert all(job.skipped for name, job in jobs.items() if name not in {"begin", "entra"})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("dev prod stage more", "One to three environments"),
        (" ", "One to three environments"),
        ("dev DEV", "each once"),
        ("dev $(touch${IFS}x)", "A name has letters"),
        ("dev -prod", "A name has letters"),
    ],
)
def test_an_odd_environment_ends_at_once(given: str, said: str) -> None:
    """Names are compared with a form before anything is done with them, and are not repeated where they do
    not have it.
    """
    with pytest.raises(SystemExit, match=said) as raised:
        load("begin", "called").stages(given)
    assert "touch" not in str(raised.value)


@pytest.mark.parametrize(
    "given", ["", "/etc", "../elsewhere", "a/../..", "a\nfirst=prod", "a b", "-f", "${x}"]
)
def test_an_odd_folder_ends_at_once(given: str) -> None:
    """The manifest is below the checkout, in letters that no line of outputs and no path ends at."""
    with pytest.raises(SystemExit, match="a folder of this repository"):
        load("begin", "called").folder(given)


def test_a_comment_shows_the_last_stage_first() -> None:
    """What is applied last matters most; a stage that there is none of is empty."""
    begun = load("begin", "called").stages("dev test prod")

    assert begun == {
        "first": "dev",
        "second": "test",
        "third": "prod",
        "environments": '["dev", "test", "prod"]',
        "shown": "prod test dev",
    }
    assert load("begin", "called").stages("prod")["second"] == ""


def test_drift_is_an_issue(estate: Caller) -> None:
    """At night the reader reports what a hand did, once an environment; no stage runs."""
    spa = estate.graph("GET", "/applications?$filter=displayName eq 'MyApp SPA'")["value"][0]
    uris = [*spa["spa"]["redirectUris"], "https://evil.example/cb"]
    estate.graph("PATCH", f"/applications/{spa['id']}", {"spa": {"redirectUris": uris}})

    jobs = estate.event("schedule", estate.git("rev-parse", "origin/main"))

    assert_all(jobs, "success", "skipped")
    assert jobs["plan-first"].skipped
    (issue,) = estate.hub.issues
    assert issue["title"] == "Drift in prod"
    assert "https://evil.example/cb" in issue["body"]


def test_drift_of_the_called_pipeline_may_ask_what_was_deployed_last() -> None:
    """Its job has the rights and the history that `drift` needs for its base; so has one of the files that
    `bootstrap` writes, and the ten lines give them.
    """
    jobs = {
        name: yaml.safe_load((PROJECT / f".github/workflows/{name}.yml").read_text("utf-8"))["jobs"]["drift"]
        for name in ("pipeline", "entra-drift")
    }
    ours = [{"path": "main", "fetch-depth": 0, "persist-credentials": False}] * 2
    rights = {"actions": "read", "contents": "read", "deployments": "read", "id-token": "write"}

    assert [job["permissions"] for job in jobs.values()] == [rights] * 2
    checkouts = [
        step["with"] for job in jobs.values() for step in job["steps"] if "checkout@" in step.get("uses", "")
    ]
    assert [each for each in checkouts if each["path"] == "main"] == ours
    assert rights.items() <= yaml.safe_load(BLOCKS[0])["jobs"]["entra"]["permissions"].items()


# The action, in a job of one's own
# ------------------------------------------------------------------------------------


def own(estate: Caller, name: str, *steps: dict[str, str], event: str = "push", **permissions: str) -> Result:
    """Run the action in a job of one's own, once a step; return what became of the job."""
    used = [
        {"id": f"s{n}", "uses": f"{TOOL}@{estate.commit_of_tool}", "with": given}
        for n, given in enumerate(steps)
    ]
    outputs = {
        f"{each}{n}": f"${{{{ steps.s{n}.outputs.{each} }}}}"
        for n in range(len(steps))
        for each in ("code", "digest")
    }
    checkout = {"uses": "actions/checkout@x", "with": {"path": ".", "persist-credentials": False}}
    job = {
        "runs-on": "ubuntu-24.04",
        "permissions": {"contents": "read", **permissions},
        "outputs": outputs,
        "steps": [checkout, *used],
    }
    path = estate.desk / ".github/workflows" / f"{name}.yml"
    path.write_text(yaml.safe_dump({"on": event, "jobs": {"own": job}}), encoding="utf-8")
    if event == "pull_request":
        number = 40 + len(estate.hub.comments)
        reader = estate.reader
        itself = f"{REPOSITORY}/.github/workflows/{name}.yml@refs/pull/{number}/merge"
        estate.trust(reader, f"pull_request:job_workflow_ref:{itself}", keep=True)
        return estate.plan(number, estate.propose(number, name), workflow=f"{name}.yml")["own"]
    sha = estate.commit(name)
    estate.git("push", "--quiet", "origin", "HEAD:main")
    return estate.runner.run(f"{name}.yml", Event(event, "refs/heads/main", sha))["own"]


def test_the_action_checks_all_that_it_is_asked_for(estate: Caller) -> None:
    """Several words are one step; what the first finds does not hide what the next would."""
    estate.start()
    good = own(estate, "good", {"command": "validate lint settings test"}, event="pull_request")
    estate.start()
    estate.edit(ROLES, "displayName: Reader,", "displayName: Readers,")
    people = estate.desk / "manifests/tests/people.yaml"
    people.write_text(people.read_text().replace("AADSTS50105", "AADSTS50106"), encoding="utf-8")
    with (estate.desk / "api/generated/authorization.py").open("a", encoding="utf-8") as file:
        file.write("# By hand.\n")
    bad = own(estate, "bad", {"command": "test settings"}, event="pull_request")

    assert good.ok, good.log
    assert not bad.ok
    assert "::error file=manifests/tests/people.yaml" in bad.log
    assert "api/generated" in bad.log.partition("::error file=manifests")[2]


def test_the_action_plans_a_pull_request_of_several_environments_in_one_comment(estate: Caller) -> None:
    """The plans are one comment, the last environment first, and where they are whole is the artifact that
    the step keeps.
    """
    estate.start()
    estate.edit(ROLES, "description: Changes records.", "description: Changes a lot.")
    requested = {"command": "plan", "environment": "dev prod", "comment": "true", **signing(estate)}

    job = own(
        estate, "both", requested, event="pull_request", **{"id-token": "write", "pull-requests": "write"}
    )

    assert job.ok, job.log
    body = next(
        each["body"]
        for held in estate.hub.comments.values()
        for each in held
        if "Changes a lot." in each["body"]
    )
    assert body.index("myapp/prod") < body.index("myapp/dev")


def signing(estate: Caller, client: str = "") -> dict[str, str]:
    """Return the inputs with which the action signs in."""
    client = client or estate.reader
    return {"tenant-id": seed.CONTOSO, "client-id": client}


def test_the_action_applies_a_plan_and_no_other(estate: Caller) -> None:
    """A digest that is not this plan's is not carried out; drift is told as an output, and is no failure."""
    estate.start()
    writer = estate.writers["dev"]
    estate.trust(
        writer,
        f"ref:refs/heads/main:job_workflow_ref:{REPOSITORY}/.github/workflows/dev.yml@refs/heads/main",
        keep=True,
    )
    estate.edit(ROLES, "description: Changes records.", "description: Changes much.")
    requested = {"environment": "dev", **signing(estate, writer)}
    rights = {"id-token": "write", "pull-requests": "read"}

    wrong = own(
        estate,
        "dev",
        {"command": "plan", **requested},
        {"command": "apply", "digest": "0" * 64, **requested},
        **rights,
    )
    plan_and_apply = [
        {"command": "plan", **requested},
        {"command": "apply", "digest": "${{ steps.s0.outputs.digest }}", **requested},
    ]
    right = own(estate, "dev", *plan_and_apply, {"command": "drift", **requested}, **rights)

    assert not wrong.ok
    assert "moved since" in wrong.log
    assert right.ok, right.log
    (api,) = estate.graph("GET", "/applications?$filter=displayName eq 'MyApp API (dev)'")["value"]
    assert "Changes much." in [role["description"] for role in api["appRoles"]]
    assert right.outputs["code2"] == "0"


def alone(folder: Path, given: dict[str, str], **more: str) -> subprocess.CompletedProcess[str]:
    """Run the script of the action in a folder, where nothing is installed."""
    names = ("command", "environment", "comment", "digest", "tenant-id", "client-id")
    requested = {name.upper().replace("-", "_"): given.get(name, "") for name in names}
    environ = {
        "PATH": "/usr/bin:/bin",
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_OUTPUT": str(folder / "out"),
        "GITHUB_STEP_SUMMARY": "/dev/null",
        "RUNNER_TEMP": str(folder.parent),
        **requested,
        **more,
    }
    command = ["bash", str(PROJECT / ".github/called/action.sh")]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


SIGNED = {"environment": "dev", "digest": "d", "tenant-id": "t", "client-id": "c"}


@pytest.mark.parametrize(
    ("command", "event", "output"),
    [
        ("plan", "pull_request", "plans"),
        ("plan", "push", "plan.json"),
        ("plan", "push", "plan.md"),
        ("drift", "schedule", "drift"),
        ("apply", "push", "applied"),
        ("apply", "push", "pins"),
    ],
)
@pytest.mark.parametrize("made", ["a link", "a link to nothing", "a folder", "a link in ours"])
def test_the_action_writes_through_nothing_that_the_checkout_brought(
    tmp_path: Path, command: str, event: str, output: str, made: str
) -> None:
    """A checkout at the root has what a pull request put where the action writes: nothing is written."""
    work, script = tmp_path / "work", tmp_path / "script.sh"
    work.mkdir()
    script.write_text("as it was", encoding="utf-8")
    if made.startswith("a link") and made != "a link in ours":
        (work / output).symlink_to(script if made == "a link" else tmp_path / "none")
    else:
        (work / output).mkdir()
    if made == "a link in ours":
        (tmp_path / "entra-config-outputs").write_text(f"{output}\n", encoding="utf-8")
        (work / output / "dev.md").symlink_to(script)

    done = alone(work, {"command": command, **SIGNED}, GITHUB_EVENT_NAME=event)

    assert done.returncode == 1
    assert f"{output} is what {command} writes, and is there already" in done.stdout
    assert script.read_text(encoding="utf-8") == "as it was"
    assert {path.name for path in tmp_path.iterdir()} <= {"work", "script.sh", "entra-config-outputs"}
    assert [path.name for path in work.iterdir()] == [output]


@pytest.mark.parametrize("event", ["pull_request_target", "issue_comment", "workflow_run", "release", ""])
@pytest.mark.parametrize("command", ["plan", "drift", "apply"])
def test_the_action_signs_in_on_no_event_that_it_does_not_know(
    tmp_path: Path, command: str, event: str
) -> None:
    """Such an event has main's rights, and may have a stranger's checkout: it is refused by its name."""
    (tmp_path / "work").mkdir()

    done = alone(tmp_path / "work", {"command": command, **SIGNED}, GITHUB_EVENT_NAME=event)

    assert done.returncode == 1
    assert f"{command} runs on push, " in done.stdout
    assert f"not {event}." in done.stdout
    assert not list((tmp_path / "work").iterdir())


@pytest.mark.parametrize("event", ["push", "schedule", "workflow_dispatch", "merge_group", "pull_request"])
@pytest.mark.parametrize("command", ["plan", "drift", "apply"])
def test_the_action_goes_on_with_every_event_that_it_knows(tmp_path: Path, command: str, event: str) -> None:
    """What is in the list gets as far as to the command, which is not installed here."""
    (tmp_path / "work/manifests").mkdir(parents=True)

    done = alone(
        tmp_path / "work",
        {"command": command, **SIGNED},
        GITHUB_EVENT_NAME=event,
        ENTRA_CONFIG_MANIFEST="manifests",
    )

    assert "entra-config: command not found" in done.stderr


def test_the_action_writes_again_what_an_earlier_step_of_it_wrote(tmp_path: Path) -> None:
    """Two environments in one job are two steps; the second is not told that the first was there."""
    (tmp_path / "work").mkdir()
    again = [alone(tmp_path / "work", {"command": "drift", **SIGNED}) for _ in range(2)]

    assert (tmp_path / "work/drift").is_dir()
    assert all("entra-config: command not found" in done.stderr for done in again)
    assert not any("there already" in done.stdout for done in again)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"command": "destroy"}, "go together"),
        ({"command": "validate apply"}, "go together"),
        ({"command": " "}, "validate, lint, settings, test, plan, drift or apply"),
        ({"command": "* ?"}, "validate, lint, settings, test, plan, drift or apply"),
        ({"command": "plan", "environment": "dev"}, "give tenant-id and client-id"),
        ({"command": "apply", "environment": "dev; touch x"}, "a name has letters"),
        (
            {"command": "drift", "environment": "dev prod", "tenant-id": "t", "client-id": ""},
            "give tenant-id and client-id",
        ),
    ],
)
def test_the_action_refuses_what_is_in_no_list(tmp_path: Path, given: dict[str, str], said: str) -> None:
    """Nothing runs: a word that is none, names that are none, a sign-in that nobody gave."""
    done = alone(tmp_path, given)

    assert done.returncode == 1
    assert said in done.stdout
    assert {path.name for path in tmp_path.iterdir()} <= {"out"}


@pytest.mark.parametrize("path", ["change/a/manifests", "change/linked", "change/real/manifests"])
def test_what_leads_out_of_the_change_is_not_read(tmp_path: Path, path: str) -> None:
    """A link above the folder, the folder as a link, a link in it: nothing is planned."""
    (tmp_path / "change/real/manifests").mkdir(parents=True)
    (tmp_path / "change/a").symlink_to("real")
    (tmp_path / "change/linked").symlink_to("real/manifests")
    if path == "change/real/manifests":
        (tmp_path / path / "b.yaml").symlink_to("/etc/passwd")
    environ = {"PATH": "/usr/bin:/bin", "ENTRA_CONFIG_MANIFEST": path, "ENTRA_CONFIG_ENVIRONMENT": "dev"}
    command = ["bash", str(PROJECT / ".github/scripts/plan_for_review.sh")]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "neither a file nor a folder" in done.stdout
    assert not (tmp_path / "plans").exists()


def test_another_commit_signs_in_beside_the_one_that_main_calls(estate: Caller) -> None:
    """Until the line is merged both do; then, run again, the new one alone."""
    who = {"reader": estate.reader, **estate.writers}
    prefix = estate.hub.settings.prefix
    listed = {"reader": estate.listed("reader")} | {
        name: estate.listed("writer", name) for name in estate.writers
    }
    contexts = {
        name: {f"{prefix}:{each.split(':job_workflow_ref:')[0]}" for each in listed[name]} for name in who
    }
    new = f"{TOOL}@{'f' * 40}"

    def opened(*commits: str) -> dict[str, set[str]]:
        ends = [f":job_workflow_ref:{PIPELINE}@{each}" for each in commits]
        return {name: {f"{each}{end}" for each in contexts[name] for end in ends} for name in who}

    estate.start()
    apply = ("--apply", "--allow", "dangerous", "--auto-approve")
    done = estate.bootstrap("--calling", new, *apply)
    assert f"main still calls {estate.commit_of_tool}" in done.stdout
    assert {name: estate.opened(who[name]) for name in who} == opened(estate.commit_of_tool, "f" * 40)
    estate.bootstrap("--check")

    estate.commit("Another commit of the tool")
    estate.git("push", "--quiet", "origin", "HEAD:main")
    estate.bootstrap(*apply)
    assert {name: estate.opened(who[name]) for name in who} == opened("f" * 40)
