"""A company on GitLab: a tenant on the emulator, a repository, and a machine that runs its jobs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import yaml

from entra_emulator import background, seed
from entra_emulator.server_options import ServerOptions
from tests.pipelines import gitlab
from tests.pipelines.gitlab import GitLab
from tests.workflows.steps import PYTHON

ROOT = Path(__file__).parents[2]
RUNNER = ROOT / "tools/gitlab-ci-local/node_modules/.bin/gitlab-ci-local"
Done = subprocess.CompletedProcess[str]


class Company:
    """A tenant on the emulator, a repository, a project on GitLab, and a machine that runs its jobs."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.state = folder, folder / "emulator"
        self.origin, self.desk = folder / "origin.git", folder / "desk"
        self.hub = GitLab(self.origin)
        self.url = background.start(
            ServerOptions(
                state=self.state, port=0, seed="workflows", issuer_keys={gitlab.URL: self.hub.jwks()}
            )
        ).origin
        self.runs = 0
        self._programs()
        self._repository()

    def close(self) -> None:
        """End the processes."""
        background.end(self.state)
        self.hub.close()

    def _programs(self) -> None:
        """Put programs in the place of the job image's: Python, which installs what is installed here
        already.
        """
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        command = self.bin / "entra-config-here"
        command.write_text(
            f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom entra_config.cli.main import run\nrun()\n"
        )
        text = PYTHON.format(python=sys.executable, command=command)
        for name in ("python", "python3"):
            (self.bin / name).write_text(text)
            (self.bin / name).chmod(0o755)

    def _repository(self) -> None:
        subprocess.run(
            ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(self.origin)], check=True
        )
        subprocess.run(
            ["git", "clone", "--quiet", str(self.origin), str(self.desk)], check=True, capture_output=True
        )
        for name in ("manifests", "api/generated", "spa/src/generated", "docs"):
            shutil.copytree(ROOT / name, self.desk / name)
        self.git("checkout", "--quiet", "-B", "main")
        self.push("Start")

    def environ(self, **more: str) -> dict[str, str]:
        """Return what every process finds: programs, the emulator, nothing of whoever runs the test."""
        node = Path(shutil.which("node") or "node").parent
        path = f"{self.bin}:{node}:/usr/bin:/bin"
        given = {"PATH": path, "HOME": str(self.folder), "LANG": "C.UTF-8", "ENTRA_CONFIG_CLOUD": "emulator"}
        given["XDG_STATE_HOME"] = os.environ["XDG_STATE_HOME"]
        return {**given, "ENTRA_CONFIG_EMULATOR_STATE": str(self.state), **more}

    def command(self, *words: str) -> Done:
        """Run entra-config at the desk, as the emulator's deployer."""
        whole = [sys.executable, str(self.bin / "entra-config-here"), *words]
        return subprocess.run(
            whole, cwd=self.desk, env=self.environ(), capture_output=True, text=True, check=False
        )

    def bootstrap(self, *more: str, code: int = 0) -> Done:
        """Run `bootstrap gitlab` at the desk."""
        wheel = self.folder / f"entra_config-{version('entra-config')}-py3-none-any.whl"
        wheel.write_bytes(b"PK")
        words = ["--project", gitlab.PROJECT_PATH, "--url", gitlab.URL, "--wheel", str(wheel), *more]
        done = self.command("bootstrap", "gitlab", *words)
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def git(self, *arguments: str) -> str:
        """Run git at the desk."""
        who = ["-c", "user.name=dev", "-c", "user.email=dev@example.com", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", "-C", str(self.desk), *who, *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def push(self, message: str, branch: str = "main") -> str:
        """Commit what lies on the desk, push it; return the commit."""
        self.git("add", "-A")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        self.git("push", "--quiet", "--force", "origin", f"HEAD:{branch}")
        return self.git("rev-parse", "HEAD")

    def start(self) -> None:
        """Stand on main as it is now."""
        self.git("fetch", "--quiet", "origin")
        self.git("checkout", "--quiet", "--force", "-B", "main", "origin/main")
        self.git("clean", "--quiet", "-fd")

    def edit(self, path: str, before: str, after: str) -> None:
        """Replace a text in a file at the desk; it must be there, once."""
        file = self.desk / path
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1, (path, before, text.count(before))
        file.write_text(text.replace(before, after), encoding="utf-8")

    def graph(self, method: str, path: str, body: Any = None) -> Any:
        """Send one request to Graph by hand, as an administrator."""
        trust = background.trust_of(self.state)
        form = {
            "grant_type": "client_credentials",
            "client_id": seed.ADMIN_APP_ID,
            "client_secret": seed.ADMIN_SECRET,
        }
        form["scope"] = "https://graph.microsoft.com/.default"
        token = httpx.post(f"{self.url}/{seed.CONTOSO}/oauth2/v2.0/token", data=form, verify=trust).json()[
            "access_token"
        ]
        response = httpx.request(
            method,
            f"{self.url}/v1.0{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            verify=trust,
        )
        assert response.is_success, response.text
        return response.json() if response.content else None

    def variables(self) -> dict[str, str]:
        """Return the variables of the project, as the lines that bootstrap prints set them."""
        pins = yaml.safe_load((self.desk / "pipeline/entra-config.tenant.lock.yaml").read_text())[
            "applications"
        ]
        return {key: each["appId"] for key, each in pins.items()}

    def pipeline(self, source: str, branch: str = "main", **more: str) -> Pipeline:
        """Start a pipeline of a branch."""
        self.runs += 1
        work = self.folder / f"run-{self.runs}"
        subprocess.run(
            ["git", "clone", "--quiet", "--branch", branch, str(self.origin), str(work)], check=True
        )
        return Pipeline(self, work, source, branch, more)


class Pipeline:
    """The jobs of one pipeline, on one checkout: each is started as GitLab would, with the token that it
    asks for.
    """

    def __init__(self, company: Company, work: Path, source: str, branch: str, more: dict[str, str]) -> None:
        self.company, self.work, self.source, self.branch, self.more = company, work, source, branch, more
        documents = list(yaml.safe_load_all((work / ".gitlab-ci.yml").read_text(encoding="utf-8")))
        self.jobs = {name: job for name, job in documents[-1].items() if "script" in job or "trigger" in job}

    def _given(self) -> dict[str, str]:
        given = {
            "CI_PIPELINE_SOURCE": self.source,
            "CI_API_V4_URL": self.company.hub.api,
            "CI_PROJECT_ID": str(gitlab.PROJECT_ID),
            "CI_PROJECT_PATH": gitlab.PROJECT_PATH,
            "CI_PROJECT_VISIBILITY": "private",
            "CI_REPOSITORY_URL": str(self.company.origin),
            "CI_DEFAULT_BRANCH": "main",
            "CI_JOB_URL": "https://gitlab.com/job",
            **self.more,
        }
        if self.branch == "main":
            # What is protected is for main's pipelines alone.
            apps = self.company.variables()
            given |= {
                "ENTRA_TENANT_ID": seed.CONTOSO,
                "ENTRA_READER_CLIENT_ID": apps["reader"],
                "ENTRA_GITLAB_TOKEN": gitlab.TOKEN,
            }
        return given

    def _run(self, given: dict[str, str], *words: str) -> Done:
        sets = [word for name, value in given.items() for word in ("--variable", f"{name}={value}")]
        options = [
            "--force-shell-executor",
            "--shell-isolation",
            "--no-color",
            "--ignore-predefined-vars",
            ",".join(given),
        ]
        environ = self.company.environ(AZURE_AUTHORITY_HOST=self.company.url)
        return subprocess.run(
            [str(RUNNER), *options, *sets, *words],
            cwd=self.work,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )

    def listed(self) -> dict[str, dict[str, Any]]:
        """Return the jobs that this pipeline has, by name, as gitlab-ci-local reads the rules."""
        done = self._run(self._given(), "--list-json")
        assert done.returncode == 0, done.stdout + done.stderr
        rows = json.loads(done.stdout[done.stdout.index("[\n") :])
        return {row["name"]: row for row in rows if row["when"] != "never"}

    def job(self, name: str, **more: str) -> Done:
        """Run one job."""
        given = {**self._given(), **more}
        job = self.jobs[name]
        for token, requested in job.get("id_tokens", {}).items():
            given[token] = self.company.hub.token(self.branch, requested["aud"])
        if "environment" in job and self.branch == "main":
            given["ENTRA_WRITER_CLIENT_ID"] = self.company.variables()[f"writer-{job['environment']}"]
        return self._run(given, name)


def good(done: Done) -> str:
    """Return what a job said that must be green."""
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def bad(done: Done) -> str:
    """Return what a job said that must be red."""
    assert done.returncode != 0, done.stdout
    return done.stdout
