"""The example's manifest and a running emulator in; the applications applied, and edits of the manifest
applied, out.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).with_name("entra-config")
ROLES = ("Reader", "Writer", "Admin")

ROOT_FILE = """
project: myapp
files:
  - path: applications/*.yaml
  - path: access.yaml
environments:
  dev:
    tenantId: 11111111-1111-1111-1111-111111111111
    variables: {{ spaUrl: "{spa}", apiUrl: "{api}", suffix: " (e2e)" }}
    overrides: {overrides}
"""
EXAMPLE = ROOT / "manifests" / "entra-config.yaml"

# Nobody has consented for the users, who may do it themselves: they cannot where assignment is required.
NO_CONSENT: dict[str, Any] = {
    "applications": {
        "api": {"authorizedClients": None, "enterpriseApplication": {"assignmentRequired": False}},
        "spa": {"apiPermissions": {"api": {"adminConsent": False}}},
    }
}


@dataclass
class Deployment:
    """An administrator with the manifest: each change is an edit and an `apply`."""

    folder: Path
    emulator_state: Path
    spa: str
    api: str
    holders: dict[str, set[str]] = field(default_factory=lambda: {role: set() for role in ROLES})
    overrides: dict[str, Any] = field(default_factory=dict)
    # What runs a command: the program, or what forks one with its imports (tests/workflows/standing.py).
    program: Path = PROGRAM

    @classmethod
    def begin(cls, folder: Path, emulator_state: Path, spa: str, api: str) -> "Deployment":
        """Copy the example's applications and apply them, without a role for anybody."""
        shutil.copytree(ROOT / "manifests" / "applications", folder / "applications")
        deployment = cls(folder, emulator_state, spa, api)
        deployment.apply()
        return deployment

    def assign(self, user: str, role: str) -> None:
        """Give a user a role of the API."""
        self.holders[role].add(user)
        self.apply()

    def unassign(self, user: str) -> None:
        """Take all roles of the API from a user."""
        for users in self.holders.values():
            users.discard(user)
        self.apply()

    def revoke_consent(self) -> None:
        """Take back what was consented for everybody."""
        self.overrides = NO_CONSENT
        self.apply()

    def restore_consent(self) -> None:
        """Consent for everybody again, and require assignment."""
        self.overrides = {}
        self.apply()

    def apply(self) -> None:
        """Write the manifest and apply it."""
        (self.folder / "entra-config.yaml").write_text(self.root(), encoding="utf-8")
        assignments = {role: {"users": sorted(users)} for role, users in self.holders.items()}
        access = json.dumps({"appRoleAssignments": {"api": assignments}})
        (self.folder / "access.yaml").write_text(access, encoding="utf-8")
        # The story takes the last holder of a role away on purpose.
        self.run("apply", "--auto-approve", "--allow", "last")

    def root(self) -> str:
        """Return the root file."""
        # JSON is YAML.
        root = ROOT_FILE.format(spa=self.spa, api=self.api, overrides=json.dumps(self.overrides))
        _, settings, targets = EXAMPLE.read_text(encoding="utf-8").partition("\nsettings:")
        return root + settings + targets

    def write_settings(self, folder: Path) -> None:
        """Write what the API, the SPA, Postman and a developer's shell read."""
        self.run("settings", "--values", "--output", str(folder))

    def run(self, *arguments: str) -> str:
        """Run one command of `entra-config` on the manifest."""
        command = [str(self.program), *arguments]
        where = ["-e", "dev", "-f", str(self.folder), "--cloud", "emulator"]
        env = {**os.environ, "ENTRA_CONFIG_EMULATOR_STATE": str(self.emulator_state)}
        done = subprocess.run([*command, *where], env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout


def app_ids(graph: httpx.Client) -> dict[str, str]:
    """Read the client id of each application of the project, by its key in the manifest."""
    response = graph.get("/applications", params={"$select": "appId,tags"}).raise_for_status().json()
    marked = ((tag, row["appId"]) for row in response["value"] for tag in row["tags"])
    prefix = "entra-config:key="
    return {tag.removeprefix(prefix): app_id for tag, app_id in marked if tag.startswith(prefix)}
