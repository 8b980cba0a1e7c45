"""The installed package in; its version, the commit it was made of where that is known, and its extras
out.
"""

from __future__ import annotations

import json
import subprocess
from importlib.metadata import distribution
from pathlib import Path

from entra_config import extras

PACKAGE = extras.PACKAGE
ROOT = Path(__file__).parents[2]


def lines() -> list[str]:
    """Return what `--version` says."""
    return [tool(), f"extras: {', '.join(extras.installed()) or 'none'}"]


def tool() -> str:
    """Return the program's name and version, with its commit."""
    known = distribution(PACKAGE)
    commit = _pinned(known.read_text("direct_url.json")) or _checked_out(ROOT)
    return f"{PACKAGE} {known.version}" + (f" (commit {commit[:12]})" if commit else "")


def _pinned(direct_url: str | None) -> str | None:
    # What pip writes for `pip install git+https://…` (PEP 610).
    return json.loads(direct_url).get("vcs_info", {}).get("commit_id") if direct_url else None


def _checked_out(root: Path) -> str | None:
    """Return the commit of the checkout that the package runs from; a wheel runs from none."""
    if not (root / ".git").exists():
        return None
    command = ["git", "-C", str(root), "rev-parse", "HEAD"]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=5).stdout.strip()  # noqa: S603  # a fixed command
    except (OSError, subprocess.SubprocessError):
        return None
