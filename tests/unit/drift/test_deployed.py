"""Which commits GitHub and GitLab say were deployed, and which of them counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from entra_config.drift import base, deployed

SHA, OTHER = "a" * 40, "b" * 40
GITLAB = {"CI_JOB_TOKEN": "t", "CI_API_V4_URL": "https://gitlab.test/api/v4", "CI_PROJECT_ID": "g/p"}
GITHUB = {"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "o/r", "GITHUB_API_URL": "https://github.test"}


class Server:
    """Responses by path; what is not there is 404."""

    def __init__(self, responses: dict[str, Any]) -> None:
        self.responses, self.requested = responses, list[httpx.Request]()

    def client(self) -> httpx.Client:
        """Return a client of it."""
        return httpx.Client(transport=httpx.MockTransport(self._respond))

    def _respond(self, request: httpx.Request) -> httpx.Response:
        self.requested.append(request)
        found = self.responses.get(request.url.path, 404)
        return httpx.Response(found) if isinstance(found, int) else httpx.Response(200, json=found)


def of_gitlab(deployments: Any, **job: str) -> tuple[list[tuple[str, str]], Server]:
    """Return what GitLab says was deployed."""
    server = Server({"/api/v4/projects/g/p/deployments": deployments})
    with server.client() as client:
        return list(deployed._gitlab(client, "a/b", {**GITLAB, **job})), server


def deployment(**job: Any) -> dict[str, Any]:
    """Return a deployment of GitLab's, made by a job."""
    return {"sha": SHA, "created_at": "1", "deployable": {"status": "success", "name": "apply", **job}}


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        (deployment(finished_at="2"), [(SHA, "2")]),
        (deployment(finished_at=None), [(SHA, "1")]),
        (deployment(status="failed"), []),
        (deployment(name="expire prod"), []),
        (deployment(name="Rotate secrets of prod"), []),
        (deployment(name="Take away what is over in prod"), []),
        ({"sha": SHA, "created_at": "1", "deployable": None}, []),
        ({"sha": SHA, "created_at": "1"}, []),
    ],
)
def test_gitlab_deployed_what_a_job_of_its_own_applied(
    listed: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    """A job that failed, or that applies no manifest, deployed nothing."""
    deployments, server = of_gitlab([listed])
    assert deployments == found
    (request,) = server.requested
    assert request.headers["JOB-TOKEN"] == "t"
    assert str(request.url) == (
        "https://gitlab.test/api/v4/projects/g%2Fp/deployments"
        "?environment=a%2Fb&status=success&per_page=10&order_by=id&sort=desc"
    )


@pytest.mark.parametrize("missing", sorted(GITLAB))
def test_a_job_of_gitlab_without_its_variables_reads_nothing(missing: str) -> None:
    """It says so before anything is sent."""
    with pytest.raises(deployed._UnknownError, match=r"^the job has no CI_JOB_TOKEN$"):
        of_gitlab([], **{missing: ""})


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_a_job_may_not_read_names_the_right(status: int) -> None:
    """Other errors are the server's own."""
    right = rf"\(`read deployments`\): status {status}$"
    with pytest.raises(deployed._UnknownError, match=right):
        of_gitlab(status)
    with pytest.raises(httpx.HTTPStatusError):
        of_gitlab(500)


ROOT = "/repos/o/r"
LOG = "https://github.com/o/r/actions/runs/5/job/{}"


def of_github(*jobs: dict[str, Any], **variables: str) -> tuple[list[tuple[str, str]], Server]:
    """Return what GitHub says was deployed, a deployment a job."""
    ids = range(len(jobs))
    responses: dict[str, Any] = {f"{ROOT}/deployments": [{"id": id_, "sha": SHA} for id_ in ids]}
    for id_, job in enumerate(jobs):
        status = {"state": "success", "log_url": LOG.format(id_)}
        responses[f"{ROOT}/deployments/{id_}/statuses"] = job.pop("statuses", [status])
        usual = {"name": "apply", "conclusion": "success", "head_sha": SHA, "completed_at": str(id_)}
        responses[f"{ROOT}/actions/jobs/{id_}"] = usual | job
    server = Server(responses)
    with server.client() as client:
        return list(deployed._github(client, "a/b", {**GITHUB, **variables})), server


@pytest.mark.parametrize(
    ("job", "counts"),
    [
        ({}, True),
        ({"conclusion": "failure"}, False),
        ({"head_sha": OTHER}, False),
        ({"name": "called / Rotate secrets"}, False),
        ({"name": "Take away what is over in prod"}, False),
        ({"name": "Rotate / apply"}, True),
        ({"statuses": []}, False),
        ({"statuses": [{"state": "failure", "log_url": LOG.format(0)}]}, False),
        ({"statuses": [{"state": "success", "log_url": None, "target_url": LOG.format(0)}]}, True),
        ({"statuses": [{"state": "success", "target_url": "https://elsewhere.test"}]}, False),
        ({"statuses": [{"state": "inactive"}, {"state": "success", "log_url": LOG.format(0)}]}, True),
    ],
)
def test_github_deployed_what_a_job_applied_with_that_commit(job: dict[str, Any], counts: bool) -> None:
    """The job is known by the log of the status that says that it succeeded."""
    found, _ = of_github(job)
    assert found == ([(SHA, "0")] if counts else [])


def test_the_newest_is_the_one_whose_job_ended_last() -> None:
    """Whatever order deployments are listed in."""
    ends = [{"completed_at": at} for at in ("2026-01-02", "2026-01-03", "2026-01-01")]
    found, server = of_github(*ends)
    assert [at for _, at in found] == ["2026-01-03", "2026-01-02", "2026-01-01"]
    assert str(server.requested[0].url) == (
        "https://github.test/repos/o/r/deployments?environment=a%2Fb&per_page=10"
    )
    assert server.requested[0].headers["Authorization"] == "Bearer t"


@pytest.mark.parametrize(
    ("variables", "reads"),
    [
        ({"GITHUB_TOKEN": ""}, False),
        ({"GITHUB_TOKEN": "", "GH_TOKEN": "t"}, True),
        ({"GITHUB_REPOSITORY": ""}, False),
        ({"GITHUB_API_URL": ""}, True),
    ],
)
def test_a_step_of_github_needs_a_token_and_a_repository(variables: dict[str, str], reads: bool) -> None:
    """Either name of the token will do, and GitHub itself where no other address is said."""
    if reads:
        assert of_github({}, **variables)[0]
        return
    with pytest.raises(deployed._UnknownError, match=r"^the step has no GITHUB_TOKEN$"):
        of_github({}, **variables)


HISTORY = {SHA: True, OTHER: False}
MISSING = "c" * 40


@pytest.mark.parametrize(
    ("commits", "shallow", "found"),
    [
        ([SHA, OTHER], False, SHA),
        ([OTHER, SHA], False, SHA),
        ([MISSING, SHA], True, SHA),
        (["HEAD", "--all", SHA], False, SHA),
        ([MISSING], True, "the clone is shallow"),
        ([MISSING, OTHER], True, "the clone is shallow"),
        ([MISSING], False, "no successful deployment of it"),
        ([OTHER], True, "no successful deployment of it"),
        ([], True, "no successful deployment of it"),
    ],
)
def test_what_is_in_the_history_counts(
    commits: list[str], shallow: bool, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one that is; where none is, a clone may be too short to tell."""

    def is_ancestor(_: Path, commit: str) -> bool | None:
        assert len(commit) == 40
        return HISTORY.get(commit)

    monkeypatch.setattr(base, "is_ancestor", is_ancestor)
    monkeypatch.setattr(base, "is_shallow", lambda _: shallow)
    each = ((commit, "2026-01-02T05:00:00+02:00") for commit in commits)
    if found != SHA:
        with pytest.raises(deployed._UnknownError, match=f"^{found}"):
            deployed._first(each, Path())
        return
    newest = deployed._first(each, Path())
    assert (newest.commit, newest.name) == (SHA, f"the deployment of {SHA[:12]}, 2026-01-02 03:00 UTC")
    assert deployed.Deployed(SHA).name == f"the deployment of {SHA[:12]}"


@pytest.mark.parametrize(
    ("job", "why"),
    [
        ({}, None),
        ({"GITHUB_ACTIONS": "false", "GITLAB_CI": ""}, None),
        ({"GITHUB_ACTIONS": "true"}, "the step has no GITHUB_TOKEN"),
        ({"GITLAB_CI": "true"}, "the job has no CI_JOB_TOKEN"),
    ],
)
def test_a_job_alone_knows_what_was_deployed(job: dict[str, str], why: str | None) -> None:
    """Whoever is at a terminal is not of any."""
    found = deployed.last("prod", Path(), job)
    assert (found and found.why) == why
