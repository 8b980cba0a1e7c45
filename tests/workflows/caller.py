"""The page docs/action.md, and a repository whose one workflow is its ten lines."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.workflows.estate import Estate
from tests.workflows.github import ISSUER
from tests.workflows.runs import PROJECT, Event, Result

TOOL = "example/entra-config"
PIPELINE = f"{TOOL}/.github/workflows/pipeline.yml"
PAGE = (PROJECT / "docs/action.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.+?)```", PAGE, re.DOTALL)
# What the page lets in: the subjects of the reader and of a writer, as they are written there.
ROWS = re.findall(r"(?m)^ *\| (reader|writer of an environment) \| (`repo:.+`) \|$", PAGE)
SUBJECTS = {who.split()[0]: re.findall(r"`(.+?)`", listed) for who, listed in ROWS}


class Caller(Estate):
    """A repository whose one workflow is the ten lines, with identities that trust one commit of the tool."""

    def __post_init__(self) -> None:
        """Make the pipeline as `bootstrap github --calling` does, and push it."""
        self.numbers = itertools.count()
        super().__post_init__()
        assert isinstance(self.runner.others, dict)
        self.runner.others[TOOL] = self.tool = self.folder / "tool.git"
        self.commit_of_tool = release(self.folder / "tool", self.tool)
        called = ("--calling", f"{TOOL}@{self.commit_of_tool}")
        self.bootstrap(*called, "--apply", "--allow", "dangerous", "--auto-approve")
        self.commit("Ten lines")
        self.git("push", "--quiet", "origin", "main")

    def opened(self, app_id: str) -> set[str]:
        """Return the subjects that open an application in the tenant."""
        held = f"/applications(appId='{app_id}')/federatedIdentityCredentials"
        return {each["subject"] for each in self.graph("GET", held)["value"]}

    def listed(self, who: str, environment: str = "") -> list[str]:
        """Return the subjects that the page lists for an identity, without what each begins with."""
        trusted = f"job_workflow_ref:{PIPELINE}@{self.commit_of_tool}"
        begin = "repo:OWNER@ID/REPO@ID:"
        assert all(each.startswith(begin) and each.endswith(":W") for each in SUBJECTS[who])
        bare = [each.removeprefix(begin).removesuffix("W") for each in SUBJECTS[who]]
        return [each.replace("ENVIRONMENT", environment) + trusted for each in bare]

    @property
    def reader(self) -> str:
        """Return the reader's appId."""
        return self.hub.settings.variables["ENTRA_READER_CLIENT_ID"]

    def trust(self, app_id: str, *subjects: str, keep: bool = False) -> None:
        """Let jobs of these subjects sign in as an application, and no others unless they are kept."""
        held = f"/applications(appId='{app_id}')/federatedIdentityCredentials"
        for each in [] if keep else self.graph("GET", held)["value"]:
            self.graph("DELETE", f"{held}/{each['id']}")
        for subject in subjects:
            body: dict[str, Any] = {"name": f"ten-{next(self.numbers)}", "issuer": ISSUER}
            body |= {
                "subject": f"{self.hub.settings.prefix}:{subject}",
                "audiences": ["api://AzureADTokenExchange"],
            }
            self.graph("POST", held, body)

    def write(self, text: str) -> None:
        """Write the one workflow."""
        (self.desk / ".github/workflows").mkdir(parents=True, exist_ok=True)
        (self.desk / ".github/workflows/entra.yml").write_text(text, encoding="utf-8")

    def event(self, name: str, sha: str, ref: str = "refs/heads/main", **inputs: str) -> dict[str, Result]:
        """Run the workflow for an event."""
        return self.runner.run("entra.yml", Event(name, ref, sha, inputs=inputs))

    def pull(self, number: int, message: str, *, fork: bool = False) -> dict[str, Result]:
        """Propose the desk, and run the workflow on its pull request."""
        return self.plan(number, self.propose(number, message), fork=fork, workflow="entra.yml")


def release(folder: Path, origin: Path) -> str:
    """Make the tool's repository of this checkout; return its commit."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(folder)], check=True)
    shutil.copytree(PROJECT / ".github", folder / ".github")
    shutil.copy(PROJECT / "action.yml", folder)
    return recorded(folder, origin)


def recorded(folder: Path, origin: Path) -> str:
    """Commit the tool's folder, and let it be what is fetched; return the commit."""
    who = ["-c", "user.name=tool", "-c", "user.email=tool@example.com", "-c", "commit.gpgsign=false"]
    for command in (["add", "-A"], ["commit", "--quiet", "-m", "Release"]):
        subprocess.run(["git", "-C", str(folder), *who, *command], check=True)
    if not origin.exists():
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(origin)], check=True)
    subprocess.run(
        ["git", "-C", str(folder), "push", "--quiet", "--force", str(origin), "HEAD:main"], check=True
    )
    said = subprocess.run(
        ["git", "-C", str(folder), "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    )
    return said.stdout.strip()
