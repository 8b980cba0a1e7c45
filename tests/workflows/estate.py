"""A company: a tenant on the emulator, a repository with the example's manifest, a GitHub, identities that
its tokens open.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx

from entra_emulator import background, seed
from entra_emulator.server_options import ServerOptions
from tests.workflows import gh
from tests.workflows.github import ISSUER, GitHub
from tests.workflows.runner import Runner, environment
from tests.workflows.runs import PROJECT, Event, Result
from tests.workflows.settings import ADMINISTRATOR
from tests.workflows.standing import Standing

REPOSITORY = "example/myapp"
Done = subprocess.CompletedProcess[str]


@dataclass
class Estate:
    """Everything that the story plays on; `programs`: each command is a program that begins anew."""

    folder: Path
    programs: bool = False
    hub: GitHub = field(default_factory=GitHub)
    first: dict[str, Result] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start the emulator, make the repository and the identities."""
        self.state = self.folder / "emulator"
        self.url = background.start(
            ServerOptions(state=self.state, port=0, seed="workflows", issuer_keys={ISSUER: self.hub.jwks()})
        ).origin
        self.ca = self.state / "ca.pem"
        self.admin = self.client(seed.ADMIN_APP_ID, seed.ADMIN_SECRET)
        self.origin, self.desk = self.folder / "origin.git", self.folder / "desk"
        gh.install(self.folder / "bin", sys.executable)
        self.standing = None if self.programs else Standing(self.folder / "bin")
        self._repository()
        more = {
            "GITHUB_API_URL": self.hub.url,
            "GH_URL": self.hub.url,
            "ENTRA_CONFIG_CLOUD": "emulator",
            "ENTRA_CONFIG_EMULATOR_STATE": str(self.state),
            # Without it the command signs in as the emulator's own deployer, whatever the job's token says.
            "AZURE_AUTHORITY_HOST": self.url,
        }
        (self.folder / "runs").mkdir()
        environ = environment(**more)
        environ["PATH"] = f"{self.folder / 'bin'}:{environ['PATH']}"
        oidc = f"{self.hub.url}/oidc"
        self.runner = Runner(self.origin, self.folder / "runs", environ, REPOSITORY, self.hub.settings, oidc)
        self.runner.hub = self.hub
        if self.standing:
            self.runner.program = self.standing.program

    @property
    def writers(self) -> dict[str, str]:
        """Return the appId of each environment's writer."""
        return {
            name: held["ENTRA_WRITER_CLIENT_ID"]
            for name, held in self.hub.settings.environment_variables.items()
        }

    def close(self) -> None:
        """End the processes."""
        if self.standing:
            self.standing.close()
        self.admin.close()
        background.end(self.state)
        self.hub.close()

    def client(self, client_id: str, secret: str) -> httpx.Client:
        """Return Graph, signed in as an application."""
        trust = background.trust_of(self.state)
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        form["scope"] = "https://graph.microsoft.com/.default"
        token = httpx.post(f"{self.url}/{seed.CONTOSO}/oauth2/v2.0/token", data=form, verify=trust).json()[
            "access_token"
        ]
        return httpx.Client(
            base_url=f"{self.url}/v1.0", headers={"Authorization": f"Bearer {token}"}, verify=trust
        )

    def graph(self, method: str, path: str, body: Any = None, who: httpx.Client | None = None) -> Any:
        """Send one request by hand, as an administrator or somebody else."""
        response = (who or self.admin).request(method, path, json=body)
        assert response.is_success, response.text
        return response.json() if response.content else None

    # The repository
    # -----------------------------------------------------------------------------------------------------

    def _repository(self) -> None:
        """Make a repository that holds a manifest, what its applications read, and nothing of a pipeline."""
        subprocess.run(
            ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(self.origin)], check=True
        )
        self.hub.repository.path = self.origin
        subprocess.run(
            ["git", "clone", "--quiet", str(self.origin), str(self.desk)], check=True, capture_output=True
        )
        for name in ("manifests", "api/generated", "spa/src/generated", "docs"):
            shutil.copytree(PROJECT / name, self.desk / name)
        for path in (self.desk / "manifests").glob("entra-config*.yaml"):
            text = path.read_text(encoding="utf-8")
            # Who applies, before there is a pipeline: the team by hand, and nobody that is named.
            text = re.sub(r"servicePrincipals:\n(?:  .*\n)*", "", text)
            text = re.sub(r" *deployers: \[MyApp Writer \(prod\)\].*\n", "", text)
            path.write_text(text.replace(", MyApp Writer (dev)", ""), encoding="utf-8")
        self.git("checkout", "--quiet", "-B", "main")
        self.commit("Start")
        self.git("push", "--quiet", "origin", "main")

    def begin(self) -> None:
        """Make the pipeline as an administrator does, in one command, and push it."""
        self.bootstrap("--apply", "--allow", "dangerous", "--auto-approve")
        self.commit("A pipeline")
        self.git("push", "--quiet", "origin", "main")

    def bootstrap(self, *more: str, who: str = ADMINISTRATOR, code: int = 0, **environ: str) -> Done:
        """Run `bootstrap github` at the desk, as somebody whom `gh` knows."""
        wheel = self.folder / f"entra_config-{version('entra-config')}-py3-none-any.whl"
        wheel.write_bytes(b"PK")
        words = ["--title", "MyApp"] if not (self.desk / "pipeline").exists() else []
        words = [*words, "--repository", REPOSITORY, "--reviewer", "@example/platform", "--wheel", str(wheel)]
        done = self.command("bootstrap", "github", *words, *more, GH_USER=who, **environ)
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def command(self, *arguments: str, **more: str) -> Done:
        """Run a command at the desk, as its user would: signed in as the emulator's deployer."""
        given = {
            "ENTRA_CONFIG_CLOUD": "emulator",
            "ENTRA_CONFIG_EMULATOR_STATE": str(self.state),
            "GH_URL": self.hub.url,
        }
        environ = environment(**given, **more)
        environ["PATH"] = f"{self.folder / 'bin'}:{environ['PATH']}"
        words = ["entra-config", *arguments]
        return subprocess.run(words, cwd=self.desk, env=environ, capture_output=True, text=True, check=False)

    def entra(self, *arguments: str) -> str:
        """Run a command at the desk that must succeed."""
        done = self.command(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def git(self, *arguments: str) -> str:
        """Run git at the desk."""
        who = ["-c", "user.name=dev", "-c", "user.email=dev@example.com", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", "-C", str(self.desk), *who, *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, message: str) -> str:
        """Commit what lies on the desk."""
        self.git("add", "-A")
        self.git("commit", "--quiet", "-m", message)
        return self.git("rev-parse", "HEAD")

    def edit(self, path: str, before: str, after: str) -> None:
        """Replace a text in a file at the desk; it must be there, once."""
        file = self.desk / path
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1, (path, before, text.count(before))
        file.write_text(text.replace(before, after), encoding="utf-8")

    def start(self) -> None:
        """Stand on main as it is now."""
        self.git("fetch", "--quiet", "--prune", "origin")
        self.git("checkout", "--quiet", "--force", "-B", "main", "origin/main")

    def propose(self, number: int, message: str) -> str:
        """Commit the desk on a branch, push it, open its pull request; return the commit."""
        branch = f"change-{number}"
        self.git("checkout", "--quiet", "-B", branch)
        sha = self.commit(message)
        self.git("push", "--quiet", "--force", "origin", branch)
        self.hub.open_pull(number, branch)
        return sha

    def open_pull(self, number: int, message: str, *, fork: bool = False) -> dict[str, Result]:
        """Propose the desk, and run the plan workflow on its pull request."""
        return self.plan(number, self.propose(number, message), fork=fork)

    def plan(
        self, number: int, sha: str, *, fork: bool = False, workflow: str = "entra-plan.yml"
    ) -> dict[str, Result]:
        """Run the plan workflow, or another, for a commit of a pull request."""
        head = {"repo": {"full_name": "stranger/myapp" if fork else REPOSITORY}, "sha": sha}
        payload = {"pull_request": {"number": number, "head": head}}
        return self.runner.run(workflow, Event("pull_request", f"refs/pull/{number}/merge", sha, payload))

    def merge(self, number: int, branch: str = "") -> str:
        """Merge a pull request; return the commit on main."""
        branch = branch or f"change-{number}"
        self.start()
        self.git("merge", "--quiet", "--no-ff", "-m", f"Merge #{number}", f"origin/{branch}")
        self.git("push", "--quiet", "origin", "main")
        sha = self.git("rev-parse", "HEAD")
        self.hub.merged[sha] = [number]
        self.hub.close_pull(number)
        return sha

    def push(self, sha: str) -> dict[str, Result]:
        """Run the apply workflow for a commit that reached main."""
        return self.runner.run("entra-apply.yml", Event("push", "refs/heads/main", sha))

    def by_hand(self, sha: str, ref: str = "refs/heads/main", **inputs: str) -> dict[str, Result]:
        """Run the apply workflow by hand."""
        return self.runner.run("entra-apply.yml", Event("workflow_dispatch", ref, sha, inputs=inputs))

    def dispatched(self) -> dict[str, Result]:
        """Run what a workflow started last, on its branch."""
        requested = self.hub.dispatched.pop()
        sha = self.runner.git("rev-parse", requested["ref"]).strip()
        return self.runner.run(
            requested["workflow"], Event("workflow_dispatch", f"refs/heads/{requested['ref']}", sha)
        )

    def week(self, **inputs: str) -> dict[str, Result]:
        """Run the workflow of credentials: by its schedule, or by hand where it is told something."""
        sha = self.git("rev-parse", "origin/main")
        name = "workflow_dispatch" if inputs else "schedule"
        return self.runner.run("entra-credentials.yml", Event(name, "refs/heads/main", sha, inputs=inputs))

    def night(self, only: Collection[str] = ()) -> dict[str, Result]:
        """Run the drift workflow, or some of its jobs."""
        event = Event("schedule", "refs/heads/main", self.git("rev-parse", "origin/main"))
        return self.runner.run("entra-drift.yml", event, only)


def pulls(estate: Estate, environment: str) -> list[dict[str, Any]]:
    """Return the open pull requests with pins of an environment."""
    return [
        pull
        for pull in estate.hub.pulls
        if pull["head"] == f"entra-config/pins-{environment}" and pull["state"] == "open"
    ]
