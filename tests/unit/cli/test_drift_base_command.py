"""`drift --base`: places are those of the repository, and an environment that was not declared then is no
error.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from entra_config.cli.demo import tampering
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import Run

TEMPORARY = re.compile(r"entra-config-base-|/tmp/")


def git(*arguments: str) -> None:
    """Run git as somebody with a name."""
    who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(folder: Path) -> Path:
    """Commit the example without its dev environment, then with it."""
    git("init", "--quiet")
    root = folder / "manifests/entra-config.yaml"
    text = root.read_text()
    start, end = text.index("  dev:\n"), text.index("  prod:\n")
    lock = folder / "manifests/entra-config.dev.lock.yaml"
    pinned = lock.read_text()
    lock.unlink()
    clients = folder / "manifests/applications/clients.yaml"
    declared = clients.read_text()
    clients.write_text(declared.replace("only: [dev]", "only: [prod]"))
    root.write_text(text[:start] + text[end:])
    git("add", ".")
    git("commit", "--quiet", "-m", "one")
    root.write_text(text)
    lock.write_text(pinned)
    clients.write_text(declared)
    git("add", ".")
    git("commit", "--quiet", "-m", "two")
    return folder


def test_places_are_those_of_the_repository(run: Run, repository: Path, tenant: Embedded) -> None:
    """What is compared with is read from git, and a finding stands where it stands there."""
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    tampering.tamper(tenant)
    for form in ("text", "json", "markdown", "sarif", "html"):
        ran = run("drift", "-e", "dev", "--base", "HEAD", "--format", form)
        assert ran.code == 2
        assert not TEMPORARY.search(ran.out + ran.err), form
    files = {
        each["file"]
        for each in json.loads(run("drift", "-e", "dev", "--base", "HEAD", "--format", "json").out)[
            "findings"
        ]
    }
    assert files <= {
        path.relative_to(repository).as_posix() for path in (repository / "manifests").rglob("*.yaml")
    }
    assert len(files) > 1


def test_a_commit_that_declares_the_same_is_the_same_manifest(run: Run, repository: Path) -> None:
    """`--last` recognizes it, and the restrictions of a file are those of its place in the repository."""
    reports = [run("drift", "-e", "dev", *base, "--format", "json").out for base in ((), ("--base", "HEAD"))]
    assert len({json.loads(each)["manifest"] for each in reports}) == 1


def test_an_environment_that_was_not_declared_then_was_never_deployed(run: Run, repository: Path) -> None:
    """All of it is still to be applied: no drift, exit code 0, and the report says what it compares with."""
    ran = run("drift", "-e", "dev", "--base", "HEAD~1", "--format", "json")
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)
    assert found["base"].startswith("HEAD~1 (")
    assert found["base"].endswith("before dev was declared")
    assert found["findings"] == []
    assert len(found["pending"]) > 5


def test_what_was_made_there_before_it_was_declared_is_told(run: Run, repository: Path) -> None:
    """The environment is applied, and compared with a time before it: its applications bear marks that
    nobody declares there.
    """
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    found = json.loads(run("drift", "-e", "dev", "--base", "HEAD~1", "--format", "json").out)
    assert found["pending"] == []
    assert any("api" in warning for warning in found["warnings"])


def test_a_manifest_that_did_not_hold_then_is_told_by_its_revision(run: Run, repository: Path) -> None:
    """The error names revision and file, as git does, and no folder that is gone already."""
    root = repository / "manifests/entra-config.yaml"
    text = root.read_text()
    root.write_text(text.replace("project:", "projekt:"))
    git("commit", "--quiet", "-a", "-m", "three")
    root.write_text(text)
    ran = run("drift", "-e", "dev", "--base", "HEAD")
    assert ran.code == 1
    assert not TEMPORARY.search(ran.err)
    assert "HEAD:manifests/entra-config.yaml:" in ran.err
