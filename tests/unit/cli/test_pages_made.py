"""The pages of plan and drift, from the command line: how they were made, which plan it is, who it is of."""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path

import pytest

from entra_config.cli import version
from entra_config.drift.base import head
from tests.unit.cli.ran import Run


def text_of(page: str) -> str:
    """Return what is between the tags of a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.partition("</head>")[2]))).strip()


def test_the_page_of_a_plan_is_of_the_plan_that_was_saved(run: Run, tmp_path: Path) -> None:
    """Its digest is the file's, and the command that carries it out names the file; the words that made it
    are the last line, those from the environment too.
    """
    file = tmp_path / "dev.plan"
    page = run("plan", "-e", "dev", "--format", "html", "--allow", "many", "--out", str(file)).out
    reported = text_of(page)

    assert f"sha256:{json.loads(file.read_text())['digest']}" in reported
    assert f"entra-config apply -e dev {file}" in reported
    assert "by Emulator deployer" in reported
    assert "MyApp API (dev) api" in reported, "names stand beside keys"
    assert "Lose something 0 of at most 10 people and 0 of at most 10 applications" in reported
    first, words, who = reported[reported.rindex("entra-config 0") :].split(" · ")
    assert (first, who) == (version.tool(), "signed in as Emulator deployer")
    assert words == f"plan -e dev --out {file} --format html --allow many"


def test_what_the_environment_lifts_stands_there_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that a variable lifts was lifted all the same."""
    monkeypatch.setenv("ENTRA_CONFIG_ALLOW", "many used")
    reported = text_of(run("plan", "-e", "dev", "--format", "html").out)
    assert "· plan -e dev --format html --allow many --allow used ·" in reported


def test_the_page_of_drift_says_how_it_was_made_and_names_applications(run: Run, tmp_path: Path) -> None:
    """On stdout and among the files of `--write`: the tool, the words, and who was signed in."""
    run("apply", "-e", "dev", "--auto-approve")
    printed = run("drift", "-e", "dev", "--format", "html", "--unmanaged").out
    run("drift", "-e", "dev", "--format", "markdown", "--write", str(tmp_path))

    for page, words in (
        (printed, "drift -e dev --unmanaged --format html"),
        ((tmp_path / "drift.html").read_text(), f"drift -e dev --format markdown --write {tmp_path}"),
    ):
        assert text_of(page).endswith(f"{version.tool()} · {words} · signed in as Emulator deployer")


def test_a_manifest_has_its_commit_and_says_what_no_commit_has(tmp_path: Path) -> None:
    """Outside of git, and before the first commit, there is nothing to say."""

    def git(*words: str) -> str:
        who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", "-C", str(tmp_path), *who, *words], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    root = tmp_path / "manifests" / "entra-config.yaml"
    root.parent.mkdir()
    root.write_text("project: one\n")
    assert head(root.parent) == ""
    git("init", "--quiet")
    assert head(root.parent) == ""
    git("add", ".")
    git("commit", "--quiet", "-m", "one")
    commit = git("rev-parse", "HEAD")[:12]
    (tmp_path / "beside").write_text("no part of it")
    assert head(root.parent) == head(root) == commit
    root.write_text("project: two\n")
    assert head(root) == f"{commit}, with changes that are in no commit"
