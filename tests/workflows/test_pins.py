"""What an apply created is proposed for the lock file: just that, once per environment, by a job that
signs in nowhere.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.workflows.estate import Estate, pulls
from tests.workflows.manifest_files import CLIENTS
from tests.workflows.runs import assert_all

LOCK = "manifests/entra-config.{}.lock.yaml"
PIN = re.compile(r"\+    appId: ([0-9a-f-]{36})  # created \S+Z by application (\S+)")
REPORTS = "  reports:\n    type: daemon\n    displayName: MyApp Reports${suffix}\n"


def difference(estate: Estate, environment: str) -> list[str]:
    """Return the lines that the branch of an environment adds and removes beside main, after seeing that
    it is one file's.
    """
    names = estate.runner.git("diff", "--name-only", f"main...entra-config/pins-{environment}").splitlines()
    assert names == [LOCK.format(environment)]
    text = estate.runner.git("diff", f"main...entra-config/pins-{environment}")
    return [line for line in text.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}]


def pinned(lines: list[str]) -> list[str]:
    """Return the appIds of added lines."""
    return [found.group(1) for line in lines if (found := PIN.fullmatch(line))]


def marked(estate: Estate, environment: str) -> list[str]:
    """Return the appIds of the applications that bear the environment's owner mark."""
    owner = f"entra-config:owner=myapp/{environment}"
    return [
        app["appId"] for app in estate.graph("GET", "/applications?$top=999")["value"] if owner in app["tags"]
    ]


@pytest.mark.pipelines
def test_what_apply_created_is_proposed_and_nothing_else(estate: Estate) -> None:
    """One pull request per environment changes the lock file alone, by lines of ids that creations
    answered, and is planned.
    """
    for environment in ("dev", "prod"):
        lines = difference(estate, environment)
        (pull,) = pulls(estate, environment)

        assert not [line for line in lines if line.startswith("-")]
        assert sorted(pinned(lines)) == sorted(marked(estate, environment))
        assert {PIN.fullmatch(line).group(2) for line in lines if "appId" in line} == {
            estate.writers[environment]
        }
        assert all(re.fullmatch(r"\+(applications:|  [a-zA-Z]+:|    appId: .*)", line) for line in lines), (
            lines
        )
        assert pull["base"] == "main"
        assert all(app_id in pull["body"] for app_id in pinned(lines))
        assert all(app_id in estate.first[f"pins-{environment}"].summary for app_id in pinned(lines))

    jobs = estate.dispatched()

    assert_all(jobs, "success")
    (comment,) = estate.hub.comments[pulls(estate, "prod")[0]["number"]]
    assert "No changes" in comment["body"]


@pytest.mark.pipelines
def test_merging_pins_starts_no_writer(estate: Estate) -> None:
    """There is nothing to write for them, so nobody is asked to approve anything."""
    jobs = estate.push(estate.merge(pulls(estate, "dev")[0]["number"], "entra-config/pins-dev"))

    assert jobs["plan-dev"].outputs["steps"] == jobs["plan-prod"].outputs["steps"] == "0"
    assert {name for name, job in jobs.items() if job.skipped} == {
        "apply-dev",
        "apply-prod",
        "pins-dev",
        "pins-prod",
    }
    assert not pulls(estate, "dev")


@pytest.mark.pipelines
def test_what_is_planted_before_the_pull_request_is_not_in_it(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of all marks, made after the creation, is pinned by nobody; lines proposed before stay, in
    one pull request.
    """
    before = pinned(difference(estate, "prod"))
    estate.start()
    estate.edit(CLIENTS, "  nightly:\n", f"{REPORTS}  nightly:\n")
    estate.propose(20, "Reports")
    sha = estate.merge(20)
    run_job, created, planted = estate.runner._job, [], []

    def plant(*arguments: Any, **more: Any) -> Any:
        key = arguments[1]
        if key.startswith("pins-"):
            suffix = " (dev)" if key == "pins-dev" else ""
            (app,) = estate.graph("GET", f"/applications?$filter=displayName eq 'MyApp Reports{suffix}'")[
                "value"
            ]
            created.append(app["appId"])
            copy = {
                name: app[name]
                for name in ("displayName", "tags", "signInAudience", "requiredResourceAccess")
            }
            planted.append(estate.graph("POST", "/applications", copy))
        return run_job(*arguments, **more)

    monkeypatch.setattr(estate.runner, "_job", plant)
    jobs = estate.push(sha)
    monkeypatch.undo()

    assert_all(jobs, "success")
    for environment, app_id, copy in zip(("dev", "prod"), created, planted, strict=True):
        lines = difference(estate, environment)
        assert app_id in pinned(lines)
        assert copy["appId"] not in "\n".join(lines)
        assert len(pulls(estate, environment)) == 1
    assert set(before) < set(pinned(difference(estate, "prod"))), (
        "what its open pull request had is there still"
    )
    assert len(pinned(difference(estate, "dev"))) == 1, "what is merged is not proposed again"
    for copy in planted:
        estate.graph("DELETE", f"/applications/{copy['id']}")
