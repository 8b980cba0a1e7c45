"""A small runner of GitHub Actions: it runs the jobs of a commit's own workflow files, script for script,
on this machine.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from tests.workflows import expressions, steps
from tests.workflows.github import GitHub
from tests.workflows.runs import PROJECT, Event, Result
from tests.workflows.settings import Settings


@dataclass(frozen=True)
class Workflow:
    """A workflow file as it is at a commit, and what it is called in its jobs' tokens."""

    document: dict[str, Any]
    repository: str
    ref: str
    sha: str


@dataclass
class Runner:
    """One repository on one GitHub: where it is cloned from, what a job's environment holds, who gives it a
    token.

    `settings` are GitHub's: its environments with whom they let in, variables, the form of the tokens'
    subjects. `others` are the repositories that it may call workflows of, by name. `program` is what a job
    installs.
    """

    origin: Path
    folder: Path
    environ: Mapping[str, str]
    repository: str
    settings: Settings
    token_url: str
    number: int = 0
    others: Mapping[str, Path] = field(default_factory=dict)
    program: Path = PROJECT / ".venv/bin/entra-config"
    # Where runs and artifacts can be asked for.
    hub: GitHub | None = None

    def run(self, workflow: str, event: Event, only: Collection[str] = ()) -> dict[str, Result]:
        """Run a workflow's jobs in order; return what became of each: of a matrix by `job/value`, called ones
        by name.

        `only` are those that are looked at, and need no other.
        """
        self.number += 1
        found = self.workflow(f".github/workflows/{workflow}", event.sha, event.ref)
        if only:
            found.document["jobs"] = {
                name: job for name, job in found.document["jobs"].items() if name in only
            }
        if self.hub is not None:
            self.hub.run(self.number, event.sha, path=f".github/workflows/{workflow}", event=event.name)
        done = self._jobs(self.folder / f"run-{self.number}", found, event, {})
        if self.hub is not None:
            ended = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            self.hub.runs[self.number] |= {"status": "completed", "updated_at": ended}
        return done

    def workflow(self, path: str, commit: str, ref: str, repository: str = "") -> Workflow:
        """Return a workflow file of a commit, of this repository or of another that it may call."""
        repository = repository or self.repository
        origin = self.source(repository)
        text, sha = (
            self.git(*each, origin=origin) for each in (("show", f"{commit}:{path}"), ("rev-parse", commit))
        )
        return Workflow(yaml.safe_load(text), repository, f"{repository}/{path}@{ref}", sha.strip())

    def source(self, repository: str) -> Path:
        """Return where a repository is cloned from."""
        return self.origin if repository in {"", self.repository} else self.others[repository]

    def git(self, *arguments: str, origin: Path | None = None) -> str:
        """Run git in the repository."""
        command = ["git", "-C", str(origin or self.origin), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def _jobs(
        self, run: Path, workflow: Workflow, event: Event, allowed: Mapping[str, str]
    ) -> dict[str, Result]:
        done: dict[str, Result] = {}
        for name, job in workflow.document["jobs"].items():
            assert_allowed(job, allowed, f"{workflow.ref} {name}")
            for value in self._matrix(job, event, done):
                key = name if value is None else f"{name}/{value}"
                done |= self._job(run, key, job, event, done=done, value=value, workflow=workflow)
        return done

    def _matrix(self, job: dict[str, Any], event: Event, done: Mapping[str, Result]) -> list[str | None]:
        matrix = (job.get("strategy") or {}).get("matrix", {})
        # Each of these workflows has one dimension.
        values = next(iter(matrix.values()), [None])
        if isinstance(values, str):
            try:
                values = expressions.evaluate(values, self._context(event, needed(job, done), None, job))
            except json.JSONDecodeError:
                # Nobody told: what would have is skipped or failed, and so this job does not run either.
                values = [None]
        return list(values)

    def _job(
        self,
        run: Path,
        key: str,
        job: dict[str, Any],
        event: Event,
        *,
        done: Mapping[str, Result],
        value: str | None,
        workflow: Workflow,
    ) -> dict[str, Result]:
        before = needed(job, done)
        context = self._context(event, before, value, job)
        condition = str(job.get("if", "")).strip()
        blocked = any(each.skipped or not each.ok for results in before.values() for each in results)
        wanted = bool(expressions.evaluate(condition, context)) if condition else True
        # Without a status function in it, a condition has `success() &&` before it, and a skipped job is no
        # success.
        if not wanted or (blocked and not expressions.has_status(condition)):
            return {key: Result(ok=True, skipped=True)}
        if "uses" in job:
            return self._called(run, key, job, event, context)
        if "environment" in job:
            job = {**job, "environment": expressions.filled(job["environment"], context)}
            context["vars"] = {
                **self.settings.variables,
                **self.settings.environment_variables.get(job["environment"], {}),
            }
        if "environment" in job and not self.settings.lets_in(job["environment"], event.ref):
            return {
                key: Result(ok=False, log=f"{event.ref} is not allowed to deploy to {job['environment']}")
            }
        context["job"] = {"workflow_repository": workflow.repository, "workflow_sha": workflow.sha}
        return {
            key: steps.Job(
                self, run / key.replace("/", "-"), job, event, context=context, workflow=workflow.ref
            ).run()
        }

    def _called(
        self, run: Path, key: str, job: dict[str, Any], event: Event, context: Mapping[str, Any]
    ) -> dict[str, Result]:
        where, _, ref = job["uses"].partition("@")
        owner, name, path = where.split("/", 2)
        # A commit is called by its hash in the token too.
        called = self.workflow(
            path, ref, ref if re.fullmatch(r"[0-9a-f]{40}", ref) else f"refs/heads/{ref}", f"{owner}/{name}"
        )
        taken = (called.document.get(True) or called.document["on"])["workflow_call"] or {}
        inputs = {each: str(takes.get("default", "")) for each, takes in taken.get("inputs", {}).items()}
        given = {each: expressions.filled(text, context) for each, text in (job.get("with") or {}).items()}
        assert given.keys() <= inputs.keys(), given
        jobs = self._jobs(run, called, replace(event, inputs={**inputs, **given}), job["permissions"])
        return {**jobs, key: Result(ok=all(each.ok for each in jobs.values()))}

    def _context(
        self, event: Event, needs: Mapping[str, list[Result]], value: str | None, job: dict[str, Any]
    ) -> dict[str, Any]:
        def one(results: list[Result]) -> dict[str, Any]:
            worst = next((each for each in results if not each.ok), results[0])
            return {"result": worst.result, "outputs": worst.outputs}

        permissions = ",".join(
            f"{name}:{what}" for name, what in sorted((job.get("permissions") or {}).items())
        )
        return {
            "github": {
                "token": f"job {permissions}",
                "repository": self.repository,
                "event_name": event.name,
                "event": {"repository": {"private": True}, **event.payload},
                "ref": event.ref,
                "sha": event.sha,
            },
            "vars": dict(self.settings.variables),
            "secrets": {},
            "inputs": event.inputs,
            "matrix": dict.fromkeys((job.get("strategy") or {}).get("matrix", {}), value),
            "needs": {name: one(results) for name, results in needs.items()},
        }

    def token_request(self, job: Mapping[str, Any], event: Event, workflow: str) -> str:
        """Return where a job asks for its identity token, whose subject is what the repository is set to."""
        kind = "pull_request" if event.name == "pull_request" else f"ref:{event.ref}"
        context = f"environment:{job['environment']}" if "environment" in job else kind
        return f"{self.token_url}?subject={quote(self.settings.subject(context, workflow), safe='')}"


def needed(job: Mapping[str, Any], done: Mapping[str, Result]) -> dict[str, list[Result]]:
    """Return what became of the jobs that a job needs, by name."""
    needs = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
    return {name: [each for key, each in done.items() if key.split("/")[0] == name] for name in needs}


def assert_allowed(job: Mapping[str, Any], allowed: Mapping[str, str], name: str) -> None:
    """Assert that a called workflow's job asks for no more than its caller has: GitHub does not start it
    else.
    """
    if allowed:
        for permission, what in (job.get("permissions") or {}).items():
            assert what == "read" or allowed.get(permission) == "write", (name, permission)


def environment(**more: str) -> dict[str, str]:
    """Return what every job finds: a path with this project's commands, nothing of whoever runs the test."""
    path = f"{PROJECT / '.venv/bin'}:{os.environ['PATH']}"
    kept = {name: os.environ[name] for name in ("HOME", "XDG_STATE_HOME") if name in os.environ}
    return {"PATH": path, "HOME": "/tmp", **kept, "LANG": "C.UTF-8", **more}
