"""Which project on GitLab a checkout is: as it is said, and as its remote says where it is not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from entra_config.bootstrap import gitlab_look
from entra_config.bootstrap.gitlab import Project
from entra_config.errors import UsageError


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make a checkout of a project on a GitLab of somebody's own."""
    address = "https://gitlab.example.com/group/sub/name.git"
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "remote", "add", "origin", address], check=True)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "url", "found"),
    [
        ("", "", Project("group/sub/name", "https://gitlab.example.com")),
        ("a/b", "", Project("a/b", "https://gitlab.example.com")),
        ("", "https://gl.example/", Project("group/sub/name", "https://gl.example")),
        ("a/b", "https://gl.example", Project("a/b", "https://gl.example")),
    ],
)
def test_what_is_not_said_the_remote_says(checkout: Path, path: str, url: str, found: Project) -> None:
    """Each of the two by itself."""
    assert gitlab_look.project(checkout, path, url) == found


def test_without_a_remote_both_have_to_be_said(tmp_path: Path) -> None:
    """One of them does not say the other."""
    assert gitlab_look.project(tmp_path, "a/b", "https://gl.example") == Project("a/b", "https://gl.example")
    for path, url in (("", ""), ("a/b", ""), ("", "https://gl.example")):
        with pytest.raises(UsageError, match="say --project GROUP/NAME and --url"):
            gitlab_look.project(tmp_path, path, url)
