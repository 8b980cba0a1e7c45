"""`entra-verify` against a running emulator: what the commands read, plan and apply, over HTTPS."""

from __future__ import annotations

import hashlib
import json
import os
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import entra_verify
from tests.unit.cli.example import edit
from tests.unit.cli.program import ENTRA_CONFIG, environment
from tests.unit.cli.ran import ROOT

LOCK = "manifests/entra-config.dev.lock.yaml"
AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
Json = dict[str, Any]


class Story:
    """A folder with the worked example, and an emulator that runs in it."""

    def __init__(self, folder: Path) -> None:
        self.variables = environment(
            ENTRA_CONFIG_CLOUD="emulator",
            XDG_STATE_HOME=str(folder),
            ENTRA_CONFIG_EMULATOR_STATE=str(folder / "state"),
        )
        self.address = self.call("emulator", "start", "--port", "0").strip().splitlines()[-1]
        self.variables["SSL_CERT_FILE"] = str(folder / "state/ca.pem")
        self.variables["ENTRA_VERIFY_TOKEN"] = self.call("emulator", "token").strip()
        administrator = self.call("emulator", "token", "--app-id", AZURE_CLI, "--user", "grace@contoso.com")
        self.client = httpx.Client(
            base_url=f"{self.address}/v1.0",
            verify=ssl.create_default_context(cafile=self.variables["SSL_CERT_FILE"]),
            headers={"Authorization": f"Bearer {administrator.strip()}"},
        )

    def call(self, *words: str) -> str:
        """Run entra-config and return its output."""
        ran = subprocess.run(
            [*ENTRA_CONFIG, *words], env=self.variables, check=False, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def verify(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run entra-verify as a copied file: with this interpreter alone, and nothing of ours on its path."""
        return subprocess.run(
            [sys.executable, "-I", str(ROOT / "entra_verify.py"), *words],
            env=self.variables,
            check=False,
            capture_output=True,
            text=True,
        )

    def read(self, name: str) -> Json:
        """Read the tenant into a file and return it."""
        ran = self.verify("read", "--graph", f"{self.address}/v1.0", "--lock", LOCK, "--out", name)
        assert ran.returncode == 0, ran.stderr
        assert stat.S_IMODE(Path(name).stat().st_mode) == 0o600
        content: Json = json.loads(Path(name).read_text())
        return content

    def apply(self, *, others: Any = None) -> Json:
        """Read, plan, apply and read; return the result of the check."""
        self.read("before.json")
        plan = self.call("plan", "-e", "dev", "--format", "json", "--allow", "many", "--allow", "last")
        Path("plan.json").write_text(plan)
        self.call("apply", "-e", "dev", "--auto-approve", "--allow", "many", "--allow", "last")
        if others is not None:
            others()
        self.read("after.json")
        digest = hashlib.sha256(Path("plan.json").read_bytes()).hexdigest()
        files = ("plan.json", LOCK, "before.json", "after.json")
        ran = self.verify(
            "--plan-digest", digest, "--deployer", "MyApp Writer (dev)", "--format", "json", *files
        )
        result: Json = json.loads(ran.stdout)
        assert ran.returncode == entra_verify.CODES[result["result"]]
        return result

    def find(self, path: str, name: str) -> Json:
        """Return the object that has a name."""
        items: list[Json] = self.client.get(path).json()["value"]
        return next(item for item in items if item["displayName"] == name)


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Story]:
    """Start an emulator in a folder with the worked example."""
    subprocess.run(["cp", "-r", str(ROOT / "manifests"), str(tmp_path)], check=True)
    monkeypatch.chdir(tmp_path)
    found = Story(tmp_path)
    yield found
    found.client.close()
    found.call("emulator", "stop")


def test_each_apply_of_a_story_is_verified(story: Story) -> None:
    """An apply to an empty tenant, one that changes, gives and takes, and one that deletes."""
    assert story.apply()["findings"] == []
    edit(
        "applications/api.yaml", "description: Changes records.", "description: Changes and deletes records."
    )
    edit("applications/api.yaml", "user.admin: {", "user.boss: {")
    edit("applications/clients.yaml", "user.write, user.admin]", "user.write, user.boss]")
    edit("entra-config.yaml", "user.admin", "user.boss")
    edit(
        "access.yaml",
        "{ groups: [MyApp Writers], users: [alice@contoso.com] }",
        "{ users: [bob@contoso.com] }",
    )
    edit("applications/clients.yaml", "delegated: [openid, profile, offline_access]", "delegated: [openid]")
    edit("applications/clients.yaml", "${spaUrl}/auth/callback", "${spaUrl}/callback")
    assert story.apply()["findings"] == []
    root = Path("manifests/entra-config.yaml")
    root.write_text(root.read_text() + "removed: { applications: { nightly: { destroy: true } } }\n")
    clients = Path("manifests/applications/clients.yaml")
    clients.write_text(clients.read_text().partition("  nightly:")[0])
    assert story.apply()["findings"] == []


def test_what_others_do_meanwhile_is_unexplained(story: Story) -> None:
    """Each edit is reported with names, and none is called a violation."""

    def edit_tenant() -> None:
        client = story.client
        page = story.find("/servicePrincipals?$top=999", "MyApp Nightly (dev)")
        api = story.find("/servicePrincipals?$top=999", "MyApp API (dev)")
        admin = next(role["id"] for role in api["appRoles"] if role["value"] == "Admin")
        erin = client.get("/users/erin@contoso.com").json()["id"]
        group = story.find("/groups?$top=999", "MyApp Writers")["id"]
        members = {item["id"] for item in client.get(f"/groups/{group}/members").json()["value"]}
        frank = client.get("/users/frank@contoso.com").json()["id"]
        assert frank not in members
        reader = story.find("/applications?$top=999", "Emulator reader")["id"]
        spa = story.find("/applications?$top=999", "MyApp SPA (dev)")["id"]
        link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{frank}"}
        body = {"principalId": erin, "resourceId": api["id"], "appRoleId": admin}
        grant = {
            "clientId": page["id"],
            "resourceId": api["id"],
            "consentType": "AllPrincipals",
            "scope": "user.admin",
        }
        secret = {"passwordCredential": {"displayName": "left here"}}
        for path, content in (
            (f"/servicePrincipals/{api['id']}/appRoleAssignedTo", body),
            ("/oauth2PermissionGrants", grant),
            (f"/groups/{group}/members/$ref", link),
            (f"/applications/{reader}/addPassword", secret),
            (f"/applications/{spa}/owners/$ref", link),
        ):
            answer = client.post(path, json=content)
            assert answer.is_success, answer.text

    result = story.apply(others=edit_tenant)
    assert result["result"] == "unexplained"
    assert {(one["result"], one["who"], one["what"].partition(",")[0]) for one in result["findings"]} == {
        ("unexplained", "erin@contoso.com", "was given role Admin of MyApp API (dev)"),
        (
            "unexplained",
            "MyApp Nightly (dev)",
            "was given consent to user.admin of MyApp API (dev) for everybody",
        ),
        ("unexplained", "frank@contoso.com", "joined group MyApp Writers"),
        ("unexplained", "Emulator reader", "registration changed: passwordCredentials"),
        ("unexplained", "MyApp SPA (dev)", "owner frank@contoso.com added"),
    }
    assert "secretText" not in Path("after.json").read_text()
    assert os.environ.get("ENTRA_VERIFY_TOKEN") is None
