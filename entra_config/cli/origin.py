"""A checkout in; the address of its remote `origin` out."""

from __future__ import annotations

import subprocess
from pathlib import Path


def address(root: Path) -> str:
    """Return the address of the remote `origin` of a checkout; empty where there is none, or no git."""
    command = ["git", "-C", str(root), "config", "--get", "remote.origin.url"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603  # a fixed command
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
