"""What no file of `.github` says: a cache, what another run left, Python that is not isolated."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.workflows import expressions
from tests.workflows.runs import PROJECT


def documents() -> dict[str, dict[str, Any]]:
    """Return the workflows that sign in to Entra, or work on what did."""
    folder = PROJECT / ".github/workflows"
    files = [*folder.glob("entra-*.yml"), folder / "pipeline.yml"]
    return {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in files}


def test_no_run_keeps_a_cache_for_another() -> None:
    """What a pull request's run could leave for one of main: no step of a workflow or an action keeps,
    restores or names a cache.

    Setting up Node keeps one by itself where a package.json names its package manager, unless it is told not
    to.
    """
    files = [path for path in (PROJECT / ".github").rglob("*.yml") if path.name != "zizmor.yml"]
    files.append(PROJECT / "action.yml")
    seen = [step for path in files for step in _steps(yaml.safe_load(path.read_text(encoding="utf-8")))]
    assert len(seen) > 40
    for step in seen:
        uses, given = str(step.get("uses", "")).partition("@")[0], {**step.get("with", {})}
        if uses == "actions/setup-node":
            assert given.pop("package-manager-cache") is False
        assert "cache" not in f"{uses} {given} {step.get('run', '')}".casefold(), step


def test_no_job_with_an_identity_takes_what_another_run_left() -> None:
    """No artifact feeds a job that signs in, and nothing starts with another's rights."""
    for name, document in documents().items():
        assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(document[True]), name
        for key, job in document["jobs"].items():
            uses = [str(step.get("uses", "")).partition("@")[0] for step in job.get("steps", [])]
            if "id-token" in job["permissions"]:
                assert "actions/download-artifact" not in uses, (name, key)
                assert set(job["permissions"].values()) - {"read"} in ({"write"}, set()), (name, key)
            if job["permissions"].get("contents") == "write":
                assert "id-token" not in job["permissions"], (name, key)


def test_every_python_is_isolated_and_no_script_holds_an_expression() -> None:
    """Each start of Python in `.github` says -I, and what events or inputs say reaches no script's text."""
    for path in [*sorted((PROJECT / ".github").rglob("*")), PROJECT / "action.yml"]:
        if path.suffix not in {".yml", ".sh"} or path.name == "ci.yml":
            continue
        text = path.read_text(encoding="utf-8")
        starts = re.findall(r"(?:^|[\s/(|])python3?(?= )(.{0,4})", text, re.MULTILINE)
        assert all(each.startswith(" -I ") for each in starts), (path, starts)
        if path.suffix == ".yml":
            for step in _steps(yaml.safe_load(text)):
                assert "${{" not in step.get("run", ""), path


@pytest.mark.parametrize("private", [True, False])
def test_snapshots_are_kept_a_week_and_in_a_public_repository_not_at_all(private: bool) -> None:
    """They name people: no artifact, and apply is not asked for them, unless the repository is private."""
    context = {"github": {"event": {"repository": {"private": private}}}}
    kept, asked = [], []
    for document in documents().values():
        for job in document["jobs"].values():
            steps = job.get("steps", [])
            kept += [step for step in steps if step.get("with", {}).get("path") == "snapshots"]
            asked += [env["KEEP_SNAPSHOTS"] for env in _environments(job) if "KEEP_SNAPSHOTS" in env]
    assert len(kept) == len(asked) == 5
    for step in kept:
        assert step["with"]["retention-days"] == 7
        assert bool(expressions.evaluate(step["if"], context)) is private
    assert {expressions.filled(each, context) for each in asked} == {"true" if private else ""}


def _environments(job: dict[str, Any]) -> list[dict[str, Any]]:
    return [job.get("env", {}), *(step.get("env", {}) for step in job.get("steps", []))]


def _steps(document: dict[str, Any]) -> list[dict[str, Any]]:
    jobs = document.get("jobs") or {"": document.get("runs") or {}}
    return [step for job in jobs.values() for step in job.get("steps", [])]
