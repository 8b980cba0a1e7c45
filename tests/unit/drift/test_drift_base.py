"""The manifest of a git revision, read without checking anything out."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from entra_config.drift.base import manifest_at
from entra_config.errors import UsageError


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody with a name."""
    who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a repository with two versions of a manifest, and a third in hand."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "deep" / "manifests").mkdir(parents=True)
    root = tmp_path / "deep" / "manifests" / "entra-config.yaml"
    for version in ("one", "two"):
        root.write_text(f"project: {version}\n")
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "--quiet", "-m", version)
    root.write_text("project: three\n")
    return tmp_path / "deep" / "manifests"


def test_a_revision_is_read_while_another_is_in_hand(repository: Path) -> None:
    """Neither the work tree nor the index is touched."""
    with manifest_at(repository, "HEAD~1") as (folder, commit):
        assert (folder / "entra-config.yaml").read_text() == "project: one\n"
        assert commit == git(repository, "rev-parse", "HEAD~1")

    assert not folder.exists()
    assert (repository / "entra-config.yaml").read_text() == "project: three\n"


def test_a_root_file_may_be_named_instead_of_its_folder(repository: Path) -> None:
    """`-f` takes both, and so does `--base`."""
    with manifest_at(repository / "entra-config.yaml", "HEAD") as (path, _):
        assert path.read_text() == "project: two\n"


@pytest.mark.parametrize("revision", ["nowhere", "--output=/tmp/x", "HEAD:deep"])
def test_what_is_no_commit_is_an_error(repository: Path, revision: str) -> None:
    """A typo, an option in disguise and a tree are all refused."""
    with pytest.raises(UsageError, match="--base"), manifest_at(repository, revision):
        pass


def test_a_folder_that_looks_like_a_repository_is_none(repository: Path, tmp_path: Path) -> None:
    """Checked-in files that git would take for a bare repository, whose configuration names a program,
    start nothing.
    """
    ran, planted = tmp_path / "ran", tmp_path / "planted"
    git(tmp_path, "clone", "--quiet", str(tmp_path), str(planted))
    (planted / ".gitattributes").write_text("* filter=x\n")
    git(planted, "add", ".")
    git(planted, "commit", "--quiet", "-m", "planted")
    for name in ("HEAD", "objects", "refs"):
        found = planted / ".git" / name
        (shutil.copytree if found.is_dir() else shutil.copy)(found, repository / name)
    (repository / "config").write_text(f'[core]\n\tworktree = .\n[filter "x"]\n\tsmudge = touch {ran}; cat\n')
    git(repository, "archive", "--format=tar", "HEAD")
    assert ran.exists(), "the trap works"
    ran.unlink()

    with manifest_at(repository, "HEAD") as (folder, _):
        assert (folder / "entra-config.yaml").read_text() == "project: two\n"
        assert not (folder / ".gitattributes").exists()
    assert not ran.exists()


def test_outside_of_git_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    """A folder in no work tree is told."""
    with pytest.raises(UsageError, match="is in no work tree of git"), manifest_at(tmp_path, "HEAD"):
        pass
