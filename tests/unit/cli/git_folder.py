"""A folder made a git repository."""

from __future__ import annotations

import subprocess


def _git(*arguments: str) -> None:
    who = ("-c", "user.name=dev", "-c", "user.email=dev@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], check=True)


def commit() -> None:
    """Make the folder that this runs in a repository with one commit of all."""
    _git("init", "--quiet", "--initial-branch=main")
    _git("add", "-A")
    _git("commit", "--quiet", "-m", "before")
