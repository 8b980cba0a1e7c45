"""A company: a tenant on the emulator, a repository with the example's manifest, a GitHub, identities that its tokens open."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from entra_config.emulator import background, seed
from entra_config.emulator.server import ServerOptions
from tests.workflows.github import ISSUER, GitHub
from tests.workflows.runner import Runner, environment
from tests.workflows.runs import PROJECT, Event, Result

REPOSITORY = "example/myapp"
READ = ("Application.Read.All", "Directory.Read.All", "AuditLog.Read.All")
# The repository's subjects say where a job runs and whose workflow it is: main's, or nobody signs in.
WORKFLOWS = f"job_workflow_ref:{REPOSITORY}/.github/workflows"
READER = (
    f"pull_request:{WORKFLOWS}/entra-review.yml@refs/heads/main",
    f"ref:refs/heads/entra-config/pins-dev:{WORKFLOWS}/entra-review.yml@refs/heads/main",
    f"ref:refs/heads/entra-config/pins-prod:{WORKFLOWS}/entra-review.yml@refs/heads/main",
    f"ref:refs/heads/main:{WORKFLOWS}/entra-apply.yml@refs/heads/main",
    f"ref:refs/heads/main:{WORKFLOWS}/entra-drift.yml@refs/heads/main",
)


@dataclass
class Estate:
    """Everything that the story plays on."""

    folder: Path
    hub: GitHub = field(default_factory=GitHub)
    first: dict[str, Result] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start the emulator, make the repository and the identities."""
        self.state = self.folder / "emulator"
        background.start(ServerOptions(state=self.state, port=0, seed="workflows", issuer_keys={ISSUER: self.hub.jwks()}))
        running = json.loads((self.state / "run.json").read_text())
        self.url = f"https://localhost:{running['port']}"
        self.ca = self.state / "ca.pem"
        self.admin = self.client(seed.ADMIN_APP_ID, seed.ADMIN_SECRET)
        reader = self._reader()
        self.origin, self.desk = self.folder / "origin.git", self.folder / "desk"
        self._repository()
        more = {
            "GITHUB_API_URL": self.hub.url,
            "ENTRA_CONFIG_CLOUD": "emulator",
            "ENTRA_CONFIG_EMULATOR_STATE": str(self.state),
            # Without it the command signs in as the emulator's own deployer, whatever the job's token says.
            "AZURE_AUTHORITY_HOST": self.url,
        }
        variables = {"ENTRA_TENANT_ID": seed.CONTOSO, "ENTRA_READER_CLIENT_ID": reader}
        environments: dict[str, dict[str, str]] = {
            name: {"ENTRA_WRITER_CLIENT_ID": app_id} for name, (app_id, _) in seed.WRITERS.items()
        }
        (self.folder / "runs").mkdir()
        self.runner = Runner(
            self.origin,
            self.folder / "runs",
            environment(**more),
            REPOSITORY,
            variables,
            {**environments, "pins": {}},
            f"{self.hub.url}/oidc",
        )

    def close(self) -> None:
        """End the processes."""
        self.admin.close()
        background.end(self.state)
        self.hub.close()

    def client(self, client_id: str, secret: str) -> httpx.Client:
        """Return Graph, signed in as an application."""
        trust = background.trust_of(self.state)
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        form["scope"] = "https://graph.microsoft.com/.default"
        token = httpx.post(f"{self.url}/{seed.CONTOSO}/oauth2/v2.0/token", data=form, verify=trust).json()["access_token"]
        return httpx.Client(base_url=f"{self.url}/v1.0", headers={"Authorization": f"Bearer {token}"}, verify=trust)

    def graph(self, method: str, path: str, body: Any = None, who: httpx.Client | None = None) -> Any:
        """Send one request by hand, as an administrator or somebody else."""
        answer = (who or self.admin).request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def _reader(self) -> str:
        app = self.graph("POST", "/applications", {"displayName": "MyApp Reader"})
        principal = self.graph("POST", "/servicePrincipals", {"appId": app["appId"]})
        graph = self.graph("GET", f"/servicePrincipals(appId='{seed.GRAPH_APP_ID}')?$select=id,appRoles")
        roles = {role["value"]: role["id"] for role in graph["appRoles"]}
        for value in READ:
            body = {"principalId": principal["id"], "resourceId": graph["id"], "appRoleId": roles[value]}
            self.graph("POST", f"/servicePrincipals/{principal['id']}/appRoleAssignments", body)
        for number, subject in enumerate(READER):
            body = {
                "name": f"github-{number}",
                "issuer": ISSUER,
                "subject": f"repo:{REPOSITORY}:{subject}",
                "audiences": ["api://AzureADTokenExchange"],
            }
            self.graph("POST", f"/applications/{app['id']}/federatedIdentityCredentials", body)
        return str(app["appId"])

    # The repository -----------------------------------------------------------------------------------------------------

    def _repository(self) -> None:
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(self.origin)], check=True)
        self.hub.repository.path = self.origin
        subprocess.run(["git", "clone", "--quiet", str(self.origin), str(self.desk)], check=True, capture_output=True)
        for name in (".github", "manifests"):
            shutil.copytree(PROJECT / name, self.desk / name)
        for name in ("api/generated", "spa/src/generated", "docs"):
            shutil.copytree(PROJECT / name, self.desk / name)
        self.git("checkout", "--quiet", "-B", "main")
        self.commit("Start")
        self.git("push", "--quiet", "origin", "main")

    def entra(self, *arguments: str) -> str:
        """Run a command at the desk, as its user would: signed in as the emulator's deployer."""
        environ = environment(ENTRA_CONFIG_CLOUD="emulator", ENTRA_CONFIG_EMULATOR_STATE=str(self.state))
        done = subprocess.run(
            ["entra-config", *arguments], cwd=self.desk, env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def git(self, *arguments: str) -> str:
        """Run git at the desk."""
        who = ["-c", "user.name=dev", "-c", "user.email=dev@example.com", "-c", "commit.gpgsign=false"]
        done = subprocess.run(["git", "-C", str(self.desk), *who, *arguments], check=True, capture_output=True, text=True)
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

    def plan(self, number: int, sha: str, *, fork: bool = False, workflow: str = "entra-plan.yml") -> dict[str, Result]:
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
        next(pull for pull in self.hub.pulls if pull["number"] == number)["state"] = "closed"
        return sha

    def push(self, sha: str) -> dict[str, Result]:
        """Run the apply workflow for a commit that reached main."""
        return self.runner.run("entra-apply.yml", Event("push", "refs/heads/main", sha))

    def by_hand(self, sha: str, ref: str = "refs/heads/main", **inputs: str) -> dict[str, Result]:
        """Run the apply workflow by hand."""
        return self.runner.run("entra-apply.yml", Event("workflow_dispatch", ref, sha, inputs=inputs))

    def dispatched(self) -> dict[str, Result]:
        """Run what a workflow started last, on its branch."""
        asked = self.hub.dispatched.pop()
        sha = self.runner.git("rev-parse", asked["ref"]).strip()
        return self.runner.run(asked["workflow"], Event("workflow_dispatch", f"refs/heads/{asked['ref']}", sha))

    def night(self) -> dict[str, Result]:
        """Run the drift workflow."""
        return self.runner.run("entra-drift.yml", Event("schedule", "refs/heads/main", self.git("rev-parse", "origin/main")))
