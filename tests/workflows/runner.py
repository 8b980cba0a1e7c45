"""A small runner of GitHub Actions: it runs the jobs of the real workflow files, script for script, on this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).parents[2]
_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}", re.DOTALL)
_NAME = re.compile(r"'[^']*'|[A-Za-z_][\w-]*(?:\.[\w-]+)*")


@dataclass
class Result:
    """What became of a job: did it succeed, its outputs, what it printed, its summary."""

    ok: bool
    outputs: dict[str, str] = field(default_factory=dict)
    log: str = ""
    summary: str = ""
    skipped: bool = False

    @property
    def result(self) -> str:
        """Return what `needs.JOB.result` says."""
        return "skipped" if self.skipped else "success" if self.ok else "failure"


@dataclass
class Event:
    """What started a run: a pull request, a push, a schedule, a hand."""

    name: str
    ref: str
    sha: str
    payload: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)


@dataclass
class Runner:
    """One repository on one GitHub: where it is cloned from, what a job's environment holds, who gives it a token."""

    origin: Path
    folder: Path
    environ: Mapping[str, str]
    repository: str
    variables: Mapping[str, str]
    token_url: str
    number: int = 0

    def run(self, workflow: str, event: Event) -> dict[str, Result]:
        """Run a workflow's jobs in order; return what became of each (jobs of a matrix by `job/value`)."""
        self.number += 1
        run = self.folder / f"run-{self.number}"
        document = yaml.safe_load((PROJECT / ".github/workflows" / workflow).read_text(encoding="utf-8"))
        done: dict[str, Result] = {}
        for name, job in document["jobs"].items():
            for value in (job.get("strategy") or {}).get("matrix", {}).get("environment", [None]):
                key = name if value is None else f"{name}/{value}"
                done[key] = self._job(run / key.replace("/", "-"), job, event, done, value)
        return done

    def _job(self, folder: Path, job: dict[str, Any], event: Event, done: dict[str, Result], value: str | None) -> Result:
        folder.mkdir(parents=True)
        needs = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
        before = {name: [each for key, each in done.items() if key.split("/")[0] == name] for name in needs}
        context = self._context(event, before, value)
        condition = str(job.get("if", "")).strip()
        blocked = any(each.skipped or not each.ok for results in before.values() for each in results)
        wanted = bool(_evaluate(condition, context)) if condition else True
        # Without a status function in it, a condition has `success() &&` before it, and a skipped job is no success.
        if not wanted or (blocked and "cancelled()" not in condition):
            return Result(ok=True, skipped=True)
        return Job(self, folder, job, event, context).run()

    def _context(self, event: Event, needs: Mapping[str, list[Result]], value: str | None) -> dict[str, Any]:
        def one(results: list[Result]) -> dict[str, Any]:
            worst = next((each for each in results if not each.ok), results[0])
            return {"result": worst.result, "outputs": worst.outputs}

        return {
            "github": {
                "token": self.environ["GITHUB_TOKEN"],
                "repository": self.repository,
                "event_name": event.name,
                "event": event.payload,
                "ref": event.ref,
            },
            "vars": dict(self.variables),
            "inputs": event.inputs,
            "matrix": {"environment": value},
            "needs": {name: one(results) for name, results in needs.items()},
        }


