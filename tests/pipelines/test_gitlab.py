"""The jobs that `bootstrap gitlab` writes, each run by gitlab-ci-local on the emulator."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator

import pytest

from entra_emulator import seed
from tests.pipelines import gitlab
from tests.pipelines.company import Company, bad, good
from tests.workflows.manifest_files import ACCESS, ROLES

pytestmark = pytest.mark.pipelines


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Return the company: a repository with a manifest, and the pipeline that `bootstrap gitlab` makes."""
    made = Company(tmp_path_factory.mktemp("company"))
    made.bootstrap("--title", "GitLab", "--apply", "--allow", "dangerous", "--auto-approve")
    made.push("A pipeline")
    yield made
    made.close()


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
        kept = pipeline.work.glob(".gitlab-ci-local/artifacts/*/snapshots/*.json")
        assert {"before.json", "after.json"} <= {file.name for file in kept}
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
