"""`plan --base`: what a manifest edits of pins and guards since a git revision, or beside a manifest in
another folder.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.unit.cli.ran import Run

LOCK = "manifests/entra-config.prod.lock.yaml"


@pytest.fixture
def edited(run: Run, folder: Path) -> Path:
    """Return a folder in which main is committed, and a pin is swapped since."""
    for arguments in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "-m", "main")):
        who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *arguments], check=True, cwd=folder)
    shutil.copytree(folder / "manifests", folder / "main")
    text = (folder / LOCK).read_text()
    pins = yaml.safe_load(text)["groups"]
    (folder / LOCK).write_text(text.replace(pins["MyApp Admins"], pins["All Staff"]))
    return folder


@pytest.mark.parametrize("base", ["HEAD", "main"])
def test_a_swapped_pin_is_told(run: Run, edited: Path, base: str) -> None:
    """Since a revision, or beside another folder: in text, Markdown and JSON; without a base nothing is
    compared.
    """
    reported = "group 'MyApp Admins' is now 'All Staff' ("

    assert f"Pin: {reported}" in run("plan", "-e", "prod", "--base", base).out
    assert reported in run("plan", "-e", "prod", "--base", base, "--format", "markdown").out
    effects = json.loads(run("plan", "-e", "prod", "--base", base, "--format", "json").out)["effects"]
    assert [each["risk"] for each in effects if reported in each["text"]] == ["high"]
    assert "Pin:" not in run("plan", "-e", "prod").out


def test_nothing_that_is_a_base(run: Run, edited: Path) -> None:
    """A name that is neither is an error before anything is read."""
    response = run("plan", "-e", "prod", "--base", "nowhere")
    assert response.code == 1
    assert "--base" in response.err


def test_what_lint_is_silent_of_is_told(run: Run, edited: Path) -> None:
    """A comment that the change adds stands among what lowers a guard, first and whole, where the pull
    request is discussed.
    """
    path = edited / "manifests/applications/clients.yaml"
    comment = "# entra-config: ignore[redirect-many] until 2027-01-31 because they are previews"
    path.write_text(
        path.read_text().replace(
            "    redirectUris:\n      - ${spaUrl}/\n",
            f"    redirectUris:   {comment}\n      - ${{spaUrl}}/\n",
        )
    )
    reported = (
        "lint is silent of redirect-many in applications/clients.yaml until 31 Jan 2027 because they are "
        "previews"
    )

    first, _, _ = run("plan", "-e", "prod", "--base", "HEAD", "--format", "markdown").out.partition(
        "entra-config:rest"
    )
    assert f"! guard                 {reported}" in first
