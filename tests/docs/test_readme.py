"""The README's commands run as they are written there, as one session in one shell, against the emulator."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.docs import session


def test_the_page_is_one_session(tmp_path: Path) -> None:
    """Each step from the example to your own manifest and to access tests shows what the page says."""
    folder = session.clone(tmp_path)
    (folder / ".venv").symlink_to(session.PROJECT / ".venv")

    blocks = session.readme()
    session.reported(session.typed(folder, os.environ["PATH"], blocks), blocks)

    assert (folder / "shop/manifests/entra-config.yaml").is_file()
    assert (folder / "plan.json").is_file()


@pytest.mark.parametrize(
    ("said", "so"),
    [
        ("Plan: 1 to add.\n", True),
        ("Plan: 2 to add.\n", False),
        ("Plan: 1\n", False),
        ("Plan: … to add.\n", True),
        ("A plan\nPlan: 1 to add.\n", True),
        ("A plan\nNext: apply\n", False),
        ("A plan\n…\nNext: apply\n", True),
        ("Next: apply\n…\nA plan\n", False),
    ],
)
def test_what_the_page_shows_is_held_line_by_line(said: str, so: bool) -> None:
    """Whole lines, in order; only what stands for anything may be anything."""
    assert session.matches("A plan\nPlan: 1 to add.\nNext: apply\n", said) == so


def test_every_file_that_the_readme_names_exists() -> None:
    """No link leads nowhere."""
    links = re.findall(r"\]\((?!https?://)([^)#]+)", session.README)

    assert [link for link in links if not (session.PROJECT / link).exists()] == []
