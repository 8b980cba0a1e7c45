"""Commands of the worked example as they are typed, and an edit of its manifest."""

from __future__ import annotations

from pathlib import Path

PLAN = ("plan", "-e", "dev")
APPLY = ("apply", "-e", "dev", "--auto-approve")


def edit(file: str, old: str, new: str) -> None:
    """Change one place of a manifest's file."""
    path = Path("manifests") / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
