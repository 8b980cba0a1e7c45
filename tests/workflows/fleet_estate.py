"""A provider: a fleet in a repository on a GitHub, its tenants on an emulator; and the same fleet driven by
xargs alone.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from entra_emulator import background
from tests.unit.fleet.files import FILES, FLEET, write
from tests.workflows.github import GitHub
from tests.workflows.runner import Runner, environment
from tests.workflows.runs import Event, Result
from tests.workflows.standing import Standing

REPOSITORY = "example/fleet"
# In a folder of the repository; contoso goes first.
WHERE = "customers/eu"
TEXTS = {
    f"{WHERE}/{name}": text
    for name, text in {**FILES, "fleet.yaml": FLEET + "waves: [{ tags: [eu] }, { rest: true }]\n"}.items()
}
ENVIRONMENTS = {"fleet-review": [], "fleet-main": ["main"], "fleet-writer": ["main"]}


@dataclass
class FleetEstate:
    """Everything that the story plays on."""

    folder: Path
    hub: GitHub = field(default_factory=GitHub)
    driven: Path = Path()

    def __post_init__(self) -> None:
        """Make the repository, its environments and an emulator."""
        self.origin, self.desk = self.folder / "origin.git", self.folder / "desk"
        (self.folder / "bin").mkdir()
        (self.folder / "runs").mkdir()
        subprocess.run(
            ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(self.origin)], check=True
        )
        subprocess.run(
            ["git", "clone", "--quiet", str(self.origin), str(self.desk)], check=True, capture_output=True
        )
        self.hub.repository.path, self.hub.settings.name = self.origin, REPOSITORY
        for name, branches in ENVIRONMENTS.items():
            policy = {"protected_branches": False, "custom_branch_policies": True} if branches else None
            self.hub.settings.environments[name] = {"name": name, "deployment_branch_policy": policy}
            self.hub.settings.branches[name] = list(branches)
        self.git("checkout", "--quiet", "-B", "main")
        write(self.desk, TEXTS)
        wheel = self.folder / f"entra_config-{version('entra-config')}-py3-none-any.whl"
        wheel.write_bytes(b"PK")
        self.wheel = str(wheel)
        self.standing = Standing(self.folder / "bin")
        self.command("emulator", "start", "--fleet", f"{WHERE}/fleet.yaml", "--port", "0", "--seed", "fleet")
        environ = environment(GITHUB_API_URL=self.hub.url, **self.emulator("emulator"))
        self.runner = Runner(
            self.origin,
            self.folder / "runs",
            environ,
            REPOSITORY,
            self.hub.settings,
            f"{self.hub.url}/oidc",
            program=self.standing.program,
        )

    def emulator(self, name: str) -> dict[str, str]:
        """Return the environment in which commands find an emulator."""
        return {"ENTRA_CONFIG_CLOUD": "emulator", "ENTRA_CONFIG_EMULATOR_STATE": str(self.folder / name)}

    def close(self) -> None:
        """End the processes."""
        for name in ("emulator", "other"):
            background.end(self.folder / name)
        self.standing.close()
        self.hub.close()

    def command(self, *words: str, at: str = "emulator", code: int = 0) -> str:
        """Run a command at the desk, on one of the emulators."""
        done = subprocess.run(
            [str(self.standing.program), *words],
            cwd=self.desk,
            env=environment(**self.emulator(at)),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def git(self, *arguments: str) -> str:
        """Run git at the desk."""
        who = ["-c", "user.name=dev", "-c", "user.email=dev@example.com", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", "-C", str(self.desk), *who, *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, branch: str) -> str:
        """Commit what lies on the desk on a branch, and push it."""
        self.git("checkout", "--quiet", "-B", branch)
        self.git("add", "-A")
        self.git("commit", "--quiet", "-m", "A change")
        self.git("push", "--quiet", "--force", "origin", branch)
        return self.git("rev-parse", "HEAD")

    def push(self) -> dict[str, Result]:
        """Bring the desk to main, and run the workflow."""
        return self.runner.run("entra-fleet.yml", Event("push", "refs/heads/main", self.commit("main")))

    def pull(self, number: int, *, fork: bool = False) -> dict[str, Result]:
        """Propose the desk, and run the workflow on its pull request."""
        sha = self.commit(f"change-{number}")
        self.hub.open_pull(number, f"change-{number}")
        head = {"repo": {"full_name": "stranger/fleet" if fork else REPOSITORY}, "sha": sha}
        payload = {"pull_request": {"number": number, "head": head}}
        return self.runner.run(
            "entra-fleet.yml", Event("pull_request", f"refs/pull/{number}/merge", sha, payload)
        )

    def night(self) -> dict[str, Result]:
        """Run the workflow of the night."""
        sha = self.git("rev-parse", "origin/main")
        return self.runner.run("entra-fleet-drift.yml", Event("schedule", "refs/heads/main", sha))

    @property
    def artifacts(self) -> Path:
        """Return what the jobs of the last run left."""
        return self.folder / "runs" / f"run-{self.runner.number}" / "artifacts"

    def contract(self, results: Path) -> None:
        """Drive the fleet by xargs alone, on another emulator: plan, report, approve, wave by wave."""
        # As the jobs have it, so that files are called alike.
        self.driven = self.folder / "driven"
        subprocess.run(
            ["git", "clone", "--quiet", str(self.origin), str(self.driven / "main")],
            check=True,
            capture_output=True,
        )
        fleet = f"{WHERE}/fleet.yaml"
        self.command("emulator", "start", "--fleet", fleet, "--port", "0", "--seed", "other", at="other")
        self._each(results, "plan", "--run", "one")
        approval = str(results.parent / "approval.json")
        self._report(results, approval)
        for wave in ("1", "2"):
            self.command("fleet", "check", str(results), "--approval", approval, "--wave", wave, at="other")
            self._each(results, "apply", "--approval", approval, wave=wave)

    def _report(self, results: Path, approval: str) -> None:
        where = ("--fleet", str(self.driven / "main" / WHERE / "fleet.yaml"))
        text = self.command("fleet", "report", str(results), *where, "--format", "json", at="other", code=2)
        words = ("--report", json.loads(text)["id"], "--out", approval)
        self.command("fleet", "approve", str(results), *where, *words, at="other")

    def _each(self, results: Path, do: str, *more: str, wave: str = "") -> None:
        """Do one thing in each shard, two at a time."""
        fleet = f"--fleet main/{WHERE}/fleet.yaml"
        of = f"--wave {wave}" if wave else ""
        script = (
            f"entra-config fleet list {fleet} {of} --names | xargs -P 2 -n 2 "
            f'entra-config fleet run {fleet} --do {do} --results "$0" "$@"'
        )
        environ = environment(**self.emulator("other"))
        environ["PATH"] = f"{self.standing.program.parent}:{environ['PATH']}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script, str(results), *more],
            cwd=self.driven,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
