"""The published reference of the commands."""

from __future__ import annotations

from entra_config.checks import limits
from entra_config.cli import reference
from tests.unit.cli.ran import ROOT


def test_the_published_reference_is_current() -> None:
    """docs/cli.md is what the commands say of themselves."""
    assert (ROOT / "docs/cli.md").read_text() == reference.text()


def test_each_limit_is_explained() -> None:
    """Every word that `--allow` takes stands in the reference."""
    assert all(f"| `{word}` |" in reference.text() for word in limits.WORDS)
