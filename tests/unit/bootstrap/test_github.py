"""What bootstrap makes of a repository on GitHub: subjects, workflow files for any environments, names
that are refused.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from entra_config.bootstrap import github
from entra_config.errors import UsageError
from entra_config.manifest import loader

REPOSITORY = github.repository("example/myapp", "1", "2")


@pytest.mark.parametrize("environments", [("prod",), ("dev", "prod"), ("dev", "test", "stage", "prod")])
def test_each_environment_waits_for_all_before_it(environments: tuple[str, ...]) -> None:
    """A plan starts after every earlier plan and apply, and each of them must be done or left out, never
    failed.
    """
    files = github.workflows(REPOSITORY, environments, "manifests", "pipeline")
    apply = yaml.safe_load(files[".github/workflows/entra-apply.yml"])
    jobs = apply["jobs"]

    assert list(jobs) == [f"{job}-{name}" for name in environments for job in ("plan", "apply", "pins")]
    assert apply[True]["workflow_dispatch"]["inputs"]["environment"]["options"] == ["all", *environments]
    for number, name in enumerate(environments):
        before = [f"{job}-{each}" for each in environments[:number] for job in ("plan", "apply")]
        assert jobs[f"plan-{name}"].get("needs", []) == before
        for job in before:
            wanted = f"(needs.{job}.result == 'success' || needs.{job}.result == 'skipped')"
            assert wanted in jobs[f"plan-{name}"]["if"]
        assert jobs[f"apply-{name}"]["environment"] == name
        assert jobs[f"apply-{name}"]["env"]["ENTRA_CONFIG_ENVIRONMENT"] == name
    for name in ("entra-review.yml", "entra-drift.yml"):
        found = yaml.safe_load(files[f".github/workflows/{name}"])["jobs"]
        matrices = [job["strategy"]["matrix"]["environment"] for job in found.values() if "strategy" in job]
        assert matrices
        assert all(each == list(environments) for each in matrices)


def test_values_are_filled_everywhere() -> None:
    """No hole is left, and another repository's, folder's or environment's name stands nowhere."""
    files = github.workflows(
        github.repository("acme/web.app", "1", "2"), ["live"], "infra/entra", "infra/pipeline"
    )

    for path, text in files.items():
        if path.startswith(".github/workflows/"):
            assert "__" not in text, path
            assert "example/myapp" not in text, path
            assert "manifests" not in text.replace("MANIFESTS", ""), path
            assert "prod" not in text.replace("product", ""), path
    assert (
        "uses: acme/web.app/.github/workflows/entra-review.yml@main"
        in files[".github/workflows/entra-plan.yml"]
    )
    assert "validate --manifest infra/pipeline" in files[".github/workflows/entra-plan.yml"]


def test_subjects_open_to_one_workflow_of_main_each() -> None:
    """Each says the repository with its ids, where the job runs, and whose workflow it is; no two are
    alike.
    """
    signs = github.sign_ins(REPOSITORY, ["dev", "prod"])
    ends = ("entra-review.yml", "entra-review.yml", "entra-review.yml", "entra-apply.yml", "entra-drift.yml")

    for each, workflow in zip(signs.reader, ends, strict=True):
        assert each.subject.startswith("repo:example@1/myapp@2:")
        assert each.subject.endswith(
            f":job_workflow_ref:example/myapp/.github/workflows/{workflow}@refs/heads/main"
        )
    subjects = sorted([each.subject for one in (signs.reader, *signs.writers.values()) for each in one])
    assert all(one != two for one, two in pairwise(subjects))
    assert [each.subject for each in signs.writers["prod"]] == [
        "repo:example@1/myapp@2:environment:prod:job_workflow_ref:example/myapp/.github/workflows/entra-apply.yml@refs/heads/main"
    ]


def test_what_github_tells_decides_the_form() -> None:
    """A repository of before has no ids in its subjects: told, it is taken; of another name, or another
    shape, it is not.
    """
    assert github.reported("example/myapp", "repo:example/myapp").prefix == "repo:example/myapp"
    assert github.reported("example/myapp", "repo:example@1/myapp@2").prefix == "repo:example@1/myapp@2"
    for prefix in (
        "repo:evil@1/myapp@2",
        "repo:example/myapp:*",
        "repo:example/myap",
        "repository_owner:example",
    ):
        with pytest.raises(UsageError, match="not this repository's name"):
            github.reported("example/myapp", prefix)