class Job:
    """One job on one fresh machine."""

    def __init__(self, runner: Runner, folder: Path, job: dict[str, Any], event: Event, context: dict[str, Any]) -> None:
        self.runner, self.artifacts, self.job, self.event, self.context = runner, folder.parent / "artifacts", job, event, context
        self.work, self.temp = folder / "work", folder / "temp"
        self.temp.mkdir()
        self.files = {name: self.temp / name for name in ("env", "output", "summary")}
        for path in self.files.values():
            path.touch()
        self.steps: dict[str, Any] = {}
        self.log = ""

    def run(self) -> Result:
        """Run all steps; the first that fails ends the job, but for those that run always."""
        self.context["steps"] = self.steps
        ok = True
        for step in self.job["steps"]:
            if ok or "always()" in str(step.get("if", "")):
                ok = self._step(step, {}) and ok
        outputs = {name: self._filled(text) for name, text in (self.job.get("outputs") or {}).items()}
        return Result(ok, outputs, self.log, self.files["summary"].read_text(encoding="utf-8"))

    def _step(self, step: dict[str, Any], inputs: dict[str, str]) -> bool:
        uses = str(step.get("uses", ""))
        given = {name: self._filled(value) for name, value in (step.get("with") or {}).items()}
        if uses.startswith("actions/checkout@"):
            return self._checkout()
        if uses.startswith("./.github/actions/install"):
            return True  # what this test runs is installed already
        if uses.startswith("./"):
            action = yaml.safe_load((self.work / uses / "action.yml").read_text(encoding="utf-8"))
            return all(self._step(each, given) for each in action["runs"]["steps"])
        if uses.startswith(("actions/upload-artifact@", "actions/download-artifact@")):
            return self._artifact(given, upload="upload" in uses)
        self.context["inputs"] = {**self.event.inputs, **inputs}
        return self._script(step)

    def _checkout(self) -> bool:
        subprocess.run(["git", "clone", "--quiet", str(self.runner.origin), str(self.work)], check=True)
        subprocess.run(["git", "-C", str(self.work), "checkout", "--quiet", self.event.sha], check=True)
        return True

    def _artifact(self, given: Mapping[str, str], *, upload: bool) -> bool:
        if upload:
            for line in given["path"].split():
                source = self.work / line
                if source.is_dir():
                    shutil.copytree(source, self.artifacts / given["name"], dirs_exist_ok=True)
                elif source.exists():
                    (self.artifacts / given["name"]).mkdir(parents=True, exist_ok=True)
                    shutil.copy(source, self.artifacts / given["name"])
            return True
        for found in sorted(self.artifacts.glob(given.get("pattern") or given["name"])):
            shutil.copytree(found, self.work / given["path"], dirs_exist_ok=True)
        return True

    def _script(self, step: dict[str, Any]) -> bool:
        environ = dict(self.runner.environ) | self._github()
        for scope in (self.job.get("env"), step.get("env")):
            environ |= {name: self._filled(value) for name, value in (scope or {}).items()}
        if "GITHUB_TOKEN" not in (step.get("env") or {}):
            environ.pop("GITHUB_TOKEN", None)
        if "id-token" not in (self.job.get("permissions") or {}):
            environ.pop("ACTIONS_ID_TOKEN_REQUEST_URL", None)
        environ |= dict(line.split("=", 1) for line in self.files["env"].read_text().splitlines())
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.work,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        self.log += f"$ {step.get('name', step['run'])}\n{done.stdout}{done.stderr}"
        if "id" in step:
            lines = self.files["output"].read_text().splitlines()
            self.steps[step["id"]] = {"outputs": dict(line.split("=", 1) for line in lines)}
        return done.returncode == 0

    def _github(self) -> dict[str, str]:
        subject = f"environment:{self.job['environment']}" if "environment" in self.job else self._subject()
        return {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.runner.token_url}?subject=repo:{self.runner.repository}:{subject}",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "request-token",
            "GITHUB_ENV": str(self.files["env"]),
            "GITHUB_OUTPUT": str(self.files["output"]),
            "GITHUB_STEP_SUMMARY": str(self.files["summary"]),
            "GITHUB_REPOSITORY": self.runner.repository,
            "GITHUB_REF_NAME": self.event.ref.removeprefix("refs/heads/"),
            "GITHUB_RUN_ID": str(self.runner.number),
            "GITHUB_SHA": self.event.sha,
            "RUNNER_TEMP": str(self.temp),
        }

    def _subject(self) -> str:
        return "pull_request" if self.event.name == "pull_request" else f"ref:{self.event.ref}"

    def _filled(self, value: Any) -> str:
        return _EXPRESSION.sub(lambda found: str(_evaluate(found.group(1), self.context)), str(value))


def _evaluate(expression: str, context: Mapping[str, Any]) -> Any:
    """Evaluate what these workflows use of GitHub's expressions: names, texts, comparisons, and, or, not."""
    text = _EXPRESSION.sub(lambda found: found.group(1), expression)
    text = text.replace("cancelled()", "False").replace("always()", "True")

    def value(found: re.Match[str]) -> str:
        word = found.group(0)
        if word.startswith("'") or word in {"True", "False"}:
            return word
        here: Any = context
        for part in word.split("."):
            here = here.get(part, "") if isinstance(here, Mapping) else ""
        return repr("" if here is None else here)

    text = _NAME.sub(value, text).replace("!=", "≠").replace("!", " not ").replace("≠", "!=")
    return eval(text.replace("&&", " and ").replace("||", " or ").replace("\n", " "), {"__builtins__": {}})


def environment(**more: str) -> dict[str, str]:
    """Return what every job finds: a path with this project's commands, nothing of whoever runs the test."""
    path = f"{PROJECT / '.venv/bin'}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": os.environ.get("HOME", "/tmp"), "LANG": "C.UTF-8", **more}
