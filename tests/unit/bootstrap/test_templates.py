"""The templates of the pipeline: each says whose file it will be."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.bootstrap.model import is_ours

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted(
    path for path in (ROOT / "entra_config/bootstrap/templates/github").rglob("*") if path.is_file()
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_each_template_says_whose_it_is(path: Path) -> None:
    """What bootstrap wrote once it may write again; only zizmor's settings are of whoever has some."""
    assert is_ours(path.read_text(encoding="utf-8")) is (path.name != "zizmor.yml")
