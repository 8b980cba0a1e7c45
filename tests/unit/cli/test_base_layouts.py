"""`--base` reads a revision as the checkout is read, wherever the manifest is in it."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest

from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_config.drift.edits import find_edits
from entra_config.manifest import loader

TEXT = """\
project: base
environments:
  dev:
    tenantId: 11111111-1111-1111-1111-111111111111
    deployers: [Deployer, alice@contoso.com]
    sinks: {{ web: {{ file: {vault} }} }}
    policy: {{ allow: [many], consent: {{ Microsoft Graph: {{ delegated: [User.Read] }} }} }}
settings: {{ folder: {folder} }}
applications:
  web:
    type: web
    displayName: Web
    redirectUris: [https://web.example.com/cb]
    credentials: {{ secrets: {{ web: {{ sink: web, lifetime: P90D, overlap: P14D }} }} }}
"""


def git(folder: Path, *arguments: str) -> None:
    """Run git as somebody."""
    who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], check=True, cwd=folder)


@pytest.mark.parametrize("by_file", [False, True])
@pytest.mark.parametrize("below", [".", "manifests", "teams/web/manifests"])
@pytest.mark.parametrize("vault", ["vault", "entra-config-base-vault/secret"])
def test_a_change_of_one_line_lowers_no_guard(
    tmp_path: Path, below: str, vault: str, *, by_file: bool
) -> None:
    """Nothing else counts as new, wherever secrets are kept and settings are written."""
    folder = tmp_path / "repository" / below
    folder.mkdir(parents=True)
    root = folder / "entra-config.yaml"
    text = TEXT.format(
        vault=Path(tempfile.gettempdir()) / vault, folder="output" if below == "." else "../output"
    )
    root.write_text(text, encoding="utf-8")
    for arguments in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "-m", "main")):
        git(tmp_path / "repository", *arguments)
    root.write_text(text.replace("/cb]", "/callback]"), encoding="utf-8")
    common = Common(manifest=root if by_file else folder, environment="dev", output=Output())
    found = find_edits(loader.load(root, "dev"), common.manifest, "HEAD")
    assert [str(each.text) for each in found.guards] == []
    root.write_text(
        text.replace("allow: [many]", "allow: [many], limits: { maxPeople: 99 }"), encoding="utf-8"
    )
    found = find_edits(loader.load(root, "dev"), common.manifest, "HEAD")
    assert [str(each.text) for each in found.guards] == ["`policy.limits`: maxPeople 10 → 99"]


def test_an_invalid_base_is_named_by_its_revision(tmp_path: Path) -> None:
    """No path of a temporary folder is in the message."""
    root = tmp_path / "entra-config.yaml"
    text = TEXT.format(vault="/run/vault", folder="output")
    root.write_text(text.replace("type: web", "type: wbe"), encoding="utf-8")
    for arguments in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "-m", "main")):
        git(tmp_path, *arguments)
    root.write_text(text, encoding="utf-8")
    found = find_edits(loader.load(root, "dev"), tmp_path, "HEAD")
    assert str(found.guards[0].text).startswith(
        "the manifest of the base is not valid, so all of this one counts as new: HEAD:entra-config.yaml:"
    )
