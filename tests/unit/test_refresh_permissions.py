"""The copies of Microsoft Graph's permissions are refreshed by a pull request, and no id changes unseen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
KEPT = ("entra_config/kinds/graph_permissions.json", "entra_emulator/data/graph_permissions.json")
TIERS = "entra_config/checks/tier_0.json"
LISTED = "Microsoft Graph application permissions/tiered-msgraph-app-permissions.json"
GIT = {f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder."""
    done = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *arguments],
        cwd=folder, check=True, capture_output=True, text=True, env={**os.environ, **GIT},
    )  # fmt: skip
    return done.stdout


class Sources:
    """Clones of both public sources that say what the kept copies say, and a checkout with an origin."""

    def __init__(self, folder: Path) -> None:
        self.checkout, self.origin, self.binaries = folder / "checkout", folder / "origin.git", folder / "bin"
        self.permissions, self.tiers = folder / "microsoft-info", folder / "azure-tiering"
        for path in (*KEPT, TIERS):
            (self.checkout / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, self.checkout / path)
        git(folder, "init", "-q", "--bare", str(self.origin))
        for each in (self.checkout, self.permissions, self.tiers):
            each.mkdir(exist_ok=True)
            git(each, "init", "-q")
        git(self.checkout, "remote", "add", "origin", str(self.origin))
        rows = json.loads((ROOT / KEPT[0]).read_text())["permissions"]
        self.rows = [
            {"Value": row["value"], "Id": row["id"], "IsEnabled": row["enabled"], "of": row["type"]}
            | ({"Type": "Admin" if row["adminOnly"] else "User"} if row["type"] == "Scope" else {})
            for row in rows
        ]
        tiers = json.loads((ROOT / TIERS).read_text())["permissions"]
        listed = [
            {"tier": "0", "id": row["id"], "assetName": row["value"], "pathType": row["path"]}
            for row in tiers
        ]
        (self.tiers / LISTED).parent.mkdir()
        (self.tiers / LISTED).write_text(
            json.dumps([*listed, {**listed[0], "tier": "1", "assetName": "Low"}])
        )
        self.binaries.mkdir()
        gh = self.binaries / "gh"
        gh.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {folder / "asked"}\n')
        gh.chmod(0o755)
        self.asked = folder / "asked"
        self.commit(self.checkout)

    def commit(self, folder: Path) -> None:
        """Commit all of a folder."""
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "now", "--allow-empty")

    def refresh(self) -> subprocess.CompletedProcess[str]:
        """Run the tool as `make permissions` does."""
        (self.permissions / "_info").mkdir(exist_ok=True)
        for type_, name in (("Role", "GraphAppRoles.json"), ("Scope", "GraphDelegateRoles.json")):
            rows = [row for row in self.rows if row["of"] == type_]
            (self.permissions / "_info" / name).write_text(json.dumps(rows))
        self.commit(self.permissions)
        self.commit(self.tiers)
        command = [sys.executable, ROOT / "tools/refresh_permissions.py", self.permissions, self.tiers]
        return subprocess.run(
            [*command, "--root", self.checkout, "--pull-request"],
            check=False, capture_output=True, text=True,
            env={**os.environ, **GIT, "PATH": f"{self.binaries}:{os.environ['PATH']}"},
        )  # fmt: skip

    def row(self, name: str) -> dict[str, Any]:
        """Return a published application permission."""
        return next(row for row in self.rows if (row["Value"], row["of"]) == (name, "Role"))


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    """Return sources that say what is kept."""
    return Sources(tmp_path)


def test_a_pull_request_lists_added_removed_and_changed_rows(sources: Sources) -> None:
    """It is pushed to a branch of its own, and both copies are the same."""
    sources.rows.remove(sources.row("Mail.Send"))
    sources.row("Mail.Read")["IsEnabled"] = False
    sources.rows.append({"Value": "New.Read.All", "Id": "1", "IsEnabled": True, "of": "Role"})
    done = sources.refresh()
    assert done.returncode == 0, done.stderr
    body = sources.asked.read_text()
    assert "Added: 1\n\n- `New.Read.All` (Role): id 1" in body
    assert "Removed: 1\n\n- `Mail.Send` (Role)" in body
    assert "Changed: 1\n\n- `Mail.Read` (Role)" in body
    assert "- `Low`" not in body
    pushed = [git(sources.origin, "show", f"refresh-permissions:{path}") for path in KEPT]
    assert pushed[0] == pushed[1]
    assert '{"value":"New.Read.All","id":"1",' in pushed[0]


def test_a_changed_id_of_a_known_name_fails(sources: Sources) -> None:
    """Nothing is written and no pull request is opened: grants are made by id."""
    sources.row("Mail.Read")["Id"] = "another"
    before = (sources.checkout / KEPT[0]).read_bytes()
    done = sources.refresh()
    assert done.returncode == 1
    assert "`Mail.Read` (Role): id 810c84a8-4a9e-49e6-bf7d-12d183f40d01" in done.stderr
    assert (sources.checkout / KEPT[0]).read_bytes() == before
    assert not sources.asked.exists()


def test_without_a_difference_there_is_no_pull_request(sources: Sources) -> None:
    """A new commit of a source alone is none."""
    assert sources.refresh().returncode == 0
    assert not sources.asked.exists()
