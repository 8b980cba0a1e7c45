"""The steps of one job in; run one after the other on a machine of their own, and what became of them,
out.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tests.workflows import expressions
from tests.workflows.runs import Event, Result

if TYPE_CHECKING:
    from tests.workflows.runner import Runner

# In the place of Python on the machine: what installs is asked what it would import there, and takes what is
# installed already.
PYTHON = """#!/bin/sh
case "$*" in
  "-I -m venv "*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" && cp "{command}" "$4/bin/entra-config" ;;
  *"-m pip install "*) all="$*"; exec "{python}" ${{all%%-m pip*}} -c "import json, sysconfig, \
urllib.request, venv" ;;
  *) exec "{python}" "$@" ;;
esac
"""


class Job:
    """One job on one fresh machine."""

    def __init__(
        self,
        runner: Runner,
        folder: Path,
        job: dict[str, Any],
        event: Event,
        *,
        context: dict[str, Any],
        workflow: str,
    ) -> None:
        self.runner, self.job, self.event, self.context, self.workflow = runner, job, event, context, workflow
        self.artifacts = folder.parent / "artifacts"
        self.work, self.temp = folder / "work", folder / "temp"
        self.work.mkdir(parents=True)
        self.temp.mkdir()
        self.files = {name: self.temp / f"_{name}" for name in ("env", "output", "summary", "path")}
        for path in self.files.values():
            path.touch()
        self.steps: dict[str, Any] = {}
        self.context |= {"steps": self.steps, "runner": {"temp": str(self.temp)}}
        self.log = ""
        commands = folder / "bin"
        commands.mkdir()
        text = PYTHON.format(python=sys.executable, command=runner.program)
        for name in ("python", "python3"):
            (commands / name).write_text(text)
            (commands / name).chmod(0o755)
        self.path = f"{commands}:{runner.environ['PATH']}"

    def run(self) -> Result:
        """Run all steps; the first that fails ends the job, but for those that run always."""
        self.context["inputs"] = self.event.inputs
        self.environ = self._filled(self.job)
        ok = self._all(self.job["steps"], None)
        outputs = {
            name: expressions.filled(text, self.context)
            for name, text in (self.job.get("outputs") or {}).items()
        }
        return Result(ok, outputs, self.log, self.files["summary"].read_text(encoding="utf-8"))

    def _all(self, wanted: list[dict[str, Any]], action: Path | None) -> bool:
        ok = True
        for step in wanted:
            condition = str(step.get("if", ""))
            if not ok and not expressions.has_status(condition):
                continue
            if not condition or expressions.evaluate(condition, self.context):
                ok = self._step(step, action) and ok
        return ok

    def _step(self, step: dict[str, Any], action: Path | None) -> bool:
        uses = str(step.get("uses", ""))
        given = {
            name: expressions.filled(value, self.context) for name, value in (step.get("with") or {}).items()
        }
        if uses.startswith("actions/checkout@"):
            return self._checkout(given)
        if uses.startswith("actions/setup-python@"):
            return True  # the machine has one
        if uses.startswith("actions/create-github-app-token@"):
            self.steps[step["id"]] = {"outputs": {"token": f"app {given['client-id']}"}}
            return True
        if uses.startswith("./"):
            return self._composite(step, given, self.work / uses)
        if uses.startswith(("actions/upload-artifact@", "actions/download-artifact@")):
            return self._artifact(given, upload="upload" in uses)
        if uses:
            return self._composite(step, given, self._fetched(uses))
        return self._script(step, action)

    def _fetched(self, uses: str) -> Path:
        """Return an action of another repository at its commit, where no checkout is."""
        repository, _, commit = uses.partition("@")
        folder = self.temp.parent / "actions" / commit
        if not folder.exists():
            subprocess.run(
                ["git", "clone", "--quiet", str(self.runner.others[repository]), str(folder)], check=True
            )
            subprocess.run(["git", "-C", str(folder), "checkout", "--quiet", commit], check=True)
        return folder

    def _composite(self, step: dict[str, Any], given: dict[str, str], folder: Path) -> bool:
        document = yaml.safe_load((folder / "action.yml").read_text(encoding="utf-8"))
        takes = {name: str(each.get("default", "")) for name, each in document.get("inputs", {}).items()}
        assert given.keys() <= takes.keys(), given
        before, inside = dict(self.context), {"inputs": {**takes, **given}, "steps": {}}
        # Its steps have names of their own, and see no input of the workflow.
        self.context |= inside
        self.steps = inside["steps"]
        ok = self._all(document["runs"]["steps"], folder)
        outputs = {
            name: expressions.filled(each["value"], self.context)
            for name, each in document.get("outputs", {}).items()
        }
        self.context |= before
        self.steps = self.context["steps"]
        if "id" in step:
            self.steps[step["id"]] = {"outputs": outputs}
        return ok

    def _checkout(self, given: Mapping[str, str]) -> bool:
        folder = self.work / given["path"]
        assert given["persist-credentials"] == "False"
        origin = self.runner.source(given.get("repository", ""))
        subprocess.run(["git", "clone", "--quiet", str(origin), str(folder)], check=True)
        commit = given.get("ref", self.event.sha).replace("refs/heads/", "origin/")
        subprocess.run(["git", "-C", str(folder), "checkout", "--quiet", commit], check=True)
        return True

    def _artifact(self, given: Mapping[str, str], *, upload: bool) -> bool:
        if upload:
            source = self.work / given["path"]
            if source.is_dir() and any(source.iterdir()):
                shutil.copytree(source, self.artifacts / given["name"], dirs_exist_ok=True)
                if self.runner.hub is not None:
                    files = {
                        path.relative_to(source).as_posix(): path.read_bytes()
                        for path in source.rglob("*")
                        if path.is_file()
                    }
                    self.runner.hub.upload(self.runner.number, given["name"], files)
                return True
            return given["if-no-files-found"] == "ignore"
        found = sorted(self.artifacts.glob(given.get("pattern") or given["name"]))
        for each in found:
            shutil.copytree(each, self.work / given["path"], dirs_exist_ok=True)
        # By name it must be there; a pattern may match nothing.
        return bool(found) or "pattern" in given

    def _script(self, step: dict[str, Any], action: Path | None) -> bool:
        environ = dict(self.runner.environ) | self._github()
        if action is not None:
            environ["GITHUB_ACTION_PATH"] = str(action)
        environ |= self.environ | self._filled(step)
        environ |= dict(line.split("=", 1) for line in self.files["env"].read_text().splitlines())
        environ["PATH"] = ":".join([*reversed(self.files["path"].read_text().splitlines()), self.path])
        self.files["output"].write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.work / expressions.filled(step.get("working-directory", "."), self.context),
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

    def _filled(self, scope: Mapping[str, Any]) -> dict[str, str]:
        return {
            name: expressions.filled(value, self.context) for name, value in (scope.get("env") or {}).items()
        }

    def _github(self) -> dict[str, str]:
        given = {
            "GITHUB_ENV": str(self.files["env"]),
            "GITHUB_EVENT_NAME": self.event.name,
            "GITHUB_OUTPUT": str(self.files["output"]),
            "GITHUB_PATH": str(self.files["path"]),
            "GITHUB_STEP_SUMMARY": str(self.files["summary"]),
            "GITHUB_REPOSITORY": self.runner.repository,
            "GITHUB_REF": self.event.ref,
            "GITHUB_REF_NAME": self.event.ref.removeprefix("refs/heads/"),
            "GITHUB_RUN_ID": str(self.runner.number),
            "GITHUB_SHA": self.event.sha,
            "GITHUB_WORKSPACE": str(self.work),
            "RUNNER_TEMP": str(self.temp),
        }
        if (self.job.get("permissions") or {}).get("id-token") == "write":
            given["ACTIONS_ID_TOKEN_REQUEST_URL"] = self.runner.token_request(
                self.job, self.event, self.workflow
            )
            given["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = "request-token"
        return given
