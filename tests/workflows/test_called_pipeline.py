"""The ten lines of docs/action.md in a repository of their own: who is let in, what is planned, applied."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
import yaml

from entra_config.bootstrap.github_called import CALLER
from tests.workflows.caller import BLOCKS, PIPELINE, TOOL, Caller, recorded
from tests.workflows.estate import REPOSITORY
from tests.workflows.manifest_files import ACCESS, ROLES
from tests.workflows.runs import PROJECT, assert_all

CALLS = True


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
