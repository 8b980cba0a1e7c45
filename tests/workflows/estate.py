"""A company: a tenant on the emulator, a repository with the example's manifest, a GitHub, two identities its tokens open."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from entra_config.emulator import background, seed
from entra_config.emulator.server import Options
from tests.workflows.github import ISSUER, GitHub
from tests.workflows.runner import PROJECT, Event, Runner, environment

REPOSITORY = "example/myapp"
READ = ("Application.Read.All", "Directory.Read.All", "AuditLog.Read.All")
WRITE = (
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.Read.All",
)
SUBJECTS = {
    "reader": ("pull_request", "ref:refs/heads/main"),
    "writer": ("environment:dev", "environment:prod"),
}


@dataclass
class Estate:
    """Everything that the story plays on."""

    folder: Path
    hub: GitHub = field(default_factory=GitHub)

    def __post_init__(self) -> None:
        """Start the emulator, make the repository and the identities."""
        self.state = self.folder / "emulator"
        background.start(Options(state=self.state, port=0, seed="workflows", issuer_keys={ISSUER: self.hub.jwks()}))
        running = json.loads((self.state / "run.json").read_text())
        self.url = f"https://localhost:{running['port']}"
        self.ca = self.state / "ca.pem"
        self.admin = self.client(seed.ADMIN_APP_ID, seed.ADMIN_SECRET)
        identities = {name: self._identity(name) for name in SUBJECTS}
        self.origin, self.desk = self.folder / "origin.git", self.folder / "desk"
        self._repository()
        more = {
            "GITHUB_API_URL": self.hub.url,
            "GITHUB_TOKEN": "hub-token",
            "ENTRA_CONFIG_CLOUD": "emulator",
            "ENTRA_CONFIG_EMULATOR_STATE": str(self.state),
        }
        variables = {
            "ENTRA_TENANT_ID": seed.CONTOSO,
            "ENTRA_READER_CLIENT_ID": identities["reader"],
            "ENTRA_WRITER_CLIENT_ID": identities["writer"],
        }
        (self.folder / "runs").mkdir()
        self.runner = Runner(
            self.origin, self.folder / "runs", environment(**more), REPOSITORY, variables, f"{self.hub.url}/oidc"
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

    def _identity(self, name: str) -> str:
        app = self.graph("POST", "/applications", {"displayName": f"entra-config {name}"})
        principal = self.graph("POST", "/servicePrincipals", {"appId": app["appId"]})
        graph = self.graph("GET", f"/servicePrincipals(appId='{seed.GRAPH_APP_ID}')?$select=id,appRoles")
        roles = {role["value"]: role["id"] for role in graph["appRoles"]}
        for value in WRITE if name == "writer" else READ:
            body = {"principalId": principal["id"], "resourceId": graph["id"], "appRoleId": roles[value]}
            self.graph("POST", f"/servicePrincipals/{principal['id']}/appRoleAssignments", body)
        for number, subject in enumerate(SUBJECTS[name]):
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
        subprocess.run(["git", "clone", "--quiet", str(self.origin), str(self.desk)], check=True, capture_output=True)
        for name in (".github", "manifests"):
            shutil.copytree(PROJECT / name, self.desk / name)
        for name in ("api/generated", "spa/src/generated", "docs"):
            shutil.copytree(PROJECT / name, self.desk / name)
        root = self.desk / "manifests/entra-config.yaml"
        # The writer deploys, the reader only looks: the manifest says who deploys, in both environments.
        text = root.read_text()
        for named in ("deployers: [MyApp Developers, MyApp Writer (dev)]", "deployers: [MyApp Writer (prod)]"):
            assert named in text, named
            text = text.replace(named, "deployers: [entra-config writer]")
        root.write_text(text)
        for environment_name in ("dev", "prod"):
            self.entra("lock", "-e", environment_name)
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
        """Replace a text in a file at the desk; it must be there."""
        file = self.desk / path
        text = file.read_text(encoding="utf-8")
        assert before in text, (path, before)
        file.write_text(text.replace(before, after), encoding="utf-8")

    def open_pull(self, number: int, message: str, *, fork: bool = False) -> dict[str, Any]:
        """Commit the desk on a branch, push it, and run the plan workflow on its pull request."""
        self.git("checkout", "--quiet", "-B", f"change-{number}")
        sha = self.commit(message)
        self.git("push", "--quiet", "--force", "origin", f"change-{number}")
        head = {"repo": {"full_name": "stranger/myapp" if fork else REPOSITORY}, "sha": sha}
        payload = {"pull_request": {"number": number, "head": head}}
        return self.runner.run("entra-plan.yml", Event("pull_request", f"refs/pull/{number}/merge", sha, payload))

    def merge(self, number: int) -> str:
        """Merge a pull request; return the commit on main."""
        self.git("checkout", "--quiet", "main")
        self.git("merge", "--quiet", "--no-ff", "-m", f"Merge #{number}", f"change-{number}")
        self.git("push", "--quiet", "origin", "main")
        sha = self.git("rev-parse", "HEAD")
        self.hub.pulls[sha] = [number]
        return sha

    def push(self, sha: str) -> dict[str, Any]:
        """Run the apply workflow for a commit that reached main."""
        return self.runner.run("entra-apply.yml", Event("push", "refs/heads/main", sha))

    def by_hand(self, sha: str, **inputs: str) -> dict[str, Any]:
        """Run the apply workflow by hand."""
        return self.runner.run("entra-apply.yml", Event("workflow_dispatch", "refs/heads/main", sha, inputs=inputs))

    def night(self) -> dict[str, Any]:
        """Run the drift workflow."""
        return self.runner.run("entra-drift.yml", Event("schedule", "refs/heads/main", self.git("rev-parse", "origin/main")))
