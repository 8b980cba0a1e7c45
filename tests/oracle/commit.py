"""The repository in; its commit, and the number that random worlds start from, out."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def commit() -> str:
    """Return the commit that is checked out."""
    ran = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True)
    return ran.stdout.strip()


def seed() -> int:
    """Return the commit as a number: each commit is tried with worlds of its own, and again with the same
    ones.
    """
    return int(commit()[:8], 16)