@pytest.mark.parametrize("name", ["myapp", "a/b/c", "a b/c", "-a/b", "a/b:x", "a/b@1", ""])
def test_what_is_no_repository_is_refused(name: str) -> None:
    """A name goes into subjects and workflows."""
    with pytest.raises(UsageError, match="OWNER/NAME"):
        github.repository(name, "1", "2")


@pytest.mark.parametrize("value", ["", "0", "x", "1:2", "@1", "1\n"])
def test_what_is_no_id_is_refused(value: str) -> None:
    """An id is a number."""
    with pytest.raises(UsageError, match="--repository-id"):
        github.repository("example/myapp", "1", value)


@pytest.mark.parametrize("name", ["all", "pins", "Pins", "ALL", "null", "True"])
def test_an_environment_that_means_something_else_is_refused(name: str) -> None:
    """The workflows have a word of that name."""
    with pytest.raises(UsageError, match=f"environment {name}: this name means"):
        github.workflows(REPOSITORY, [name], "manifests", "pipeline")


@pytest.mark.parametrize("folder", ["my manifests", "../manifests", "a'b", "a/$(x)", "a//b", "-x/.."])
def test_a_folder_that_a_workflow_cannot_name_is_refused(folder: str) -> None:
    """It stands in workflow files and in shell lines."""
    with pytest.raises(UsageError, match="letters, digits"):
        github.workflows(REPOSITORY, ["prod"], folder, "pipeline")


def test_what_ends_has_a_workflow_and_a_way_to_sign_in_of_its_own() -> None:
    """Only where something ends: the reader plans daily, the writer takes it away behind its environment, and
    neither script lifts a limit.
    """
    path = ".github/workflows/entra-expire.yml"
    names = ("dev", "prod")
    assert path not in github.workflows(REPOSITORY, names, "manifests", "pipeline")
    files = github.workflows(REPOSITORY, names, "manifests", "pipeline", ends=True)
    found = yaml.safe_load(files[path])

    assert "__" not in files[path]
    assert found[True]["schedule"] == [{"cron": "7 1 * * *"}]
    assert list(found["jobs"]) == [f"{job}-{name}" for name in names for job in ("plan", "expire")]
    for name in names:
        assert "environment" not in found["jobs"][f"plan-{name}"]
        assert found["jobs"][f"expire-{name}"]["environment"] == name
        assert found["jobs"][f"expire-{name}"]["needs"] == f"plan-{name}"
    assert "ALLOW" not in files[path]
    for script in ("plan_expired.sh", "apply_expired.sh"):
        text = files[f".github/scripts/{script}"]
        assert " --expired " in text
        assert "--allow" not in text
    signs = github.sign_ins(REPOSITORY, names, ends=True)
    added = {each.subject for each in (*signs.reader, *signs.writers["prod"])} - {
        each.subject
        for each in (
            *github.sign_ins(REPOSITORY, names).reader,
            *github.sign_ins(REPOSITORY, names).writers["prod"],
        )
    }
    begins = ("repo:example@1/myapp@2:ref:refs/heads/main", "repo:example@1/myapp@2:environment:prod")
    assert added == {
        f"{begin}:job_workflow_ref:example/myapp/.github/workflows/entra-expire.yml@refs/heads/main"
        for begin in begins
    }


def test_a_manifest_with_an_until_asks_for_it(tmp_path: Path) -> None:
    """In any environment, and what only was acknowledged for a time counts too."""
    path = tmp_path / "entra-config.yaml"
    text = (
        "project: p\nenvironments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111 } }\n"
        "applications: { a: { type: api, displayName: A } }\n"
        "appRoleAssignments: { a: { default: { groups: [%s] } } }\n"
    )
    path.write_text(text % "Staff")
    assert not github.has_ends(loader.load_all(path))
    path.write_text(text % "{ name: Staff, until: 2027-01-31 }")
    assert github.has_ends(loader.load_all(path))
