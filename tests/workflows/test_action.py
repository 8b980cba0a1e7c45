"""The action in your own job: what it checks, plans and applies, where it writes, what it refuses."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from entra_emulator import seed
from tests.workflows.caller import TOOL, Caller
from tests.workflows.estate import REPOSITORY
from tests.workflows.manifest_files import ROLES
from tests.workflows.runs import PROJECT, Event, Result

CALLS = True


def own(estate: Caller, name: str, *steps: dict[str, str], event: str = "push", **permissions: str) -> Result:
    """Run the action in your own job, once a step; return what became of the job."""
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
    assert "has changed; nothing was changed" in wrong.log
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
    """Such an event has main's rights, and may have an attacker's checkout: it is refused by its name."""
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
